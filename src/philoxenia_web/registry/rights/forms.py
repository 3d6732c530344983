"""Forms of the desk about rights."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from philoxenia_web.registry.models import ConsentEvent, RightsRequest

_NOT_WANTED = _("Nothing about papers or permission to stay is needed or wanted here.")


class _Kept(forms.Form):
    """Each form is sent once: the same key again gives the same answer."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class ConsentForm(_Kept):
    """Who said it, how, in which language the notice was read."""

    language = forms.ChoiceField(widget=forms.HiddenInput, choices=settings.LANGUAGES)
    by = forms.ChoiceField(
        label=_("Who says it?"),
        choices=ConsentEvent.By.choices,
        widget=forms.RadioSelect,
        initial=ConsentEvent.By.SELF,
    )
    name = forms.CharField(
        label=_("Name of the guardian or representative"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("Only where somebody else speaks for the person. It is sealed."),
    )
    method = forms.ChoiceField(
        label=_("How?"),
        choices=[(one.value, one.label) for one in (ConsentEvent.Method.SPOKEN, ConsentEvent.Method.WRITTEN)],
        widget=forms.RadioSelect,
        initial=ConsentEvent.Method.SPOKEN,
    )

    def clean(self) -> dict[str, Any]:
        """Whoever speaks for somebody has a name."""
        told = super().clean() or {}
        if told.get("by") not in (None, "self") and not told.get("name", "").strip():
            self.add_error("name", _("Write who speaks for the person."))
        return told


class SlipForm(_Kept):
    """The number that only the person knows; they type it themselves."""

    language = forms.ChoiceField(label=_("Language of the slip"), choices=settings.LANGUAGES)
    pin = forms.CharField(
        label=_("A number only they know"),
        min_length=4,
        max_length=8,
        widget=forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "new-password", "dir": "ltr"}
        ),
        help_text=_(
            "Four to eight digits. Turn the keyboard to the person: they type it, and you look away."
        ),
    )


class AskForm(_Kept):
    """A request somebody makes at the desk."""

    kind = forms.ChoiceField(
        label=_("What do they ask for?"), choices=RightsRequest.Kind.choices, widget=forms.RadioSelect
    )
    field = forms.ChoiceField(
        label=_("Which part?"), required=False, choices=[("", ""), *RightsRequest.Field.choices]
    )
    words = forms.CharField(
        label=_("In their words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_NOT_WANTED,
    )


class AnswerForm(forms.Form):
    """How a request was answered."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    do = forms.ChoiceField(
        label=_("Answer"),
        choices=[("answer", _("Done")), ("decline", _("Declined (supervisors)"))],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("Why declined"), required=False, choices=[("", ""), *RightsRequest.Reason.choices]
    )
    words = forms.CharField(
        label=_("What the person reads"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("It stands on their own page, in the words you write."),
    )


class EraseForm(forms.Form):
    """The number of the record, typed: nothing is erased by a wrong click."""

    number = forms.CharField(
        label=_("Number of the record"),
        max_length=20,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("Type it from the page. What is erased cannot be brought back, from no backup."),
    )


class ImportForm(_Kept):
    """A list of people and for which department."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_("CSV or spreadsheet after the contract “people”, at most 15 MB."),
    )


class RowForm(forms.Form):
    """What becomes of a row that may be known already."""

    do = forms.CharField(max_length=60)
