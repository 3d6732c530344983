"""The same as `fay_herriot.py` and `raking.py`, slow and obvious: matrices as the books write them."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Floats = NDArray[np.float64]


def plain_eblup(y: Floats, d: Floats, x: Floats) -> tuple[Floats, Floats, float]:
    """EBLUP, its Prasad-Rao error and the REML variance, with whole matrices (Rao and Molina 2015, ch. 6)."""
    spread = plain_reml(y, d, x)
    v = np.diag(spread + d)
    inverse = np.linalg.inv(v)
    information = np.linalg.inv(x.T @ inverse @ x)
    beta = information @ x.T @ inverse @ y
    estimates, errors = [], []
    for i in range(len(y)):
        gamma = spread / (spread + d[i])
        estimates.append(gamma * y[i] + (1 - gamma) * x[i] @ beta)
        g1 = gamma * d[i]
        g2 = (1 - gamma) ** 2 * x[i] @ information @ x[i]
        g3 = d[i] ** 2 / (spread + d[i]) ** 3 * 2 / sum(1 / (spread + e) ** 2 for e in d)
        errors.append(g1 + g2 + 2 * g3)
    return np.array(estimates), np.array(errors), spread


def plain_reml(y: Floats, d: Floats, x: Floats) -> float:
    """The variance that makes the residual likelihood largest, by looking everywhere."""

    def negative(log_spread: float) -> float:
        v = np.diag(np.exp(log_spread) + d)
        inverse = np.linalg.inv(v)
        information = x.T @ inverse @ x
        p = inverse - inverse @ x @ np.linalg.inv(information) @ x.T @ inverse
        return float(np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1] + y @ p @ y)

    low, high = np.log(d.min() * 1e-6), np.log(d.max() + y.var() * 100)
    grid = np.linspace(low, high, 400)
    best = grid[int(np.argmin([negative(at) for at in grid]))]
    step = grid[1] - grid[0]
    found = minimize_scalar(
        negative, bounds=(best - step, best + step), options={"xatol": 1e-12}, method="bounded"
    )
    return float(np.exp(found.x))


def plain_rake(seed: Floats, rows: Floats, columns: Floats, rounds: int = 300) -> Floats:
    """A table raked to its rows and columns by turns (Deming and Stephan 1940)."""
    table = seed.astype(float).copy()
    for _ in range(rounds):
        for i in range(table.shape[0]):
            total = table[i].sum()
            table[i] *= rows[i] / total if total else 0.0
        for j in range(table.shape[1]):
            total = table[:, j].sum()
            table[:, j] *= columns[j] / total if total else 0.0
    return table
