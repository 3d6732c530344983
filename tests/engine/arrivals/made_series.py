"""Series made by known rules, for tests."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def months(count: int, first_year: int = 2015) -> list[str]:
    """`count` months from January on, in ISO form."""
    return [f"{first_year + place // 12}-{place % 12 + 1:02d}" for place in range(count)]


def years(count: int, first_year: int = 2000) -> list[str]:
    return [str(first_year + place) for place in range(count)]


def wandering(rng: np.random.Generator, series: int, periods: int, step: float, noise: float) -> Floats:
    """Counts whose log level wanders: (series, periods)."""
    start = rng.uniform(4, 7, size=(series, 1))
    level = start + np.cumsum(rng.normal(0, step, (series, periods)), axis=1)
    return rng.poisson(np.exp(level + rng.normal(0, noise, (series, periods)))).astype(float)


def seasonal(rng: np.random.Generator, series: int, periods: int) -> Floats:
    """Counts with a strong season, a slow trend and noise."""
    t = np.arange(periods)
    shape = 1 + 0.5 * np.sin(2 * np.pi * t / 12)
    base = rng.uniform(200, 2000, size=(series, 1)) * (1 + 0.004 * t)
    return rng.poisson(base * shape * np.exp(rng.normal(0, 0.05, (series, periods)))).astype(float)


def long_table(values: Floats, times: list[str]) -> pl.DataFrame:
    """The history table of (series, periods); NaN are left out."""
    series, periods = values.shape
    frame = pl.DataFrame(
        {
            "group": np.repeat([f"g{row:03d}" for row in range(series)], periods),
            "time": times * series,
            "value": values.ravel(),
        }
    )
    return frame.filter(pl.col("value").is_not_nan())
