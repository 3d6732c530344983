"""Where arrivals come to live. Last known shares are the baseline to beat.

Owns shares of districts and how unsure they are; ignores how many people arrive.
"""

import numpy as np

from philoxenia.scenarios.types import Floats

CERTAIN = np.inf


def shares(counts: Floats) -> Floats:
    """Counts (D,) as shares that sum to one; equal shares where nobody is counted."""
    counted = np.maximum(np.nan_to_num(counts), 0.0)
    total = counted.sum()
    return counted / total if total > 0 else np.full(len(counts), 1.0 / len(counts))


def rent_adjusted(last: Floats, rent: Floats, elasticity: float) -> Floats:
    """Last shares (D,) times (rent over the city's median) to the power -elasticity, as shares.

    An unknown rent counts as the city's median. Elasticity 0 leaves the last shares.
    """
    if elasticity == 0:
        return last
    known = rent[np.isfinite(rent) & (rent > 0)]
    if known.size == 0:
        return last
    middle = float(np.median(known))
    ratio = np.where(np.isfinite(rent) & (rent > 0), rent, middle) / middle
    return shares(last * ratio**-elasticity)


def concentration(earlier: Floats, later: Floats, years_between: float, years_ahead: float) -> float:
    """Pseudo-count of a Dirichlet around last shares, from how far shares moved between two censuses.

    With sum of variances = sum s(1-s) / (a+1), moments give a+1 = sum s(1-s) / sum (change)^2 for the
    years between; shares drift like a random walk, so the variance grows with `years_ahead`.
    Returns `CERTAIN` where shares did not move.
    """
    spread = float((earlier * (1 - earlier)).sum())
    moved = float(((later - earlier) ** 2).sum())
    if moved <= 0 or years_ahead <= 0:
        return CERTAIN
    return max(spread / moved * years_between / years_ahead - 1.0, 1.0)


def drawn_shares(mean: Floats, pseudo_count: float, paths: int, rng: np.random.Generator) -> Floats:
    """Shares (D, P): one Dirichlet draw a future around the mean (D,); columns sum to one."""
    if not np.isfinite(pseudo_count):
        return np.repeat(mean[:, None], paths, axis=1)
    weights = rng.standard_gamma(np.repeat(mean[:, None] * pseudo_count, paths, axis=1))
    return np.asarray(weights / weights.sum(axis=0), dtype=np.float64)


def homes_after_shelter(shelter: Floats, homes: Floats, staying: float) -> Floats:
    """Shares (D, P) of homes for people who left a shelter: `staying` of them remain in its district."""
    return staying * shelter[:, None] + (1 - staying) * homes


def settled(in_shelter: Floats, in_homes: Floats, shelter: Floats, homes: Floats) -> Floats:
    """People (D, H, P) from people in shelter and in homes (H, P): the sum over districts is their sum."""
    return shelter[:, None, None] * in_shelter[None] + homes[:, None, :] * in_homes[None]
