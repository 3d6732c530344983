"""Which organisation that signs in here an organisation of the directory is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.queries import organisations


class MemberForm(forms.Form):
    """One of the organisations that sign in, or none."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    member = forms.ModelChoiceField(
        None,
        label=_("It signs in here as"),
        required=False,
        empty_label=_("It does not sign in here"),
        help_text=_("Its partners may then edit its services."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = organisations()  # type: ignore[attr-defined]
