"""Forms of the desk about rights."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from philoxenia_web.registry.models import ConsentEvent, RightsRequest
from philoxenia_web.registry.rights import words
from philoxenia_web.registry.rights.consents import Said
from philoxenia_web.registry.rights.speakers import Speaker

_NOT_WANTED = _("Nothing about papers or permission to stay is needed or wanted here.")


class _Kept(forms.Form):
    """Each form is sent once: the same key again gives the same answer."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class SpokenForm(forms.Form):
    """Who says yes or no, how, and in which language the notice was read: of each form that asks for it.

    `speakers` are those who may speak for the person today (`speakers.choices_of`).
    """

    language = forms.ChoiceField(label=_("In which language was it read?"), choices=settings.LANGUAGES)
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
        help_text=_("Only where somebody speaks for the person who is not written down yet. It is sealed."),
    )
    method = forms.ChoiceField(
        label=_("How?"),
        choices=[(one.value, one.label) for one in (ConsentEvent.Method.SPOKEN, ConsentEvent.Method.WRITTEN)],
        widget=forms.RadioSelect,
        initial=ConsentEvent.Method.SPOKEN,
    )

    def __init__(self, *args: Any, speakers: Sequence[Speaker] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self._speakers = {one.choice: one for one in speakers}
        own, *others = ConsentEvent.By.choices
        named = [(one.choice, f"\u2068{one.name}\u2069 ({words.speaker(one.kind)})") for one in speakers]
        field = self.fields["by"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type alone)
        field.choices = [own, *named, *others]

    def clean(self) -> dict[str, Any]:
        """Whoever speaks for somebody has a name."""
        told = super().clean() or {}
        if (
            told.get("by") in (ConsentEvent.By.GUARDIAN, ConsentEvent.By.REPRESENTATIVE)
            and not told.get("name", "").strip()
        ):
            self.add_error("name", _("Write who speaks for the person."))
        return told

    def said(self) -> Said:
        """What was said, as consents keep it; of a form that is valid."""
        told = self.cleaned_data
        speaker = self._speakers.get(told["by"])
        if speaker is None:
            return Said(told["method"], told["by"], told["language"], name=told["name"])
        name = "" if speaker.resident_id else speaker.name
        return Said(told["method"], speaker.by, told["language"], speaker.resident_id, name)


class ConsentForm(SpokenForm, _Kept):
    """The same on a page where the notice is read in the language of the page's address."""

    language = forms.ChoiceField(widget=forms.HiddenInput, choices=settings.LANGUAGES)


class SpeakerForm(_Kept):
    """Somebody who speaks for the person: of their household, or by name."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    kind = forms.ChoiceField(label=_("As what?"), choices=words.SPEAKERS, widget=forms.RadioSelect)
    whom = forms.ChoiceField(label=_("Somebody of the household"), required=False)
    name = forms.CharField(
        label=_("Or a name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("It is sealed."),
    )

    def __init__(self, *args: Any, household: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["whom"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type alone)
        field.choices = [("", ""), *household]


class EndSpeakerForm(_Kept):
    """Which of the list no longer speaks for the person."""

    version = forms.IntegerField(min_value=0)
    place = forms.IntegerField(min_value=0, max_value=99)


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
