"""Forms of appointments: what is looked for, why it changes, rooms, interpreters, hours, absences."""

import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from philoxenia.reference import default_parameters
from philoxenia_web.casework.appointments.words import BRING, PURPOSES, WEEKDAYS, purposes
from philoxenia_web.casework.desk.forms import Day
from philoxenia_web.casework.languages import choices
from philoxenia_web.casework.models.appointments import Appointment, Interpreter
from philoxenia_web.directory.staff.forms.fields import Words

_LENGTHS = (15, 30, 45, 60, 90, 120, 180, 240)
_SEXES = [("", _("Does not matter")), ("woman", _("A woman")), ("man", _("A man"))]


class LookForm(forms.Form):
    """What an appointment is about and what it needs; codes alone, so that it may stand in an address."""

    desk = forms.CharField(widget=forms.HiddenInput, required=False)
    why = forms.CharField(widget=forms.HiddenInput, required=False)
    purpose = forms.ChoiceField(label=_("What is it about?"), choices=PURPOSES.items())
    minutes = forms.TypedChoiceField(label=_("How long?"), coerce=int, choices=[])
    way = forms.ChoiceField(label=_("How do you meet?"), choices=Appointment.Way.choices)
    worker = forms.ChoiceField(label=_("With whom?"), required=False)
    interpreting = forms.ChoiceField(
        label=_("Interpreter"), choices=Appointment.Interpreting.choices, required=False
    )
    language = forms.ChoiceField(label=_("Language of the interpreter"), required=False)
    sex = forms.ChoiceField(label=_("Interpreter is"), choices=_SEXES, required=False)
    step_free = forms.BooleanField(label=_("No steps to the room"), required=False)
    quiet = forms.BooleanField(label=_("A quiet room"), required=False)
    day = Day(label=_("From which day on?"))

    def __init__(self, colleagues: list[tuple[UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lengths = [(str(one), _("%(count)s minutes") % {"count": one}) for one in _LENGTHS]
        self.fields["minutes"].choices = lengths  # type: ignore[attr-defined]
        people = [("", _("Whoever is free first")), *((str(pk), name) for pk, name in colleagues)]
        self.fields["worker"].choices = people  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("Choose …")), *choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("interpreting") and not said.get("language"):
            self.add_error("language", _("Say which language is interpreted."))
        ahead = datetime.timedelta(days=default_parameters()["casework.book_ahead_days"])
        if said.get("day") and said["day"] > timezone.localdate() + ahead:
            self.add_error("day", _("This is too far ahead. Choose an earlier day."))
        return said


class BookForm(forms.Form):
    """What goes with the chosen time."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    bring = forms.MultipleChoiceField(
        label=_("What to bring along"),
        choices=BRING.items(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    remind = forms.BooleanField(
        label=_("Remind them by message"),
        required=False,
        help_text=_("Only by contacts that are marked as safe, in neutral words."),
    )


def bring_for(purpose: str) -> list[str]:
    """What is usually brought along."""
    return list(purposes().get(purpose, (0, ()))[1])


class BecauseForm(forms.Form):
    """Why an appointment is cancelled or moved."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    because = forms.ChoiceField(label=_("Why?"), choices=Appointment.Because.choices)


class RoomForm(forms.Form):
    """A room."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = Words(label=_("Name or number of the room"), max_length=60)
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=200, initial=4)
    step_free = forms.BooleanField(label=_("No steps to it"), required=False)
    quiet = forms.BooleanField(label=_("Quiet"), required=False)
    active = forms.BooleanField(label=_("Can be booked"), required=False, initial=True)


class InterpreterForm(forms.Form):
    """An interpreter."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    label = Words(
        label=_("How the desk calls them"),
        max_length=60,
        help_text=_("The number of an agency's interpreter, or a colleague's initials."),
    )
    person = forms.ChoiceField(
        label=_("A colleague"),
        required=False,
        help_text=_("Who interprets cannot have an appointment of their own at the same time."),
    )
    agency = forms.BooleanField(label=_("Comes from an agency"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), widget=forms.SelectMultiple(attrs={"size": 8})
    )
    sex = forms.ChoiceField(label=_("Woman or man"), choices=Interpreter.Sex.choices, required=False)
    present = forms.BooleanField(label=_("Comes to the room"), required=False, initial=True)
    by_phone = forms.BooleanField(label=_("Interprets by phone"), required=False, initial=True)
    shared = forms.BooleanField(label=_("Other departments may book them too"), required=False)
    active = forms.BooleanField(label=_("Can be booked"), required=False, initial=True)

    def __init__(self, colleagues: list[tuple[UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [("", _("No, from outside")), *((str(pk), name) for pk, name in colleagues)]
        self.fields["person"].choices = people  # type: ignore[attr-defined]
        self.fields["languages"].choices = choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("present") and not said.get("by_phone"):
            self.add_error("by_phone", _("Say how they interpret: in the room, by phone, or both."))
        return said


class HoursForm(forms.Form):
    """One span of hours a weekday; empty days are closed. `seen` are the hours that were shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(WEEKDAYS):
            for which, words in (("begins", _("%(day)s, from")), ("ends", _("%(day)s, until"))):
                widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
                self.fields[f"{which}_{number}"] = forms.TimeField(
                    label=words % {"day": name}, required=False, widget=widget
                )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for number in range(len(WEEKDAYS)):
            begins, ends = said.get(f"begins_{number}"), said.get(f"ends_{number}")
            if bool(begins) != bool(ends) or (begins and ends and ends <= begins):
                self.add_error(f"ends_{number}", _("Write both times, the later one second, or neither."))
        return said

    @property
    def spans(self) -> list[tuple[int, datetime.time, datetime.time]]:
        """(weekday, from, until) of the days that are open."""
        said = self.cleaned_data
        days = ((one, said[f"begins_{one}"], said[f"ends_{one}"]) for one in range(len(WEEKDAYS)))
        return [(day, begins, ends) for day, begins, ends in days if begins]


class AbsenceForm(forms.Form):
    """Days on which somebody is away or a room closed."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    first = Day(label=_("First day"))
    last = Day(label=_("Last day"))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("first") and said.get("last") and said["last"] < said["first"]:
            self.add_error("last", _("The last day lies before the first."))
        return said
