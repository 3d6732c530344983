"""Forms of whole records: a service, a place, an organisation, with their rows.

A form carries the record as it was when the page was opened, so that two people's changes can be joined.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from philoxenia.reference.tables import reference_table
from philoxenia_web.datasets.queries import package
from philoxenia_web.directory.editing import languages, shapes
from philoxenia_web.directory.editing.merging import Draft
from philoxenia_web.directory.models import Known, Service
from philoxenia_web.directory.staff.forms import rows
from philoxenia_web.directory.staff.forms.fields import LongWords, Words, web_address, without_hidden

_SALT = "directory.base"
Section = tuple[Any, Sequence[str]]


class RecordForm(forms.Form):
    """What all three have. `sections` names fields and parts in the order of the page."""

    shape: ClassVar[shapes.Shape]
    sections: ClassVar[Sequence[Section]]

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    base = forms.CharField(widget=forms.HiddenInput, max_length=None)

    def __init__(self, draft: Draft, version: int, data: Any = None, base: Draft | None = None) -> None:
        base = draft if base is None else base
        carried = {"version": version, "base": signing.dumps(base, salt=_SALT, compress=True)}
        self.begun = _begun(data) if data is not None else base
        super().__init__(data, initial={**self.shown(draft), **carried})
        known = draft if data is None or self.begun is None else self.begun
        self.parts = {
            part.name: rows.formset(part.name, self._editable(known, part.name), data)
            for part in self.shape.parts
            if part.name in rows.FORMS
        }

    def shown(self, draft: Draft) -> dict[str, Any]:
        """What the fields begin with."""
        return dict(draft)

    def _editable(self, draft: Draft, part: str) -> list[Mapping[str, Any]]:
        found = draft[part]
        return [one for one in found if rows.is_simple(one)] if part == "schedules" else found

    @property
    def other_hours(self) -> list[Mapping[str, Any]]:
        """Schedules that the form cannot show; they stay as they are unless they are ticked."""
        known = (self.begun or {}).get("schedules", [])
        return [one for one in known if not rows.is_simple(one)]

    def is_valid(self) -> bool:
        """The fields and every row."""
        fine = [super().is_valid(), *(one.is_valid() for one in self.parts.values())]
        if self.is_bound and self.begun is None and not self.errors.get("base"):
            self.add_error(None, _("The page was open too long or was changed on its way. Open it again."))
        return all(fine) and self.begun is not None

    def draft(self) -> Draft:
        """The record as the form says it should be; what it does not show stays."""
        begun = self.begun or {}
        draft: Draft = {name: begun[name] for name in begun}
        for name in self.shape.fields:
            if name in self.cleaned_data:
                draft[name] = _unless_same(begun.get(name), self.cleaned_data[name])
        for name, made in self.parts.items():
            draft[name] = [
                {key: _unless_same(_known(begun[name], row).get(key), value) for key, value in row.items()}
                for row in rows.rows_of(made, name, begun[name])
            ]
        if "schedules" in draft:
            dropped = set(self.data.getlist("drop-schedule"))
            draft["schedules"] += [one for one in self.other_hours if str(one["id"]) not in dropped]
        return draft

    @property
    def laid_out(self) -> list[dict[str, Any]]:
        """The sections for the page: bound fields, then rows."""
        return [
            {
                "title": title,
                "fields": [self[name] for name in names if name in self.fields],
                "parts": [(one, rows.TITLES[one], self.parts[one]) for one in names if one in self.parts],
            }
            for title, names in self.sections
        ]


def _begun(data: Any) -> Draft | None:
    try:
        return dict(signing.loads(data.get("base", ""), salt=_SALT))
    except signing.BadSignature:
        return None


def _known(begun: Sequence[Mapping[str, Any]], row: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((one for one in begun if str(one.get("id")) == str(row.get("id"))), {})


def _unless_same(before: Any, after: Any) -> Any:
    """Ends of lines and spaces that a browser drops are no change."""
    if isinstance(before, str) and isinstance(after, str) and without_hidden(before).strip() == after:
        return before
    return None if after == "" and before is None else after


def text_languages(current: str = "") -> list[tuple[str, str]]:
    """Languages in which a record's own words may be written."""
    known = [code for code, _name in settings.LANGUAGES]
    known += [code for code in package().languages if code not in known]
    if current and current not in known:
        known.append(current)
    return [("", str(_("Not said"))), *((code, languages.name_of(code)) for code in known)]


