"""The front door for programs: cases, referrals and appointments as ids, codes and times; never a name."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from philoxenia_web.accounts.access import actor_of
from philoxenia_web.api.operations import Made, operation, seen
from philoxenia_web.api.paging import Order, Page, Paging, page_of
from philoxenia_web.api.problems import Problem
from philoxenia_web.api.repeating import key_for_action
from philoxenia_web.api.values import Answer, Body, Id, Moment, Name, Text, whole
from philoxenia_web.casework import feed
from philoxenia_web.casework.actions import needs
from philoxenia_web.casework.office import queries as office
from philoxenia_web.casework.office.policies import READ_OFFICE
from philoxenia_web.casework.policies import CASEWORK
from philoxenia_web.casework.referrals import answering
from philoxenia_web.casework.referrals.policies import RECEIVE
from philoxenia_web.casework.refusals import Conflict
from philoxenia_web.registry.people.visits import visiting

router = Router(tags=["Front door"])
_ORDER = Order(("at",))


class Changed(Paging):
    """What changed after a moment; the last `modified_at` of one round begins the next."""

    modified_after: Annotated[
        Moment | None, Field(description="Leave out for everything; pages come in the order of changes.")
    ] = None


class Gone(Answer):
    """What is not the asker's any more: ended, moved, protected or erased. Drop what is known of it."""

    id: UUID
    modified_at: datetime
    gone: Literal[True]


class Need(Answer):
    """A need of somebody of the household, in the shared vocabulary; severity 1 to 5."""

    id: UUID
    resident_id: UUID
    need: str
    severity: int
    state: str
    noted_at: datetime
    met_at: datetime | None
    version: int


class CaseEntry(Answer):
    """A case of a desk of the asker."""

    id: UUID
    organisation_id: UUID
    resident_id: UUID
    worker_id: UUID | None
    state: str
    outcome: str
    opened_at: datetime
    closed_at: datetime | None
    version: int
    modified_at: datetime
    needs: list[Need]


class ReferralEntry(Answer):
    """A referral or transfer; whose it is, only its sender is told."""

    id: UUID
    kind: str
    case_id: UUID | None
    resident_id: UUID | None
    need_code: str
    urgency: str
    state: str
    reason: str
    outcome: str
    sender_id: UUID
    receiver_id: UUID
    sent_at: datetime
    answered_at: datetime | None
    begun_at: datetime | None
    ended_at: datetime | None
    version: int
    modified_at: datetime


class AppointmentEntry(Answer):
    """An appointment of a desk of the asker."""

    id: UUID
    organisation_id: UUID
    resident_id: UUID
    case_id: UUID | None
    worker_id: UUID
    purpose: str
    way: str
    language: str
    starts_at: datetime
    ends_at: datetime
    state: str
    version: int
    modified_at: datetime


class CaseEntryPage(Page[CaseEntry | Gone]):
    """One page of cases. `next` is the address of the following one, null on the last."""


class ReferralEntryPage(Page[ReferralEntry | Gone]):
    """One page of referrals. `next` is the address of the following one, null on the last."""


class AppointmentEntryPage(Page[AppointmentEntry | Gone]):
    """One page of appointments. `next` is the address of the following one, null on the last."""


class NewNeed(Body):
    """What is lacking; whose it is where not the person's of the case."""

    need: Name
    severity: whole(1, 5)  # type: ignore[valid-type]
    resident_id: Id | None = None


class Decision(Body):
    """What the receiving organisation does. `reason` goes with decline, `outcome` with finish.

    `words` may go with ask, decline and finish: what more must be known, or what to add. They are sealed for
    the people of both sides and never answered by an operation.
    """

    verb: Literal["accept", "ask", "decline", "begin", "finish"]
    reason: Text = Field("", max_length=20)
    outcome: Text = Field("", max_length=20)
    words: Text = Field("", max_length=4000)


class ChosenMonth(BaseModel):
    """Which month."""

    month: Annotated[
        Text, Field(pattern=r"^(|20[0-9]{2}-(0[1-9]|1[0-2]))$", description="Such as 2026-10.")
    ] = ""


class OfficeCount(Answer):
    """One figure; `shown` is null where it is hidden, `category` empty for the total."""

    measure: str
    by: str
    category: str
    shown: int | None


class OfficeWait(Answer):
    """Days until an answer or until help began; null where not half (nine in ten) are through."""

    measure: str
    category: str
    base: int
    waiting: int
    median: int | None
    median_low: int | None
    median_high: int | None
    nine_in_ten: int | None


class OfficeFigures(Answer):
    """The protected figures of one month."""

    month: str
    made_at: datetime
    minimum: int
    counts: list[OfficeCount]
    waits: list[OfficeWait]


