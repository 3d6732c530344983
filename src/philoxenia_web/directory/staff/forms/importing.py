"""What a person says of a directory that is imported."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from philoxenia_web.directory.staff.forms.fields import Words
from philoxenia_web.directory.staff.forms.records import text_languages

_FEED = RegexValidator(r"^[a-z0-9][a-z0-9-]{1,60}$", _("Write small letters, digits and hyphens alone."))


class ImportForm(forms.Form):
    """A file and where it comes from."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    feed = Words(
        label=_("Short name of this source"),
        max_length=60,
        validators=[_FEED],
        help_text=_("Such as 211-north. The next file of the same source has the same name."),
    )
    source = Words(label=_("Who keeps it"), max_length=300)
    licence = Words(
        label=_("Licence"), max_length=300, help_text=_("What allows its use, such as CC BY 4.0.")
    )
    language = forms.ChoiceField(label=_("Language it is written in"), required=False)
    whole = forms.BooleanField(
        label=_("The file is the whole source: withdraw services that are not in it any more"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = text_languages()  # type: ignore[attr-defined]
