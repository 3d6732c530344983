"""Studies: their settings, and running them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from philoxenia_web.accounts.access import actor_of, can
from philoxenia_web.api.endpoints.agreements import Purpose
from philoxenia_web.api.endpoints.plans import Plan
from philoxenia_web.api.operations import Made, operation
from philoxenia_web.api.paging import Order, Page, Paging, page_of
from philoxenia_web.api.repeating import key_for_action
from philoxenia_web.api.values import Answer, Body, Id, Name, Text, whole
from philoxenia_web.studies import actions, queries
from philoxenia_web.studies.foresight_plan import plan_of
from philoxenia_web.studies.parameters import Change
from philoxenia_web.studies.policies import READ, READ_SETTINGS, RUN
from philoxenia_web.studies.progress import fault_words, progress_of

router = Router(tags=["Studies"])
State = Literal["draft", "waiting", "running", "done", "cancelled", "failed"]
KindName = Literal["pressure", "foresight"]
Value = Annotated[float, Field(allow_inf_nan=False)]


class StudyLine(Answer):
    """A study in a list. `headline` is its main finding."""

    id: UUID
    organisation_id: UUID
    kind: KindName
    title: str
    purpose: str
    state: State
    headline: str
    created_at: datetime
    finished_at: datetime | None
    version: int


class StudyInput(Answer):
    """A table that goes in: a version of a data set, or the city package's own."""

    table: str
    version_id: UUID | None
    title: str
    rows: int | None


class StudyParameter(Answer):
    """A number set otherwise than the default."""

    name: str
    value: float
    default: float
    reason: str


class StudyDetail(StudyLine):
    """A study with everything that makes its result. `fault` says why it failed.

    `plan` is what a foresight study asks for, months and seed included; null for a study of pressure.
    """

    created_by: UUID | None
    copied_from: UUID | None
    question: str
    notes: str
    seed: int
    horizon: int
    plan: dict[str, Any] | None
    inputs: list[StudyInput]
    parameters: list[StudyParameter]
    asked_at: datetime | None
    started_at: datetime | None
    engine_version: str
    result_hash: str
    fault: str


class ParameterChange(Body):
    """Another value, and why."""

    value: Value
    reason: Text = Field("", max_length=500)


class StudySettings(Body):
    """What a planner says about a study; what is left out stays, or is what a new study starts with.

    `inputs`, `parameters` and `plan` replace those before: a parameter not named goes back to its default.
    """

    title: Name | None = None
    question: Text | None = Field(None, max_length=1000)
    notes: Text | None = Field(None, max_length=10_000)
    purpose: Purpose | None = None
    seed: whole(0, 2_147_483_647) | None = None  # type: ignore[valid-type]
    horizon: whole(1, 120) | None = Field(  # type: ignore[valid-type]
        None, description="Months ahead: to 60, for foresight to 120."
    )
    inputs: dict[str, Id | None] | None = Field(None, max_length=200)
    parameters: dict[str, ParameterChange] | None = Field(None, max_length=500)
    plan: Plan | None = Field(None, description="Of a foresight study alone.")

    def settings(self) -> actions.Settings:
        """As the actions take them."""
        told = {name: getattr(self, name) for name in type(self).model_fields if name != "organisation_id"}
        changes = self.parameters
        if changes is not None:
            told["parameters"] = {name: Change(one.value, one.reason) for name, one in changes.items()}
        if self.plan is not None:
            told["plan"] = self.plan.mapping()
        return actions.Settings(**told)


class NewStudy(StudySettings):
    """A draft for one of one's own organisations."""

    organisation_id: Id
    title: Name
    kind: KindName = Field("pressure", description="What it asks; it cannot be changed later.")


class CopyOf(Body):
    """For which organisation; one's own where it is left out."""

    organisation_id: Id | None = None


class StudyFilter(BaseModel):
    """Which studies."""

    state: State | None = None
    kind: KindName | None = None
    organisation_id: Id | None = None


class StepSeen(Answer):
    """One step of a run."""

    title: str
    state: Literal["done", "running", "ahead"]
    found: str
    seconds: float | None


class StudyProgress(Answer):
    """How far a run is. `waiting_before` counts the studies that come first."""

    state: State
    percent: int
    seconds: float
    seconds_left: float
    waiting_before: int
    steps: list[StepSeen]


def shown_line(request: HttpRequest, one: Any) -> dict[str, Any]:
    """A study in a list; its finding only for those who may read results."""
    plain = {name: getattr(one, name) for name in StudyLine.model_fields}
    return plain if can(actor_of(request), READ) else plain | {"headline": ""}


def shown_study(request: HttpRequest, one: Any) -> dict[str, Any]:
    """A study as the interface tells of it."""
    plain = {name: getattr(one, name) for name in StudyDetail.model_fields if hasattr(one, name)}
    inputs = [
        {
            "table": table.table,
            "version_id": table.dataset_version_id,
            "title": table.title,
            "rows": table.rows,
        }
        for table in one.inputs.all()
    ]
    return {
        **plain,
        **shown_line(request, one),
        "created_by": one.created_by_id,
        "copied_from": one.copied_from_id,
        "plan": plan_of(one) if one.is_foresight else None,
        "inputs": inputs,
        "parameters": [StudyParameter.model_validate(change) for change in one.parameters.all()],
        "fault": fault_words(one),
    }


