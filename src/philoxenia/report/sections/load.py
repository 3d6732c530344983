"""What will that ask? Demand, capacity and gaps by service, month and district."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from philoxenia.report.charts import Point, gap_chart
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
from philoxenia.report.numbers import exact, interval, percent, shown
from philoxenia.report.sections.gaps import gap_maps_part, gap_table_part
from philoxenia.report.sections.places import Places, holds
from philoxenia.report.types import LOAD, Findings
from philoxenia.report.words import (
    amount_of,
    futures,
    inside_sentence,
    listing,
    period_name,
    prose,
    sentence_case,
    service_name,
    short_by,
)
from philoxenia.vocabulary import Population

_EVERYBODY = Population.ALL_RESIDENTS.value
_NEEDED = ("service", "time", "population", "demand_p50", "unit")
# Fewer futures than this with a gap are not worth a headline.
LIKELY = 0.5

Row = Mapping[str, Any]


def load(findings: Findings, places: Places) -> Section:
    """The section on load and gaps."""
    title = "What will that ask of each service?"
    if not holds(findings.totals, *_NEEDED):
        missing = Missing(
            "Load and gaps are not computed.",
            prose("load.remedy"),
        )
        return Section(
            "load",
            title,
            "What arrivals will ask cannot be told yet.",
            (),
            (
                missing,
                *folded(findings.missing.get(LOAD, ()), "What is not known, and what was assumed instead"),
            ),
        )
    parts = [
        _gap_part(findings),
        _services_part(findings),
        _uncapped_part(findings),
        gap_maps_part(findings, places),
    ]
    parts += [gap_table_part(findings, places), _settlement_part(findings, places)]
    there = tuple(part for part in parts if part is not None)
    return Section(
        "load",
        title,
        load_answer(findings),
        there,
        closing=folded(findings.missing.get(LOAD, ()), "What is not known, and what was assumed instead"),
    )


def load_answer(findings: Findings) -> str:
    """Which services fall short in most futures, by how much, and which do not."""
    if not holds(findings.totals, *_NEEDED):
        return "What arrivals will ask cannot be told yet."
    rows = last_rows(findings)
    likely = [row for row in rows if _how_pressing(row) == 0]
    others = [row for row in rows if _how_pressing(row) == 1]
    told = [gap_sentence(row) for row in likely[:3]]
    if not likely:
        told.append("No service falls short for the city as a whole in most futures.")
    elif others:
        names = listing(inside_sentence(service_name(str(row["service"]))) for row in others)
        told.append(
            f"{sentence_case(names)} {'has' if len(others) == 1 else 'have'} room for the city as a whole "
            "in most futures, though not in every district."
        )
    return " ".join(told)


def gap_headline(findings: Findings) -> str:
    """In December 2025 shelter would be short by 900 places a night (0 to 1,800)."""
    rows = last_rows(findings) if holds(findings.totals, *_NEEDED) else []
    likely = [row for row in rows if _how_pressing(row) == 0][:2]
    if not likely:
        return load_answer(findings)
    told = [
        f"{inside_sentence(service_name(str(row['service'])))} {'by' if place else 'would be short by'} "
        f"{amount_of(str(row['unit']), interval(row['gap_p50'], row['gap_p10'], row['gap_p90']))}"
        for place, row in enumerate(likely)
    ]
    return f"In {period_name(str(likely[0]['time']))} {listing(told)}."


def gap_sentence(row: Row) -> str:
    """Shelter: 900 places a night short in December 2025 (0 to 1,800); a gap in 86 of 100 futures."""
    gap = (row["gap_p50"], row["gap_p10"], row["gap_p90"])
    amount = short_by(str(row["unit"]), period_name(str(row["time"])), gap)
    share = row.get("share_with_gap")
    odds = "" if share is None else f"; a gap {futures(share)}"
    return f"{service_name(str(row['service']))}: {amount}{odds}."


def last_rows(findings: Findings) -> list[dict[str, Any]]:
    """The city's totals in the last month for everybody; the services short in most futures first."""
    last = findings.totals["time"].max()
    rows = findings.totals.filter((pl.col("time") == last) & (pl.col("population") == _EVERYBODY))
    return sorted(rows.to_dicts(), key=_how_pressing)


def _how_pressing(row: Row) -> int:
    """Short in most futures, then able to give enough, then not known; within these in the city's order."""
    if row.get("gap_p50") is None:
        return 2
    return 0 if (row.get("share_with_gap") or 0.0) >= LIKELY else 1


def _with_gap(findings: Findings) -> list[dict[str, Any]]:
    return [row for row in last_rows(findings) if row.get("gap_p50") is not None]


def _gap_part(findings: Findings) -> Part | None:
    rows = _with_gap(findings)
    if not rows:
        return None
    figure = Figure(
        "chart-gaps",
        gap_sentence(rows[0]).rstrip("."),
        tuple(_panel(findings, str(row["service"]), str(row["unit"])) for row in rows),
        tuple(gap_sentence(row) for row in rows),
        Legend("Gap: demand above capacity, never below zero", (Swatch("gap-80", "eight in ten futures"),)),
        prose("load.source"),
        wide=True,
    )
    return Part("load-gaps", "Where capacity falls short, month by month", (figure,))


