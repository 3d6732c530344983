"""The parts a person's page is made of: each app adds its own, in its place, without the page knowing it.

Everything is read inside the visit of the page; a part makes at most two queries.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import Promise

from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.desk.writing import number_in
from philoxenia_web.casework.queries import MOST_NOTES, NEWEST_NOTES, Work

# A lazy translation.
Words = str | Promise


@dataclass
class Shown:
    """What a part is asked with: who looks, the record, and the desk's cases with the person."""

    request: HttpRequest
    actor: Actor
    record: Any  # registry.people.records.Record
    cases: list[Any]  # casework.models.Case, the one that is shown first

    @cached_property
    def work(self) -> Work | None:
        """What stands in the case that is shown: the live one, else the newest."""
        return Work(self.actor, self.cases[0], self._most_notes) if self.cases else None

    @property
    def _most_notes(self) -> int:
        """How many notes are shown: the newest, or as many as the address asks for."""
        asked = number_in(self.request.GET, "notes")
        return min(max(asked, NEWEST_NOTES), MOST_NOTES)

    @cached_property
    def _there(self) -> frozenset[str]:
        """Tables of the parts that hold a row about the person: one question, for most are empty."""
        ids = [self.record.id, *self.record.merged_ids]
        tables = sorted({table._meta.db_table for part in _PARTS.values() for table in part.tables})
        asked = " union all ".join(map(_IS_THERE.format, tables, tables))
        with connection.cursor() as cursor:
            cursor.execute(asked, {"ids": ids})
            return frozenset(name for (name,) in cursor.fetchall())

    def has(self, *tables: type[Model]) -> bool:
        """Whether one of these tables, which a part named, holds a row about the person."""
        return any(table._meta.db_table in self._there for table in tables)

    @property
    def case(self) -> Any:
        """The case that is worked on, None where the one that is shown is closed or there is none."""
        return self.cases[0] if self.cases and self.cases[0].state != "closed" else None


@dataclass(frozen=True)
class Part:
    """A section of the page. `context` gives the values of its template, None where it is left out.

    `title` is a lazy translation and a heading; `name` is its anchor (#name) on the page. What is looked at
    rather than worked on stands beside (`side`), on a phone below. A template gets `shown` and `part` too.
    """

    order: int
    name: str
    title: Words
    template: str
    context: Callable[[Shown], dict[str, Any] | None]
    side: bool = False
    # Tables with `resident_id`, asked together whether there is anything for `Shown.has`.
    tables: tuple[type[Model], ...] = ()


@dataclass(frozen=True)
class Filled:
    """A part with its values, as the page shows it."""

    part: Part
    values: dict[str, Any]


_IS_THERE = "select '{}' where exists (select 1 from {} where resident_id = any(%(ids)s))"
_PARTS: dict[str, Part] = {}


def add_part(part: Part) -> None:
    """Called in an app's `ready`. Orders: 10 household, 20 needs, 30 plan, 40 tasks, 50 notes, 60 documents,
    25 referrals, 27 appointments, 70 card, 80 rights."""
    _PARTS[part.name] = part


def filled(shown: Shown) -> list[Filled]:
    """The parts of a page in their order, those left out that have nothing to say to this visitor."""
    known = sorted(_PARTS.values(), key=lambda one: (one.order, one.name))
    asked = ((one, one.context(shown)) for one in known)
    return [
        Filled(one, {"shown": shown, "part": one} | values) for one, values in asked if values is not None
    ]
