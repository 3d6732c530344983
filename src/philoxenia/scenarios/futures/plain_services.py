"""Who is served when capacity is short: each rule, in words that can be read aloud.

Owns one place's demand against one capacity; part of the oracle.
"""

from collections.abc import Sequence

from philoxenia.scenarios.futures.types import Rule


def plain_allocation(
    waiting: Sequence[float],
    fresh: Sequence[float],
    heads: Sequence[float],
    priority: Sequence[int],
    capacity: float,
    rule: Rule,
) -> list[float]:
    """Units given to each party that asks; never more than it asks for, never more than there is in all."""
    asked = [old + new for old, new in zip(waiting, fresh, strict=True)]
    if rule is Rule.FIRST_COME:
        to_old = _in_proportion(waiting, capacity)
        to_new = _in_proportion(fresh, max(capacity - sum(to_old), 0.0))
        return [old + new for old, new in zip(to_old, to_new, strict=True)]
    if rule is Rule.NEED_FIRST:
        served = [0.0 for _ in asked]
        for level in sorted(set(priority)):
            mine = [amount if own == level else 0.0 for amount, own in zip(asked, priority, strict=True)]
            given = _in_proportion(mine, capacity)
            capacity = max(capacity - sum(given), 0.0)
            served = [before + now for before, now in zip(served, given, strict=True)]
        return served
    return _same_for_each(asked, heads, capacity)


def _in_proportion(asked: Sequence[float], capacity: float) -> list[float]:
    total = sum(asked)
    share = min(capacity / total, 1.0) if total > 0 else 0.0
    return [amount * share for amount in asked]


def _same_for_each(asked: Sequence[float], heads: Sequence[float], capacity: float) -> list[float]:
    """The same for each head, nobody above what they ask for: those who need least are filled first."""
    served = [0.0 for _ in asked]
    parties = [i for i, amount in enumerate(asked) if amount > 0 and heads[i] > 0]
    parties.sort(key=lambda i: asked[i] / heads[i])
    people = sum(heads[i] for i in parties)
    for i in parties:
        each = min(capacity / people, asked[i] / heads[i]) if people > 0 else 0.0
        served[i] = each * heads[i]
        capacity = max(capacity - served[i], 0.0)
        people -= heads[i]
    return served
