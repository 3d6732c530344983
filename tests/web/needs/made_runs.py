"""A finished run under an agreement in force, its cells sealed with a real key; nobody in it exists."""

import datetime
from collections.abc import Iterable

import polars as pl
from django.utils import timezone
from tests.web.needs.made_people import NEEDS, cells

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.linkage.models import Agreement, Party, Run
from philoxenia_web.linkage.runs.sealed import keep_figures, keep_frame, runs_folder
from philoxenia_web.registry import actions as registry

QUALITY = pl.DataFrame(
    {
        "measure": ["missed", "false"],
        "by": ["all", "all"],
        "value": ["", ""],
        "estimate": [0.03, 0.01],
        "low": [0.02, 0.005],
        "high": [0.05, 0.02],
        "base": [900.0, 900.0],
        "method": ["model", "model"],
    }
)


def finished_run(
    organisations: Iterable[Organisation], frame: pl.DataFrame | None = None, number: int = 1
) -> Run:
    """A run whose cells are `frame`; those of `made_people` where none is given."""
    agreement = _agreement(list(organisations))
    run = Run.objects.create(
        agreement=agreement,
        number=number,
        state=Run.State.DONE,
        result="result-1",
        finished_at=timezone.now(),
        records=9_120,
        people=6_020,
    )
    folder = runs_folder(run.pk) / "result-1"
    folder.mkdir(parents=True)
    keep_frame(run, folder, "cells", cells() if frame is None else frame)
    keep_frame(run, folder, "quality", QUALITY)
    keep_figures(run, folder, {"synthetic": True, "needs": list(NEEDS)})
    return run


def _agreement(organisations: list[Organisation]) -> Agreement:
    until = timezone.localdate() + datetime.timedelta(days=90)
    made = Agreement.objects.create(
        title="A home and a school place",
        purpose="Plan programmes for families who need a home and a school place",
        needs=list(NEEDS),
        valid_until=until,
        state=Agreement.State.IN_FORCE,
        began_at=timezone.now(),
    )
    for one in organisations:
        Party.objects.create(agreement=made, organisation=one)
    registry.make_key(
        SYSTEM,
        made.pk,
        organisation_ids=[one.pk for one in organisations],
        reviewer_ids=[],
        needs=list(NEEDS),
        valid_until=until,
    )
    return made