@operation(router, "GET", "/casework/cases", id="listCases", permission=CASEWORK, answer=CaseEntryPage)
def list_cases(request: HttpRequest, changed: Query[Changed]) -> Any:
    """Cases of the asker's desks in the order in which they changed. Each look is in the trail."""
    return _page(request, "case", changed)


@operation(
    router,
    "GET",
    "/casework/referrals",
    id="listReferrals",
    permission=RECEIVE,
    answer=ReferralEntryPage,
)
def list_referrals(request: HttpRequest, changed: Query[Changed]) -> Any:
    """Referrals sent by the asker's desks, and those that wait for the asker's organisations."""
    return _page(request, "referral", changed)


@operation(
    router,
    "GET",
    "/casework/appointments",
    id="listAppointments",
    permission=CASEWORK,
    answer=AppointmentEntryPage,
)
def list_appointments(request: HttpRequest, changed: Query[Changed]) -> Any:
    """Appointments of the asker's desks in the order in which they changed."""
    return _page(request, "appointment", changed)


def _page(request: HttpRequest, kind: str, changed: Changed) -> dict[str, Any]:
    actor = actor_of(request)
    with visiting(actor):
        page = page_of(request, feed.changes(actor, kind, changed.modified_after), _ORDER, changed)
        return page | {"items": feed.entries(actor, kind, page["items"])}


@operation(router, "GET", "/casework/cases/{case_id}", id="readCase", permission=CASEWORK, answer=CaseEntry)
def read_case(request: HttpRequest, case_id: Id) -> Any:
    """One case."""
    return _one(request, "case", case_id)


@operation(
    router,
    "GET",
    "/casework/referrals/{referral_id}",
    id="readReferral",
    permission=RECEIVE,
    answer=ReferralEntry,
)
def read_referral(request: HttpRequest, referral_id: Id) -> Any:
    """One referral."""
    return _one(request, "referral", referral_id)


def _one(request: HttpRequest, kind: str, object_id: UUID) -> dict[str, Any]:
    actor = actor_of(request)
    with visiting(actor):
        return feed.entry(actor, kind, object_id)


@operation(
    router,
    "POST",
    "/casework/cases/{case_id}/needs",
    id="noteNeed",
    permission=CASEWORK,
    answer=Need,
    status=201,
    creates=True,
    keeps_answer=False,
    problems=(409,),
)
def note_need(request: HttpRequest, case_id: Id, body: NewNeed) -> Any:
    """Note a need. 409 where it is noted already with another severity: read the case and decide there."""
    actor, key = actor_of(request), key_for_action(request)
    with visiting(actor):
        try:
            made = needs.note_need(
                actor, case_id, body.need, body.severity, key, resident_id=body.resident_id
            )
        except Conflict as there:
            raise Problem("conflict") from there
        told = {name: getattr(made, name) for name in Need.model_fields}
    return Made(told, f"/api/v1/casework/cases/{case_id}")


@operation(
    router,
    "POST",
    "/casework/referrals/{referral_id}/answer",
    id="answerReferral",
    permission=RECEIVE,
    status=204,
    changes=read_referral,
    any_version=False,
    problems=(409,),
)
def answer_referral(request: HttpRequest, referral_id: Id, body: Decision) -> None:
    """Accept, ask for more, decline with a reason, begin or finish with an outcome, as the one asked.

    `If-Match` names the tag that was read; `*` is none. Read the referral again for its new tag.
    """
    said: dict[str, tuple[str, ...]] = {
        "ask": (body.words,),
        "decline": (body.reason, body.words),
        "finish": (body.outcome, body.words),
    }
    take: Callable[..., Any] = answering.VERBS[body.verb]
    with visiting(actor_of(request)):
        take(actor_of(request), referral_id, seen(request, ReferralEntry).version, *said.get(body.verb, ()))


@operation(
    router,
    "GET",
    "/casework/office",
    id="readOffice",
    permission=READ_OFFICE,
    answer=OfficeFigures,
    problems=(404,),
)
def read_office(request: HttpRequest, chosen: Query[ChosenMonth]) -> Any:
    """The figures of a month, protected as on the page; of the newest where none is named."""
    actor = actor_of(request)
    with visiting(actor):
        month = date.fromisoformat(f"{chosen.month}-01") if chosen.month else None
        found = office.of_month(actor, month)
    if found is None:
        raise Problem("not-found")
    tables = found.tables
    told = {"month": f"{found.month:%Y-%m}", "made_at": found.made_at, "minimum": found.minimum}
    return OfficeFigures.model_validate(told | {"counts": tables["counts"], "waits": tables["waits"]})
