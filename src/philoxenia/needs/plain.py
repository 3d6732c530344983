"""The obvious slow versions of what must be fast: the oracles of the agreement tests."""

import math
from collections.abc import Sequence


def plain_two_step(
    people: Sequence[float], supply: Sequence[float], weights: Sequence[Sequence[float]]
) -> list[float]:
    """Access of each group of people: for every place, its supply over those in reach; then the sum."""
    access = [0.0] * len(people)
    for j, offered in enumerate(supply):
        competing = sum(weights[i][j] * people[i] for i in range(len(people)))
        if competing > 0:
            for i in range(len(people)):
                access[i] += weights[i][j] * offered / competing
    return access


def plain_weights(
    people_km: Sequence[tuple[float, float]],
    places_km: Sequence[tuple[float, float]],
    edges_km: Sequence[float],
    weights: Sequence[float],
) -> list[list[float]]:
    """The weight of every pair: that of the first zone whose edge is not passed, else 0."""

    def weight(distance: float) -> float:
        for edge, zone_weight in zip(edges_km, weights, strict=True):
            if distance <= edge:
                return zone_weight
        return 0.0

    return [[weight(math.dist(person, place)) for place in places_km] for person in people_km]


def plain_percentile(values: Sequence[float]) -> list[float]:
    """The mid-rank of each value on 0..100: the share of districts below it, with half of those equal."""
    return [
        100
        * (sum(other < value for other in values) + 0.5 * sum(other == value for other in values))
        / len(values)
        for value in values
    ]


def plain_score(scaled: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """The weighted mean of what is known; None where nothing weighed is."""
    known = [(value, weight) for value, weight in zip(scaled, weights, strict=True) if value is not None]
    total = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / total if total > 0 else None


def plain_weighted_quantile(values: Sequence[float], weights: Sequence[float], share: float) -> float:
    """The least value that at least `share` of the weight does not exceed."""
    reached = 0.0
    for value, weight in sorted(zip(values, weights, strict=True)):
        reached += weight
        if reached >= share * sum(weights):
            return value
    return max(values)
