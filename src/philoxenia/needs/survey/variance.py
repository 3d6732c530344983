"""Covariance of weighted totals over strata and primary sampling units."""

import numpy as np

from philoxenia.needs.survey.design import Codes, Design
from philoxenia.needs.travel import Floats


def covariance(influence: Floats, design: Design) -> Floats:
    """Covariance (m, m) of the weighted totals of `influence` (n, m)."""
    sums = cluster_sums(influence * design.weights[:, None], design.cluster, len(design.stratum))
    return covariance_of_sums(sums, design)


def covariance_of_sums(sums: Floats, design: Design) -> Floats:
    """The same from the weighted sums of influence in each cluster (clusters, m).

    V = sum over strata of (1 - f) n / (n - 1) sum over clusters of (z - mean z)(z - mean z)', z the weighted
    sum of influence in a cluster. Binder 1983; Wolter 2007, chapter 6.
    """
    drawn = np.bincount(design.stratum, minlength=len(design.fraction))
    means = cluster_sums(sums, design.stratum, len(drawn)) / np.maximum(drawn, 1)[:, None]
    single = drawn == 1
    if design.singleton == "centre" and single.any():
        means[single] = sums.mean(axis=0)
    factor = np.where(single, 1.0, drawn / np.maximum(drawn - 1, 1)) * (1 - design.fraction)
    apart = (sums - means[design.stratum]) * np.sqrt(factor)[design.stratum, None]
    made: Floats = apart.T @ apart
    return made


def cluster_sums(values: Floats, codes: Codes, groups: int) -> Floats:
    """The sums of the rows (n, m) of each code, (groups, m)."""
    columns = [np.bincount(codes, values[:, column], groups) for column in range(values.shape[1])]
    return np.stack(columns, axis=1) if columns else np.zeros((groups, 0))


def degrees_of_freedom(rows: np.ndarray[tuple[int], np.dtype[np.bool_]], design: Design) -> int:
    """Clusters less strata among those with a row of the domain, one at least."""
    clusters = np.bincount(design.cluster[rows], minlength=len(design.stratum)) > 0
    strata = np.bincount(design.stratum[clusters], minlength=len(design.fraction)) > 0
    return max(int(clusters.sum()) - int(strata.sum()), 1)
