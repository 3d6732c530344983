"""Forms of the desk for city cards. None has a field for a number, a country or a text about a person."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from philoxenia_web.cards.applications import Asked
from philoxenia_web.cards.asking import WHY_REPLACED
from philoxenia_web.cards.models import Application, Benefit
from philoxenia_web.registry.rights.consents import Said
from philoxenia_web.registry.rights.forms import SpokenForm


class _AskingForm(SpokenForm):
    """What was said after the notice was read; left out where the person agreed before."""

    agreed = forms.BooleanField(label=_("The notice was read to the person, and they agree"), required=False)

    def __init__(self, asks: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in () if asks else ("agreed", "by", "name", "method", "language"):
            del self.fields[name]

    def yes(self) -> Said | None:
        """The yes; None where there was none, or it is known."""
        return self.said() if self.cleaned_data.get("agreed") else None


class BeginForm(_AskingForm):
    """What is asked for, and the person's yes."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Why a card is asked for"), choices=Application.Kind.choices)
    lost = forms.ChoiceField(
        label=_("What happened to the card"),
        required=False,
        choices=[("", ""), *((one.value, one.label) for one in WHY_REPLACED)],
        help_text=_("Where it is replaced. A lost or stolen card stops being good at once."),
    )
    organisation = forms.ChoiceField(label=_("Which team gives the card"))
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
    field_order = ("kind", "lost", "organisation", "shows_birth", "accompanied", "agreed", "by", "name")

    def __init__(
        self, desks: list[tuple[str, str]], live: bool, child: bool, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = desks  # type: ignore[attr-defined]
        for name, shown in (("lost", live), ("accompanied", child), ("organisation", len(desks) > 1)):
            if not shown:
                del self.fields[name]

    def asked(self) -> Asked:
        """What is asked for."""
        told = self.cleaned_data
        return Asked(
            told["kind"],
            told.get("accompanied", False),
            told["shows_birth"],
            self.yes(),
            told.get("lost", "") if told["kind"] == Application.Kind.REPLACEMENT else "",
        )


class PhotoForm(_AskingForm):
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
