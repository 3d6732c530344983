"""To whom a link to confirm services is sent."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """One of the addresses the organisation has made public, and the language of the message."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    email = forms.ChoiceField(label=_("Send the link to"))
    language = forms.ChoiceField(label=_("Language of the message"), choices=settings.LANGUAGES)

    def __init__(self, addresses: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].choices = [(one, one) for one in addresses]  # type: ignore[attr-defined]