def _panel(findings: Findings, service: str, unit: str) -> Picture:
    rows = findings.totals.filter((pl.col("service") == service) & (pl.col("population") == _EVERYBODY)).sort(
        "time"
    )
    points = [
        Point(row["time"], row["gap_p50"], row["gap_p10"], row["gap_p90"])
        for row in rows.drop_nulls("gap_p50").iter_rows(named=True)
    ]
    name = service_name(service)
    last = points[-1]
    said = (
        f"Chart: {name}. Gap in {period_name(last.time)}: {interval(last.value, last.low, last.high)} {unit}."
    )
    return gap_chart(points, f"{unit} short", said, name)


def _services_part(findings: Findings) -> Part | None:
    rows = last_rows(findings)
    outlook = {row["service"]: row for row in findings.outlook.iter_rows(named=True)}
    columns = (
        Column("Service"),
        Column("Demand", numeric=True),
        Column("of it, newcomers", numeric=True),
        Column("Capacity", numeric=True),
        Column("Short", numeric=True),
        Column("Futures with a gap", numeric=True),
        Column("First short", numeric=True),
    )
    cells = tuple(_service_row(findings, row, outlook.get(str(row["service"]), {})) for row in rows)
    month = period_name(str(rows[0]["time"])) if rows else ""
    note = prose("load.counted")
    table = Table("table-services", f"Demand, capacity and gap by service in {month}", columns, cells, note)
    return Part("load-services", "Service by service", (table,))


def _service_row(findings: Findings, row: Row, outlook: Mapping[str, Any]) -> tuple[Cell, ...]:
    service, unit = str(row["service"]), str(row["unit"])
    share, gap = row.get("share_with_gap"), row.get("gap_p50")
    return (
        Cell(f"{service_name(service)}, {unit}"),
        Cell(
            interval(row["demand_p50"], row.get("demand_p10"), row.get("demand_p90")),
            exact(row["demand_p50"]),
        ),
        Cell(_newcomers_share(findings, service, row)),
        Cell(
            shown(row.get("capacity")) if row.get("capacity") is not None else "not known",
            exact(row.get("capacity")),
        ),
        Cell(interval(gap, row["gap_p10"], row["gap_p90"]) if gap is not None else "not known", exact(gap)),
        Cell(percent(share) if share is not None else ""),
        Cell(_first_short(findings, outlook)),
    )


def _newcomers_share(findings: Findings, service: str, row: Row) -> str:
    same = (pl.col("service") == service) & (pl.col("time") == row["time"])
    rows = findings.totals.filter(same & (pl.col("population") == Population.NEWCOMERS.value))
    if rows.is_empty() or not row["demand_p50"]:
        return ""
    return percent(rows["demand_p50"][0] / row["demand_p50"])


def _first_short(findings: Findings, outlook: Mapping[str, Any]) -> str:
    months = outlook.get("months_until_gap_p50")
    if months is None:
        return "not in most futures" if outlook.get("share_of_futures_with_gap") is not None else ""
    times = sorted(findings.totals["time"].unique().to_list())
    place = min(max(int(months) - 1, 0), len(times) - 1)
    return "at once" if place == 0 else period_name(times[place])


def _uncapped_part(findings: Findings) -> Part | None:
    rows = [
        row
        for row in last_rows(findings)
        if row.get("gap_p50") is None and row.get("arrivals_p50") is not None
    ]
    if not rows:
        return None
    told = tuple(
        f"{service_name(str(row['service']))}: people who came since the last census would use "
        f"{interval(row['arrivals_p50'], row['arrivals_p10'], row['arrivals_p90'])} {row['unit']}, of "
        f"{shown(row['demand_p50'])} for everybody."
        for row in rows
    )
    text = Text(prose("load.uncapped"))
    return Part("load-uncapped", "Services whose capacity is not known", present([text, Points(told)]))


def _settlement_part(findings: Findings, places: Places) -> Part | None:
    frame = findings.settlement
    if not holds(frame, "district_id", "arrivals_p10", "arrivals_p50", "arrivals_p90"):
        return None
    rows = frame.sort(["arrivals_p50", "district_id"], descending=[True, False]).head(10)
    cells = tuple(
        (
            places.cell(row["district_id"]),
            Cell(
                interval(row["arrivals_p50"], row["arrivals_p10"], row["arrivals_p90"]),
                exact(row["arrivals_p50"]),
            ),
            Cell(percent(row.get("shelter_share"))),
            Cell(percent(row.get("home_share"))),
        )
        for row in rows.iter_rows(named=True)
    )
    heads = ("People", "Share of shelter places", "Share of homes newcomers find")
    columns = (Column("District"), *(Column(head, numeric=True) for head in heads))
    table = Table(
        "table-settlement",
        "Where people who came since the last census live, first ten districts",
        columns,
        cells,
    )
    text = Text(prose("load.settlement"))
    return Part("load-settlement", "Where people will live", (text, table))
