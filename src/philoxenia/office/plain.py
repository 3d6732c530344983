"""The obvious slow way: every table that fits what was shown. The oracle of `protecting` and `waiting`."""

from collections.abc import Iterator, Mapping


def possible(shown: Mapping[str, int | None], total: int, own: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """All ways to fill the hidden counts for who knows `own`: whole people, none hidden is zero."""
    hidden = [one for one, count in shown.items() if count is None]
    rest = total - sum(count for count in shown.values() if count is not None)
    yield from _filled(hidden, rest, own)


def _filled(hidden: list[str], rest: int, own: Mapping[str, int]) -> Iterator[dict[str, int]]:
    if not hidden:
        if rest == 0:
            yield {}
        return
    first, others = hidden[0], hidden[1:]
    for count in range(max(own.get(first, 0), 1), rest + 1):
        for filled in _filled(others, rest - count, own):
            yield {first: count, **filled}


def still_waiting(days: list[float], ended: list[bool], after: float) -> float:
    """The share that still waits after so many days, one waiting time after the other (Kaplan and Meier)."""
    share = 1.0
    for day in sorted({day for day, over in zip(days, ended, strict=True) if over}):
        if day > after:
            break
        at_risk = sum(1 for one in days if one >= day)
        share *= 1 - sum(1 for one, over in zip(days, ended, strict=True) if over and one == day) / at_risk
    return share
