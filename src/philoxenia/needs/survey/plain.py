"""The variance of a domain mean written out stratum by stratum and cluster by cluster: the oracle."""

from collections.abc import Sequence


def mean_and_variance(
    values: Sequence[float],
    weights: Sequence[float],
    inside: Sequence[bool],
    strata: Sequence[str],
    clusters: Sequence[str],
) -> tuple[float, float]:
    """Hajek mean of the rows inside and its Taylor variance, in loops; strata need two clusters."""
    rows = range(len(values))
    size = sum(weights[row] for row in rows if inside[row])
    mean = sum(weights[row] * values[row] for row in rows if inside[row]) / size
    variance = 0.0
    for stratum in sorted(set(strata)):
        sums: dict[str, float] = {}
        for row in rows:
            if strata[row] == stratum:
                part = weights[row] * (values[row] - mean) / size if inside[row] else 0.0
                sums[clusters[row]] = sums.get(clusters[row], 0.0) + part
        middle = sum(sums.values()) / len(sums)
        variance += len(sums) / (len(sums) - 1) * sum((one - middle) ** 2 for one in sums.values())
    return mean, variance
