"""What stewards write about agreements and lists. Hidden fields carry what a page was based on."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from philoxenia.exchange import load_contract
from philoxenia.reference.tables import reference_table
from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.queries import organisations, people_holding
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage.actions import Terms
from philoxenia_web.linkage.models import Agreement
from philoxenia_web.linkage.policies import own_departments
from philoxenia_web.registry.models import PersonList

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def needs_in_words(codes: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Codes of needs and their names, all of them or those asked for."""
    wanted = None if codes is None else set(codes)
    rows = reference_table("needs").iter_rows(named=True)
    return [
        (row["code"], pgettext("a need", row["name"]))
        for row in rows
        if wanted is None or row["code"] in wanted
    ]


class AgreementForm(forms.Form):
    """A new agreement."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("For example: who in shelters is also out of school")
    )
    purpose = forms.CharField(
        label=_("What for"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In words that the people in the lists would understand: what is done, and what is not."),
    )
    organisations = forms.ModelMultipleChoiceField(
        None,
        label=_("Departments that take part"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each hands in a list of its own, and a data steward of each must sign."),
    )
    needs = forms.MultipleChoiceField(
        label=_("Needs that are read from the lists"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Every other need in a list is left out when it is handed in."),
    )
    reviewers = forms.MultipleChoiceField(
        label=_("Who decides about doubtful pairs"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They alone see names, each time with a line in the audit trail. Choose at least two."),
    )
    until = forms.DateField(
        label=_("Until"),
        widget=_DAY,
        help_text=_("The last day, at most two years away. After it the key is destroyed by itself."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = organisations().filter(kind=Organisation.Kind.DEPARTMENT)
        self.fields["organisations"].queryset = departments  # type: ignore[attr-defined]
        self.fields["organisations"].initial = departments.filter(pk__in=own_departments(actor))
        self.fields["needs"].choices = needs_in_words()  # type: ignore[attr-defined]
        people = people_holding(Role.REVIEWER).prefetch_related("memberships__organisation")
        offered = [(str(one.pk), _with_place(one)) for one in people]
        self.fields["reviewers"].choices = offered  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        """As the action takes it."""
        said = self.cleaned_data
        return Terms(
            title=said["title"],
            purpose=said["purpose"],
            needs=tuple(said["needs"]),
            valid_until=said["until"],
            organisation_ids=tuple(one.pk for one in said["organisations"]),
            reviewer_ids=tuple(UUID(one) for one in said["reviewers"]),
        )


def _with_place(person: Any) -> str:
    places = [str(one.organisation) for one in person.memberships.all() if one.role == Role.REVIEWER]
    return f"{person} ({', '.join(dict.fromkeys(places))})"


class SignForm(forms.Form):
    """The consent of one department."""

    signed_round = forms.IntegerField(widget=forms.HiddenInput)
    organisation = forms.ModelChoiceField(None, label=_("Signs for"), empty_label=None)
    read = forms.BooleanField(label=_("I have read this and consent for my department"))

    def __init__(self, agreement: Agreement, mine: Iterable[UUID], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"signed_round": agreement.round}, **kwargs)
        found = organisations().filter(pk__in=list(mine))
        self.fields["organisation"].queryset = found  # type: ignore[attr-defined]
        self.fields["organisation"].initial = found.first()
        if found.count() == 1:
            self.fields["organisation"].widget = forms.HiddenInput()


class ExtendForm(forms.Form):
    """A later last day."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    until = forms.DateField(
        label=_("New last day"),
        widget=_DAY,
        help_text=_("It holds when every department has signed again. Until then the present day stays."),
    )


class UnlinkForm(forms.Form):
    """The end, on purpose."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    because = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other departments read this. Name no person."),
    )
    sure = forms.BooleanField(label=_("I know that nobody can undo this"))


class ListForm(forms.Form):
    """A file with a department's list."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    organisation = forms.ModelChoiceField(None, label=_("Department"), empty_label=None)

    def __init__(self, mine: Iterable[UUID], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = organisations().filter(pk__in=list(mine))
        self.fields["organisation"].queryset = found  # type: ignore[attr-defined]
        self.fields["organisation"].initial = found.first()
        if found.count() == 1:
            self.fields["organisation"].widget = forms.HiddenInput()


class VersionForm(forms.Form):
    """A form based on a list as it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ReadingForm(VersionForm):
    """How the file of a list is to be read, where the check could not know."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    member = forms.ChoiceField(label=_("Table in the archive"), required=False)
    dates = forms.ChoiceField(
        label=_("Order of short dates"),
        required=False,
        choices=[
            ("", _("As the file shows")),
            ("day-first", _("Day first: 03/04 is 3 April")),
            ("month-first", _("Month first: 03/04 is 4 March")),
        ],
    )

    def __init__(self, one: PersonList, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": one.version, **one.answers}, **kwargs)
        there = {"sheet": one.report.get("sheets", []), "member": one.report.get("tables", [])}
        for name, found in there.items():
            known = {*(text.split("/", 1)[-1] for text in found), one.answers.get(name, "")} - {""}
            if len(known) < 2:
                del self.fields[name]
                continue
            offered = [("", _("The first that fits")), *((text, text) for text in sorted(known))]
            self.fields[name].choices = offered  # type: ignore[attr-defined]


class ColumnsForm(VersionForm):
    """Which of the file's columns is which of the contract's; only headers that were recognised are shown."""

    def __init__(self, one: PersonList, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": one.version}, **kwargs)
        self.said: dict[str, str] = one.answers.get("columns", {})
        found = {entry["header"]: entry["name"] for entry in one.report.get("columns", [])}
        self.found = found
        self.headers = list(dict.fromkeys([*found, *one.report.get("headers", [])]))
        offered = [("", _("None of these"))]
        offered += [(column.name, column.name) for column in load_contract("people").columns]
        for i, header in enumerate(self.headers):
            self.fields[f"column_{i}"] = forms.ChoiceField(
                label=header,
                required=False,
                choices=offered,
                initial=self.said.get(header, found.get(header, "")),
            )

    def mapping(self) -> dict[str, str]:
        """What was said before, and what differs from what the check found."""
        chosen = {header: self.cleaned_data[f"column_{i}"] for i, header in enumerate(self.headers)}
        return {
            header: name
            for header, name in chosen.items()
            if header in self.said or name != self.found.get(header, "")
        }


class NotStatusForm(VersionForm):
    """Why a column is not immigration status."""

    column = forms.CharField(widget=forms.HiddenInput, max_length=500)
    reason = forms.CharField(label=_("What it holds instead"), max_length=500, min_length=10)
