"""What was done up to the end of a month, as the engine's frames: numbers of people, never names."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import polars as pl
from django.db.models import Case as Choice
from django.db.models import DateTimeField, F, Q, QuerySet, When

from philoxenia.office import Doings, Month
from philoxenia.reference import default_parameters
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.casework.models.appointments import Appointment
from philoxenia_web.casework.models.cases import Case, CaseNeed, Note, Task
from philoxenia_web.casework.models.queue import Ticket
from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.visits import visiting

_TIME = pl.Datetime("us", "UTC")
_ACTS = {"person": pl.String, "organisation": pl.String, "at": _TIME}
_PEOPLE = {"person": pl.String, "language": pl.String, "district_id": pl.String, "here_since": pl.Date}
_NEEDS = {
    "person": pl.String,
    "organisation": pl.String,
    "need": pl.String,
    "noted_at": _TIME,
    "ended_at": _TIME,
}
_REFERRALS = {
    "organisation": pl.String,
    "receiver": pl.String,
    "need": pl.String,
    "sent_at": _TIME,
    "answered_at": _TIME,
    "begun_at": _TIME,
    "lapsed_at": _TIME,
    "ended_at": _TIME,
    "result": pl.String,
}
_CASES = {"organisation": pl.String, "opened_at": _TIME, "closed_at": _TIME}
_AT_ONCE = 2000
_KEPT = ("arrived", "held")


def gather(month: Month) -> Doings:
    """What the figures of a month are made of, nothing older; that records were counted is in the trail."""
    with visiting(SYSTEM):
        acts = _acts(month)
        met = sorted(set(acts["person"]))
        facts = records.facts(SYSTEM, map(UUID, met), "quality")
        people = [
            (str(one), told.language, told.district_id, _day(told.here_since)) for one, told in facts.items()
        ]
        return Doings(
            people=pl.DataFrame(people, schema=_PEOPLE, orient="row"),
            acts=acts,
            needs=_frame(_needs(month), _NEEDS),
            referrals=_frame(_referrals(month), _REFERRALS),
            cases=_frame(_cases(month), _CASES),
        )


def _day(month: str) -> date | None:
    """The first day of a month such as 2024-07; of a year alone its middle."""
    if not month:
        return None
    year, _, rest = month.partition("-")
    return date(int(year), int(rest or 7), 1)


def _acts(month: Month) -> pl.DataFrame:
    """What somebody did for a person within the month, whatever it was."""
    said = {"organisation": F("case__organisation_id"), "person": F("case__resident_id")}
    tables: list[tuple[QuerySet[Any], str, dict[str, Any]]] = [
        (Case.objects.all(), "opened_at", {"organisation": F("organisation_id"), "person": F("resident_id")}),
        (Note.objects.all(), "at", said),
        (CaseNeed.objects.all(), "noted_at", said | {"person": F("resident_id")}),
        (Task.objects.filter(state="done"), "done_at", said),
        (Referral.objects.all(), "sent_at", {"organisation": F("sender_id"), "person": F("resident_id")}),
        (Referral.objects.all(), "begun_at", {"organisation": F("receiver_id"), "person": F("resident_id")}),
        # Who sent it is told that help began: of that person the sender need not be kept in doubt.
        (Referral.objects.all(), "begun_at", {"organisation": F("sender_id"), "person": F("resident_id")}),
        (Appointment.objects.filter(state__in=_KEPT), "starts_at", _own()),
        (Ticket.objects.exclude(resident=None), "begun_at", _own()),
    ]
    found = [_within(rows, at, names, month) for rows, at, names in tables]
    return pl.concat(found).unique(maintain_order=True)


def _own() -> dict[str, Any]:
    return {"organisation": F("organisation_id"), "person": F("resident_id")}


def _within(rows: QuerySet[Any], at: str, names: dict[str, Any], month: Month) -> pl.DataFrame:
    renamed = rows.annotate(**{f"of_{name}": place for name, place in names.items()})
    inside = renamed.filter(**{f"{at}__gte": month.begins, f"{at}__lt": month.ends})
    return _frame(inside.values_list("of_person", "of_organisation", at), _ACTS)


def _needs(month: Month) -> Iterable[tuple[Any, ...]]:
    """Noted in the month, or before and not over. A need set aside ended when that was written."""
    ended = Choice(
        When(state=CaseNeed.State.MET, then="met_at"),
        When(state=CaseNeed.State.NOT_WANTED, then="changed_at"),
        output_field=DateTimeField(),
    )
    rows = CaseNeed.objects.annotate(over=ended).filter(
        Q(over=None) | Q(over__gte=month.ends) | Q(noted_at__gte=month.begins), noted_at__lt=month.ends
    )
    return _each(rows, "resident_id", "case__organisation_id", "need", "noted_at", "over")


def _referrals(month: Month) -> Iterable[tuple[Any, ...]]:
    """On their way in the month, or sent so lately that they count for how long people wait."""
    window = timedelta(days=default_parameters()["casework.office_waiting_days"])
    recent = Q(sent_at__gte=month.ends - window) | Q(ended_at=None) | Q(ended_at__gte=month.begins)
    rows = _each(
        Referral.objects.filter(recent, sent_at__lt=month.ends),
        *("sender_id", "receiver_id", "need_code", "sent_at", "answered_at", "begun_at"),
        *("lapsed_at", "ended_at", "state", "reason", "outcome"),
    )
    for *told, state, reason, outcome in rows:
        result = f"{state}:{reason}" if reason else outcome or state
        yield (*told, result)


def _cases(month: Month) -> Iterable[tuple[Any, ...]]:
    open_then = Q(closed_at=None) | Q(closed_at__gte=month.ends)
    rows = Case.objects.filter(open_then, opened_at__lt=month.ends)
    return _each(rows, "organisation_id", "opened_at", "closed_at")


def _each(rows: QuerySet[Any], *columns: str) -> Iterable[tuple[Any, ...]]:
    return rows.values_list(*columns).iterator(chunk_size=_AT_ONCE)


def _frame(rows: Iterable[tuple[Any, ...]], schema: dict[str, Any]) -> pl.DataFrame:
    texts = [index for index, kind in enumerate(schema.values()) if kind == pl.String]
    plain = [[str(cell) if at in texts else cell for at, cell in enumerate(row)] for row in rows]
    return pl.DataFrame(plain, schema=schema, orient="row")
