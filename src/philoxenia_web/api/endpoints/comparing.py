"""What differs between two versions of a data set, and between two studies."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import Field

from philoxenia_web.accounts.access import actor_of
from philoxenia_web.api.endpoints.datasets import readable
from philoxenia_web.api.frames import rows_from
from philoxenia_web.api.operations import operation
from philoxenia_web.api.paging import Paging
from philoxenia_web.api.values import Answer, Id
from philoxenia_web.datasets.differing import differing
from philoxenia_web.datasets.policies import READ
from philoxenia_web.studies import comparison, foresight_comparison, queries
from philoxenia_web.studies import policies as studies
from philoxenia_web.studies.foresight.reading import reading_of as foresight_reading_of
from philoxenia_web.studies.foresight_plan import plan_of
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.refusals import Refused
from philoxenia_web.studies.report.reading import reading_of

router = Router(tags=["Comparing"])


class ChangedCell(Answer):
    """A row added or removed, or a cell that says something else."""

    change: str
    row: str | None
    column: str | None
    before: str | None
    after: str | None


class VersionDifference(Answer):
    """What changed from the earlier version to the later one. `cut` where not every cell is kept."""

    before_id: UUID
    after_id: UUID
    added: int
    removed: int
    changed: int
    same: int
    key: list[str]
    columns_added: list[str]
    columns_removed: list[str]
    changed_by_column: dict[str, int]
    cut: bool
    cells: list[ChangedCell]
    next: str | None


class InputChange(Answer):
    """A table that is another one, or another version."""

    table: str
    first_version_id: UUID | None
    second_version_id: UUID | None


class ParameterDifference(Answer):
    """A parameter set otherwise; null is the default."""

    name: str
    first: float | None
    second: float | None


class DistrictDifference(Answer):
    """A district's score in both. `beyond_noise` where the bands do not meet."""

    aspect: str
    district_id: str
    first: float
    second: float
    first_rank: int | None
    second_rank: int | None
    beyond_noise: bool


class ArrivalsDifference(Answer):
    """Arrivals of one series over the horizon, in both."""

    measure: str
    group: str
    first_p50: float | None
    second_p50: float | None


class GapDifference(Answer):
    """What a service lacks in the last month both tell; negative is spare."""

    service: str
    month: str
    unit: str
    first_p50: float | None
    second_p50: float | None


class ActionDifference(Answer):
    """An action's own net dividend in both foresight studies, on average over futures, and its size in the
    plan asked for (null: not in it)."""

    action: str
    first_net: float | None
    second_net: float | None
    first_size: float | None
    second_size: float | None


class StudyDifference(Answer):
    """What was set differently, and what that changed. Studies of two kinds cannot be compared (409)."""

    first_id: UUID
    second_id: UUID
    inputs: list[InputChange]
    parameters: list[ParameterDifference]
    pressure: list[DistrictDifference]
    arrivals: list[ArrivalsDifference]
    gaps: list[GapDifference]
    plan_keys: list[str] = Field(description="Keys of the plan that differ, of foresight studies.")
    actions: list[ActionDifference] = Field(description="Of foresight studies.")
    first_net: float | None = Field(None, description="What the plan asked for brings, of foresight studies.")
    second_net: float | None = None


@operation(
    router,
    "GET",
    "/versions/{version_id}/differences/{other_id}",
    id="compareVersions",
    permission=READ,
    answer=VersionDifference,
)
def compare_versions(request: HttpRequest, version_id: Id, other_id: Id, paging: Query[Paging]) -> Any:
    """What changed from the other version to this one, of the same data set; cells a page at a time."""
    after, before = readable(request, version_id), readable(request, other_id)
    if None in (before.lake_number, after.lake_number) or before.dataset_id != after.dataset_id:
        raise Http404
    found = differing(before, after)
    tag = f"{before.content_hash[:16]}-{after.content_hash[:16]}"
    page = rows_from(request, found.cells.lazy().select(list(ChangedCell.model_fields)), paging, tag)
    names = ("added", "removed", "changed", "same", "key", "columns_added", "columns_removed", "cut")
    return {
        "before_id": before.pk,
        "after_id": after.pk,
        **{name: getattr(found, name) for name in names},
        "changed_by_column": dict(found.by_column),
        "cells": [_as_text(row) for row in page["items"]],
        "next": page["next"],
    }


