"""What an organisation writes about one of its services, without signing in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from philoxenia_web.directory.editing import languages
from philoxenia_web.directory.editing.merging import Draft
from philoxenia_web.directory.staff.forms.fields import LongWords, PhoneNumber, Words, web_address

_MOST_LINES = 40


class KeepForm(forms.Form):
    """Public fields alone. What was shown travels beside each field: only what differs from it is said."""

    use_required_attribute = False
    name = Words(label=_("Name"))
    description = LongWords(label=_("What it does for people"), required=False)
    alert = LongWords(label=_("What everybody should know now"), required=False, rows=2)
    phones = LongWords(
        label=_("Phone numbers"), required=False, max_length=2000, help_text=_("One on each line.")
    )
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    url = web_address(label=_("Address on the web"))
    languages = Words(label=_("Languages spoken"), required=False, max_length=2000)
    interpretation_services = LongWords(label=_("Interpreters"), required=False, rows=2)
    eligibility_description = LongWords(label=_("Who may come"), required=False)
    application_process = LongWords(label=_("How to begin"), required=False)
    fees_description = LongWords(label=_("Prices in words"), required=False, rows=2)
    note = LongWords(
        label=_("Anything else that is different"),
        required=False,
        max_length=4000,
        help_text=_("Opening hours, another address, closed for good."),
    )

    def __init__(self, draft: Draft, *args: Any, confidential: bool = False, **kwargs: Any) -> None:
        self.draft = draft
        shown = {name: draft[name] for name in self.base_fields if isinstance(draft.get(name), str)}
        shown["phones"] = "\n".join(one["number"] for one in draft["phones"])
        shown["languages"] = _names(draft["languages"])
        super().__init__(*args, initial=shown, **kwargs)
        if confidential:
            # Free words invite an address, which must not be written down at all.
            del self.fields["note"]
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "note"

    def clean_phones(self) -> str:
        """Each line is a number."""
        lines = _lines(self.cleaned_data["phones"])
        for line in lines[:_MOST_LINES]:
            PhoneNumber().clean(line)
        return "\n".join(lines[:_MOST_LINES])

    def proposed(self) -> Draft:
        """What differs from what was shown, as the record would keep it."""
        said = {name: self.cleaned_data[name] for name in self.changed_data if name != "note"}
        if "phones" in said:
            said["phones"] = _rows(self.draft["phones"], "number", _lines(said["phones"]))
        if "languages" in said:
            said["languages"] = _spoken(self.draft["languages"], said["languages"])
        return said


def _names(rows: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(languages.name_of(one["code"]) if one["code"] else one["name"] for one in rows)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _rows(known: Sequence[Mapping[str, Any]], key: str, values: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of these values; those that are there keep what else they say."""
    by_value = {one[key]: dict(one) for one in known}
    return [by_value.get(value, {"id": "", key: value}) for value in values]


def _spoken(known: Sequence[Mapping[str, Any]], said: str) -> list[dict[str, Any]]:
    by_code = {one["code"]: dict(one) for one in known if one["code"]}
    rows = []
    for words in filter(None, (one.strip() for one in said.split(","))):
        code = languages.code_of(words)
        rows.append(by_code.get(code) or {"id": "", "code": code, "name": words, "note": ""})
    return rows
