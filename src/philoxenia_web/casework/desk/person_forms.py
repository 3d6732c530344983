"""Forms about a person: to search, to write down, to correct."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from philoxenia_web.casework.actions.notes import cleaned
from philoxenia_web.casework.desk.reasons import AT_THE_DESK
from philoxenia_web.casework.words import district_choices, language_name
from philoxenia_web.registry.people.shapes import (
    Birth,
    Contact,
    Draft,
    Interpreter,
    Language,
    NameForm,
    Record,
)

# Languages newcomers speak most often beside those of the pages; any other can be chosen below them.
_FIRST_LANGUAGES = ("ar", "prs", "ps", "fa", "ti", "so", "uk", "es", "fr", "en")
_MORE_LANGUAGES = (
    *("am", "bn", "zh", "hi", "ku", "ml", "pa", "pl", "pt"),
    *("ro", "ru", "si", "ta", "tl", "tr", "ur", "vi", "yo"),
)
ACCESS = {
    "step_free": _("No steps"),
    "hearing": _("Hears badly or signs"),
    "sight": _("Sees badly"),
    "reading": _("Reads with difficulty"),
    "calm": _("Needs a quiet place"),
    "helper": _("Brings somebody who helps"),
}
_CERTAINTY = {
    "exact": _("The day is known"),
    "year_only": _("Only the year is known"),
    "estimated": _("The year is an estimate"),
    "conventional_january_1": _("1 January was written because the day is not known"),
}
_SPOKEN = ("language", "second_language", "third_language")
# Which field of a record each field of the form belongs to, where it is called otherwise.
_FIELD_OF = {
    **dict.fromkeys(("name", "order", "other_name"), "names"),
    **dict.fromkeys(("certainty", "born_on", "born_in"), "birth"),
    **dict.fromkeys(_SPOKEN, "languages"),
    **dict.fromkeys(("phone", "phone_safe", "email", "email_safe"), "contacts"),
    "interpreter_sex": "interpreter",
}
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_OLDEST = 120
# The digits of scripts that people write dates and numbers in.
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


class Line(forms.CharField):
    """One line of words; signs that hide or turn text are taken out."""

    def __init__(self, *, max_length: int = 200, direction: str = "auto", **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"dir": direction, "autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=max_length, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        """Without what hides; digits of any script as 0 to 9 where the line runs from left to right."""
        line = " ".join(cleaned(super().to_python(value) or "").split())
        return line.translate(_DIGITS) if self.widget.attrs["dir"] == "ltr" else line


class FindForm(forms.Form):
    """What somebody at the desk can say of themselves: two of these at least."""

    names = Line(
        label=_("Name"), required=False, help_text=_("In any script and order, as it is said or written.")
    )
    birth = Line(
        label=_("Born"),
        required=False,
        direction="ltr",
        max_length=20,
        help_text=_("A day as 1987-03-21, or a year."),
    )
    phone = Line(label=_("Phone"), required=False, direction="ltr", max_length=40)
    number = Line(label=_("Number of the record"), required=False, direction="ltr", max_length=20)
    reason = forms.ChoiceField(label=_("Why"), choices=AT_THE_DESK.items(), initial="serving_now")


def _languages() -> list[tuple[str, str]]:
    codes = [*_FIRST_LANGUAGES, *(code for code, _name in settings.LANGUAGES if code not in _FIRST_LANGUAGES)]
    codes += [code for code in _MORE_LANGUAGES if code not in codes]
    return sorted(((code, language_name(code)) for code in codes), key=lambda one: one[1])


def _others(initial: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Languages of this record that are not in the list: none is lost because it is rare."""
    known = {code for code, _name in _languages()}
    told = [str(initial.get(name) or "") for name in _SPOKEN]
    return [(code, language_name(code)) for code in told if code and code not in known]


