"""What people write about extracts. Hidden fields carry what a page was based on."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from philoxenia.exchange import contracts
from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.queries import organisations
from philoxenia_web.datasets import queries
from philoxenia_web.datasets.actions import Terms
from philoxenia_web.datasets.models import Agreement, Purpose, Version
from philoxenia_web.datasets.policies import HAND_IN, organisations_with


def kinds() -> list[tuple[str, str]]:
    """The kinds of extract, by title."""
    known = contracts(settings.ENVIRONMENT.city).values()
    titled = [(one.name, gettext(one.title)) for one in known if not one.tests_only and one.grain != "person"]
    return sorted(titled, key=lambda entry: entry[1])


class HandInForm(forms.Form):
    """A file and what it is for."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    organisation = forms.ModelChoiceField(None, label=_("Organisation that hands it in"), empty_label=None)
    # Not "dataset": a form's own `dataset` would be hidden from scripts.
    data_set = forms.ModelChoiceField(
        None,
        label=_("Data set"),
        required=False,
        empty_label=_("A new data set"),
        help_text=_("Choose one to hand in its next version."),
    )
    contract = forms.ChoiceField(
        label=_("Kind of extract"),
        required=False,
        help_text=_("The check finds it out from the file; choose it if you are sure."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = organisations().filter(pk__in=organisations_with(actor, HAND_IN))
        self.fields["organisation"].queryset = mine  # type: ignore[attr-defined]
        self.fields["organisation"].initial = mine.first()
        if mine.count() == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
        self.fields["data_set"].queryset = queries.own_datasets(actor)  # type: ignore[attr-defined]
        self.fields["contract"].choices = [("", _("Find it out")), *kinds()]  # type: ignore[attr-defined]


class VersionForm(forms.Form):
    """A form based on a version as it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ChoicesForm(VersionForm):
    """What the check could not know."""

    contract = forms.ChoiceField(label=_("Kind of extract"), required=False)
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

    def __init__(self, version: Version, about: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": version.version, **version.answers}, **kwargs)
        self.fields["contract"].choices = [("", _("Find it out")), *kinds()]  # type: ignore[attr-defined]
        if version.dataset_id:
            del self.fields["contract"]
        for name, there in (("sheet", about["sheets"]), ("member", about["members"])):
            known = {*there, version.answers.get(name, "")} - {""}
            if len(known) < 2:
                del self.fields[name]
                continue
            offered = [("", _("The first that fits")), *((one, one) for one in sorted(known))]
            self.fields[name].choices = offered  # type: ignore[attr-defined]


class ColumnsForm(VersionForm):
    """Which of the file's columns is which of the contract's."""

    def __init__(self, version: Version, headers: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": version.version}, **kwargs)
        contract = contracts(settings.ENVIRONMENT.city).get(version.contract)
        self.headers = [header for header in dict.fromkeys(headers) if header.strip()]
        found = {one["header"]: one["name"] for one in version.report.get("columns", [])}
        self.said = said = version.answers.get("columns", {})
        offered = [("", _("None of these"))]
        offered += [(one.name, f"{one.name} *" if one.required else one.name) for one in _columns(contract)]
        for i, header in enumerate(self.headers):
            self.fields[f"column_{i}"] = forms.ChoiceField(
                label=header, required=False, choices=offered, initial=said.get(header, found.get(header, ""))
            )
        self.found = found

    def mapping(self) -> dict[str, str]:
        """What was said before, and what differs from what the check found."""
        chosen = {header: self.cleaned_data[f"column_{i}"] for i, header in enumerate(self.headers)}
        return {
            header: name
            for header, name in chosen.items()
            if header in self.said or name != self.found.get(header, "")
        }


def _columns(contract: Any) -> Any:
    return contract.columns if contract is not None else ()


class CorrectionForm(VersionForm):
    """One correction: of a cell, of a value wherever it stands, or a row left out."""

    kind = forms.ChoiceField(choices=[(one, one) for one in ("cell", "value", "leave_out")])
    row = forms.IntegerField(min_value=1, required=False, label=_("Row"))
    column = forms.CharField(max_length=500, required=False, strip=False, label=_("Column"))
    before = forms.CharField(max_length=10_000, required=False, strip=False, label=_("What stands there"))
    after = forms.CharField(max_length=10_000, required=False, label=_("What it should be"))

    def clean(self) -> dict[str, Any]:
        """A cell has a row and a column, a value a column, a row left out its number."""
        said = super().clean() or {}
        kind = said.get("kind")
        if kind in ("cell", "leave_out") and not said.get("row"):
            self.add_error("row", _("Name the row."))
        if kind in ("cell", "value") and not said.get("column"):
            self.add_error("column", _("Name the column."))
        return said

    def correction(self) -> dict[str, Any]:
        """As the check takes it."""
        said = self.cleaned_data
        if said["kind"] == "leave_out":
            return {"kind": "leave_out", "row": said["row"]}
        texts = {name: said[name] for name in ("column", "before", "after")}
        return {"kind": said["kind"], **({"row": said["row"]} if said["kind"] == "cell" else {}), **texts}


class NotStatusForm(VersionForm):
    """Why a column is not immigration status."""

    column = forms.CharField(max_length=500, widget=forms.HiddenInput, strip=False)
    reason = forms.CharField(
        label=_("What the column holds, in a sentence"),
        max_length=500,
        help_text=_("For example: whether the building is accepted into the programme."),
    )


class ReasonForm(VersionForm):
    """Why a version is withdrawn."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("Everybody whose result used it reads this."),
    )


class AgreementForm(forms.Form):
    """Who may use a version, for what, until when."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)
    everybody = forms.BooleanField(label=_("Every organisation may use it"), required=False)
    organisations = forms.ModelMultipleChoiceField(
        None,
        label=_("Or these organisations"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Your own organisation always may."),
    )
    purposes = forms.MultipleChoiceField(
        label=_("For these purposes"), choices=Purpose.choices, widget=forms.CheckboxSelectMultiple
    )
    valid_from = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day of use. Leave it empty for an open end."),
    )
    licence = forms.CharField(
        label=_("Licence"),
        max_length=200,
        help_text=_("For example: internal use, or the name of an open licence."),
    )
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, held: Agreement | None = None, **kwargs: Any) -> None:
        initial = _as_agreed(held) if held else {"valid_from": timezone.localdate(), "purposes": ["planning"]}
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        self.fields["organisations"].queryset = organisations()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """An agreement ends after it begins."""
        said = super().clean() or {}
        begins, ends = said.get("valid_from"), said.get("valid_until")
        if begins and ends and ends < begins:
            self.add_error("valid_until", _("The last day is before the first one."))
        return said

    def terms(self) -> Terms:
        """As the action takes it."""
        said = self.cleaned_data
        return Terms(
            purposes=tuple(said["purposes"]),
            licence=said["licence"],
            valid_from=said["valid_from"],
            valid_until=said["valid_until"],
            everybody=said["everybody"],
            organisations=tuple(one.pk for one in said["organisations"]),
            notes=said["notes"],
        )


def _as_agreed(held: Agreement) -> dict[str, Any]:
    names = ("everybody", "purposes", "valid_from", "valid_until", "licence", "notes")
    kept = {name: getattr(held, name) for name in names}
    return kept | {"organisations": [one.pk for one in held.organisations.all()], "based_on": held.number}


class PublishForm(AgreementForm):
    """Publishing: the agreement, and for a first version the data set's title."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    newest_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title of the data set"), max_length=200)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("title", "description")

    def __init__(self, *args: Any, begins: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not begins:
            del self.fields["title"], self.fields["description"]


class DescribeForm(VersionForm):
    """A data set's title and description."""

    title = forms.CharField(label=_("Title"), max_length=200)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
