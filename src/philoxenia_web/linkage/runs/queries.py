"""Reading runs. What an actor may not see is not found, so that nobody learns that it exists.

`overlap_cells` is for pages of other apps, on the server: whoever shows cells protects them first.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import polars as pl
from django.db.models import QuerySet
from django.http import Http404

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, Permission
from philoxenia_web.linkage import queries as agreements
from philoxenia_web.linkage.models.agreements import Agreement
from philoxenia_web.linkage.models.runs import Run
from philoxenia_web.linkage.runs.policies import READ_CELLS, READ_RUNS
from philoxenia_web.linkage.runs.sealed import figures_of, frame_of
from philoxenia_web.registry.policies import organisations_with
from philoxenia_web.registry.refusals import KeyGone


@dataclass(frozen=True)
class RunFacts:
    """What other apps may know of a finished run without its cells. `needs` are the bits of a cell's mask."""

    run_id: UUID
    number: int
    agreement_id: UUID
    title: str
    purpose: str
    departments: tuple[str, ...]
    until: date
    ended: bool
    done_at: datetime | None
    organisation_ids: tuple[UUID, ...]
    records: int
    people: int
    synthetic: bool
    needs: tuple[str, ...]
    quality: pl.DataFrame


def agreement_for(actor: Actor, agreement_id: UUID, permission: Permission) -> Agreement:
    """The agreement, where a department that takes part gives the actor this permission; else it is not
    found.
    """
    agreement = agreements.agreement_for(actor, agreement_id)
    taking_part = {party.organisation_id for party in agreement.parties.all()}
    if actor is not SYSTEM and not taking_part & organisations_with(actor, permission):
        raise Http404
    return agreement


def run_for(actor: Actor, agreement_id: UUID, run_id: UUID, permission: Permission = READ_RUNS) -> Run:
    """The run, where the actor may read how it went; otherwise it is not found."""
    agreement = agreement_for(actor, agreement_id, permission)
    run = agreement.runs.select_related("agreement", "asked_by").filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run


def runs_of(agreement: Agreement) -> QuerySet[Run]:
    """Every run of an agreement, the last first."""
    return agreement.runs.select_related("asked_by").order_by("-number")


def latest_run(agreement: Agreement) -> Run | None:
    """The run asked for last."""
    return runs_of(agreement).first()


def latest_done(agreement: Agreement) -> Run | None:
    """The last finished run: what reviewers and planners read."""
    return runs_of(agreement).filter(state=Run.State.DONE).first()


def previous_done(run: Run) -> Run | None:
    """The finished run before this one."""
    earlier = run.agreement.runs.filter(state=Run.State.DONE, number__lt=run.number)
    return earlier.order_by("-number").first()


def finished_runs(actor: Actor) -> list[RunFacts]:
    """The last finished run of each agreement that the actor may read cells of, the newest first."""
    done = Run.objects.filter(state=Run.State.DONE, agreement__in=_readable(actor))
    last: dict[UUID, Run] = {}
    for run in done.select_related("agreement").order_by("number"):
        last[run.agreement_id] = run
    newest = sorted(last.values(), key=lambda run: run.finished_at or run.asked_at, reverse=True)
    return [_facts(run) for run in newest]


def usable_runs(actor: Actor) -> list[RunFacts]:
    """Those of `finished_runs` whose agreement still holds."""
    return [facts for facts in finished_runs(actor) if not facts.ended]


def run_facts(actor: Actor, run_id: UUID) -> RunFacts:
    """What may be known of a finished run. Raises `Http404` where the actor may not read its cells."""
    return _facts(_done_for(actor, run_id))


def overlap_cells(actor: Actor, run_id: UUID) -> pl.DataFrame:
    """People by population, district_id, sex, age_band, language and mask of needs: UNPROTECTED, server only.

    Columns: those and `people` (integers above 0). Bit i of `mask` stands for `run_facts(...).needs[i]`.
    Raises `Http404` where the actor may not read them and `KeyGone` after the agreement's end.
    """
    run = _done_for(actor, run_id)
    cells = frame_of(run, "cells")
    audit.record(actor, "linkage.read_cells", run)
    return cells


def _done_for(actor: Actor, run_id: UUID) -> Run:
    found = Run.objects.filter(pk=run_id, state=Run.State.DONE, agreement__in=_readable(actor))
    run = found.select_related("agreement").first()
    if run is None:
        raise Http404
    return run


def _readable(actor: Actor) -> QuerySet[Agreement]:
    """Agreements of organisations in which the actor holds a role that may read cells."""
    if actor is SYSTEM:
        return Agreement.objects.all()
    places = organisations_with(actor, READ_CELLS)
    return Agreement.objects.filter(parties__organisation__in=places).distinct()


def _facts(run: Run) -> RunFacts:
    agreement = run.agreement
    parties = list(agreement.parties.select_related("organisation"))
    told: dict[str, Any] = {}
    quality = pl.DataFrame()
    with suppress(KeyGone):
        told, quality = figures_of(run), frame_of(run, "quality")
    return RunFacts(
        run_id=run.pk,
        number=run.number,
        agreement_id=agreement.pk,
        title=agreement.title,
        purpose=agreement.purpose,
        departments=tuple(party.organisation.name for party in parties),
        until=agreement.valid_until,
        ended=not told,
        done_at=run.finished_at,
        organisation_ids=tuple(party.organisation_id for party in parties),
        records=run.records,
        people=run.people,
        synthetic=bool(told.get("synthetic")),
        needs=tuple(told.get("needs", ())),
        quality=quality,
    )
