"""Which counts of a table with one total are shown, so that no small one can be worked out.

Readers know the counts shown, the total, and that a hidden count is at least one: zeros are shown. A team
knows besides which of the people counted are its own; what is left for it is a table of the others' people,
and that must be as safe as the whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from philoxenia.reference import default_parameters


@dataclass(frozen=True)
class Counted:
    """People by category, and by team those of them it knows. `has_total`: whether the categories add up."""

    people: Mapping[str, int]
    known: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    has_total: bool = True


@dataclass(frozen=True)
class Limits:
    """The least count shown, how much a hidden one must be in doubt, of what rounded ones are multiples."""

    minimum: int
    width: int
    base: int = 1


def limits() -> Limits:
    """As the parameters of disclosure control say."""
    known = default_parameters()
    minimum = int(known["disclosure.minimum"])
    width = int(min(known["disclosure.width"], max(minimum - 2, 1)))
    return Limits(minimum, width, int(known["disclosure.base"]))


def shown(counted: Counted, within: Limits | None = None) -> tuple[dict[str, int | None], int | None]:
    """The counts with None where hidden, and the total; None where that is hidden or there is none.

    Where the total itself tells of few, or nothing less helps, everything is hidden.
    """
    within = within or limits()
    people = dict(counted.people)
    total = sum(people.values())
    nothing: dict[str, int | None] = dict.fromkeys(people)
    hidden = {one for one in people if _tells(people[one], _of(counted, one), within)}
    if not counted.has_total:
        return {one: None if one in hidden else count for one, count in people.items()}, None
    if _tells(total, _totals(counted), within):
        return nothing, None
    rest = sorted(
        (one for one in people if people[one] and one not in hidden), key=lambda one: (people[one], one)
    )
    while hidden and not _is_safe(hidden, counted, within):
        if not rest:
            return nothing, None
        hidden.add(rest.pop(0))
    return {one: None if one in hidden else count for one, count in people.items()}, total


def rounded(counted: Counted, within: Limits | None = None) -> dict[str, int | None]:
    """Counts that come back every month with most of the same people: what is shown, as multiples of a base.

    Told exactly, those of two months would say of one person that they came or went. None where hidden.
    """
    within = within or limits()
    cells, _total = shown(Counted(counted.people, counted.known, has_total=False), within)
    return {one: None if count is None else _nearest(count, within.base) for one, count in cells.items()}


def _nearest(count: int, base: int) -> int:
    return max((count + base // 2) // base * base, base) if count else 0


def _of(counted: Counted, category: str) -> list[int]:
    return [own.get(category, 0) for own in counted.known.values()]


def _totals(counted: Counted) -> list[int]:
    return [sum(own.values()) for own in counted.known.values()]


def _tells(count: int, known: Iterable[int], within: Limits) -> bool:
    """Whether a count is small, or what is left of it for a team that knows its own."""
    return any(0 < left < within.minimum for left in (count, *(count - own for own in known)))


def _is_safe(hidden: set[str], counted: Counted, within: Limits) -> bool:
    """Whether readers and every team are left in doubt about each hidden count."""
    views = [
        dict.fromkeys(hidden, 0),
        *({one: own.get(one, 0) for one in hidden} for own in counted.known.values()),
    ]
    doubts = (_doubt(hidden, counted.people, own) for own in views)
    return all(doubt is None or doubt >= within.width for doubt in doubts)


def _doubt(hidden: set[str], people: Mapping[str, int], own: Mapping[str, int]) -> int | None:
    """How far a hidden count may be from its least, for who knows `own`; None where all of them are theirs.

    Where nobody of one's own is in a hidden count, it holds at least one of the others.
    """
    left = sum(people[one] - own[one] for one in hidden)
    if left == 0:
        return None
    if len(hidden) == 1:
        # The total gives a lone one away.
        return 0
    return left - sum(1 for one in hidden if own[one] == 0)
