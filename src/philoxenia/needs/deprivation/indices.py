"""From deprivations to H, A, M0, M1, M2, censored headcounts, contributions and parts of groups."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from philoxenia.needs.deprivation.counting import Bools, Counted, count
from philoxenia.needs.deprivation.types import EVERYBODY, Deprivation, Dimension
from philoxenia.needs.survey import Design, Estimates, means, ratios, survey_design
from philoxenia.needs.travel import Floats
from philoxenia.needs.types import NeedsError


def deprivation(
    frame: pl.DataFrame,
    dimensions: Sequence[Dimension],
    k: float,
    design: Design | None = None,
    by: str | None = None,
    level: float | None = None,
) -> Deprivation:
    """The Alkire-Foster family for everybody and for each group of the column `by`.

    Rows without an answer in some dimension are left out and told. `design` (default: every row counts one)
    carries weights, strata and clusters. Errors are linearised: A is a mean over the poor (its base),
    contributions are ratios, all else means over everybody. M0 is the sum over groups of share x M0 of the
    group, exactly. Alkire and Foster 2011, equations 2 to 5; Alkire et al. 2015, chapters 5 and 8. Raises
    `NeedsError`.
    """
    counted = count(frame, dimensions, k)
    drawn = design or survey_design(frame)
    if not counted.known.any():
        raise NeedsError("No row has an answer in every dimension, so nobody can be counted.")
    names, groups = _groups(frame, by, counted.known)
    indices = _indices(counted, names, groups, drawn, level)
    headcounts = _headcounts(counted, dimensions, names, groups, drawn, level)
    notes = (*_left_out(counted, drawn), *_no_gaps(counted), *drawn.notes)
    return Deprivation(indices, headcounts, _parts(indices), k / sum(d.weight for d in dimensions), notes)


def _groups(frame: pl.DataFrame, by: str | None, known: Bools) -> tuple[list[str], Bools]:
    if by is None:
        return [EVERYBODY], known[:, None]
    if by not in frame.columns:
        raise NeedsError(f"There is no column {by!r} to tell groups by.")
    column = frame[by].cast(pl.String).fill_null("unknown")
    names = sorted(set(column))
    if EVERYBODY in names:
        raise NeedsError(
            f"A group is called {EVERYBODY!r}, which stands for everybody. Call it another name."
        )
    inside = [(column == name).to_numpy() & known for name in names]
    return [EVERYBODY, *names], np.stack([known, *inside], axis=1)


def _indices(
    counted: Counted, names: list[str], groups: Bools, design: Design, level: float | None
) -> pl.DataFrame:
    poor = counted.poor.astype(float)
    score = np.where(counted.poor, counted.score, 0.0)
    rows = {
        "H": means(poor, groups, design, share=True, level=level),
        "A": means(score, groups & counted.poor[:, None], design, share=True, level=level),
        "M0": means(score, groups, design, share=True, level=level),
    }
    for power in (1, 2):
        if counted.gap is None:
            rows[f"M{power}"] = _none(rows["M0"])
        else:
            gaps = np.where(counted.poor, counted.gap**power @ counted.weights, 0.0)
            rows[f"M{power}"] = means(gaps, groups, design, share=True, level=level)
    frames = [
        figures(found, names).insert_column(1, _word("measure", name, names)) for name, found in rows.items()
    ]
    return pl.concat(frames)


def _headcounts(
    counted: Counted,
    dimensions: Sequence[Dimension],
    names: list[str],
    groups: Bools,
    design: Design,
    level: float | None,
) -> pl.DataFrame:
    score = np.where(counted.poor, counted.score, 0.0)
    frames = []
    for place, dimension in enumerate(dimensions):
        short = counted.short[:, place].astype(float)
        censored = short * counted.poor
        weight = float(counted.weights[place])
        made = {
            "uncensored": means(short, groups, design, share=True, level=level),
            "censored": means(censored, groups, design, share=True, level=level),
            "contribution": ratios(weight * censored, score, groups, design, share=True, level=level),
        }
        for measure, found in made.items():
            told = figures(found, names).with_columns(
                dimension=pl.lit(dimension.name), weight=pl.lit(weight), measure=pl.lit(measure)
            )
            frames.append(
                told.select(
                    "group",
                    "dimension",
                    "weight",
                    "measure",
                    pl.exclude("group", "dimension", "weight", "measure"),
                )
            )
    return pl.concat(frames)


def figures(found: Estimates, names: Sequence[str]) -> pl.DataFrame:
    """Estimates as rows: group, value, error, low, high, base, people, effect; NaN is null."""
    columns = {
        "value": found.value,
        "error": found.error,
        "low": found.low,
        "high": found.high,
        "base": found.base,
        "people": found.people,
        "effect": found.effect,
    }
    return pl.DataFrame({"group": list(names), **columns}).with_columns(pl.selectors.float().fill_nan(None))


def _word(name: str, word: str, names: Sequence[str]) -> pl.Series:
    return pl.Series(name, [word] * len(names), dtype=pl.String)


def _none(like: Estimates) -> Estimates:
    gone: Floats = np.full(len(like.value), np.nan)
    return Estimates(gone, gone, gone, gone, like.base, like.people, like.freedom, gone, like.covariance)


def _parts(indices: pl.DataFrame) -> pl.DataFrame:
    """Share of the people and part of M0 of each group; empty without groups."""
    rows = indices.filter(pl.col("measure") == "M0")
    whole = rows.filter(pl.col("group") == EVERYBODY)
    people, total = whole["people"].item(), whole["value"].item()
    groups = rows.filter(pl.col("group") != EVERYBODY)
    share = pl.col("people") / people
    part = pl.when(pl.lit(total) > 0).then(share * pl.col("value").fill_null(0) / total)
    return groups.select("group", "base", share=share, value="value", contribution=part)


def _left_out(counted: Counted, design: Design) -> tuple[str, ...]:
    missing = int((~counted.known).sum())
    if not missing:
        return ()
    share = design.weights[~counted.known].sum() / design.weights.sum()
    return (
        f"{missing} of {len(counted.known)} rows ({share:.1%} by weight) lack an answer in some dimension "
        "and are left out: if they differ from the rest, so do the figures.",
    )


def _no_gaps(counted: Counted) -> tuple[str, ...]:
    if counted.gap is not None:
        return ()
    return (
        "M1 and M2 measure how far below a cutoff people are; a yes-or-no dimension has no such distance.",
    )
