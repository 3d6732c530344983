"""From a long table of history to panels: one for each measure, periods in order, gaps as gaps.

Owns what makes a history usable and the sentences for what is not. Ignores files.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.arrivals.learnt import column_of
from philoxenia.arrivals.types import Floats, HistoryError, Ints, Panel
from philoxenia.reference import Parameters
from philoxenia.vocabulary import Frequency, Period, PhiloxeniaError
from philoxenia.vocabulary.periods import parse_periods

NO_MEASURE = ""


@dataclass(frozen=True)
class Laid:
    """One measure on a grid: `values` is (groups, periods); the first column is the period `first`."""

    groups: tuple[str, ...]
    frequency: Frequency
    first: int
    values: Floats


@dataclass(frozen=True)
class Told:
    """Sentences on a history: series that are `left_out`, and `gapped` ones that are used all the same."""

    left_out: tuple[str, ...] = ()
    gapped: tuple[str, ...] = ()

    def __add__(self, other: "Told") -> "Told":
        return Told(self.left_out + other.left_out, self.gapped + other.gapped)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of them, the gravest first."""
        return (*self.left_out, *self.gapped)


def panels_of(
    history: pl.DataFrame, parameters: Parameters, signal: pl.DataFrame | None = None
) -> tuple[list[Panel], Told]:
    """Panels of a history (measure?, group?, time, value), and what is to be said of it.

    `signal` holds time, value and maybe group. Raises `HistoryError` for repeated periods, mixed periods, no
    rows.
    """
    frame = with_defaults(history)
    panels, told = list[Panel](), Told()
    for (measure,), rows in sorted(frame.group_by("measure"), key=lambda part: str(part[0][0])):
        laid = lay_out(rows, str(measure))
        usable, said = _usable(laid, str(measure), parameters)
        told += said
        panels += _split_by_sign(laid, usable, str(measure))
    if signal is not None:
        panels = [_with_signal(panel, signal) for panel in panels]
    return panels, told


def with_defaults(history: pl.DataFrame) -> pl.DataFrame:
    """The history with measure and group filled in, values as numbers; rows without a value are gaps."""
    if absent := [name for name in ("time", "value") if name not in history.columns]:
        raise HistoryError(
            f"A history needs the columns time and value; {' and '.join(absent)} is not there."
        )
    given = history.columns
    frame = history.select(
        measure=pl.col("measure").cast(pl.String) if "measure" in given else pl.lit(NO_MEASURE),
        group=pl.col("group").cast(pl.String) if "group" in given else pl.lit("all"),
        time=pl.col("time").cast(pl.String),
        value=pl.col("value").cast(pl.Float64).fill_nan(None),
    ).drop_nulls()
    if frame.is_empty():
        raise HistoryError("The history holds no value: every row lacks its time, its group or its value.")
    return frame


def lay_out(rows: pl.DataFrame, measure: str = NO_MEASURE) -> Laid:
    """One measure's rows (group, time, value) on a grid of groups by periods."""
    ordinals, frequency = ordinals_of(rows["time"])
    frame = rows.select("group", "value", "time").with_columns(ordinal=ordinals)
    _refuse_repeats(frame, frequency, measure)
    groups = tuple(sorted(frame["group"].unique().to_list()))
    place = {group: row for row, group in enumerate(groups)}
    first, last = int(frame["ordinal"].min()), int(frame["ordinal"].max())  # type: ignore[arg-type]
    values = np.full((len(groups), last - first + 1), np.nan)
    rows_at = np.array([place[group] for group in frame["group"]])
    values[rows_at, frame["ordinal"].to_numpy() - first] = frame["value"].to_numpy()
    if not np.isfinite(values[~np.isnan(values)]).all():
        raise HistoryError("A value is infinite. Leave the cell empty where nothing was recorded.")
    return Laid(groups, frequency, first, values)


def ordinals_of(times: pl.Series) -> tuple[pl.Series, Frequency]:
    """Ordinals of periods written as text, as a series `ordinal`, and their common frequency."""
    distinct = times.unique(maintain_order=True).to_list()
    try:
        periods = parse_periods(distinct)
    except PhiloxeniaError as problem:
        raise HistoryError(str(problem)) from problem
    table = {text: period.ordinal for text, period in zip(distinct, periods, strict=True)}
    return times.replace_strict(table, return_dtype=pl.Int64).alias("ordinal"), periods[0].frequency


