"""Who is next: by need, not by who shouts, and nobody waits for ever.

Each reason a person gives has an aim, the minutes within which it should be their turn. The earliest aim
comes first (earliest deadline first, Liu and Layland 1973): one is overtaken only by those whose aim lies
before one's own, so by nobody who came after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from uuid import UUID

from philoxenia.reference import reference_table

USUAL = "usual"


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits. Times in minutes of any one clock."""

    id: UUID
    number: int
    came: float
    aim: float
    language: str = ""

    @property
    def due(self) -> float:
        """When it should be their turn."""
        return self.came + self.aim


@cache
def aims() -> dict[str, float]:
    """Minutes by reason, from the engine's table."""
    rows = reference_table("casework/queue_reasons").iter_rows(named=True)
    return {row["code"]: float(row["minutes"]) for row in rows}


def aim_of(reasons: Iterable[str]) -> float:
    """The shortest of the aims of what was said; that of everybody else where nothing was."""
    known = aims()
    return min((known[one] for one in reasons), default=known[USUAL])


def in_order(line: Iterable[Waiting]) -> list[Waiting]:
    """Whose turn it is first, then who after; of two with one aim, who came first."""
    return sorted(line, key=attrgetter("due", "came", "number"))


def next_for(line: Iterable[Waiting], languages: Sequence[str], now: float) -> Waiting | None:
    """Who a desk calls: the first whose language it speaks, but whoever is first once their aim is past.

    A language is a reason to wait for another desk only until one's own time has come; then an interpreter is
    called by telephone.
    """
    ordered = in_order(line)
    if not ordered:
        return None
    first = ordered[0]
    spoken = next((one for one in ordered if not one.language or one.language in languages), first)
    return spoken if now <= first.due else first
