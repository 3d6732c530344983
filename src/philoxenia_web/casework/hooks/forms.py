"""The form that names an address."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from philoxenia_web.casework.models.hooks import Kind


class HookForm(forms.Form):
    """Which address is told of which changes, for which organisation."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    organisation = forms.TypedChoiceField(label=_("Whose changes?"), coerce=str)
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"dir": "ltr"}),
        help_text=_("It begins with https:// and answers on the internet."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What is it told of?"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, organisations: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = list(organisations)
        self.fields["organisation"].choices = places  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["organisation"].initial = places[0][0]


class StepForm(forms.Form):
    """A button, based on the hook as it was shown."""

    version = forms.IntegerField(min_value=0)
    verb = forms.ChoiceField(choices=[(one, one) for one in ("pause", "resume", "end")], required=False)
