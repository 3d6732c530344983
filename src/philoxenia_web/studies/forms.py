"""Forms of the studies app. What a study may be is decided in `actions`; these only read what was sent."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.roles import Role
from philoxenia_web.datasets import queries as datasets
from philoxenia_web.studies.kinds import Kind
from philoxenia_web.studies.policies import READERS

_MOST_SEED = 2_147_483_647


class QuestionForm(forms.Form):
    """What the study is to answer."""

    kind = forms.ChoiceField(
        label=_("What do you want to know?"),
        choices=[
            (Kind.PRESSURE.value, _("Where is pressure, who may come, what will be short?")),
            (Kind.FORESIGHT.value, _("Which actions pay back, for whom, in which futures?")),
        ],
        initial=Kind.PRESSURE.value,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "The first looks at every district and service as the data have it. The second lists actions, "
            "follows the city through hundreds of possible futures with and without each, and chooses a plan "
            "for a budget."
        ),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("A short name by which others find it, such as “Shelter places if rents rise”."),
    )
    question = forms.CharField(
        label=_("Question"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you want to know, and what will be decided with the answer."),
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        help_text=_("Only data whose agreement allows this purpose go into the study."),
    )
    organisation = forms.ChoiceField(label=_("Organisation"))
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = list(datasets.purposes())  # type: ignore[attr-defined]
        if len(organisations) > 1:
            self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
        else:
            del self.fields["organisation"]
        self.fields["key"].initial = self.fields["key"].initial or uuid4

    def clean_kind(self) -> str:
        """A form from before there was a choice asks where pressure is."""
        return str(self.cleaned_data["kind"] or Kind.PRESSURE)


class ChangeQuestionForm(QuestionForm):
    """The same for a study that is there already."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, organisations=[], **kwargs)
        del self.fields["key"], self.fields["kind"]


class SeedForm(forms.Form):
    """With which seed a study runs."""

    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=_MOST_SEED,
        help_text=_("The same inputs, parameters and seed give the same result, to the last digit."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class AheadForm(SeedForm):
    """How far to look and with which seed."""

    horizon = forms.IntegerField(
        label=_("Months ahead"),
        min_value=1,
        max_value=60,
        help_text=_("1 to 60. The further ahead, the wider the intervals."),
    )
    field_order = ("horizon", "seed", "version")


class NotesForm(forms.Form):
    """Notes of the planners; they can be changed at any time."""

    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ShareForm(forms.Form):
    """Who else may read the study, and until when."""

    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until you end it."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", _("Every organisation")), *organisations]  # type: ignore[attr-defined]
        readers = [(role.value, role.label) for role in Role if role in READERS]
        self.fields["role"].choices = [("", _("Everybody who may read studies")), *readers]  # type: ignore[attr-defined]
        self.fields["key"].initial = uuid4
