"""Data sets and what they hold: every version, its rows, and the results made from it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from philoxenia_web.accounts.access import actor_of
from philoxenia_web.api.endpoints.agreements import AgreementDetail, shown_agreement
from philoxenia_web.api.frames import TABLE_TYPES, Rows, table_answer
from philoxenia_web.api.operations import operation
from philoxenia_web.api.paging import Order, Page, Paging, page_of
from philoxenia_web.api.values import Answer, Body, Id, Name, Text
from philoxenia_web.datasets import actions, queries
from philoxenia_web.datasets.policies import PUBLISH, READ, SEE

router = Router(tags=["Data sets"])


class DatasetDetail(Answer):
    """What an organisation hands in again and again. `newest` is its newest version that may be seen."""

    id: UUID
    organisation_id: UUID
    contract: str
    title: str
    description: str
    from_package: bool
    newest_version_id: UUID | None
    newest_number: int | None
    created_at: datetime
    version: int


class DatasetChange(Body):
    """What to change; what is left out stays."""

    title: Name | None = None
    description: Text | None = Field(None, max_length=5000)


class DatasetFilter(BaseModel):
    """Which data sets."""

    contract: Name | None = None
    organisation_id: Id | None = None


class VersionDetail(Answer):
    """One hand-in. Its `number` comes with publishing."""

    id: UUID
    dataset_id: UUID | None
    organisation_id: UUID
    number: int | None
    state: str
    file_name: str
    size: int
    sha256: str
    contract: str
    outcome: str
    rows: int
    columns: list[str]
    checked_at: datetime | None
    mends_accepted_at: datetime | None
    created_at: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_because: str
    agreement: AgreementDetail | None
    version: int


class VersionFilter(BaseModel):
    """Which versions."""

    state: Name | None = None


class CheckReport(Answer):
    """What the contract check says. While `finished` is false a newer check is under way."""

    finished: bool
    outcome: str
    report: dict[str, Any]


class UseDetail(Answer):
    """A result that a version went into."""

    kind: str
    object_id: str
    title: str
    at: datetime


def shown_dataset(one: Any) -> dict[str, Any]:
    """A data set as the interface tells of it."""
    newest = next((version for version in one.shown if version.number is not None), None)
    plain = {name: getattr(one, name) for name in DatasetDetail.model_fields if hasattr(one, name)}
    told = {"newest_version_id": newest and newest.pk, "newest_number": newest and newest.number}
    return plain | told


def shown_version(one: Any) -> dict[str, Any]:
    """A version as the interface tells of it."""
    plain = {name: getattr(one, name) for name in VersionDetail.model_fields if hasattr(one, name)}
    columns = [column["name"] if isinstance(column, dict) else str(column) for column in one.columns]
    return plain | {"columns": columns, "agreement": shown_agreement(queries.agreement_of(one))}


@operation(router, "GET", "/datasets", id="listDatasets", permission=SEE, answer=Page[DatasetDetail])
def list_datasets(request: HttpRequest, filters: Query[DatasetFilter], paging: Query[Paging]) -> Any:
    """Data sets by title: those of one's own organisation and those one may know of."""
    wanted = {name: value for name, value in filters.model_dump().items() if value is not None}
    found = queries.datasets_for(actor_of(request)).filter(**wanted)
    return page_of(request, found, Order(("title", "id")), paging, shown_dataset)


@operation(router, "GET", "/datasets/{dataset_id}", id="readDataset", permission=SEE, answer=DatasetDetail)
def read_dataset(request: HttpRequest, dataset_id: Id) -> Any:
    """One data set."""
    return shown_dataset(queries.dataset_for(actor_of(request), dataset_id))


@operation(
    router,
    "PATCH",
    "/datasets/{dataset_id}",
    id="changeDataset",
    permission=PUBLISH,
    answer=DatasetDetail,
    changes=read_dataset,
)
def change_dataset(request: HttpRequest, dataset_id: Id, body: DatasetChange) -> Any:
    """Change the title or description."""
    actor, current = actor_of(request), read_dataset(request, dataset_id)
    told = {name: current[name] if value is None else value for name, value in body.model_dump().items()}
    actions.describe(actor, dataset_id, current["version"], told["title"], told["description"])
    return read_dataset(request, dataset_id)


@operation(
    router,
    "GET",
    "/datasets/{dataset_id}/versions",
    id="listVersionsOfDataset",
    permission=SEE,
    answer=Page[VersionDetail],
)
def list_versions_of_dataset(request: HttpRequest, dataset_id: Id, paging: Query[Paging]) -> Any:
    """The versions of a data set, newest first."""
    dataset = queries.dataset_for(actor_of(request), dataset_id)
    found = queries.versions_for(actor_of(request)).filter(dataset=dataset.pk)
    return page_of(request, found, Order(("created_at", "id"), descending=True), paging, shown_version)


@operation(router, "GET", "/versions", id="listVersions", permission=SEE, answer=Page[VersionDetail])
def list_versions(request: HttpRequest, filters: Query[VersionFilter], paging: Query[Paging]) -> Any:
    """Every version one may know of, newest first; `state=checked` lists what waits to be published."""
    found: QuerySet[Any] = queries.versions_for(actor_of(request))
    if filters.state is not None:
        found = found.filter(state=filters.state)
    return page_of(request, found, Order(("created_at", "id"), descending=True), paging, shown_version)


@operation(router, "GET", "/versions/{version_id}", id="readVersion", permission=SEE, answer=VersionDetail)
def read_version(request: HttpRequest, version_id: Id) -> Any:
    """One version. While its `state` is checking, ask again in a few seconds."""
    return shown_version(queries.version_for(actor_of(request), version_id))


@operation(
    router,
    "GET",
    "/versions/{version_id}/report",
    id="readCheckReport",
    permission=READ,
    answer=CheckReport,
)
def read_check_report(request: HttpRequest, version_id: Id) -> Any:
    """The contract check of a version: what is wrong, where, and how to mend it."""
    version = readable(request, version_id)
    return {
        "finished": version.checked == version.wanted,
        "outcome": version.outcome,
        "report": version.report,
    }


@operation(
    router,
    "GET",
    "/versions/{version_id}/rows",
    id="readRows",
    permission=READ,
    answer=Rows,
    produces=TABLE_TYPES,
)
def read_rows(request: HttpRequest, version_id: Id, paging: Query[Paging]) -> Any:
    """The rows of a published version: pages of JSON, or the whole as CSV or Parquet by the header Accept."""
    version = readable(request, version_id)
    if version.lake_number is None:
        raise Http404
    return table_answer(
        request,
        lambda: queries.table_of(version).lazy(),
        paging,
        tag=version.content_hash[:32],
        name=f"{version.contract}-{version.number}",
    )


@operation(
    router,
    "GET",
    "/versions/{version_id}/uses",
    id="listUses",
    permission=SEE,
    answer=Page[UseDetail],
)
def list_uses(request: HttpRequest, version_id: Id, paging: Query[Paging]) -> Any:
    """The results a version went into, newest first."""
    actor = actor_of(request)
    found = queries.uses_for(actor, queries.version_for(actor, version_id))
    return page_of(request, found, Order(("at", "object_id"), descending=True), paging)


def readable(request: HttpRequest, version_id: UUID) -> Any:
    """A version whose rows one may see; others are not found."""
    actor = actor_of(request)
    version = queries.version_for(actor, version_id)
    if not queries.may_read(actor, version):
        raise Http404
    return version
