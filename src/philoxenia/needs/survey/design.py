"""How a sample was drawn: weights, strata, primary sampling units, finite population correction.

Only the first stage counts, as is usual (ultimate clusters: Hansen, Hurwitz and Madow 1953). A cluster is
known by its stratum and its name, so that cluster 1 of the north is not cluster 1 of the south.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from philoxenia.needs.travel import Floats
from philoxenia.needs.types import NeedsError

Codes = np.ndarray[Any, np.dtype[np.int64]]
SINGLETONS = ("centre", "certainty", "refuse")


@dataclass(frozen=True)
class Design:
    """The design of n rows: `weights` (n), `cluster` (n) from 0, and for each cluster its `stratum` from 0.

    `fraction` is the share of each stratum's clusters that was drawn (0: no correction). `singleton` rules
    what a stratum of one cluster adds: `centre` its distance from the mean of all clusters (on the safe
    side), `certainty` nothing, `refuse` an error.
    """

    weights: Floats
    cluster: Codes
    stratum: Codes
    fraction: Floats
    singleton: str = "centre"
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.weights)

    def only(self, rows: np.ndarray[Any, np.dtype[np.bool_]]) -> Floats:
        """The weights of some rows, zero elsewhere: a domain keeps all strata and clusters."""
        return np.where(rows, self.weights, 0.0)


def survey_design(
    frame: pl.DataFrame,
    weight: str | None = None,
    stratum: str | None = None,
    cluster: str | None = None,
    fpc: str | None = None,
    singleton: str = "centre",
) -> Design:
    """The design from the columns of a survey; what is not named is equal, one, the row itself and none.

    `fpc` holds for each row how many clusters (or rows, without clusters) its stratum has in all. Raises
    `NeedsError` for columns that are missing, empty or contradict each other.
    """
    named = {"weight": weight, "stratum": stratum, "cluster": cluster, "fpc": fpc}
    for role, column in named.items():
        if column is not None and column not in frame.columns:
            raise NeedsError(f"The survey has no column {column!r} for the {role} of its design.")
    if singleton not in SINGLETONS:
        raise NeedsError(f"singleton is {singleton!r}; it must be one of {', '.join(SINGLETONS)}.")
    if frame.is_empty():
        raise NeedsError("The survey has no rows, so nothing can be estimated.")
    weights = np.ones(frame.height) if weight is None else _weights(frame[weight])
    strata = _codes(frame, [stratum] if stratum else [])
    clusters = _codes(frame, [name for name in (stratum, cluster) if name]) if cluster else _each(frame)
    of_cluster = np.zeros(int(clusters.max()) + 1, dtype=np.int64)
    of_cluster[clusters] = strata
    drawn = np.bincount(of_cluster)
    fraction = np.zeros(len(drawn)) if fpc is None else _fraction(frame[fpc], strata, drawn)
    notes = _told(drawn, fraction, singleton)
    return Design(weights, clusters, of_cluster, fraction, singleton, notes)


def _each(frame: pl.DataFrame) -> Codes:
    return np.arange(frame.height, dtype=np.int64)


def _codes(frame: pl.DataFrame, columns: list[str]) -> Codes:
    if not columns:
        return np.zeros(frame.height, dtype=np.int64)
    for name in columns:
        if missing := frame[name].null_count():
            raise NeedsError(
                f"{missing} rows have no {name}. Every row of a survey belongs to a stratum and a cluster: "
                "fill it in, or leave the column out of the design."
            )
    codes = frame.select(pl.struct(columns).rank("dense").alias("code"))["code"]
    return codes.to_numpy().astype(np.int64) - 1


def _weights(column: pl.Series) -> Floats:
    try:
        numbers = column.cast(pl.Float64)
    except pl.exceptions.InvalidOperationError as fault:
        raise NeedsError(f"The weights in {column.name} are not numbers.") from fault
    weights = numbers.fill_null(np.nan).to_numpy()
    wrong = int((~np.isfinite(weights) | (weights < 0)).sum())
    if wrong or not weights.sum() > 0:
        raise NeedsError(
            f"{wrong or 'All'} of {len(weights)} weights in {column.name} are missing, negative or zero. "
            "A weight says for how many a row stands; drop rows without one."
        )
    return np.asarray(weights, dtype=float)


def _fraction(column: pl.Series, strata: Codes, drawn: Codes) -> Floats:
    sizes = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
    least, most = np.full(len(drawn), np.inf), np.zeros(len(drawn))
    np.minimum.at(least, strata, sizes)
    np.maximum.at(most, strata, sizes)
    if not np.array_equal(least, most) or not np.isfinite(least).all():
        raise NeedsError(
            f"{column.name} must hold one number for each stratum: how many clusters the stratum has in all."
        )
    if (least < drawn).any():
        raise NeedsError(f"{column.name} says a stratum has fewer clusters than were drawn from it.")
    return np.asarray(drawn / least, dtype=float)


def _told(drawn: Codes, fraction: Floats, singleton: str) -> tuple[str, ...]:
    single = int(((drawn == 1) & (fraction < 1)).sum())
    if not single:
        return ()
    if singleton == "refuse":
        raise NeedsError(
            f"{single} strata have one cluster only, so their spread is unknown. Join strata, or choose "
            "singleton = 'centre' (on the safe side) or 'certainty' (if it was bound to be drawn)."
        )
    adds = "its distance from the mean of all clusters" if singleton == "centre" else "nothing"
    return (f"{single} strata have one cluster only; each adds {adds} to the errors.",)
