"""From a checked file to a published version: answers to the check, mends, publishing, withdrawing."""

import re
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from philoxenia.exchange.corrections import Correction as EngineCorrection
from philoxenia.exchange.problems import DeclarationError
from philoxenia_web.accounts.access import actor_of
from philoxenia_web.api.endpoints.agreements import AgreementTerms, check_organisations
from philoxenia_web.api.endpoints.datasets import VersionDetail, read_version
from philoxenia_web.api.operations import operation
from philoxenia_web.api.problems import Problem
from philoxenia_web.api.values import PRINTABLE, Body, Id, Name, Text, whole
from philoxenia_web.datasets import actions, queries
from philoxenia_web.datasets.policies import HAND_IN, PUBLISH, WITHDRAW

router = Router(tags=["Handing in"])
Cell = Text


class CheckAnswers(Body):
    """What the check could not know. Changing any of it asks for a new check."""

    contract: Name | None = None
    sheet: Name | None = None
    member: Name | None = None
    dates: Name | None = None
    columns: dict[str, Text] | None = Field(
        None, max_length=500, description="The file's columns and the contract's; empty leaves one unread."
    )


class Correction(Body):
    """One correction beside the untouched file. `value` changes a text everywhere in a column."""

    kind: Literal["cell", "value", "leave_out"]
    row: whole(0, 100_000_000) = 0  # type: ignore[valid-type]
    column: Text = Field("", max_length=200)
    before: Cell = Field("", max_length=10_000)
    after: Cell = Field("", max_length=10_000)


class Corrections(Body):
    """Corrections to add; a later one of the same cell replaces the earlier."""

    corrections: list[Correction] = Field(min_length=1, max_length=1000)


class NotStatus(Body):
    """Why a column is not immigration status."""

    column: Name
    reason: Text = Field(min_length=10, max_length=1000)


class Publishing(Body):
    """Under which agreement, and for a first version under which title."""

    agreement: AgreementTerms
    title: Text = Field("", max_length=200)
    description: Text = Field("", max_length=5000)


class Withdrawal(Body):
    """Why; those who used the version will read it."""

    reason: Text = Field(min_length=5, max_length=1000)


def _step(path: str, id: str, permission: Any = HAND_IN, status: int = 200) -> Any:
    """A step on a version that the client has seen."""
    return operation(
        router,
        "POST",
        f"/versions/{{version_id}}/{path}",
        id=id,
        permission=permission,
        answer=VersionDetail,
        status=status,
        changes=read_own_version,
        problems=(409,),
    )


def read_own_version(request: HttpRequest, version_id: Id) -> Any:
    """A version of one's own organisation; others' are not found, whether they may be seen or not."""
    queries.own_version(actor_of(request), version_id)
    return read_version(request, version_id)


read_own_version.operation_id = "readVersion"  # type: ignore[attr-defined] (it answers the same)


@_step("answers", "answerCheck", status=202)
def answer_check(request: HttpRequest, version_id: Id, body: CheckAnswers) -> Any:
    """Say what the check could not know: the kind, the sheet, which column is which. A new check begins."""
    actor, based_on = actor_of(request), _seen(request, version_id)
    chosen = body.model_dump(exclude={"columns"}, exclude_none=True)
    if chosen:
        actions.choose(actor, version_id, based_on, chosen)
        based_on += 1
    if body.columns is not None:
        _check_names(body.columns)
        contract = body.contract or queries.own_version(actor, version_id).contract
        actions.map_columns(actor, version_id, based_on, body.columns, contract)
    return read_version(request, version_id)


@_step("corrections", "correctVersion", status=202)
def correct_version(request: HttpRequest, version_id: Id, body: Corrections) -> Any:
    """Correct cells beside the untouched file. A new check begins."""
    corrections = [_checked(place, one) for place, one in enumerate(body.corrections)]
    actions.correct(actor_of(request), version_id, _seen(request, version_id), corrections)
    return read_version(request, version_id)


@_step("not-status", "declareNotStatus", status=202)
def declare_not_status(request: HttpRequest, version_id: Id, body: NotStatus) -> Any:
    """Say why a column is not immigration status. The reason stays with the version; a new check begins."""
    actions.declare_not_status(
        actor_of(request), version_id, _seen(request, version_id), body.column, body.reason
    )
    return read_version(request, version_id)


@_step("accept-mends", "acceptMends")
def accept_mends(request: HttpRequest, version_id: Id) -> Any:
    """Agree to what the check changed and warned of."""
    actions.accept_mends(actor_of(request), version_id, _seen(request, version_id))
    return read_version(request, version_id)


@_step("publish", "publishVersion", PUBLISH)
def publish_version(request: HttpRequest, version_id: Id, body: Publishing) -> Any:
    """Put a checked table into the lake under an agreement.

    The same content as an earlier version is answered with that version, and this hand-in is discarded.
    """
    check_organisations(body.agreement)
    published = actions.publish(
        actor_of(request),
        version_id,
        _seen(request, version_id),
        body.agreement.terms(),
        title=body.title,
        description=body.description,
    )
    return read_version(request, published.version.pk)


@_step("withdraw", "withdrawVersion", WITHDRAW)
def withdraw_version(request: HttpRequest, version_id: Id, body: Withdrawal) -> Any:
    """End every use of a version. Results made from it are marked."""
    actions.withdraw(actor_of(request), version_id, _seen(request, version_id), body.reason)
    return read_version(request, version_id)


@operation(
    router,
    "DELETE",
    "/versions/{version_id}",
    id="discardVersion",
    permission=HAND_IN,
    status=204,
    changes=read_own_version,
    problems=(409,),
)
def discard_version(request: HttpRequest, version_id: Id) -> None:
    """Give up a hand-in that was not published."""
    actions.discard(actor_of(request), version_id, _seen(request, version_id))


def _check_names(columns: dict[str, str]) -> None:
    """The database cannot keep every sign that JSON can write."""
    if any(len(name) > 1000 or not re.fullmatch(PRINTABLE, name) for name in columns):
        detail = "Write each column as the file's header does."
        raise Problem("refused", errors=[{"pointer": "/columns", "detail": detail}])


def _checked(place: int, one: Correction) -> dict[str, Any]:
    told = one.model_dump()
    try:
        EngineCorrection.of(told)
    except DeclarationError as error:
        detail = "A cell needs its row and column, a value its column, a row to leave out its number."
        errors = [{"pointer": f"/corrections/{place}", "detail": detail}]
        raise Problem("refused", errors=errors) from error
    return told


def _seen(request: HttpRequest, version_id: Id) -> int:
    """The version that If-Match named: compared a moment ago in the same transaction."""
    return int(read_version(request, version_id)["version"])
