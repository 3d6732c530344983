"""A survey and what is to be read from it: a spec as a file or text, or entries of the common case."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.queries import organisations
from philoxenia_web.needs.policies import PROFILE
from philoxenia_web.needs.profiles.actions import MOST_BYTES, check_spec
from philoxenia_web.needs.profiles.queries import places
from philoxenia_web.needs.profiles.usual import usual_spec
from philoxenia_web.ui.late import Late

_profiles = Late("philoxenia.needs.profiles")

_MOST_SPEC = 20_000


class HandInForm(forms.Form):
    """The survey, and one of: a file with a spec, a spec as text, the entries of the common case."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    organisation = forms.ModelChoiceField(None, label=_("Organisation that hands it in"), empty_label=None)
    survey = forms.FileField(
        label=_("The survey"),
        help_text=_(
            "CSV, Excel or Parquet, a row for each household, up to 50 MB. Names, addresses, numbers of "
            "people and immigration status are refused. The file is deleted as soon as its tables are made."
        ),
    )
    is_anonymous = forms.BooleanField(
        label=_("Nobody can be told from this survey: names, contacts and exact places were taken out.")
    )
    spec_file = forms.FileField(
        required=False,
        label=_("The spec, as a file"),
        help_text=_(
            "TOML: which columns tell groups, weights and needs. Leave it empty to fill in the lines."
        ),
    )
    spec = forms.CharField(
        required=False,
        max_length=_MOST_SPEC,
        strip=False,
        label=_("The spec, as text"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "dir": "ltr"}),
    )
    title = forms.CharField(required=False, max_length=150, label=_("Name of the survey"))
    newcomers = forms.CharField(
        required=False,
        max_length=300,
        label=_("Who is a newcomer"),
        help_text=_("A condition over columns, by time in the city, such as: years_in_city < 5"),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    displaced = forms.CharField(
        required=False,
        max_length=300,
        label=_("Who is displaced, if the survey asks it"),
        help_text=_("The column of the question, and the answer, such as: displaced = 'yes'"),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    weight = forms.CharField(required=False, max_length=100, label=_("Column of weights"))
    stratum = forms.CharField(required=False, max_length=100, label=_("Column of strata"))
    cluster = forms.CharField(required=False, max_length=100, label=_("Column of clusters"))
    indicators = forms.CharField(
        required=False,
        max_length=5000,
        label=_("Indicators, one a line"),
        help_text=_(
            "A name, a colon and a condition, such as: More than two people a room: members / rooms > 2"
        ),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "ltr"}),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = organisations().filter(pk__in=places(actor, PROFILE))
        self.fields["organisation"].queryset = mine  # type: ignore[attr-defined]
        self.fields["organisation"].initial = mine.first()
        if mine.count() == 1:
            self.fields["organisation"].widget = forms.HiddenInput()

    def clean_survey(self) -> UploadedFile:
        """Refuse what is empty or too large before it is read."""
        file: UploadedFile = self.cleaned_data["survey"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                gettext("This file is larger than 50 MB. Save it as Parquet or pack it.")
            )
        return file

    def clean(self) -> dict[str, Any]:
        """One spec from whichever way it was given, read by the engine as the command would."""
        cleaned = super().clean() or {}
        if "is_anonymous" not in cleaned:
            return cleaned
        field, text = self._given(cleaned)
        if not text:
            self.add_error(
                "spec_file", gettext("Give a spec: a file, a text, or at least one indicator below.")
            )
            return cleaned
        try:
            check_spec(text)
        except _profiles.ProfileError as wrong:
            self.add_error(field, str(wrong))
        cleaned["spec"] = text
        return cleaned

    def _given(self, cleaned: dict[str, Any]) -> tuple[str, str]:
        file = cleaned.get("spec_file")
        if file is not None:
            return "spec_file", file.read(_MOST_SPEC).decode("utf-8", "replace")
        if cleaned.get("spec", "").strip():
            return "spec", cleaned["spec"].replace("\r\n", "\n")
        return "indicators", usual_spec(cleaned)
