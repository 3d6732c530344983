"""What became of a reader's message."""

from django import forms
from django.utils.translation import gettext_lazy as _

from philoxenia_web.directory.models.feedback import Feedback
from philoxenia_web.directory.staff.forms.fields import LongWords


class AnswerForm(forms.Form):
    """Mended, or set aside with the reason."""

    state = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[one for one in Feedback.State.choices if one[0] != "open"],
        widget=forms.RadioSelect,
    )
    note = LongWords(label=_("Note for those who look after the record"), required=False, max_length=2000)
