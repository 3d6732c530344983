"""Forms of the desk for city cards. None has a field for a number, a country or a text about a person."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from philoxenia_web.cards.models import Application, Benefit


class BeginForm(forms.Form):
    """What is asked for, and the person's yes."""

    kind = forms.ChoiceField(label=_("Why a card is asked for"), choices=Application.Kind.choices)
    shows_birth = forms.BooleanField(
        label=_("The date of birth stands on the card"),
        required=False,
        help_text=_("The person decides. Some partners ask for it, such as for children's prices."),
    )
    accompanied = forms.BooleanField(
        label=_("A child, here with a guardian"),
        required=False,
        help_text=_("Then no document with a photo is needed."),
    )
    agreed = forms.BooleanField(label=_("The notice was read to the person, and they agree"), required=False)


class PhotoForm(forms.Form):
    """A photo, where to cut it, and the person's yes."""

    file = forms.FileField(label=_("Photo"), widget=forms.FileInput(attrs={"accept": "image/*"}))
    x = forms.FloatField(required=False, widget=forms.HiddenInput)
    y = forms.FloatField(required=False, widget=forms.HiddenInput)
    share = forms.FloatField(required=False, widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("The person agrees that the photo is kept for the card alone"), required=False
    )

    def cut(self) -> tuple[float, float, float]:
        """Where to cut; the middle, a little above, where nothing was chosen."""
        told = self.cleaned_data
        x, y, share = told.get("x"), told.get("y"), told.get("share")
        return (0.5 if x is None else x, 0.42 if y is None else y, 1.0 if share is None else share)


class BenefitForm(forms.Form):
    """A partner's service of the directory that a card opens."""

    service = forms.ChoiceField(label=_("Service"))
    often = forms.ChoiceField(label=_("How often"), choices=Benefit.Often.choices, initial="month")

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = [("", _("Choose …")), *choices]  # type: ignore[attr-defined]


def key_from(request: HttpRequest) -> UUID:
    """The key of a form; a new one where it is missing or spoiled."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def version_from(request: HttpRequest) -> int:
    """The version a form was based on; -1, which no row has, for anything else."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1
