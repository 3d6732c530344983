"""Making the figures of months that are over: once, and never again."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min
from django.utils import timezone

from philoxenia.reference import default_parameters
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.casework.city_time import today
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.casework.models.office import OfficeMonth
from philoxenia_web.directory.city import city
from philoxenia_web.registry.people.visits import visiting

TASK, QUEUE = "casework.make_office_months", "casework"


def make_missing(now: datetime | None = None) -> list[date]:
    """Make every month of the city that is over and has no figures yet, the oldest first; which were made."""
    with visiting(SYSTEM):
        first = Case.objects.aggregate(first=Min("opened_at"))["first"]
        known = set(OfficeMonth.objects.values_list("month", flat=True))
    if first is None:
        return []
    wanted = [one for one in _months(first, now or timezone.now()) if one not in known]
    for month in wanted:
        make(month)
    return wanted


def _months(first: datetime, now: datetime) -> list[date]:
    """Months that were over some days ago, so that late entries are in; no more than can be chosen."""
    known = default_parameters()
    last = today(now - timedelta(days=known["casework.office_settle_days"])).replace(day=1)
    month, found = today(first).replace(day=1), []
    while month < last:
        found.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return found[-int(known["casework.office_months"]) :]


def make(month: date) -> OfficeMonth:
    """The protected figures of a month; those it has where it has some."""
    # Polars and NumPy are not loaded when the web process starts.
    from philoxenia.office import Month, month_tables  # noqa: PLC0415
    from philoxenia_web.casework.office.gathering import gather  # noqa: PLC0415

    chosen = Month(month, city().zone)
    tables: dict[str, Any] = {
        name: table.to_dicts() for name, table in month_tables(gather(chosen), chosen).items()
    }
    minimum = int(default_parameters()["disclosure.minimum"])
    with visiting(SYSTEM):
        made, new = OfficeMonth.objects.get_or_create(
            month=month, defaults={"tables": tables, "minimum": minimum}
        )
        if new:
            audit.record(SYSTEM, "casework.make_office_month", made, after={"minimum": minimum})
    return made