class PersonForm(forms.Form):
    """Somebody as they are written down; all but a name can come later."""

    name = Line(label=_("Name"), help_text=_("As the person writes it."))
    order = forms.ChoiceField(
        label=_("What stands first"),
        choices=[("given", _("The given name")), ("family", _("The family name"))],
    )
    other_name = Line(
        label=_("The same name in other letters"),
        required=False,
        help_text=_("Such as in Latin letters, so that others find it."),
    )
    certainty = forms.ChoiceField(label=_("What is known"), choices=_CERTAINTY.items())
    born_on = forms.DateField(
        label=_("Day of birth"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    born_in = forms.IntegerField(label=_("Year of birth"), required=False, min_value=1900)
    language = forms.ChoiceField(label=_("First language"), required=False)
    second_language = forms.ChoiceField(label=_("Also speaks"), required=False)
    third_language = forms.ChoiceField(label=_("And"), required=False)
    interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    interpreter_sex = forms.ChoiceField(
        label=_("The interpreter should be"),
        required=False,
        choices=[("", _("Anybody")), ("woman", _("A woman")), ("man", _("A man"))],
    )
    phone = Line(label=_("Phone"), required=False, direction="ltr", max_length=40)
    phone_safe = forms.BooleanField(
        label=_("Safe: nobody who may harm them sees or hears messages there"), required=False
    )
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    email_safe = forms.BooleanField(label=_("Safe to write to"), required=False)
    district_id = forms.ChoiceField(label=_("Lives in"), required=False)
    here_since = Line(
        label=_("In the city since"),
        required=False,
        direction="ltr",
        max_length=7,
        help_text=_("Year and month, such as 2026-04. Never from papers: ask."),
    )
    access_needs = forms.MultipleChoiceField(
        label=_("What helps them to come"),
        required=False,
        choices=ACCESS.items(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = [*_languages(), *_others(self.initial)]
        for name in _SPOKEN:
            self.fields[name].choices = [("", _("Not known") if name == "language" else ""), *spoken]  # type: ignore[attr-defined]
        self.fields["district_id"].choices = [("", _("Not known")), *district_choices()]  # type: ignore[attr-defined]

        for field in self.fields.values():
            # What was shown travels beside each field: only what differs from it is said.
            field.show_hidden_initial = True

    def carried(self) -> list[str]:
        """What was shown, as hidden fields."""
        return [self[name].as_hidden(only_initial=True) for name in self.fields]

    def changed_values(self, record: Record) -> dict[str, Any]:
        """The fields of a record that this form changes, and no others."""
        touched = {_FIELD_OF.get(name, name) for name in self.changed_data}
        if "language" in self.changed_data:
            touched.add("interpreter")
        return {name: value for name, value in self.values(record).items() if name in touched}

    def clean_here_since(self) -> str:
        """A month that has been."""
        told = self.cleaned_data["here_since"]
        if told and (not _MONTH.fullmatch(told) or told > timezone.localdate().strftime("%Y-%m")):
            raise forms.ValidationError(_("Write year and month, such as 2026-04."))
        return str(told)

    def clean(self) -> dict[str, Any]:
        """A birth that can be."""
        said = super().clean() or {}
        today = timezone.localdate()
        born_on, born_in = said.get("born_on"), said.get("born_in")
        if (born_on and not today.year - _OLDEST <= born_on.year <= today.year) or (
            born_on and born_on > today
        ):
            self.add_error("born_on", _("Nobody alive was born on that day. Is it right?"))
        if born_in and not today.year - _OLDEST <= born_in <= today.year:
            self.add_error("born_in", _("Nobody alive was born in that year. Is it right?"))
        return said

    def values(self, record: Record | None = None) -> dict[str, Any]:
        """The fields of a record, as the registry keeps them; what this form does not show stays."""
        said = self.cleaned_data
        return {
            "names": self._names(record.names if record else ()),
            "birth": self._birth(record.birth if record else None),
            "contacts": self._contacts(record.contacts if record else ()),
            "languages": self._spoken(record.languages if record else ()),
            "interpreter": Interpreter(said["interpreter"], said["language"], said["interpreter_sex"]),
            "access_needs": said["access_needs"],
            "district_id": said["district_id"],
            "here_since": said["here_since"],
        }

    def _names(self, known: Sequence[NameForm]) -> list[NameForm]:
        said = self.cleaned_data
        blank = NameForm("")
        first, second = [*known[:2], blank, blank][:2]
        told = [(first, said["name"]), (second, said["other_name"])]
        named = [_renamed(before, text, said["order"]) for before, text in told if text]
        return [*named, *known[2:]]

    def _birth(self, known: Birth | None) -> Birth | None:
        said = self.cleaned_data
        born_on, born_in, certainty = said.get("born_on"), said.get("born_in"), said["certainty"]
        calendar = known.calendar if known else "gregorian"
        if born_on and certainty in ("exact", "conventional_january_1"):
            return Birth(date=born_on.isoformat(), certainty=certainty, calendar=calendar)
        year = born_in or (born_on.year if born_on else None)
        if year is None:
            return None
        month = known.month if known and known.year == year else None
        certainty = certainty if certainty == "estimated" else "year_only"
        return Birth(year=year, month=month, certainty=certainty, calendar=calendar)

    def _contacts(self, known: Sequence[Contact]) -> list[Contact]:
        said, found = self.cleaned_data, []
        for kind in ("phone", "email"):
            before = next((one for one in known if one.kind == kind), Contact(kind, ""))
            if said[kind]:
                found.append(replace(before, value=said[kind], safe=said[f"{kind}_safe"]))
        shown = {id(next((one for one in known if one.kind == kind), None)) for kind in ("phone", "email")}
        return found + [one for one in known if id(one) not in shown]

    def _spoken(self, known: Sequence[Language]) -> list[Language]:
        """Languages by how well they are spoken; those beyond the third stay."""
        before = {one.code: one for one in known}
        told = [code for name in _SPOKEN if (code := self.cleaned_data[name])]
        levels = ["native" if code == self.cleaned_data["language"] else "good" for code in told]
        found = {
            code: before.get(code, Language(code, level)) for code, level in zip(told, levels, strict=True)
        }
        return [*found.values(), *(one for one in known[3:] if one.code not in found)]


def _renamed(before: NameForm, text: str, order: str) -> NameForm:
    """What was known of a name stays where its letters are the same."""
    return replace(before, order=order) if before.text == text else NameForm(text, order=order)


class NewPersonForm(PersonForm):
    """A new record: also whose it is, and whether others may find it."""

    restricted = forms.BooleanField(
        label=_("Protected: only your own team finds this record"),
        required=False,
        help_text=_("For people in danger, and for relatives of those who work here."),
    )
    organisation = forms.ChoiceField(label=_("Your desk"))

    def __init__(self, desks: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = desks  # type: ignore[attr-defined]
        if len(desks) == 1:
            self.fields["organisation"].initial = desks[0][0]
            self.fields["organisation"].widget = forms.HiddenInput()
        self.order_fields(["name", "order", "other_name"])

    def draft(self, **more: Any) -> Draft:
        """The record as it begins."""
        return Draft(**self.values(), restricted=self.cleaned_data["restricted"], **more)


def initial_of(record: Record) -> dict[str, Any]:
    """A record as the form shows it."""
    names, birth = [*record.names, NameForm(""), NameForm("")], record.birth or Birth()
    by_kind = {one.kind: one for one in reversed(record.contacts)}
    phone, email = by_kind.get("phone", Contact("", "")), by_kind.get("email", Contact("", ""))
    spoken = [one.code for one in record.languages]
    return {
        "name": names[0].text,
        "order": names[0].order or "given",
        "other_name": names[1].text,
        "certainty": birth.certainty,
        "born_on": birth.date,
        "born_in": birth.year,
        "language": spoken[0] if spoken else "",
        "second_language": spoken[1] if len(spoken) > 1 else "",
        "third_language": spoken[2] if len(spoken) > 2 else "",
        "interpreter": record.interpreter.needed,
        "interpreter_sex": record.interpreter.sex,
        "phone": phone.value,
        "phone_safe": phone.safe,
        "email": email.value,
        "email_safe": email.safe,
        "district_id": record.district_id,
        "here_since": record.here_since or "",
        "access_needs": list(record.access_needs),
    }
