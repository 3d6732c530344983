"""Sector scores from conditions, and what follows from them for a household.

REACH, Multi-Sector Needs Assessment 2024 (analysis package humind 2024.1): a sector's score is the highest
of its parts, a household's the highest of its sectors, whatever is not known left out; in need from 3 on, in
severe need from 4 on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from philoxenia.needs.types import NeedsError

LOWEST, HIGHEST = 1, 5
IN_NEED, SEVERE = 3, 4
SCORE = "severity_score"


@dataclass(frozen=True)
class Part:
    """Conditions for scores, by score; the highest score whose condition holds counts.

    Where no condition holds the score is 1, if none of them is unknown and 1 has no condition of its own.
    """

    scores: Mapping[int, pl.Expr]


@dataclass(frozen=True)
class Sector:
    """One sector: parts of which the highest counts, or a column that holds its score already."""

    id: str
    parts: tuple[Part, ...] = ()
    column: str = ""


def severity(frame: pl.DataFrame, sectors: Sequence[Sector]) -> pl.DataFrame:
    """One row a household: a score for each sector (null unknown), severity_score, in_need, severe, sectors.

    `sectors` counts the sectors in need. Raises `NeedsError` for scores that are no whole number from 1 to 5.
    """
    ids = [sector.id for sector in sectors]
    if not ids or len(set(ids)) != len(ids) or SCORE in ids:
        raise NeedsError("Name each sector once, and one at least.")
    scored = frame.select(_score(sector).alias(sector.id) for sector in sectors)
    for sector in sectors:
        _check(scored[sector.id], sector)
    household = pl.max_horizontal(ids)
    in_need = [(pl.col(name) >= IN_NEED).fill_null(False).cast(pl.Int64) for name in ids]
    return scored.with_columns(pl.col(ids).cast(pl.Int64)).with_columns(
        household.cast(pl.Int64).alias(SCORE),
        in_need=household >= IN_NEED,
        severe=household >= SEVERE,
        sectors=pl.when(household.is_not_null()).then(pl.sum_horizontal(in_need)),
    )


def _score(sector: Sector) -> pl.Expr:
    if sector.column:
        return pl.col(sector.column)
    if not sector.parts:
        raise NeedsError(f"The sector {sector.id} has neither parts nor a column with its score.")
    return pl.max_horizontal(_part(part, sector.id) for part in sector.parts)


def _part(part: Part, sector: str) -> pl.Expr:
    wrong = [score for score in part.scores if not LOWEST <= score <= HIGHEST]
    if wrong or not part.scores:
        raise NeedsError(f"The sector {sector} gives a score of {wrong or 'nothing'}; scores go from 1 to 5.")
    known = pl.all_horizontal(condition.is_not_null() for condition in part.scores.values())
    lowest = pl.when(known).then(pl.lit(LOWEST)) if LOWEST not in part.scores else pl.lit(None, pl.Int32)
    # An unknown condition is passed over, as case_when does in REACH's own code.
    chosen: pl.Expr = lowest.cast(pl.Int64) if isinstance(lowest, pl.Expr) else pl.lit(None, pl.Int64)
    for score in sorted(part.scores):
        chosen = pl.when(part.scores[score].fill_null(False)).then(pl.lit(score)).otherwise(chosen)
    return chosen.cast(pl.Int64)


def _check(scores: pl.Series, sector: Sector) -> None:
    if not scores.dtype.is_numeric():
        raise NeedsError(f"The scores of the sector {sector.id} are not numbers.")
    known = scores.drop_nulls().cast(pl.Float64)
    wrong = known.filter((known < LOWEST) | (known > HIGHEST) | (known != known.round()))
    if wrong.len():
        raise NeedsError(
            f"{wrong.len()} scores of the sector {sector.id} are no whole number from 1 to 5. "
            "Recode them in the spec: `scores` gives a condition for each score."
        )