def needs_in_words() -> list[tuple[str, str]]:
    """Codes of needs and their names."""
    named = reference_table("needs").iter_rows(named=True)
    return [(row["code"], pgettext("a need", row["name"])) for row in named]


_FREE = [("", _("Not known")), ("true", _("Yes")), ("false", _("No"))]


class ServiceForm(RecordForm):
    """What somebody does for people."""

    shape = shapes.SERVICE
    sections = (
        (_("What it is"), ("name", "alternate_name", "description", "text_language", "needs")),
        (_("Now"), ("status", "alert")),
        (_("How to reach it"), ("phones", "email", "url")),
        (_("When it is open"), ("schedules",)),
        (_("In which languages"), ("spoken", "interpretation_services")),
        (
            _("Who may come, and how"),
            ("eligibility_description", "minimum_age", "maximum_age", "application_process", "wait_time"),
        ),
        (_("What to bring"), ("required_documents",)),
        (_("What it costs"), ("free", "fees_description", "cost_options")),
        (
            _("Status and papers"),
            ("asks_status", "safe_without_papers", "status_statement", "status_source"),
        ),
    )
    name = Words(label=_("Name"))
    alternate_name = Words(label=_("Other name"), required=False)
    description = LongWords(label=_("What it does for people"), required=False, rows=6)
    text_language = forms.ChoiceField(
        label=_("Language of these words"), required=False, help_text=_("Translations are made from it.")
    )
    needs = forms.MultipleChoiceField(
        label=_("Needs it meets"), required=False, widget=forms.CheckboxSelectMultiple
    )
    status = forms.ChoiceField(
        label=_("State"),
        choices=[one for one in Service.Status.choices if one[0] in ("active", "temporarily closed")],
    )
    alert = LongWords(label=_("What everybody should know now"), required=False, rows=2)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    url = web_address(label=_("Address on the web"))
    spoken = Words(
        label=_("Languages spoken"),
        required=False,
        max_length=2000,
        help_text=_("With commas between them, such as: English, Arabic, Tigrinya."),
    )
    interpretation_services = LongWords(label=_("Interpreters"), required=False, rows=2)
    eligibility_description = LongWords(label=_("Who may come"), required=False)
    minimum_age = forms.FloatField(label=_("Youngest age"), required=False, min_value=0, max_value=130)
    maximum_age = forms.FloatField(label=_("Oldest age"), required=False, min_value=0, max_value=130)
    application_process = LongWords(label=_("How to begin"), required=False)
    wait_time = Words(label=_("Waiting time"), required=False)
    free = forms.TypedChoiceField(
        label=_("Free of charge"),
        choices=_FREE,
        coerce={"true": True, "false": False}.get,
        empty_value=None,
        required=False,
    )
    fees_description = LongWords(label=_("Prices in words"), required=False, rows=2)
    asks_status = forms.ChoiceField(
        label=_("Does it ask about a person's status?"),
        choices=Known.choices,
        help_text=_("About the service, never about a person."),
    )
    safe_without_papers = forms.ChoiceField(
        label=_("Is it safe to come without papers?"), choices=Known.choices
    )
    status_statement = LongWords(label=_("What the service says about this"), required=False, rows=2)
    status_source = Words(label=_("Who said so, and when"), required=False)

    def __init__(self, draft: Draft, version: int, data: Any = None, base: Draft | None = None) -> None:
        super().__init__(draft, version, data, base)
        self.fields["text_language"].choices = text_languages(draft["text_language"])  # type: ignore[attr-defined]
        self.fields["needs"].choices = needs_in_words()  # type: ignore[attr-defined]
        if draft["status"] not in dict(self.fields["status"].choices):  # type: ignore[attr-defined]
            # A withdrawn service is brought back by a step of its own.
            del self.fields["status"]

    def shown(self, draft: Draft) -> dict[str, Any]:
        """Languages by their names."""
        rows_now = draft["languages"]
        spoken = [languages.name_of(one["code"]) if one["code"] else one["name"] for one in rows_now]
        free = {True: "true", False: "false"}.get(draft["free"], "")
        return {**draft, "spoken": ", ".join(spoken), "free": free}

    def clean(self) -> dict[str, Any]:
        """What must fit together."""
        said = super().clean() or {}
        low, high = said.get("minimum_age"), said.get("maximum_age")
        if low is not None and high is not None and low > high:
            self.add_error("maximum_age", _("The oldest age is below the youngest."))
        begun = self.begun or {}
        stated = [one for one in ("asks_status", "safe_without_papers") if said.get(one) != begun.get(one)]
        if any(said.get(one) in ("yes", "no") for one in stated) and not said.get("status_source"):
            self.add_error("status_source", _("Say who said so and when: people will rely on it."))
        return said

    def draft(self) -> Draft:
        """With a row for each language."""
        begun = (self.begun or {}).get("languages", [])
        known = {one["code"] or one["name"].casefold(): one for one in begun}
        said: Draft = {}
        for words in filter(None, (one.strip() for one in self.cleaned_data["spoken"].split(","))):
            code = languages.code_of(words)
            row = known.get(code) or known.get(words.casefold())
            said[code or words.casefold()] = row or {"id": "", "code": code, "name": words, "note": ""}
        same = said.keys() == known.keys()
        return super().draft() | {"languages": begun if same else list(said.values())}