def _as_text(row: dict[str, Any]) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in row.items()}


@operation(
    router,
    "GET",
    "/studies/{study_id}/differences/{other_id}",
    id="compareStudies",
    permission=studies.READ,
    answer=StudyDifference,
    problems=(409,),
)
def compare_studies(request: HttpRequest, study_id: Id, other_id: Id) -> Any:
    """How the other finished study differs from this one: settings first, then findings."""
    actor = actor_of(request)
    first, second = (queries.study_for(actor, one) for one in (study_id, other_id))
    if first.kind != second.kind:
        raise Refused(str(comparison.OTHER_KIND))
    told = {
        "first_id": first.pk,
        "second_id": second.pk,
        "inputs": [_input(*change) for change in comparison.changed_inputs(first, second)],
        "parameters": [_parameter(*change[:3]) for change in comparison.changed_values(first, second)],
    }
    return told | (_foresight(first, second) if first.is_foresight else _pressure(first, second))


def _foresight(first: Study, second: Study) -> dict[str, Any]:
    one, other = foresight_reading_of(first), foresight_reading_of(second)
    plans = [foresight_comparison.plan_of(reading) for reading in (one, other)]
    asked = plan_of(first), plan_of(second)
    return {
        "pressure": [],
        "arrivals": [],
        "gaps": [],
        "plan_keys": sorted(key for key in {*asked[0], *asked[1]} if asked[0].get(key) != asked[1].get(key)),
        "actions": [_action(change) for change in foresight_comparison.action_changes(one, other)],
        "first_net": plans[0] and plans[0]["net_mean"],
        "second_net": plans[1] and plans[1]["net_mean"],
    }


def _action(one: foresight_comparison.ActionChange) -> dict[str, Any]:
    return {
        "action": one.action,
        "first_net": one.first and one.first["mean"],
        "second_net": one.second and one.second["mean"],
        "first_size": one.first_place and one.first_place["size"],
        "second_size": one.second_place and one.second_place["size"],
    }


def _pressure(first: Study, second: Study) -> dict[str, Any]:
    one, other = reading_of(first), reading_of(second)
    return {
        "plan_keys": [],
        "actions": [],
        "pressure": [
            _moved(aspect.aspect, moved)
            for aspect in comparison.pressure_changes(one, other)
            for moved in aspect.moved
        ],
        "arrivals": [_arrivals(change) for change in comparison.arrival_changes(one, other)],
        "gaps": [_gap(change) for change in comparison.gap_changes(one, other)],
    }


def _input(table: str, first: Any, second: Any) -> dict[str, Any]:
    return {
        "table": table,
        "first_version_id": first and first.dataset_version_id,
        "second_version_id": second and second.dataset_version_id,
    }


def _parameter(name: str, first: float | None, second: float | None) -> dict[str, Any]:
    return {"name": name, "first": first, "second": second}


def _moved(aspect: str, one: comparison.Moved) -> dict[str, Any]:
    return {
        "aspect": aspect,
        "district_id": one.district,
        "first": one.first,
        "second": one.second,
        "first_rank": one.first_rank,
        "second_rank": one.second_rank,
        "beyond_noise": one.beyond,
    }


def _arrivals(one: comparison.TotalChange) -> dict[str, Any]:
    middles = {"first_p50": one.first.get("p50"), "second_p50": one.second.get("p50")}
    return {"measure": one.measure, "group": one.group} | middles


def _gap(one: comparison.GapChange) -> dict[str, Any]:
    middles = {"first_p50": one.first.get("gap_p50"), "second_p50": one.second.get("gap_p50")}
    return {"service": one.service, "month": one.month, "unit": one.unit} | middles
