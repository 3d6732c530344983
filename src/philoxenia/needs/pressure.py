"""Composite pressure by district and aspect, with the bands it moves in.

Never across aspects and never one score for the city: that would hide which pressure it is, and whose.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from philoxenia.needs.catalogue import indicators
from philoxenia.needs.composite import IndicatorMatrix, Scores, places, scores
from philoxenia.needs.travel import Floats
from philoxenia.needs.types import PRESSURE_COLUMNS, NeedsError
from philoxenia.reference import default_parameters
from philoxenia.vocabulary import Aspect, Population

_LABELS = ("district_id", "aspect", "population")
_NUMBERS = {name: kind for name, kind in PRESSURE_COLUMNS.items() if name not in _LABELS}


def indicator_weights(parameters: Mapping[str, float]) -> dict[str, float]:
    """The weight of every indicator within its aspect; a city overrides `needs.weight.<indicator>`."""
    return {indicator.id: parameters[f"needs.weight.{indicator.id}"] for indicator in indicators()}


def pressure(
    values: pl.DataFrame,
    weights: Mapping[str, float],
    seed: int,
    parameters: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """Score 0 to 100 of each district by aspect and population, its rank, and the bands of both.

    The score is the weighted mean of the district's percentiles, 100 the most pressed. It compares districts
    of this city: it is no amount of need, and a high score may hold few people. The band holds
    `needs.sensitivity_level` of the seeded variations (see `composite.py`) and always the score itself.
    A district and population has no row where under `needs.minimum_weight_share` of the weight is known, so
    newcomers are scored only on aspects that are mostly published for them. `values` as from
    `indicator_values`; an indicator not in `weights` weighs nothing. Raises `NeedsError` for a weight of an
    indicator that is not declared.
    """
    settings = parameters or default_parameters()
    frames = [pl.DataFrame(schema=PRESSURE_COLUMNS)]
    for aspect, population, matrix in matrices(values, weights):
        found = scores(matrix, seed, settings)
        summary = _summary(matrix, found, settings["needs.sensitivity_level"])
        labels = {"aspect": pl.lit(str(aspect)), "population": pl.lit(str(population))}
        frames.append(summary.with_columns(**labels))
    return pl.concat([frame.select(list(PRESSURE_COLUMNS)) for frame in frames])


def matrices(
    values: pl.DataFrame, weights: Mapping[str, float], among: tuple[str, ...] = ()
) -> Iterator[tuple[Aspect, Population, IndicatorMatrix]]:
    """The figures of each aspect and population, over the indicators this city has for anybody.

    `among` gives the rows; without it they are the districts with any figure: one
    where nobody lives has none.
    """
    _check_weights(weights)
    districts = among or tuple(values["district_id"].unique().sort())
    there = set(values["indicator"].unique())
    for aspect in Aspect:
        names = tuple(row.id for row in indicators() if row.aspect is aspect and row.id in there)
        directions = np.array([row.direction for row in indicators() if row.id in names], dtype=float)
        for population in Population:
            rows = values.filter((pl.col("population") == population) & pl.col("indicator").is_in(names))
            if rows.height:
                yield (
                    aspect,
                    population,
                    IndicatorMatrix(
                        districts,
                        names,
                        _wide(rows, "value", districts, names) * directions,
                        _wide(rows, "standard_error", districts, names),
                        np.array([weights.get(name, 0.0) for name in names]),
                    ),
                )


def _check_weights(weights: Mapping[str, float]) -> None:
    known = [row.id for row in indicators()]
    for name, weight in weights.items():
        if name not in known:
            raise NeedsError(f"There is no indicator {name!r} to weigh. Known: {', '.join(known)}.")
        if not weight >= 0:
            raise NeedsError(f"The weight of {name} is {weight}; it must be 0 or more.")


def _wide(rows: pl.DataFrame, column: str, districts: tuple[str, ...], names: tuple[str, ...]) -> Floats:
    wide = np.full((len(districts), len(names)), np.nan)
    row_of = {district: number for number, district in enumerate(districts)}
    column_of = {name: number for number, name in enumerate(names)}
    known = rows.drop_nulls(column)
    at = [row_of[district] for district in known["district_id"]]
    to = [column_of[name] for name in known["indicator"]]
    wide[at, to] = known[column].to_numpy()
    return wide


def _summary(matrix: IndicatorMatrix, found: Scores, level: float) -> pl.DataFrame:
    scored = np.isfinite(found.stated)
    stated, draws = found.stated[scored], found.draws[:, scored]
    rank = places(stated[None])[0]
    tails = [(1 - level) / 2, (1 + level) / 2]
    score_low, score_high = np.quantile(draws, tails, axis=0)
    rank_low, rank_high = np.quantile(places(draws), tails, axis=0, method="inverted_cdf")
    return pl.DataFrame(
        {
            "district_id": [name for name, kept in zip(matrix.districts, scored, strict=True) if kept],
            "score": stated,
            "score_low": np.minimum(score_low, stated),
            "score_high": np.maximum(score_high, stated),
            "rank": rank,
            "rank_low": np.minimum(rank_low, rank),
            "rank_high": np.maximum(rank_high, rank),
            "indicators": matrix.weighed[scored].sum(axis=1),
        },
        schema_overrides=_NUMBERS,
    )
