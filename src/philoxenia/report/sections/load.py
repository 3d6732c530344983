"""What will that ask? Demand, capacity and gaps by service, month and district."""

from collections.abc import Sequence

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
)
from philoxenia.report.numbers import exact, interval, percent, shown
from philoxenia.report.sections.gaps import gap_maps_part, gap_table_part
from philoxenia.report.sections.places import Places, holds
from philoxenia.report.sections.sayings import in_words
from philoxenia.report.sections.services import services_part, uncapped_part, who_part
from philoxenia.report.sections.totals import (
    EVERYBODY,
    TOTALS_NEEDED,
    Row,
    Standing,
    last_rows,
    rows_with_gap,
    standing,
)
from philoxenia.report.types import LOAD, Findings
from philoxenia.report.words import (
    amount_of,
    futures,
    inside_sentence,
    listing,
    period_name,
    prose,
    service_name,
    short_by,
)


def load(findings: Findings, places: Places) -> Section:
    """The section on load and gaps."""
    title = "What will that ask of each service?"
    if not holds(findings.totals, *TOTALS_NEEDED):
        missing = Missing(
            "Load and gaps are not computed.",
            prose("load.remedy"),
        )
        return Section(
            "load",
            title,
            "What arrivals will ask cannot be told yet.",
            (),
            (missing, *_said(findings)),
        )
    parts = [
        _gap_part(findings),
        services_part(findings),
        who_part(findings),
        uncapped_part(findings),
        gap_maps_part(findings, places),
    ]
    parts += [gap_table_part(findings, places), _settlement_part(findings, places)]
    there = tuple(part for part in parts if part is not None)
    return Section(
        "load",
        title,
        load_answer(findings),
        there,
        closing=_said(findings),
    )


def _said(findings: Findings) -> tuple[Points, ...]:
    sentences = in_words(findings.missing.get(LOAD, ()), findings)
    return folded(sentences, "What is not known, and what was assumed instead")


def load_answer(findings: Findings) -> str:
    """Which services fall short in most futures, which are asked above what they give, which have room."""
    if not holds(findings.totals, *TOTALS_NEEDED):
        return "What arrivals will ask cannot be told yet."
    rows = last_rows(findings)
    told = [gap_sentence(row) for row in rows if standing(row) == Standing.SHORT]
    told += _above_today(rows)
    room = [inside_sentence(_name(row)) for row in rows if standing(row) == Standing.ROOM]
    if room:
        told.append(
            f"The city as a whole has room in most futures for {listing(room)}, though not in every district."
        )
    return " ".join(told) or prose("load.demand_only")


def _above_today(rows: Sequence[Row]) -> list[str]:
    asked = [row for row in rows if standing(row) == Standing.ABOVE_TODAY]
    if not asked:
        return []
    listed = listing(_amount(row, f"{row['unit']} of {inside_sentence(_name(row))}") for row in asked)
    return [f"In {_month(asked[0])} people would ask for more than is given today: {listed}."]


def gap_headline(findings: Findings) -> str:
    """In December 2025 shelter would be short by 900 places a night (0 to 1,800)."""
    rows = last_rows(findings) if holds(findings.totals, *TOTALS_NEEDED) else []
    short = [row for row in rows if standing(row) == Standing.SHORT][:2]
    if not short:
        return load_answer(findings)
    told = [
        f"{inside_sentence(_name(row))} {'by' if place else 'would be short by'} {_amount(row)}"
        for place, row in enumerate(short)
    ]
    return f"In {_month(short[0])} {listing(told)}."


def gap_sentence(row: Row) -> str:
    """Shelter: 900 places a night short in December 2025 (0 to 1,800); a gap in 86 of 100 futures."""
    gap = (row["gap_p50"], row["gap_p10"], row["gap_p90"])
    if standing(row) == Standing.ABOVE_TODAY:
        above = amount_of(f"{row['unit']} above what is given today, in {_month(row)}", interval(*gap))
        return f"{_name(row)}: {above}."
    if row["gap_p50"] <= 0:
        return _with_room(row)
    amount = short_by(str(row["unit"]), _month(row), gap)
    share = row.get("share_with_gap")
    odds = "" if share is None else f"; a gap {futures(share)}"
    return f"{_name(row)}: {amount}{odds}."


def _with_room(row: Row) -> str:
    if row["gap_p90"] <= 0:
        return f"{_name(row)}: room in nine of ten futures in {_month(row)}."
    worst = f"{shown(row['gap_p90'], 2)} {row['unit']} short or more"
    return f"{_name(row)}: room in most futures in {_month(row)}; in one of ten, {worst}."


def _name(row: Row) -> str:
    return service_name(str(row["service"]))


def _month(row: Row) -> str:
    return period_name(str(row["time"]))


def _amount(row: Row, unit: str = "") -> str:
    return amount_of(unit or str(row["unit"]), interval(row["gap_p50"], row["gap_p10"], row["gap_p90"]))


def _gap_part(findings: Findings) -> Part | None:
    rows = rows_with_gap(findings)
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
    rows = findings.totals.filter((pl.col("service") == service) & (pl.col("population") == EVERYBODY)).sort(
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
