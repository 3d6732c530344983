"""From the lists of an agreement to sealed files: what a run's own process does. Nothing plain is written."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connections
from django.http import Http404

from philoxenia import __version__
from philoxenia.lake.source import engine_fingerprint
from philoxenia.linkage import Linked, link
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.attempts.inside import Tell
from philoxenia_web.linkage.models.runs import Run
from philoxenia_web.linkage.review import asking
from philoxenia_web.linkage.review.queue import Asked
from philoxenia_web.linkage.runs import counting, results
from philoxenia_web.linkage.runs.sealed import REVIEW, keep_figures, keep_frame
from philoxenia_web.linkage.runs.steps import Step
from philoxenia_web.registry import queries as registry

_MODEL = "default"
_PART_OF_FINGERPRINT = 16


def compute(run_id: UUID, lease: UUID, tell: Tell) -> dict[str, Any]:
    """Link the lists of a run into the attempt's folder; what the worker is to write down (counts, no
    records).
    """
    run = Run.objects.select_related("agreement").filter(pk=run_id, lease=lease).first()
    if run is None:
        raise Http404
    tell(Step.READ, 0.0, {})
    lists = _lists(run)
    known = asking.known_pairs(run.agreement_id)
    connections.close_all()
    tell(Step.READ, 1.0, {"lists": len(lists), "records": sum(one.height for one in lists.values())})
    decisions = asking.decisions_of(known, lists)
    linked = _linked(lists, decisions, tell)
    tell(Step.COUNT, 0.0, {})
    month = counting.month_of(run.asked_at)
    cells, needs = counting.cells_of(linked.people, lists, linked.links, month, run.agreement.needs)
    figures = counting.figures_of(linked, lists) | {
        "needs": list(needs),
        "synthetic": _synthetic(run),
        "decisions": decisions.height,
    }
    tell(Step.COUNT, 1.0, {"people": linked.people.height})
    return _kept(run, lease, tell, linked, cells, figures, asking.asked_of(run, linked, lists, known))


def _lists(run: Run) -> dict[str, pl.DataFrame]:
    """Each department's list, by the department's id: names may change."""
    why = f"linkage run {run.number}"
    return {one["organisation"]: registry.read_list(SYSTEM, UUID(one["id"]), why) for one in run.lists}


def _linked(lists: dict[str, pl.DataFrame], decisions: pl.DataFrame, tell: Tell) -> Linked:
    tell(Step.LINK, 0.0, {})
    linked = link(lists, _MODEL, progress=_heard(tell))
    tell(Step.LINK, 1.0, {"pairs": linked.pairs.height, "people": linked.people.height})
    tell(Step.DECIDE, 0.0, {})
    if decisions.height:
        linked = linked.decided(decisions)
    tell(Step.DECIDE, 1.0, {"decisions": decisions.height})
    return linked


def _heard(tell: Tell) -> Callable[[str, float, str], None]:
    """The engine's progress; its words are for people at a terminal and stay here."""

    def hear(_title: str, share: float, _found: str) -> None:
        tell(Step.LINK, min(share, 0.99), {})

    return hear


def _synthetic(run: Run) -> bool:
    found = registry.all_lists_of(run.agreement_id).filter(pk__in=[one["id"] for one in run.lists])
    return any(found.values_list("synthetic", flat=True))


def _kept(
    run: Run,
    lease: UUID,
    tell: Tell,
    linked: Linked,
    cells: pl.DataFrame,
    figures: dict[str, Any],
    asked: list[Asked],
) -> dict[str, Any]:
    tell(Step.SEAL, 0.0, {})
    folder = results.unfinished_folder(run.pk, lease)
    folder.mkdir(parents=True, mode=0o700)
    frames = {
        "links": linked.links,
        "people": linked.people,
        "cells": cells,
        "quality": linked.quality,
        "weights": counting.weights_of(linked.model),
    }
    size = sum(keep_frame(run, folder, name, frame) for name, frame in frames.items())
    size += keep_figures(run, folder, figures)
    asking.write(folder / REVIEW, asked)
    tell(Step.SEAL, 1.0, {"bytes": size, "doubtful": len(asked)})
    return {
        "hash": _hash(folder),
        "version": __version__,
        "fingerprint": engine_fingerprint(),
        "records": linked.links.height,
        "people": linked.people.height,
        "doubtful": linked.doubtful.height,
        "decisions": figures["decisions"],
    }


def _hash(folder: Path) -> str:
    """Of the sealed bytes: says whether they are as they were, and nothing of what is in them."""
    found = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        found.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()
