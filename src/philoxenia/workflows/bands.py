"""What futures say in four numbers: the mean, and the middle with the eight in ten around it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def bands(values: NDArray[np.floating[Any]]) -> dict[str, NDArray[np.float64]]:
    """Mean, P10, P50 and P90 over futures, the first axis, by name."""
    quantiles = np.quantile(values, list(LEVELS.values()), axis=0)
    return {"mean": values.mean(axis=0, dtype=np.float64)} | dict(zip(LEVELS, quantiles, strict=True))
