"""Declaring an operation: its permission, what it takes and gives, and the promises that HTTP has words for.

An operation without a permission cannot be declared. All judge a request in the same order: who asks, how
often, whether they may, whether both sides understand each other, and only then the values.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast, get_args

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from philoxenia_web.accounts.access import Permission, check_can
from philoxenia_web.api.authentication import authenticate
from philoxenia_web.api.conditional import check_if_match, tag_of, tagged
from philoxenia_web.api.limits import count_request
from philoxenia_web.api.negotiation import BODY_LIMIT, JSON, check_accept, check_body
from philoxenia_web.api.problems import Problem
from philoxenia_web.api.repeating import answered_once, check_key

Endpoint = Callable[..., Any]
Seen = TypeVar("Seen", bound=BaseModel)


@dataclass(frozen=True)
class Operation:
    """What is known of an operation before it is asked for."""

    id: str
    method: str
    path: str
    permission: Permission
    status: int = 200
    answer: Any = None
    # Makes something: carried out once for an Idempotency-Key.
    creates: bool = False
    # Of what tells of a person no copy is kept for repetition: the action itself gives the same again.
    keeps_answer: bool = True
    # Changes what this endpoint reads: needs If-Match.
    changes: Endpoint | None = None
    # Whether If-Match: * is enough, whatever is there.
    any_version: bool = True
    # The type of body taken; empty for none.
    consumes: str = ""
    produces: tuple[str, ...] = (JSON,)
    limit: int = BODY_LIMIT
    # Header fields that this operation needs.
    headers: tuple[str, ...] = ()
    # Further statuses that this one may answer with.
    problems: tuple[int, ...] = ()
    # Permissions that the action asks for besides, so that a token can carry them.
    also: tuple[Permission, ...] = ()
    tag: str = ""


@dataclass
class Registry:
    """Every operation of the interface, by its id."""

    operations: dict[str, Operation] = field(default_factory=dict)

    def add(self, operation: Operation) -> None:
        """Two operations of one name would hide one another in clients and tests."""
        if operation.id in self.operations:
            raise ValueError(f"The operation {operation.id} is declared twice.")
        self.operations[operation.id] = operation


REGISTRY = Registry()


def declared() -> list[Operation]:
    """Every operation, as declared; for the permission table, the docs and the scopes of tokens."""
    return list(REGISTRY.operations.values())


def operation(
    router: Router, method: str, path: str, *, id: str, permission: Permission, **promises: Any
) -> Callable[[Endpoint], Endpoint]:
    """Declare an endpoint on a router."""

    def declare(endpoint: Endpoint) -> Endpoint:
        takes_body = "body" in endpoint.__annotations__
        promises.setdefault("consumes", JSON if takes_body else "")
        known = Operation(id, method, path, permission, tag=str((router.tags or [""])[0]), **promises)
        REGISTRY.add(known)
        endpoint.operation_id = id  # type: ignore[attr-defined]
        router.add_api_operation(
            path,
            [method],
            _carried_out(known, endpoint),
            auth=Guard(known),
            response={known.status: known.answer},
            operation_id=id,
            summary=_summary(endpoint),
            description=_description(endpoint),
            url_name=f"api-{id}",
        )
        return endpoint

    return declare


class Guard:
    """Judges a request before its values are read."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation

    def __call__(self, request: HttpRequest) -> bool:
        known = self.operation
        actor = authenticate(request)
        request.allowance = count_request(request.rate_subject)  # type: ignore[attr-defined]
        check_can(actor, known.permission)
        check_accept(request, known.produces)
        if known.consumes:
            check_body(request, known.consumes, known.limit)
        if known.creates:
            check_key(request)
        if known.changes is not None and "If-Match" not in request.headers:
            raise Problem("precondition-required")
        return True


def _carried_out(known: Operation, endpoint: Endpoint) -> Endpoint:
    names = query_names(endpoint)

    @functools.wraps(endpoint)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_query(request, names)

        def respond() -> HttpResponse:
            return _response(known, endpoint(request, *args, **kwargs))

        if known.creates:
            return answered_once(request, known.id, respond, keeps_answer=known.keeps_answer)
        if known.changes is not None:
            return _changed(request, known, kwargs, respond)
        response = respond()
        return tagged(request, response) if _is_tagged(known, response) else response

    return run


def answer_of(endpoint: Endpoint) -> type[BaseModel]:
    """The model of what an endpoint answers."""
    answer = REGISTRY.operations[endpoint.operation_id].answer  # type: ignore[attr-defined]
    assert issubclass(answer, BaseModel)  # noqa: S101 (declared so)
    return answer


def query_names(endpoint: Endpoint) -> frozenset[str]:
    """What may stand in an address of this endpoint; all of it is declared in models."""
    models = [get_args(one)[0] for one in endpoint.__annotations__.values() if get_args(one)]
    fields = (
        model.model_fields for model in models if isinstance(model, type) and issubclass(model, BaseModel)
    )
    return frozenset(name for known in fields for name in known)


def check_query(request: HttpRequest, names: frozenset[str]) -> None:
    """422 for a parameter nobody knows, and for one that is there twice."""
    sentence = {True: "This address does not know that parameter.", False: "Give this parameter once."}
    errors = [
        {"parameter": name, "detail": sentence[name not in names]}
        for name, values in request.GET.lists()
        if name not in names or len(values) > 1
    ]
    if errors:
        raise Problem("invalid", errors=errors)


def _changed(
    request: HttpRequest, known: Operation, kwargs: dict[str, Any], respond: Callable[[], HttpResponse]
) -> HttpResponse:
    """Compare with what is there now and change it, in one transaction."""
    read = cast(Endpoint, known.changes)
    told = {name: value for name, value in kwargs.items() if name in read.__annotations__}
    with transaction.atomic():
        current = answer_of(read).model_validate(read(request, **told))
        check_if_match(request, written(current), any_version=known.any_version)
        request.seen = current  # type: ignore[attr-defined]
        response = respond()
    return tagged(request, response) if response.content else response


def seen(request: HttpRequest, kind: type[Seen]) -> Seen:
    """What If-Match was compared with: a change is based on that, and on nothing newer."""
    current = request.seen  # type: ignore[attr-defined]
    assert isinstance(current, kind)  # noqa: S101 (the operation says so)
    return current


def _is_tagged(known: Operation, response: HttpResponse) -> bool:
    return known.method == "GET" and not response.streaming and "ETag" not in response.headers


def _response(known: Operation, result: Any) -> HttpResponse:
    if isinstance(result, HttpResponse) or getattr(result, "streaming", False):
        return result
    if known.answer is None:
        return HttpResponse(status=known.status)
    headers = {}
    if isinstance(result, Made):
        headers, result = {"Location": result.address}, result.value
    if not isinstance(result, BaseModel):
        result = known.answer.model_validate(result)
    response = HttpResponse(written(result), content_type=JSON, status=known.status, headers=headers)
    if known.creates:
        # What was made can be changed without reading it first.
        response.headers["ETag"] = tag_of(response.content)
    return response


@dataclass(frozen=True)
class Made:
    """Something that was made, and where it is."""

    value: Any
    address: str


def written(value: BaseModel) -> bytes:
    """An answer as the bytes that are sent."""
    return value.model_dump_json(by_alias=True).encode()


def _summary(endpoint: Endpoint) -> str:
    return (endpoint.__doc__ or endpoint.__name__).strip().splitlines()[0]


def _description(endpoint: Endpoint) -> str:
    return "\n".join(line.strip() for line in (endpoint.__doc__ or "").strip().splitlines()[1:]).strip()
