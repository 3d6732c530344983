"""Rules about time: one row for each time, no gaps, one frequency, enough years, capacity that holds intake
down.
"""

from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from philoxenia.exchange.contract import Rule
from philoxenia.exchange.limits import limit
from philoxenia.exchange.rules.context import ROW, Context, named, shown
from philoxenia.exchange.spelling import listed
from philoxenia.vocabulary import Frequency, Period, parse_period

_SHOWN = 6


def _periods(values: pl.Series) -> dict[str, Period]:
    return {text: parse_period(text) for text in values.drop_nulls().unique().cast(pl.String).to_list()}


def one_frequency(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `one_frequency`: a period column does not mix months, quarters and years."""
    column = rule["column"]
    if context.lacks(rule, table, [column]):
        return table
    by_frequency: dict[str, str] = {}
    for text, period in sorted(_periods(table[column]).items()):
        by_frequency.setdefault(period.frequency.value, text)
    if len(by_frequency) > 1:
        odd = table.filter(table[column].cast(pl.String).is_in(list(by_frequency.values())))
        value = listed(sorted(by_frequency.values()))
        context.ledger.find("frequency_mixed", column, shown(odd), odd.height, value=value)
    return table


def continuous(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `continuous`: every time between the first and the last is there, for each group `by`.

    With `shared = true` a group may begin late or end early, but all groups together leave no time out.
    """
    column, by = rule["column"], list(rule.get("by", ()))
    if context.lacks_rows(rule):
        return table
    if context.lacks(rule, table, [column, *by]):
        return table
    if isinstance(table.schema[column], pl.Date):
        _gaps_in_days(column, table, context)
        return table
    periods = _periods(table[column])
    if len({period.frequency for period in periods.values()}) != 1:
        return table
    ordinals = {text: period.ordinal for text, period in periods.items()}
    frame = table.select(
        pl.col(column)
        .cast(pl.String)
        .replace_strict(ordinals, default=None, return_dtype=pl.Int64)
        .alias("t"),
        (named(table, by) if by else pl.Series([""] * table.height)).alias("g"),
    ).drop_nulls("t")
    frequency = next(iter(periods.values())).frequency
    for gap, groups in _gaps(frame, frequency).items():
        _tell_gap(context, column, list(gap), groups if by else [])
    return table


def _gaps(frame: pl.DataFrame, frequency: Frequency) -> dict[tuple[str, ...], list[str]]:
    """The missing times of each group, groups with the same ones together."""
    spans = frame.group_by("g").agg(
        pl.col("t").min().alias("first"), pl.col("t").max().alias("last"), pl.col("t").unique().alias("there")
    )
    broken = spans.filter(pl.col("there").list.len() <= pl.col("last") - pl.col("first")).sort("g")
    gaps: dict[tuple[str, ...], list[str]] = {}
    for group, first, last, there in broken.head(limit("report", "groups_walked")).iter_rows():
        known = set(there)
        absent = (str(Period(frequency, o)) for o in range(first, last + 1) if o not in known)
        gaps.setdefault(tuple(absent), []).append(str(group))
    return gaps


def _tell_gap(context: Context, column: str, absent: list[str], groups: list[str]) -> None:
    context.ledger.find(
        "time_gap",
        column,
        [(-1, text) for text in absent[:_SHOWN]],
        len(absent),
        variant=" ".join(absent[:3]) + "".join(groups),
        value=listed(absent, _SHOWN),
        verb="is" if len(absent) == 1 else "are",
        by=f" for {listed(groups)}" if groups else "",
    )


def _gaps_in_days(column: str, table: pl.DataFrame, context: Context) -> None:
    days = table[column].drop_nulls().unique().sort().to_list()
    if not days:
        return
    there = set(days)
    span = (days[-1] - days[0]).days
    absent = [days[0] + timedelta(days=i) for i in range(span) if days[0] + timedelta(days=i) not in there]
    runs = _runs(absent)
    if runs:
        _tell_gap(context, column, runs, [])


def _runs(days: list[date]) -> list[str]:
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]


def short_history(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `short_history`: says that a table with fewer than `years` years bears no seasonal pattern."""
    column = rule["column"]
    if context.lacks(rule, table, [column]):
        return table
    texts = table[column].drop_nulls().unique().cast(pl.String).str.slice(0, 7).unique().sort()
    texts = texts.filter(texts.str.len_chars() == 7)
    months = [text for text in texts.to_list() if "Q" not in text]
    seen = {text[5:7] for text in months}
    full_years = min((sum(text[5:7] == month for text in months) for month in sorted(seen)), default=0)
    if months and (len(seen) < 12 or full_years < rule["years"]):
        spans = _month_spans(months)
        value = f"The table covers {listed(spans)} only"
        context.ledger.find("short_history", column, count=1, value=value)
    return table


def _month_spans(months: list[str]) -> list[str]:
    spans: list[list[Period]] = []
    for period in map(parse_period, months):
        if spans and period - spans[-1][-1] == 1:
            spans[-1].append(period)
        else:
            spans.append([period])
    return [str(span[0]) if len(span) == 1 else f"{span[0]} to {span[-1]}" for span in spans]


def censored(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `censored`: from `since` on the `columns` are held down by capacity; said where the file reaches
    that far.
    """
    column = rule["column"]
    if context.lacks(rule, table, [column]):
        return table
    last = table[column].unique().cast(pl.String).max()
    if isinstance(last, str) and last >= rule["since"]:
        columns = listed([context.header(name) for name in rule["columns"] if name in table.columns])
        context.ledger.find("censored", column, count=1, since=rule["since"], columns=columns)
    return table


def labels_changed(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `labels_changed`: says where the names used in `column` differ from one year to the next."""
    column, time = rule["column"], rule["time"]
    if context.lacks(rule, table, [column, time]):
        return table
    distinct = table.select(time, column).unique(maintain_order=True)
    years = distinct.select(
        pl.col(time).cast(pl.String).str.slice(0, 4).alias("year"),
        pl.col(column).cast(pl.String).alias("label"),
    ).drop_nulls()
    labels = {
        str(year): set(group["label"].to_list())
        for (year,), group in years.group_by("year", maintain_order=True)
    }
    ordered = sorted(labels)
    for earlier, later in pairwise(ordered):
        gone, new = sorted(labels[earlier] - labels[later]), sorted(labels[later] - labels[earlier])
        parts = [f"{listed(gone)} no longer used"] if gone else []
        parts += [f"{listed(new)} new"] if new else []
        if parts:
            context.ledger.find(
                "labels_changed",
                column,
                count=1,
                variant=later,
                earlier=earlier,
                later=later,
                value="; ".join(parts),
            )
    return table


def repeated_times(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `repeated_times`: one row for each time in a series without a group."""
    column, by = rule["column"], list(rule.get("by", ()))
    if context.lacks(rule, table, [column, *by]):
        return table
    names = named(table, [column, *by])
    doubled = table.filter(names.is_duplicated())
    if doubled.height:
        value = str(doubled[column].cast(pl.String)[0])
        cells = shown(doubled.sort(ROW))
        context.ledger.find("time_repeated", column, cells, doubled.height, value=value, by="")
    return table
