"""Needs that people have together, from linked lists and surveys: the protected tables of the pages."""

import hashlib
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import polars as pl
from django.http import Http404, HttpRequest, QueryDict
from ninja import Query, Router
from pydantic import Field

from philoxenia_web.accounts.access import actor_of
from philoxenia_web.api.frames import TABLE_TYPES, Rows, table_answer
from philoxenia_web.api.operations import operation
from philoxenia_web.api.paging import Order, Page, Paging, page_of
from philoxenia_web.api.problems import Problem
from philoxenia_web.api.values import Answer, Id, Name, Text
from philoxenia_web.linkage.runs import queries as runs
from philoxenia_web.linkage.runs.policies import READ_CELLS
from philoxenia_web.linkage.runs.queries import RunFacts
from philoxenia_web.needs.counting import link_error
from philoxenia_web.needs.cube import Cube
from philoxenia_web.needs.keeping import KeyGone, cube_of
from philoxenia_web.needs.overlap.asked import asked
from philoxenia_web.needs.overlap.frames import groups_frame, overlap_frame
from philoxenia_web.needs.policies import READ
from philoxenia_web.needs.profiles.queries import frame_of, profile_for, profiles_for

router = Router(tags=["Needs"])
_ENDED = "The agreement has ended and its key was destroyed: nothing of this linked picture can be read."
_CODES = Field(description="Codes of needs with commas between; the most frequent six where left out.")


class LinkedPicture(Answer):
    """A finished linkage whose protected counts the asker may read. `needs` are codes."""

    run_id: UUID
    title: str
    purpose: str
    departments: list[str]
    until: str
    ended: bool
    synthetic: bool
    needs: list[str]


class SurveyProfile(Answer):
    """A survey that was profiled, and the tables there are."""

    id: UUID
    title: str
    state: str
    synthetic: bool
    created_at: datetime
    tables: list[str]


class Choice(Paging):
    """Which needs, of whom."""

    needs: Annotated[Text, Field(max_length=400), _CODES] = ""
    group: Annotated[
        Text, Field(max_length=120, description="One group of people, such as sex:female or language:ar.")
    ] = ""
    districts: Annotated[
        Text, Field(max_length=4000, description="Ids of districts with commas between; not with a group.")
    ] = ""
    exactly: Annotated[
        Text, Field(pattern="^(true|false)$", description="Count those with no other of the needs alone.")
    ] = "false"


class Together(Paging):
    """One combination of needs."""

    needs: Annotated[Text, Field(min_length=1, max_length=400), _CODES]


@operation(
    router,
    "GET",
    "/needs/pictures",
    id="listLinkedPictures",
    permission=READ,
    answer=Page[LinkedPicture],
    also=(READ_CELLS,),
)
def list_linked_pictures(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Linked pictures of the asker's departments, also ended ones."""
    found = sorted(map(_picture, runs.finished_runs(actor_of(request))), key=lambda one: str(one["run_id"]))
    return page_of(request, found, Order(("run_id",)), paging)


def _picture(run: RunFacts) -> dict[str, Any]:
    told = {name: getattr(run, name) for name in ("run_id", "title", "purpose", "ended", "synthetic")}
    return told | {"departments": list(run.departments), "until": str(run.until), "needs": list(run.needs)}


@operation(
    router,
    "GET",
    "/needs/pictures/{run_id}/overlap",
    id="readOverlap",
    permission=READ,
    answer=Rows,
    produces=TABLE_TYPES,
    problems=(409,),
    also=(READ_CELLS,),
)
def read_overlap(request: HttpRequest, run_id: Id, choice: Query[Choice]) -> Any:
    """People by the needs they have together, newcomers and long-term residents apart.

    Every figure is a sum of cells that were rounded once, the same as on the pages; null where too few.
    Low and high cover missed and false links and rounding. 409 after the agreement's end.
    """
    run, cube = _opened(request, run_id)
    query = QueryDict(mutable=True)
    query.setlist("need", choice.needs.split(","))
    query.setlist("district", choice.districts.split(",") if choice.districts else [])
    query["group"], query["count"] = choice.group, "exactly" if choice.exactly == "true" else "at-least"
    wanted = asked(query, cube, cube.needs)
    frame = overlap_frame(cube, wanted, link_error(run.quality))
    return _answer(request, run, frame, choice, "overlap")


@operation(
    router,
    "GET",
    "/needs/pictures/{run_id}/groups",
    id="readOverlapGroups",
    permission=READ,
    answer=Rows,
    produces=TABLE_TYPES,
    problems=(409,),
    also=(READ_CELLS,),
)
def read_overlap_groups(request: HttpRequest, run_id: Id, together: Query[Together]) -> Any:
    """One combination of needs in each district, sex, age and language; rounded cells as everywhere."""
    run, cube = _opened(request, run_id)
    wanted = tuple(need for need in cube.needs if need in together.needs.split(","))
    if not wanted:
        errors = [{"parameter": "needs", "detail": f"Known here: {', '.join(cube.needs)}."}]
        raise Problem("invalid", errors=errors)
    return _answer(request, run, groups_frame(cube, wanted, link_error(run.quality)), together, "groups")


def _opened(request: HttpRequest, run_id: UUID) -> tuple[RunFacts, Cube]:
    """A picture the asker may read, and its protected tables."""
    actor = actor_of(request)
    run = runs.run_facts(actor, run_id)
    if run.ended:
        raise Problem("conflict", _ENDED)
    try:
        return run, cube_of(actor, run)
    except KeyGone as gone:
        raise Problem("conflict", _ENDED) from gone


def _answer(request: HttpRequest, run: RunFacts, frame: pl.DataFrame, paging: Paging, name: str) -> Any:
    chosen = {key: value for key, value in request.GET.items() if key not in ("limit", "cursor")}
    mark = hashlib.sha256(repr((str(run.run_id), name, sorted(chosen.items()))).encode()).hexdigest()[:24]
    prefix = "synthetic_" if run.synthetic else ""
    return table_answer(request, frame.lazy, paging, tag=mark, name=f"{prefix}{name}")


@operation(router, "GET", "/needs/profiles", id="listProfiles", permission=READ, answer=Page[SurveyProfile])
def list_profiles(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Surveys that were profiled, of the asker's departments, and the example."""
    rows = profiles_for(actor_of(request)).defer(None)
    return page_of(request, rows, Order(("id",)), paging, _survey)


def _survey(profile: Any) -> dict[str, Any]:
    told = {name: getattr(profile, name) for name in ("id", "title", "state", "created_at")}
    return told | {"synthetic": profile.is_synthetic, "tables": sorted(profile.tables)}


@operation(
    router,
    "GET",
    "/needs/profiles/{profile_id}/{table}",
    id="readProfileTable",
    permission=READ,
    answer=Rows,
    produces=TABLE_TYPES,
)
def read_profile_table(request: HttpRequest, profile_id: Id, table: Name, paging: Query[Paging]) -> Any:
    """One table of a profile; figures on few answers are null, with the reason under `mark`."""
    profile = profile_for(actor_of(request), profile_id)
    if table not in profile.tables:
        raise Http404
    prefix = "synthetic_" if profile.is_synthetic else ""
    tag = f"{profile.pk.hex[:24]}-{table}"
    return table_answer(
        request, lambda: frame_of(profile, table).lazy(), paging, tag=tag, name=f"{prefix}{table}"
    )
