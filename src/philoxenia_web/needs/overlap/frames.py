"""The protected figures as tables for programs: the same sums as on the pages, too few as null."""

from typing import Any

import polars as pl

from philoxenia_web.needs.counting import POPULATIONS, Counts, LinkError, by_group, counts
from philoxenia_web.needs.cube import EVERYBODY, Cube
from philoxenia_web.needs.overlap.asked import Asked

_FIGURES = {
    "people": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "base": pl.Float64,
    "share": pl.Float64,
    "lift": pl.Float64,
}
OVERLAP = {"needs": pl.String, "size": pl.Int64, "population": pl.String, **_FIGURES}
GROUPS = {"grouping": pl.String, "group": pl.String, "needs": pl.String, "population": pl.String, **_FIGURES}


def overlap_frame(cube: Cube, asked: Asked, error: LinkError) -> pl.DataFrame:
    """Each combination of the chosen needs in each population; those of too few have nulls."""
    rows = []
    for population in POPULATIONS:
        found = counts(cube, asked.needs, population, error, asked.grouping, asked.groups)
        for combination in range(1, 1 << len(asked.needs)):
            codes = _codes(asked.needs, combination)
            told = {"needs": ";".join(codes), "size": len(codes), "population": population}
            rows.append(told | _figures(found, combination, asked.exactly))
    return pl.DataFrame(rows, schema=OVERLAP)


def groups_frame(cube: Cube, together: tuple[str, ...], error: LinkError) -> pl.DataFrame:
    """One combination in each district, sex, age and language that is let out."""
    full = (1 << len(together)) - 1
    rows = [
        {"grouping": grouping, "group": group, "needs": ";".join(together), "population": population}
        | _figures(found, full, exactly=False)
        for grouping in cube.tables
        if grouping != EVERYBODY
        for population in POPULATIONS
        for group, found in by_group(cube, together, population, error, grouping).items()
    ]
    return pl.DataFrame(rows, schema=GROUPS)


def _codes(needs: tuple[str, ...], combination: int) -> list[str]:
    return [need for place, need in enumerate(needs) if combination >> place & 1]


def _figures(found: Counts, combination: int, exactly: bool) -> dict[str, Any]:
    figure = found.figure(combination, exactly)
    return {
        "people": figure.people,
        "low": figure.low,
        "high": figure.high,
        "base": figure.base,
        "share": figure.share,
        "lift": found.lift(combination) if figure.people is not None else None,
    }