class LocationForm(RecordForm):
    """Where people go."""

    shape = shapes.LOCATION
    sections = (
        (_("What it is"), ("name", "alternate_name", "description", "text_language")),
        (_("Where it is"), ("addresses", "latitude", "longitude", "transportation")),
        (_("When it is open"), ("schedules",)),
        (_("How to reach it"), ("phones",)),
        (_("Getting in and around"), ("wheelchair", "accessibility")),
    )
    name = Words(label=_("Name"), required=False)
    alternate_name = Words(label=_("Other name"), required=False)
    description = LongWords(label=_("About this place"), required=False)
    text_language = forms.ChoiceField(label=_("Language of these words"), required=False)
    latitude = forms.FloatField(
        label=_("Latitude"),
        required=False,
        min_value=-90,
        max_value=90,
        help_text=_("In degrees, such as 43.6532. Leave it empty rather than guess."),
    )
    longitude = forms.FloatField(label=_("Longitude"), required=False, min_value=-180, max_value=180)
    transportation = LongWords(label=_("How to get there"), required=False, rows=2)
    wheelchair = forms.ChoiceField(label=_("Can one get in with a wheelchair?"), choices=Known.choices)

    def __init__(self, draft: Draft, version: int, data: Any = None, base: Draft | None = None) -> None:
        super().__init__(draft, version, data, base)
        self.fields["text_language"].choices = text_languages(draft["text_language"])  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One coordinate alone is none."""
        said = super().clean() or {}
        if (said.get("latitude") is None) != (said.get("longitude") is None) and not self.errors:
            self.add_error("longitude", _("Write both latitude and longitude, or neither."))
        return said


class OrganizationForm(RecordForm):
    """Who gives services."""

    shape = shapes.ORGANIZATION
    sections = (
        (_("Who it is"), ("name", "alternate_name", "description", "text_language")),
        (_("How to reach it"), ("phones", "email", "website")),
    )
    name = Words(label=_("Name"))
    alternate_name = Words(label=_("Other name"), required=False)
    description = LongWords(label=_("About this organisation"), required=False, rows=5)
    text_language = forms.ChoiceField(label=_("Language of these words"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    website = web_address(label=_("Address on the web"))

    def __init__(self, draft: Draft, version: int, data: Any = None, base: Draft | None = None) -> None:
        super().__init__(draft, version, data, base)
        self.fields["text_language"].choices = text_languages(draft["text_language"])  # type: ignore[attr-defined]


FORMS: dict[str, type[RecordForm]] = {
    "service": ServiceForm,
    "location": LocationForm,
    "organization": OrganizationForm,
}
