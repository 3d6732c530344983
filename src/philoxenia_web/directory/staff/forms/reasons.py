"""A reason, for steps that others will ask about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from philoxenia_web.directory.staff.forms.fields import LongWords


class ReasonForm(forms.Form):
    """Why, based on the record as it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = LongWords(
        label=_("Why?"),
        max_length=1000,
        help_text=_("Those who look after the record later will read it. Write no address here."),
    )
