"""Rows of a record in a form: phones, hours, documents, costs, addresses."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from philoxenia_web.directory.staff.forms.fields import LongWords, PhoneNumber, Time, Words

_BLANK_ROWS = 2
_MOST_ROWS = 60
DAYS = [
    ("MO", _("Mon")),
    ("TU", _("Tue")),
    ("WE", _("Wed")),
    ("TH", _("Thu")),
    ("FR", _("Fri")),
    ("SA", _("Sat")),
    ("SU", _("Sun")),
]
_CODES = [code for code, _words in DAYS]


class RowForm(forms.Form):
    """A row; `id` is that of a row that is there."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def row(self) -> dict[str, Any]:
        """As plain values."""
        said = {key: value for key, value in self.cleaned_data.items() if key != "DELETE"}
        return said | {"id": str(said["id"]) if said.get("id") else ""}


class PhoneForm(RowForm):
    """A number and what it is for."""

    number = PhoneNumber(label=_("Number"), required=False)
    extension = Words(label=_("Extension"), required=False, max_length=20)
    type = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("", _("Not said")),
            ("voice", _("Voice")),
            ("text", _("Text messages")),
            ("cell", _("Mobile")),
            ("fax", _("Fax")),
            ("video", _("Video")),
            ("pager", _("Pager")),
            ("textphone", _("Textphone")),
        ],
    )
    description = Words(label=_("What for"), required=False)


class HoursForm(RowForm):
    """The same hours on some days of every week."""

    days = forms.MultipleChoiceField(
        label=_("Days"), choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    opens_at = Time(label=_("Opens"), required=False)
    closes_at = Time(label=_("Closes"), required=False)
    description = Words(label=_("Note"), required=False)

    def clean(self) -> dict[str, Any]:
        """Hours need days, and days hours."""
        said = super().clean() or {}
        times = said.get("opens_at") and said.get("closes_at")
        if bool(said.get("days")) != bool(times) and not self.errors:
            self.add_error("days", _("Choose the days and write both times, or leave all of them empty."))
        return said

    def row(self) -> dict[str, Any]:
        """As a schedule of HSDS."""
        said = super().row()
        days = said.pop("days")
        return said | {"freq": "WEEKLY", "byday": ",".join(one for one in _CODES if one in days)}


class DocumentForm(RowForm):
    """Something to bring."""

    document = Words(label=_("What to bring"), required=False, max_length=2000)


class CostForm(RowForm):
    """A price."""

    option = Words(label=_("For whom"), required=False)
    amount = forms.FloatField(label=_("Price"), required=False, min_value=0, max_value=1e9)
    currency = Words(label=_("Currency"), required=False, max_length=10)
    amount_description = Words(label=_("In words"), required=False)


class AddressForm(RowForm):
    """Where people go."""

    address_1 = Words(label=_("Street and number"), required=False)
    address_2 = Words(label=_("Floor, room"), required=False)
    city = Words(label=_("City"), required=False)
    state_province = Words(label=_("Province or state"), required=False)
    postal_code = Words(label=_("Postal code"), required=False, max_length=20)
    country = Words(label=_("Country"), required=False, max_length=2, min_length=2)


class AccessibilityForm(RowForm):
    """How people with disabilities get in and around."""

    description = LongWords(label=_("Getting in and around"), required=False, rows=2)


FORMS: dict[str, type[RowForm]] = {
    "phones": PhoneForm,
    "schedules": HoursForm,
    "required_documents": DocumentForm,
    "cost_options": CostForm,
    "addresses": AddressForm,
    "accessibility": AccessibilityForm,
}
TITLES = {
    "phones": _("Phone numbers"),
    "schedules": _("Opening hours"),
    "required_documents": _("What to bring"),
    "cost_options": _("Prices"),
    "addresses": _("Address"),
    "accessibility": _("Getting in and around"),
}


def is_simple(schedule: Mapping[str, Any]) -> bool:
    """Whether a schedule is the same hours on days of every week, which the form can show."""
    beyond = ("bymonthday", "byweekno", "byyearday", "until", "count", "valid_from", "valid_to", "notes")
    days = [one for one in str(schedule.get("byday") or "").split(",") if one]
    return (
        schedule.get("freq") == "WEEKLY"
        and schedule.get("interval") in (None, 1)
        and bool(days)
        and all(one in _CODES for one in days)
        and not any(schedule.get(name) for name in beyond)
        and bool(schedule.get("opens_at"))
        and bool(schedule.get("closes_at"))
    )


def formset(part: str, rows: Sequence[Mapping[str, Any]], data: Any) -> Any:
    """The rows of a part as a form each, with empty ones to fill in."""
    made = forms.formset_factory(
        FORMS[part], extra=_BLANK_ROWS, can_delete=True, max_num=_MOST_ROWS, absolute_max=_MOST_ROWS
    )
    return made(data, initial=[_shown(part, row) for row in rows], prefix=part)


def _shown(part: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "days": str(row.get("byday") or "").split(",")} if part == "schedules" else dict(row)


def rows_of(made: Any, part: str, known: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the forms say, without empty and deleted rows; columns that a form lacks stay as they were."""
    by_id = {str(row.get("id")): row for row in known}
    rows = []
    for form in made.forms:
        if not form.cleaned_data or form.cleaned_data.get("DELETE"):
            continue
        row = form.row()
        if any(value not in (None, "", "WEEKLY") for key, value in row.items() if key != "id"):
            rows.append({**by_id.get(row["id"], {}), **row})
    return rows
