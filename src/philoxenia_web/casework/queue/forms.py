"""Forms of the queue."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from philoxenia_web.casework.languages import choices
from philoxenia_web.casework.models.queue import Queue
from philoxenia_web.casework.queue.actions import MOST_DESKS
from philoxenia_web.casework.queue.ordering import USUAL
from philoxenia_web.casework.queue.words import REASONS
from philoxenia_web.directory.staff.forms.fields import Words


class TicketForm(forms.Form):
    """A number for somebody who came in."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    resident = forms.UUIDField(widget=forms.HiddenInput, required=False)
    language = forms.ChoiceField(label=_("Which language do they speak?"), required=False)
    reasons = forms.MultipleChoiceField(
        label=_("Is there a reason not to keep them waiting?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, words) for code, words in REASONS.items() if code != USUAL],
        required=False,
        help_text=_("Ask everybody the same. Who says nothing has the usual place."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [
            (
                "",
                _("Any"),
            ),
            *choices(),
        ]  # type: ignore[attr-defined]


class SitForm(forms.Form):
    """A desk and the languages spoken there."""

    desk = forms.IntegerField(label=_("Number of your desk"), min_value=1, max_value=MOST_DESKS)
    languages = forms.MultipleChoiceField(
        label=_("Languages you speak"), required=False, widget=forms.SelectMultiple(attrs={"size": 5})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = choices()  # type: ignore[attr-defined]


class QueueForm(forms.Form):
    """A waiting room."""

    name = Words(label=_("Name of the waiting room"), max_length=60, help_text=_("Such as: Ground floor"))
    letter = forms.ChoiceField(
        label=_("Letter before its numbers"), choices=Queue._meta.get_field("letter").choices
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages on its screen"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )


class OpenQueueForm(QueueForm):
    """A new waiting room."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    organisation = forms.ChoiceField(label=_("Department"))

    field_order = ("organisation", "name", "letter", "languages")

    def __init__(self, places: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = places  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fields["organisation"].initial = places[0][0]


class ChangeQueueForm(QueueForm):
    """A waiting room that exists; its letter stays."""

    letter = None  # type: ignore[assignment]
    version = forms.IntegerField(widget=forms.HiddenInput)
    active = forms.BooleanField(label=_("Open"), required=False)
