"""Service by service: demand, capacity, gap, how often, since when, and for whom."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from philoxenia.report.document import Cell, Column, Part, Points, Table, Text, present
from philoxenia.report.numbers import exact, interval, percent, shown
from philoxenia.report.sections.totals import Row, last_rows, rows_with_gap
from philoxenia.report.types import Findings
from philoxenia.report.words import period_name, prose, service_name
from philoxenia.vocabulary import Population


def services_part(findings: Findings) -> Part | None:
    """One row a service in the last month."""
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
    in_use = any(entry.get("basis") == "use" for entry in outlook.values())
    month = period_name(str(rows[0]["time"])) if rows else ""
    note = " ".join([*([prose("load.in_use")] if in_use else []), prose("load.counted")])
    table = Table("table-services", f"Demand, capacity and gap by service in {month}", columns, cells, note)
    return Part("load-services", "Service by service", (table,))


def _service_row(findings: Findings, row: Row, outlook: Mapping[str, Any]) -> tuple[Cell, ...]:
    service, unit = str(row["service"]), str(row["unit"])
    share, gap = row.get("share_with_gap"), row.get("gap_p50")
    star = "*" if outlook.get("basis") == "use" else ""
    return (
        Cell(f"{service_name(service)}{star}, {unit}"),
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


def who_part(findings: Findings) -> Part | None:
    """Demand and gap of newcomers and of long-term residents, side by side."""
    both = (Population.NEWCOMERS.value, Population.LONG_TERM_RESIDENTS.value)
    last = findings.totals.filter(pl.col("time") == findings.totals["time"].max())
    by_both = {(row["service"], row["population"]): row for row in last.iter_rows(named=True)}
    services = [str(row["service"]) for row in rows_with_gap(findings)]
    told = [one for one in services if all((one, population) in by_both for population in both)]
    if not told:
        return None
    heads = ("Newcomers: demand", "short", "Long-term residents: demand", "short")
    cells = tuple(
        (
            Cell(f"{service_name(one)}, {by_both[one, both[0]]['unit']}"),
            *(cell for population in both for cell in _demand_and_gap(by_both[one, population])),
        )
        for one in told
    )
    columns = (Column("Service"), *(Column(head, numeric=True) for head in heads))
    caption = f"Demand and gap of each group in {period_name(last['time'][0])}"
    blocks = (Text(prose("load.who")), Table("table-who", caption, columns, cells))
    return Part("load-who", "Newcomers and long-term residents", blocks)


def _demand_and_gap(row: Row) -> tuple[Cell, Cell]:
    demand = interval(row["demand_p50"], row["demand_p10"], row["demand_p90"])
    gap = interval(row["gap_p50"], row["gap_p10"], row["gap_p90"])
    return Cell(demand, exact(row["demand_p50"])), Cell(gap, exact(row["gap_p50"]))


def uncapped_part(findings: Findings) -> Part | None:
    """What is asked of services whose capacity nobody wrote down."""
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
