"""The area-level model of Fay and Herriot: a direct estimate and a model share what they know.

Owns the estimate, its variance and its error; ignores what is estimated. `plain.py` says the same slowly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from philoxenia.vocabulary import PhiloxeniaError

Floats = NDArray[np.float64]
_TOLERANCE = 1e-12
_WIDEST = 1e6


class SmallAreaError(PhiloxeniaError):
    """A small-area estimate cannot be made from these data."""

    exit_code = 5


@dataclass(frozen=True)
class FayHerriot:
    """Estimates by area: `estimate` is the EBLUP, `mse` its error by Prasad and Rao, `weight` the direct's.

    `synthetic` is what the model alone says, `coefficients` its regression, `spread` the variance between
    areas that the model leaves (0 where none is seen).
    """

    estimate: Floats
    mse: Floats
    weight: Floats
    synthetic: Floats
    coefficients: Floats
    spread: float


def fay_herriot(direct: Floats, variance: Floats, covariates: Floats) -> FayHerriot:
    """EBLUP of every area from direct estimates (m), their sampling variances (m) and covariates (m, p).

    An area without a direct estimate (NaN) gets what the model says (Fay and Herriot 1979). The variance
    between areas is by REML, the error g1 + g2 + 2 g3 (Prasad and Rao 1990; Datta and Lahiri 2000). Raises
    `SmallAreaError` for too few areas, variances that are not positive, or covariates that repeat each other.
    """
    known = np.isfinite(direct)
    _check(direct[known], variance[known], covariates, known)
    y, d, x = direct[known], variance[known], covariates[known]
    spread = reml_spread(y, d, x)
    weights = 1.0 / (spread + d)
    information = np.linalg.inv(x.T @ (weights[:, None] * x))
    coefficients = information @ (x.T @ (weights * y))
    synthetic = covariates @ coefficients
    own = np.zeros(len(direct))
    own[known] = spread * weights
    estimate = synthetic.copy()
    estimate[known] += own[known] * (y - synthetic[known])
    leverage = np.einsum("ip,pq,iq->i", covariates, information, covariates)
    mse = spread * (1 - own) + (1 - own) ** 2 * leverage
    mse[known] += 2 * d**2 * weights**3 * (2.0 / (weights**2).sum())
    return FayHerriot(estimate, mse, own, synthetic, coefficients, spread)


def reml_spread(y: Floats, d: Floats, x: Floats) -> float:
    """The variance between areas that makes the residual likelihood largest; 0 where it falls from 0 on."""
    top = float(np.var(y)) + float(d.max())
    grid = np.concatenate([[0.0], np.geomspace(top * 1e-6, top * 100, 60)])
    scores = np.array([reml_score(at, y, d, x) for at in grid])
    falls = np.flatnonzero((scores[:-1] > 0) & (scores[1:] <= 0))
    if not len(falls):
        return 0.0
    roots = [
        brentq(
            reml_score, grid[i], grid[i + 1], args=(y, d, x), xtol=_TOLERANCE * max(top, 1e-300), rtol=1e-14
        )
        for i in falls
    ]
    return float(max([0.0, *roots], key=lambda at: reml_likelihood(at, y, d, x)))


def reml_score(spread: float, y: Floats, d: Floats, x: Floats) -> float:
    """The slope of the residual log likelihood: (y'PPy - tr P) / 2."""
    weights = 1.0 / (spread + d)
    weighted = weights[:, None] * x
    inverse = np.linalg.inv(x.T @ weighted)
    residual = weights * (y - x @ (inverse @ (weighted.T @ y)))
    trace = weights.sum() - np.einsum("ip,pq,iq->", weighted, inverse, weighted)
    return float(0.5 * (residual @ residual - trace))


def reml_likelihood(spread: float, y: Floats, d: Floats, x: Floats) -> float:
    """The residual log likelihood, but for a constant (Patterson and Thompson 1971)."""
    weights = 1.0 / (spread + d)
    weighted = weights[:, None] * x
    information = x.T @ weighted
    residual = y - x @ np.linalg.solve(information, weighted.T @ y)
    _, log_determinant = np.linalg.slogdet(information)
    return float(-0.5 * (np.log(spread + d).sum() + log_determinant + residual @ (weights * residual)))


def _check(y: Floats, d: Floats, covariates: Floats, known: NDArray[np.bool_]) -> None:
    areas, columns = covariates.shape
    if len(known) != areas:
        raise SmallAreaError(f"There are {len(known)} direct estimates and covariates for {areas} areas.")
    if len(y) < columns + 2:
        raise SmallAreaError(
            f"{len(y)} areas have a direct estimate; a model with {columns} covariates needs at least "
            f"{columns + 2}. Leave a covariate out or take in more areas."
        )
    if not np.isfinite(d).all() or (d <= 0).any():
        raise SmallAreaError(
            "A sampling variance is missing, zero or negative: each direct estimate needs one."
        )
    if not np.isfinite(covariates).all():
        raise SmallAreaError("A covariate is missing for some area: fill it or leave the area out.")
    if np.linalg.matrix_rank(covariates[known]) < columns:
        raise SmallAreaError("Covariates repeat each other: leave out those that others add up to.")
