"""The obvious slow version of overlap: sets of needs, one person at a time. The oracle of the fast one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations


def exclusive(people: Iterable[frozenset[str]]) -> Mapping[frozenset[str], int]:
    """How many people have exactly each set of needs."""
    return Counter(people)


def inclusive(people: Iterable[frozenset[str]], needs: Iterable[str]) -> Mapping[frozenset[str], int]:
    """How many people have at least each set of needs, every set of the needs included."""
    listed, everyone = list(needs), list(people)
    sets = [frozenset(some) for size in range(len(listed) + 1) for some in combinations(listed, size)]
    return {some: sum(some <= person for person in everyone) for some in sets}


def lift(people: Iterable[frozenset[str]], a: str, b: str) -> float | None:
    """P(ab) / (P(a) P(b)); None where nobody has one of them."""
    everyone = list(people)
    with_a, with_b = sum(a in person for person in everyone), sum(b in person for person in everyone)
    both = sum(a in person and b in person for person in everyone)
    return both * len(everyone) / (with_a * with_b) if with_a and with_b else None
