"""The frame every small-area estimate ends in, and the intervals of its replicates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
COLUMNS = ("district_id", "measure", "population", "estimate", "low", "high", "base", "unit", "source")
SCHEMA = {name: pl.Float64 if name in ("estimate", "low", "high", "base") else pl.String for name in COLUMNS}


@dataclass(frozen=True)
class Estimates:
    """Estimates by district, and what a reader must know of them.

    table: district_id, measure, population, estimate, low, high, base, unit, source. `base` is the number of
    households the estimate is of; low and high are empty where a figure is counted.
    """

    table: pl.DataFrame
    notes: tuple[str, ...]


def rows(
    districts: Sequence[str],
    names: tuple[str, str],
    values: Floats,
    replicates: Floats | None,
    base: Floats,
    unit: str,
    source: str,
    confidence: float = 0.95,
) -> pl.DataFrame:
    """Rows of one measure and population (`names`); replicates are (replicates, districts)."""
    low = high = np.full(len(districts), np.nan)
    if replicates is not None:
        low, high = np.quantile(replicates, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
        # A bootstrap may sit to one side of the estimate; the interval always holds it.
        low, high = np.minimum(low, values), np.maximum(high, values)
    frame = pl.DataFrame(
        {
            "district_id": list(districts),
            "measure": names[0],
            "population": names[1],
            "estimate": values,
            "low": low,
            "high": high,
            "base": base,
            "unit": unit,
            "source": source,
        },
        schema_overrides=SCHEMA,
    )
    return frame.with_columns(pl.col("estimate", "low", "high").fill_nan(None))
