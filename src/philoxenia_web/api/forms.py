"""The form that makes a token."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Permission

DAYS = (
    (7, _("One week")),
    (30, _("30 days")),
    (90, _("90 days")),
    (365, _("One year")),
)


class TokenForm(forms.Form):
    """What a token is for, where it acts, what it may do and until when."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=100,
        help_text=_("A name by which you will know it, for example “Nightly export”."),
    )
    organisation = forms.TypedChoiceField(label=_("For which organisation does it act?"), coerce=str)
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what you may do yourself. Choose as little as the program needs."),
    )
    days = forms.TypedChoiceField(label=_("For how long?"), choices=DAYS, coerce=int, initial=90)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(
        self,
        *args: Any,
        organisations: Iterable[tuple[str, str]],
        scopes: Iterable[Permission],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        places = list(organisations)
        self.fields["organisation"].choices = places  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["organisation"].initial = places[0][0]
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (one.name, capfirst(str(one.words).partition(";")[0])) for one in scopes
        ]
