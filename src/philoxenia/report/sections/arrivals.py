"""Who may come? Forecasts with their bands, demand beside records, how the model did before."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from philoxenia.report.charts import Fan, Point, fan_chart, recorded_chart
from philoxenia.report.document import (
    Cell,
    Column,
    Figure,
    Legend,
    Missing,
    Part,
    Picture,
    Points,
    Section,
    Swatch,
    Table,
    Text,
    folded,
    present,
)
from philoxenia.report.numbers import exact, interval, shown
from philoxenia.report.sections.backtest import backtest_part
from philoxenia.report.sections.places import holds
from philoxenia.report.sections.sayings import in_words
from philoxenia.report.types import ARRIVALS, Findings
from philoxenia.report.words import (
    counted,
    in_usual_order,
    label,
    period_name,
    prose,
    sentence_case,
    series_sentence,
    span_name,
    unit_of,
)

_EVERYBODY = "all"
_INTAKE, _STOCK = "newly_identified", "actively_homeless"
_YEARS_SHOWN = 6
_PANELS = 8
_NEEDED = ("measure", "group", "time", "median", "lower_80", "upper_80")
_BANDS = Legend(
    "The coming months",
    (
        Swatch("band-50", "half of all futures"),
        Swatch("band-80", "eight in ten"),
        Swatch("band-95", "95 in 100"),
    ),
)


def arrivals(findings: Findings) -> Section:
    """The section on who may come."""
    title = "Who may come?"
    if not holds(findings.forecasts, *_NEEDED):
        missing = Missing(
            "Arrivals are not forecast.",
            prose("arrivals.remedy"),
        )
        return Section(
            "arrivals",
            title,
            "How many may come cannot be told yet.",
            (),
            (missing, *_said(findings)),
        )
    parts = [_city_part(findings), _groups_part(findings), _wanted_part(findings), _table_part(findings)]
    parts.append(backtest_part(findings))
    return Section(
        "arrivals",
        title,
        arrivals_answer(findings),
        tuple(part for part in parts if part is not None),
        closing=_said(findings),
    )


def _said(findings: Findings) -> tuple[Points, ...]:
    left_out = in_words(findings.missing.get(ARRIVALS, ()), findings)
    noted = in_words(findings.remarks.get(ARRIVALS, ()), findings)
    return (*folded(left_out, "What could not be forecast"), *folded(noted, "Notes on the forecasts"))


def arrivals_answer(findings: Findings) -> str:
    """How many over the whole horizon, and where the stock will stand."""
    if not holds(findings.forecasts, *_NEEDED):
        return "How many may come cannot be told yet."
    sentences = [total_sentence(findings, main_measure(findings)), _stock_sentence(findings)]
    return " ".join(sentence for sentence in sentences if sentence)


def main_measure(findings: Findings) -> str:
    """The series a reader asks for first."""
    return measures(findings)[0]


def measures(findings: Findings) -> list[str]:
    """All forecast series, the usual ones in their usual order."""
    return in_usual_order(findings.forecasts["measure"].to_list())


def total_of(findings: Findings, measure: str) -> dict[str, Any] | None:
    """P10, P50, P90 of a series over the whole horizon for everybody, from sample paths."""
    if not holds(findings.arrival_totals, "measure", "group", "p10", "p50", "p90"):
        return None
    group = main_group(findings, measure)
    rows = findings.arrival_totals.filter((pl.col("measure") == measure) & (pl.col("group") == group))
    return rows.row(0, named=True) if rows.height else None


def total_sentence(findings: Findings, measure: str) -> str:
    """8,400 people (5,700 to 13,200) may come to shelter for the first time from January to December 2025."""
    total = total_of(findings, measure)
    if total is None or measure == _STOCK:
        return _last_sentence(findings, measure)
    amount = interval(total["p50"], total["p10"], total["p90"])
    span = span_name(str(total["first"]), str(total["last"]))
    return series_sentence(measure, amount, span, findings.labels) + "."


def _stock_sentence(findings: Findings) -> str:
    return _last_sentence(findings, _STOCK) if _STOCK in measures(findings) else ""


def _last_sentence(findings: Findings, measure: str) -> str:
    last = _forecast(findings, measure, main_group(findings, measure)).tail(1)
    if last.is_empty():
        return ""
    row = last.row(0, named=True)
    told = series_sentence(measure, _range(row), f"in {period_name(row['time'])}", findings.labels)
    return f"{told}{_beside_now(findings, measure, row['median'])}."


def _beside_now(findings: Findings, measure: str, middle: float) -> str:
    past = _history(findings, measure, main_group(findings, measure))
    if past.is_empty():
        return ""
    now = past.row(-1, named=True)
    return f"; the last record is {shown(now['value'])} in {period_name(now['time'])}"


def main_group(findings: Findings, measure: str) -> str:
    """Everybody where a series has such a group, else its largest one."""
    groups = _groups(findings, measure)
    return groups[0]


def _groups(findings: Findings, measure: str) -> list[str]:
    rows = findings.forecasts.filter(pl.col("measure") == measure)
    by_size = (
        rows.group_by("group")
        .agg(pl.col("median").mean())
        .sort(["median", "group"], descending=[True, False])
    )
    groups = by_size["group"].to_list()
    return sorted(groups, key=lambda group: group != _EVERYBODY)


def _forecast(findings: Findings, measure: str, group: str) -> pl.DataFrame:
    return findings.forecasts.filter((pl.col("measure") == measure) & (pl.col("group") == group)).sort("time")


def _history(findings: Findings, measure: str, group: str) -> pl.DataFrame:
    if not holds(findings.history, "measure", "group", "time", "value"):
        return pl.DataFrame(schema={"time": pl.String, "value": pl.Float64})
    rows = (pl.col("measure") == measure) & (pl.col("group") == group) & pl.col("value").is_not_null()
    return findings.history.filter(rows).sort("time")


def _range(row: Mapping[str, Any]) -> str:
    return interval(row["median"], row["lower_80"], row["upper_80"])


def _city_part(findings: Findings) -> Part:
    names = measures(findings)[:_PANELS]
    pictures = tuple(_panel(findings, measure, main_group(findings, measure), measure) for measure in names)
    figure = Figure(
        "chart-arrivals",
        total_sentence(findings, names[0]).rstrip("."),
        pictures,
        tuple(_last_sentence(findings, measure) for measure in names),
        _BANDS,
        _series_source(findings),
        wide=True,
    )
    text = Text(prose("arrivals.reading"))
    return Part("arrivals-series", "How many, month by month", (text, figure))


def _groups_part(findings: Findings) -> Part | None:
    measure = main_measure(findings)
    groups = _groups(findings, measure)[1 : _PANELS + 1]
    if not groups:
        return None
    figure = Figure(
        "chart-groups",
        f"{sentence_case(label(measure, findings.labels))}, by group",
        tuple(_panel(findings, measure, group, group) for group in groups),
        tuple(_group_sentence(findings, measure, group) for group in groups),
        _BANDS,
        _series_source(findings),
        wide=True,
    )
    text = Text(prose("arrivals.groups"))
    return Part("arrivals-groups", "Which groups", (text, figure))


def _group_sentence(findings: Findings, measure: str, group: str) -> str:
    row = _forecast(findings, measure, group).row(-1, named=True)
    name = sentence_case(label(group, findings.labels))
    return f"{name}: {_range(row)} {unit_of(measure)} in {period_name(row['time'])}."


def _panel(findings: Findings, measure: str, group: str, called: str) -> Picture:
    ahead, past = _forecast(findings, measure, group), _history(findings, measure, group)
    name = sentence_case(label(called, findings.labels))
    row = ahead.row(-1, named=True)
    fan = Fan(
        [Point(time, value) for time, value in past.select("time", "value").iter_rows()][-_kept(ahead) :],
        _points(ahead, "median", "lower_80", "upper_80"),
        [
            (level, _points(ahead, "median", f"lower_{level}", f"upper_{level}"))
            for level in ("95", "80", "50")
        ],
        unit_of(measure),
        f"Chart: {name}. {_range(row)} {unit_of(measure)} in {period_name(row['time'])}.",
        *_mean_of_last(past),
    )
    return fan_chart(fan, name)


def _kept(ahead: pl.DataFrame) -> int:
    per_year = 1 if len(ahead["time"][0]) == 4 else 4 if "Q" in ahead["time"][0] else 12
    return _YEARS_SHOWN * per_year * (4 if per_year == 1 else 1)


def _mean_of_last(past: pl.DataFrame) -> tuple[float | None, str]:
    last = past.tail(12)["value"].mean() if not past.is_empty() else None
    return (last, "") if isinstance(last, float) else (None, "")


def _points(rows: pl.DataFrame, middle: str, low: str, high: str) -> list[Point]:
    columns = ["time", middle, low, high]
    return [Point(*(row[name] for name in columns)) for row in rows.iter_rows(named=True) if low in row]


def _series_source(findings: Findings) -> str:
    if not holds(findings.history, "time"):
        return ""
    first, last = findings.history["time"].min(), findings.history["time"].max()
    return (
        f"Recorded {period_name(str(first))} to {period_name(str(last))}; the tables are named under Sources."
    )


def _wanted_part(findings: Findings) -> Part | None:
    frame = findings.demand
    if not holds(frame, "group", "time", "recorded", "estimated_p10", "estimated_p50", "estimated_p90"):
        return None
    groups = frame["group"].unique(maintain_order=True).to_list()[:4]
    figure = Figure(
        "chart-wanted",
        _wanted_sentence(findings, frame.filter(pl.col("group") == groups[0])).rstrip("."),
        tuple(_wanted_panel(findings, frame.filter(pl.col("group") == group), group) for group in groups),
        tuple(_wanted_sentence(findings, frame.filter(pl.col("group") == group)) for group in groups),
        Legend("", (Swatch("gap-80", "estimate: eight in ten futures"),)),
        _series_source(findings),
        wide=len(groups) > 1,
    )
    text = Text(prose("arrivals.wanted"))
    return Part("arrivals-wanted", "What was recorded, and what was wanted", (text, figure))


def _wanted_panel(findings: Findings, rows: pl.DataFrame, group: str) -> Picture:
    ordered = rows.sort("time")
    recorded = [Point(t, v) for t, v in ordered.select("time", "recorded").drop_nulls().iter_rows()]
    estimated = _points(
        ordered.drop_nulls("estimated_p50"), "estimated_p50", "estimated_p10", "estimated_p90"
    )
    name = sentence_case(label(group, findings.labels))
    return recorded_chart(
        recorded, estimated, unit_of(_INTAKE), f"Chart: {name}. {_wanted_sentence(findings, rows)}", name
    )


def _wanted_sentence(findings: Findings, rows: pl.DataFrame) -> str:
    row = rows.sort("time").drop_nulls(["recorded", "estimated_p50"]).row(-1, named=True)
    wanted = interval(row["estimated_p50"], row["estimated_p10"], row["estimated_p90"])
    group = sentence_case(label(row["group"], findings.labels))
    return f"{group}, {period_name(row['time'])}: {shown(row['recorded'])} recorded, {wanted} may have come."


def _table_part(findings: Findings) -> Part:
    rows = [row for measure in measures(findings) for row in _table_rows(findings, measure)]
    steps = _steps(findings)
    heads = (Column("Series"), Column("Last record", numeric=True))
    columns = (
        *heads,
        *(Column(period_name(time), numeric=True) for time in steps),
        Column("Whole horizon", numeric=True),
    )
    caption = "Forecasts for everybody and by group, with intervals for eight in ten futures"
    fold = f"Every series in figures ({counted(len(rows))} rows)"
    note = "All months, with 50 and 95% intervals: tables/forecasts.csv."
    table = Table("table-forecasts", caption, columns, tuple(rows), note, fold)
    return Part("arrivals-table", "In figures", present([table]))


def _steps(findings: Findings) -> list[str]:
    times = sorted(findings.forecasts["time"].unique().to_list())
    wanted = sorted({min(2, len(times) - 1), min(5, len(times) - 1), len(times) - 1})
    return [times[place] for place in wanted]


def _table_rows(findings: Findings, measure: str) -> list[tuple[Cell, ...]]:
    return [_table_row(findings, measure, group) for group in _groups(findings, measure)]


def _table_row(findings: Findings, measure: str, group: str) -> tuple[Cell, ...]:
    ahead = {row["time"]: row for row in _forecast(findings, measure, group).iter_rows(named=True)}
    past = _history(findings, measure, group)
    name = sentence_case(label(measure, findings.labels))
    named_group = "" if group == _EVERYBODY else f", {label(group, findings.labels)}"
    cells = [Cell(f"{name}{named_group}"), Cell(shown(past["value"][-1]) if past.height else "")]
    cells += [_month_cell(ahead.get(time)) for time in _steps(findings)]
    return (*cells, _horizon_cell(findings, measure, group))


def _month_cell(row: Mapping[str, Any] | None) -> Cell:
    return Cell(_range(row), exact(row["median"])) if row else Cell()


def _horizon_cell(findings: Findings, measure: str, group: str) -> Cell:
    totals = findings.arrival_totals
    if measure == _STOCK or not holds(totals, "measure", "group", "p10", "p50", "p90"):
        return Cell()
    rows: Sequence[dict[str, Any]] = totals.filter(
        (pl.col("measure") == measure) & (pl.col("group") == group)
    ).to_dicts()
    return (
        Cell(interval(rows[0]["p50"], rows[0]["p10"], rows[0]["p90"]), exact(rows[0]["p50"]))
        if rows
        else Cell()
    )