def _refuse_repeats(frame: pl.DataFrame, frequency: Frequency, measure: str) -> None:
    repeated = frame.group_by("group", "ordinal").len().filter(pl.col("len") > 1).sort("group", "ordinal")
    if repeated.is_empty():
        return
    group, ordinal, count = repeated.row(0)
    which = f" of {measure!r}" if measure else ""
    raise HistoryError(
        f"Group {group!r}{which} has {count} values for {Period(frequency, ordinal)}"
        f"{f', and {repeated.height - 1} more periods repeat' if repeated.height > 1 else ''}. Name the "
        "columns that tell these rows apart as groups, or add the rows up first."
    )


def _usable(laid: Laid, measure: str, parameters: Parameters) -> tuple[list[int], Told]:
    """Rows that can be forecast, and sentences on those that cannot or that have gaps."""
    fewest = int(parameters["arrivals.fewest_points"])
    longest = int(parameters[f"arrivals.longest_gap.{column_of(laid.frequency)}"])
    usable, short, ended, gapped = list[int](), list[str](), list[str](), list[str]()
    end = laid.values.shape[1] - 1
    for row, group in enumerate(laid.groups):
        known = np.flatnonzero(~np.isnan(laid.values[row]))
        name = f"The series {measure!r}, {group!r}," if measure else f"The series {group!r}"
        if len(known) < fewest:
            short.append(f"{name} has {len(known)} values, fewer than {fewest}: not forecast.")
        elif end - known[-1] > longest:
            last = Period(laid.frequency, laid.first + int(known[-1]))
            ended.append(f"{name} ends in {last}, {end - known[-1]} periods before the others: not forecast.")
        else:
            usable.append(row)
            gapped += _tell_gaps(laid, row, known, name)
    return usable, Told((*_at_most(short), *_at_most(ended)), tuple(_at_most(gapped)))


def _at_most(sentences: list[str], shown: int = 5) -> list[str]:
    """The first few of many sentences of one kind, and how many more there are."""
    if len(sentences) <= shown + 1:
        return sentences
    return [*sentences[:shown], f"The same holds for {len(sentences) - shown} more groups."]


def _tell_gaps(laid: Laid, row: int, known: Ints, name: str) -> list[str]:
    missing = int(laid.values.shape[1] - known[0] - len(known))
    if not missing:
        return []
    inside = np.flatnonzero(np.isnan(laid.values[row, known[0] :])) + known[0]
    first = Period(laid.frequency, laid.first + int(inside[0]))
    words = f"{missing} periods (first {first})" if missing > 1 else f"{first}"
    return [f"{name} lacks {words}: taken as not recorded; write 0 where nobody came."]


def _split_by_sign(laid: Laid, usable: list[int], measure: str) -> Iterator[Panel]:
    negative = [row for row in usable if np.nanmin(laid.values[row]) < 0]
    counts = [row for row in usable if row not in set(negative)]
    for rows in (counts, negative):
        if rows:
            names = tuple(laid.groups[row] for row in rows)
            yield Panel(measure, names, laid.frequency, laid.first, laid.values[rows])


def _with_signal(panel: Panel, signal: pl.DataFrame) -> Panel:
    """The panel with its upstream series: the same group's, or one for all where it names no groups."""
    laid = lay_out(with_defaults(signal), "the signal")
    if laid.frequency is not panel.frequency:
        raise HistoryError(
            f"The signal is recorded by {laid.frequency.name.lower()}, the series by "
            f"{panel.frequency.name.lower()}. Bring both to the same periods."
        )
    by_group = [laid.groups.index(group) if group in laid.groups else -1 for group in panel.groups]
    if "group" not in signal.columns:
        by_group = [0] * len(panel.groups)
    lead = laid.first + laid.values.shape[1] - panel.first - panel.periods
    width = panel.periods + max(lead, 0)
    columns = np.arange(width) + panel.first - laid.first
    inside = (columns >= 0) & (columns < laid.values.shape[1])
    picked = laid.values[:, columns.clip(0, laid.values.shape[1] - 1)]
    shown = np.where(inside, picked, np.nan)
    values = np.stack([shown[row] if row >= 0 else np.full(width, np.nan) for row in by_group])
    return Panel(panel.measure, panel.groups, panel.frequency, panel.first, panel.values, values, lead)
