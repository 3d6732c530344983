"""Alkire-Foster person by person and dimension by dimension: the oracle."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

Number = float | Fraction


def measures(
    people: Sequence[Sequence[Number]],
    cutoffs: Sequence[Number],
    weights: Sequence[Number],
    k: Number,
    counts: Sequence[Number] | None = None,
) -> Mapping[str, Number]:
    """H, A, M0, M1, M2 of people who count `counts` each (default: one); exact where given fractions."""
    sizes = counts or [1] * len(people)
    total, whole = sum(sizes), sum(weights)
    poor: Number = 0
    sums: dict[int, Number] = {0: 0, 1: 0, 2: 0}
    for person, size in zip(people, sizes, strict=True):
        short = [value < cutoff for value, cutoff in zip(person, cutoffs, strict=True)]
        lacking = sum(weight for weight, lacks in zip(weights, short, strict=True) if lacks)
        if not lacking or lacking < k:
            continue
        poor += size
        for power in sums:
            for value, cutoff, weight, lacks in zip(person, cutoffs, weights, short, strict=True):
                if lacks:
                    sums[power] += size * weight * ((cutoff - value) / cutoff) ** power / whole
    found = {f"M{power}": value / total for power, value in sums.items()}
    return {"H": poor / total, "A": found["M0"] / (poor / total) if poor else 0, **found}