@operation(router, "GET", "/studies", id="listStudies", permission=READ_SETTINGS, answer=Page[StudyLine])
def list_studies(request: HttpRequest, filters: Query[StudyFilter], paging: Query[Paging]) -> Any:
    """Studies one may know of, newest first."""
    wanted = {name: value for name, value in filters.model_dump().items() if value is not None}
    found = queries.settings_visible(actor_of(request)).filter(**wanted)
    order = Order(("created_at", "id"), descending=True)
    return page_of(request, found, order, paging, lambda one: shown_line(request, one))


@operation(
    router,
    "GET",
    "/studies/{study_id}",
    id="readStudy",
    permission=READ_SETTINGS,
    answer=StudyDetail,
)
def read_study(request: HttpRequest, study_id: Id) -> Any:
    """One study and how it is made."""
    return shown_study(request, queries.settings_for(actor_of(request), study_id))


def read_own_study(request: HttpRequest, study_id: Id) -> Any:
    """A study one may change; others are not found, whether they may be read or not."""
    return shown_study(request, queries.own_study_for(actor_of(request), study_id))


read_own_study.operation_id = "readStudy"  # type: ignore[attr-defined] (it answers the same)


@operation(
    router,
    "POST",
    "/studies",
    id="makeStudy",
    permission=RUN,
    answer=StudyDetail,
    status=201,
    creates=True,
)
def make_study(request: HttpRequest, body: NewStudy) -> Any:
    """Make a draft. Inputs that are not named are what departments handed in last."""
    actor = actor_of(request)
    made = actions.create(actor, body.organisation_id, key=key_for_action(request), wanted=body.settings())
    return _made(request, made.pk)


@operation(
    router,
    "PATCH",
    "/studies/{study_id}",
    id="changeStudy",
    permission=RUN,
    answer=StudyDetail,
    changes=read_own_study,
)
def change_study(request: HttpRequest, study_id: Id, body: StudySettings) -> Any:
    """Change a draft; of a study that was started only title, question and notes."""
    actions.change(actor_of(request), study_id, _seen(request, study_id), body.settings())
    return read_study(request, study_id)


@operation(
    router,
    "DELETE",
    "/studies/{study_id}",
    id="deleteStudy",
    permission=RUN,
    status=204,
    changes=read_own_study,
)
def delete_study(request: HttpRequest, study_id: Id) -> None:
    """Delete a draft for good. A study that ran is kept with its settings."""
    actions.delete(actor_of(request), study_id)


@operation(
    router,
    "POST",
    "/studies/{study_id}/copy",
    id="copyStudy",
    permission=RUN,
    answer=StudyDetail,
    status=201,
    creates=True,
)
def copy_study(request: HttpRequest, study_id: Id, body: CopyOf) -> Any:
    """Make a draft with the settings of a study one may read."""
    actor = actor_of(request)
    made = actions.copy(actor, study_id, key=key_for_action(request), organisation_id=body.organisation_id)
    return _made(request, made.pk)


def _run(path: str, id: str, changes: Any = None) -> Any:
    return operation(
        router,
        "POST",
        f"/studies/{{study_id}}/{path}",
        id=id,
        permission=RUN,
        answer=StudyDetail,
        status=202,
        changes=changes,
        problems=(409,),
    )


@_run("start", "startStudy", changes=read_own_study)
def start_study(request: HttpRequest, study_id: Id) -> Any:
    """Run a draft. The answer comes at once; `Location` tells where to see how far it is."""
    actions.start(actor_of(request), study_id, _seen(request, study_id))
    return _under_way(request, study_id)


@_run("cancel", "cancelStudy")
def cancel_study(request: HttpRequest, study_id: Id) -> Any:
    """Stop a study that waits or runs. Twice does no harm."""
    actions.cancel(actor_of(request), study_id)
    return _under_way(request, study_id)


@_run("retry", "retryStudy")
def retry_study(request: HttpRequest, study_id: Id) -> Any:
    """Run a failed or cancelled study again; steps that were finished are used again."""
    actions.retry(actor_of(request), study_id)
    return _under_way(request, study_id)


@operation(
    router,
    "GET",
    "/studies/{study_id}/progress",
    id="readProgress",
    permission=READ_SETTINGS,
    answer=StudyProgress,
)
def read_progress(request: HttpRequest, study_id: Id) -> Any:
    """How far a study is. Ask every few seconds until `state` is done, failed or cancelled."""
    study = queries.settings_for(actor_of(request), study_id)
    found = progress_of(study)
    return {
        "state": study.state,
        "percent": 100 if study.state == "done" else found.percent,
        "seconds": found.elapsed,
        "seconds_left": found.seconds_left,
        "waiting_before": found.ahead,
        "steps": found.steps,
    }


def _under_way(request: HttpRequest, study_id: UUID) -> Made:
    return Made(read_study(request, study_id), f"/api/v1/studies/{study_id}/progress")


def _made(request: HttpRequest, study_id: UUID) -> Made:
    return Made(read_study(request, study_id), f"/api/v1/studies/{study_id}")


def _seen(request: HttpRequest, study_id: UUID) -> int:
    """The version that If-Match named: compared a moment ago in the same transaction."""
    return int(read_study(request, study_id)["version"])
