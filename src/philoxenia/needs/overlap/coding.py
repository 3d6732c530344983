"""A column of groups as small numbers, in the order of the names; empty is `unknown`."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from philoxenia.needs.populations import UNKNOWN


@dataclass(frozen=True)
class Coded:
    """`codes` of the rows point into `names`, which are sorted."""

    names: pl.Series
    codes: np.ndarray[Any, np.dtype[np.int32]]


def coded(column: pl.Series) -> Coded:
    """One pass over the texts; the few distinct ones are named afterwards."""
    texts = column if column.dtype == pl.String else column.cast(pl.String)
    physical = texts.cast(pl.Categorical).to_physical()
    highest = int(physical.max() or 0) + 1  # type: ignore[arg-type]
    raw = (physical.fill_null(highest) if physical.null_count() else physical).to_numpy()
    # Where each number first stands; numbers of texts that other columns brought in stand nowhere.
    first = np.full(highest + 1, -1, dtype=np.int64)
    first[raw[::-1]] = np.arange(len(raw))[::-1]
    present = np.flatnonzero(first >= 0)
    said = texts.gather(first[present]).fill_null(UNKNOWN).replace("", UNKNOWN)
    names = said.unique().sort()
    table = np.zeros(highest + 1, dtype=np.int32)
    table[present] = names.search_sorted(said).to_numpy()
    return Coded(names, table[raw])
