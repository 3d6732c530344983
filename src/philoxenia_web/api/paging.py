"""Long lists a page at a time, by what came last and not by number, so that nothing is skipped or told twice
while rows are added."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field

from philoxenia_web.api.problems import Problem
from philoxenia_web.api.values import Text, number

SALT = "philoxenia.api.cursor"
Item = TypeVar("Item")


class Paging(BaseModel):
    """Where a page begins and how long it is."""

    model_config = ConfigDict(extra="ignore")

    limit: Annotated[number(1, 200), Field(description="How many at most.")] = 50
    cursor: Annotated[
        Text, Field(max_length=1000, description="From `next` of the page before; leave out for the first.")
    ] = ""


class Page(BaseModel, Generic[Item]):
    """One page. `next` is the address of the following one, null on the last."""

    model_config = ConfigDict(extra="forbid")

    items: list[Item]
    next: str | None


@dataclass(frozen=True)
class Order:
    """A stable order: names of fields, the last of them unique; all up or all down."""

    fields: tuple[str, ...]
    descending: bool = False


def page_of(
    request: HttpRequest,
    source: QuerySet[Any] | Sequence[Any],
    order: Order,
    paging: Paging,
    show: Callable[[Any], Any] = lambda one: one,
) -> dict[str, Any]:
    """One page of rows or of things already read."""
    after = _position(request, order, paging.cursor)
    cut = _cut_rows if isinstance(source, QuerySet) else _cut_list
    found = cut(source, order, after, paging.limit + 1)
    shown, more = found[: paging.limit], len(found) > paging.limit
    address = _next_address(request, _key(order, shown[-1])) if more else None
    return {"items": [show(one) for one in shown], "next": address}


def _cut_rows(source: QuerySet[Any], order: Order, after: Sequence[Any] | None, count: int) -> Sequence[Any]:
    sign = "-" if order.descending else ""
    rows = source.order_by(*(sign + field for field in order.fields))
    if after is not None:
        rows = rows.filter(_beyond(order, after))
    return list(rows[:count])


def _beyond(order: Order, after: Sequence[Any]) -> Q:
    """(a, b) beyond (x, y): a beyond x, or a equal x and b beyond y."""
    comparison = "lt" if order.descending else "gt"
    condition, equal = Q(), Q()
    for field, value in zip(order.fields, after, strict=True):
        condition |= equal & Q(**{f"{field}__{comparison}": value})
        equal &= Q(**{field: value})
    return condition


def _cut_list(source: Sequence[Any], order: Order, after: Sequence[Any] | None, count: int) -> Sequence[Any]:
    ranked = sorted(source, key=lambda one: _key(order, one), reverse=order.descending)
    if after is None:
        return ranked[:count]
    last = tuple(after)
    beyond = (lambda key: key < last) if order.descending else (lambda key: key > last)
    return [one for one in ranked if beyond(_key(order, one))][:count]


def _key(order: Order, one: Any) -> tuple[Any, ...]:
    return tuple(_plain(_field(one, field)) for field in order.fields)


def _field(one: Any, path: str) -> Any:
    for name in path.split("__"):
        one = one[name] if isinstance(one, Mapping) else getattr(one, name)
    return one


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, int | float | str) else str(value)


def _next_address(request: HttpRequest, key: Sequence[Any]) -> str:
    cursor = signing.dumps([_query_of(request), list(key)], salt=SALT, compress=True)
    kept = [(name, value) for name, value in request.GET.items() if name != "cursor"]
    return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"


def _position(request: HttpRequest, order: Order, cursor: str) -> Sequence[Any] | None:
    if not cursor:
        return None
    try:
        query, key = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        query, key = None, ()
    if query != _query_of(request) or len(key) != len(order.fields):
        detail = "Take the cursor from next of the page before, with the same filters."
        raise Problem("invalid", errors=[{"parameter": "cursor", "detail": detail}])
    return list(key)


def _query_of(request: HttpRequest) -> str:
    """What a cursor belongs to: the address and its filters, whatever the length of a page."""
    filters = sorted((name, value) for name, value in request.GET.items() if name not in ("cursor", "limit"))
    return f"{request.path}?{urlencode(filters)}"
