"""Visits: who acts is told to the database, and its row-level security shows that visit's rows alone.

Outside a visit no row about a resident is seen. What a visit read stays in the trail also where all else
it did is taken back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_of
from philoxenia_web.accounts.roles import Role

AT_DESKS = frozenset({Role.CASEWORKER, Role.SUPERVISOR})
WITH_RESIDENTS = AT_DESKS | {Role.PARTNER}

# Departments alone have desks; asked with the settings in one statement.
_TELL = """
    select set_config('philoxenia.person', %s, true), set_config('philoxenia.organisations', %s, true),
      set_config('philoxenia.desks', coalesce((
        select string_agg(id::text, ',') from accounts_organisation
        where id = any (%s::uuid[]) and kind = 'department' and active), ''), true),
      set_config('philoxenia.supervises', %s, true), set_config('philoxenia.system', %s, true),
      set_config('philoxenia.resident', %s, true)"""

Write = Callable[[], None]


@dataclass(frozen=True)
class _Visit:
    """Whose visit it is, and what writes the trail of its reads again."""

    actor: Actor
    resident_id: UUID | None = None
    place: UUID | None = None
    reads: list[Write] = field(default_factory=list)
    # The actor's desks, as the database was told them.
    desks: list[UUID] = field(default_factory=list)

    @property
    def same(self) -> tuple[Actor, UUID | None]:
        """What the database was told."""
        return self.actor, self.resident_id


_now: ContextVar[_Visit | None] = ContextVar("philoxenia_visit", default=None)


class NotVisitingError(RuntimeError):
    """The program reads of residents without saying who asks."""


def visiting(actor: Actor, place: UUID | None = None) -> Any:
    """`with visiting(actor):` one transaction, with the actor's rows alone; within it again: a savepoint.

    `place` is the organisation for which the actor reads, where it is known: the case's, the form's.
    """
    # Nobody signed in, on a resident's own page: what they do there is the resident's.
    mine = visiting_resident() if actor == Actor() else None
    return _visit(_Visit(actor, mine, place))


def only_reading(actor: Actor, place: UUID | None = None) -> Any:
    """The same for what only reads: within another visit it needs no savepoint."""
    mine = visiting_resident() if actor == Actor() else None
    return _visit(_Visit(actor, mine, place), only_reads=True)


def resident_visit(resident_id: UUID) -> Any:
    """The same for a resident's own page: this one resident is there and nobody else."""
    return _visit(_Visit(Actor(), resident_id))


def visited() -> Actor:
    """Who acts in this visit. Raises `NotVisitingError` outside one."""
    if (visit := _now.get()) is None:
        raise NotVisitingError("Reads and writes about residents happen inside `with visiting(actor)`.")
    return visit.actor


def visiting_resident() -> UUID | None:
    """The resident whose own page this is; None at the desk."""
    visit = _now.get()
    return visit.resident_id if visit else None


def visited_place() -> UUID | None:
    """The organisation for which this visit reads, where it was said."""
    visit = _now.get()
    return visit.place if visit else None


def visited_desks() -> frozenset[UUID]:
    """The departments at whose desks this visit works, as the database holds it."""
    visit = _now.get()
    return frozenset(visit.desks) if visit else frozenset()


def is_visiting() -> bool:
    """Whether a visit goes on."""
    return _now.get() is not None


def keep_reading(write: Write) -> None:
    """Write a row of the trail of reads, and again should the visit be taken back."""
    write()
    if (visit := _now.get()) is not None:
        visit.reads.append(write)


@contextmanager
def _visit(visit: _Visit, *, only_reads: bool = False) -> Iterator[None]:
    outer = _now.get()
    if only_reads and outer is not None:
        desks = outer.desks if outer.same == visit.same else visit.desks
        place = visit.place or outer.place
        with _within(outer, replace(visit, place=place, reads=outer.reads, desks=desks)):
            yield
        return
    if outer is not None and visit.place is None:
        visit = replace(visit, place=outer.place)
    if outer is not None and outer.same == visit.same:
        visit = replace(visit, desks=outer.desks)
    token = _now.set(visit)
    try:
        with transaction.atomic():
            if outer is None or outer.same != visit.same:
                _tell(visit)
            yield
            # What was told ends with the transaction; within another it is taken back.
            lasts = bool(connection.savepoint_ids)
            if lasts and (outer is None or outer.same != visit.same) and not connection.needs_rollback:
                _tell(outer)
    except BaseException:
        _now.reset(token)
        token = None
        _write_again(visit, outer)
        raise
    finally:
        if token is not None:
            _now.reset(token)
    if outer is not None:
        outer.reads.extend(visit.reads)


@contextmanager
def _within(outer: _Visit, visit: _Visit) -> Iterator[None]:
    token, other = _now.set(visit), outer.same != visit.same
    if other:
        _tell(visit)
    try:
        yield
    except DatabaseError:
        # Where the transaction failed nothing can be told; what takes it back takes this back too.
        with suppress(DatabaseError):
            _tell(outer)
        other = False
        raise
    finally:
        _now.reset(token)
        if other:
            _tell(outer)


def _write_again(visit: _Visit, outer: _Visit | None) -> None:
    """The reads of a visit that was taken back: people must see them even so."""
    reads, visit.reads[:] = list(visit.reads), []
    if not reads or connection.needs_rollback:
        if outer is not None:
            outer.reads.extend(reads)
        return
    with _visit(_Visit(visit.actor, visit.resident_id, visit.place)):
        for write in reads:
            keep_reading(write)


def _tell(visit: _Visit | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TELL, _settings(visit))
        if visit is not None:
            visit.desks[:] = [UUID(one) for one in cursor.fetchone()[2].split(",") if one]


def _settings(visit: _Visit | None) -> tuple[Any, ...]:
    actor = visit.actor if visit else Actor()
    places = _places(actor, WITH_RESIDENTS)
    return (
        str(actor.person_id or ""),
        ",".join(places),
        _places(actor, AT_DESKS),
        ",".join(_places(actor, frozenset({Role.SUPERVISOR}))),
        "yes" if actor is SYSTEM else "",
        str((visit.resident_id if visit else None) or ""),
    )


def _places(actor: Actor, roles: frozenset[Role]) -> list[str]:
    return sorted({str(place) for place, role in actor.memberships if role in roles})


def at_the_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The whole view is one visit, its template rendered within; what it shows is kept nowhere on the way."""

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with visiting(actor_of(request)):
            response = view(request, *args, **kwargs)
            render = getattr(response, "render", None)
            if callable(render):
                response = render()
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return inside
