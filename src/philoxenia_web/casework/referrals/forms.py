"""What people fill in around referrals. Words about a person live for one request and are then sealed."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.models import Organisation
from philoxenia_web.casework.desk.forms import Day, Words
from philoxenia_web.casework.models.referrals import Emergency, Referral, SharedField, SharingAgreement
from philoxenia_web.casework.referrals.answering import DECLINES
from philoxenia_web.casework.referrals.following import WITHDRAWALS
from philoxenia_web.casework.referrals.passing import IDENTIFYING
from philoxenia_web.casework.words import need_choices

_AT_LEAST = 10


def _some(choices: Any, codes: Iterable[str]) -> list[tuple[str, Any]]:
    wanted = set(codes)
    return [(code, words) for code, words in choices if code in wanted]


class Step(forms.Form):
    """What every step carries: the version the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReferralForm(forms.Form):
    """What to pass on, how soon, to which service, with which words."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    fields_ = forms.MultipleChoiceField(
        label=_("What they may see"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Take away what they do not need. The need itself always goes along."),
    )
    service = forms.ChoiceField(label=_("Which service"), required=False)
    urgency = forms.ChoiceField(
        label=_("How soon"),
        choices=Referral.Urgency.choices,
        initial=Referral.Urgency.ROUTINE,
        widget=forms.RadioSelect,
    )
    message = Words(label=_("What they should know"), required=False)

    def __init__(
        self,
        *args: Any,
        agreement: SharingAgreement,
        services: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        may = _some(SharedField.choices, agreement.fields)
        self.fields["fields_"].choices = [(code, _marked(code, words)) for code, words in may]  # type: ignore[attr-defined]
        self.fields["fields_"].initial = [code for code, _words in may]
        self.fields["service"].choices = [("", _("None in particular")), *services]  # type: ignore[attr-defined]
        if not services:
            self.fields["service"].widget = forms.HiddenInput()
        self.fields["message"].help_text = _(
            "They read it at once: write no name here. Nothing about papers or permission to stay."
        )


def _marked(code: str, words: Any) -> Any:
    return _("%(field)s (when they accept)") % {"field": words} if code in IDENTIFYING else words


class DeclineForm(Step):
    """Why not."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=_some(Referral.Reason.choices, DECLINES), widget=forms.RadioSelect
    )
    words = Words(label=_("What the sender should know"), required=False, rows=2)


class AskForm(Step):
    """What the receiver needs to know."""

    words = Words(label=_("What do you need to know?"), rows=2)


class FinishForm(Step):
    """What came of it."""

    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=Referral.Outcome.choices, widget=forms.RadioSelect
    )
    words = Words(label=_("What the sender should know"), required=False, rows=2)


class AnswerForm(Step):
    """The answer to a question."""

    words = Words(label=_("Your answer"), rows=2)


class ChaseForm(Step):
    """A reminder."""

    words = Words(label=_("What to remind them of"), required=False, rows=2)


class WithdrawForm(Step):
    """Why it is taken back."""

    reason = forms.ChoiceField(
        label=_("Why"), choices=_some(Referral.Reason.choices, WITHDRAWALS), widget=forms.RadioSelect
    )


STEPS: dict[str, type[Step]] = {
    "accept": Step,
    "begin": Step,
    "take_over": Step,
    "decline": DeclineForm,
    "ask": AskForm,
    "finish": FinishForm,
    "answer": AnswerForm,
    "chase": ChaseForm,
    "withdraw": WithdrawForm,
}


class AgreementForm(forms.Form):
    """What one organisation may pass to another."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    giver = forms.ModelChoiceField(None, label=_("Who passes on"), empty_label=None)
    taker = forms.ModelChoiceField(None, label=_("Who receives"))
    purpose = forms.ChoiceField(
        label=_("For what"),
        choices=SharingAgreement.Purpose.choices,
        widget=forms.RadioSelect,
        help_text=_("To go on with the case allows transfers to a department as well."),
    )
    fields_ = forms.MultipleChoiceField(
        label=_("What may be seen"), choices=SharedField.choices, widget=forms.CheckboxSelectMultiple
    )
    needs = forms.MultipleChoiceField(
        label=_("For which needs"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means every need."),
    )
    valid_from = Day(label=_("From"), initial=timezone.localdate)
    valid_until = Day(label=_("Until"), initial=lambda: timezone.localdate() + datetime.timedelta(days=365))

    def __init__(self, *args: Any, givers: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Organisation.objects.filter(active=True)
        self.fields["giver"].queryset = active.filter(pk__in=givers)  # type: ignore[attr-defined]
        self.fields["taker"].queryset = active  # type: ignore[attr-defined]
        self.fields["needs"].choices = need_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Two organisations, and days in order."""
        said = super().clean() or {}
        if said.get("giver") and said.get("giver") == said.get("taker"):
            self.add_error("taker", _("An agreement is between two organisations."))
        if said.get("valid_from") and said.get("valid_until") and said["valid_until"] < said["valid_from"]:
            self.add_error("valid_until", _("The last day lies before the first."))
        return said


class EmergencyForm(forms.Form):
    """What could not wait, and whose record."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    organisation = forms.ModelChoiceField(None, label=_("For which team"), empty_label=None)
    number = forms.CharField(
        label=_("Number of the record"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Ten digits, on the slip the person was given."),
    )
    names = forms.CharField(
        label=_("Without the number: all names"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    birth = forms.CharField(
        label=_("and the whole date of birth"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        help_text=_("Such as 5.3.1987. It opens where this is one person and no other."),
    )
    reason = forms.ChoiceField(
        label=_("What cannot wait"), choices=Emergency.Reason.choices, widget=forms.RadioSelect
    )
    words = Words(label=_("In a sentence: why now, and why you"), rows=2, min_length=_AT_LEAST)

    field_order = ("organisation", "number", "names", "birth", "reason", "words")

    def __init__(self, *args: Any, teams: list[Any], by_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_name:
            del self.fields["names"], self.fields["birth"]
            self.fields["number"].required = True
        found = Organisation.objects.filter(active=True, pk__in=teams)
        self.fields["organisation"].queryset = found  # type: ignore[attr-defined]
        self._only = found.first() if len(teams) == 1 else None
        if self._only is not None:
            del self.fields["organisation"]

    def clean(self) -> dict[str, Any]:
        """Somebody of one team opens it for that team; by its number, or by name and date."""
        said = super().clean() or {}
        if not said.get("number") and not (said.get("names") and said.get("birth")):
            self.add_error("number", _("Write the number of the record."))
        return said | ({"organisation": self._only} if self._only is not None else {})
