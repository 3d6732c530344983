"""The protected figures of a month, as pages and the interface show them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts import queries as accounts
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.casework.models.office import OfficeMonth
from philoxenia_web.casework.office import words
from philoxenia_web.casework.office.policies import READ_OFFICE


@dataclass(frozen=True)
class Line:
    """One figure; `shown` is None where it is hidden."""

    name: str
    shown: int | None


def months(actor: Actor) -> list[date]:
    """The months there are figures of, the newest first."""
    check_can(actor, READ_OFFICE)
    return list(OfficeMonth.objects.order_by("-month").values_list("month", flat=True))


def of_month(actor: Actor, month: date | None) -> OfficeMonth | None:
    """The figures of a month, of the newest where none is named; None where there are none at all."""
    check_can(actor, READ_OFFICE)
    rows = OfficeMonth.objects.order_by("-month")
    if month is None:
        return rows.first()
    found = rows.filter(month=month).first()
    if found is None:
        raise Http404(_("There are no figures of this month."))
    return found


def totals(actor: Actor, measure: str, most: int = 12) -> list[tuple[date, int | None]]:
    """One total over the last months, the oldest first."""
    check_can(actor, READ_OFFICE)
    newest = OfficeMonth.objects.order_by("-month")[:most]
    return [(one.month, total(one, measure)) for one in reversed(newest)]


def total(one: OfficeMonth, measure: str) -> int | None:
    """The whole of a measure, where it is shown."""
    found = (
        row["shown"] for row in one.tables["counts"] if row["measure"] == measure and not row["category"]
    )
    return next(iter(found), None)


def lines(one: OfficeMonth, measure: str, by: str) -> list[Line]:
    """A measure by category, the largest first and the hidden last."""
    places = {str(place.pk): place.name for place in accounts.organisations()} if by == "team" else {}
    rows = [
        Line(words.category(by, row["category"], places), row["shown"])
        for row in one.tables["counts"]
        if row["measure"] == measure and row["by"] == by and row["category"]
    ]
    return sorted(rows, key=lambda row: (row.shown is None, -(row.shown or 0), row.name))


def waits(one: OfficeMonth, measure: str) -> list[dict[str, Any]]:
    """Waiting times by need, all needs together first."""
    rows = [row for row in one.tables["waits"] if row["measure"] == measure]
    named = [
        row | {"name": words.category("need", row["category"], {}) if row["category"] else _("All needs")}
        for row in rows
    ]
    return sorted(named, key=lambda row: (bool(row["category"]), -row["base"], row["name"]))
