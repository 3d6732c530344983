"""Gaps by district in the last month: maps, and a table of districts by service."""

from typing import Any

import polars as pl

from philoxenia.report.document import Cell, Column, Figure, Part, Table, Text
from philoxenia.report.maps import Choropleth, gap_scale, legend, picture
from philoxenia.report.names import named
from philoxenia.report.numbers import exact, interval, shown
from philoxenia.report.sections.places import Places, holds
from philoxenia.report.types import Findings
from philoxenia.report.words import counted, listing, period_name, plural, prose, sentence_case, service_name
from philoxenia.vocabulary import Population

_EVERYBODY = Population.ALL_RESIDENTS.value
_NEEDED = ("district_id", "service", "time", "population", "gap_p10", "gap_p50", "gap_p90", "unit")
_MAPS, _LEADING = 6, 15


def last_gaps(findings: Findings) -> pl.DataFrame:
    """Gaps by district and service in the last month, for services that have one anywhere."""
    if not holds(findings.load, *_NEEDED):
        return pl.DataFrame()
    last = findings.load["time"].max()
    rows = findings.load.filter((pl.col("time") == last) & (pl.col("population") == _EVERYBODY))
    rows = rows.drop_nulls("gap_p50")
    return rows.filter(pl.col("gap_p90").max().over("service") > 0)


def gap_maps_part(findings: Findings, places: Places) -> Part | None:
    """One map a service with a gap somewhere."""
    rows = last_gaps(findings)
    if rows.is_empty():
        return None
    services = rows["service"].unique(maintain_order=True).to_list()[:_MAPS]
    figures = tuple(_figure(rows.filter(pl.col("service") == one), one, places) for one in services)
    text = Text(prose("gaps.reading"))
    month = period_name(rows["time"][0])
    return Part("load-maps", f"Where it falls short in {month}", (text, *figures), columns=2)


def _figure(rows: pl.DataFrame, service: str, places: Places) -> Figure:
    unit = rows["unit"][0]
    ordered = rows.sort(["gap_p50", "district_id"], descending=[True, False])
    short = ordered.filter(pl.col("gap_p50") > 0)
    values = {
        row["district_id"]: (row["gap_p50"] if row["gap_p50"] > 0 else 0.0)
        for row in rows.iter_rows(named=True)
    }
    spread = gap_scale(list(values.values()), f"{sentence_case(unit)} short")
    one = Choropleth(
        values,
        places.names,
        spread,
        f"Map: {service_name(service)}, {unit} short by district. The figures follow in words.",
        lambda value: f"{shown(value)} {unit} short" if value > 0 else "no gap",
        labelled=tuple(short["district_id"].head(5)),
    )
    drawn = (picture(one, places.shapes),) if places.shapes.paths else ()
    return Figure(
        f"map-gap-{service.replace('_', '-')}",
        _title(service, rows, short),
        drawn,
        (_words(short, places),),
        legend([one]),
    )


def _title(service: str, rows: pl.DataFrame, short: pl.DataFrame) -> str:
    if short.is_empty():
        return f"{service_name(service)}: no district is short in the middle future"
    of = f"{counted(short.height)} of {rows.height} districts"
    return f"{service_name(service)}: {of} are short in the middle future"


def _words(short: pl.DataFrame, places: Places) -> str:
    if short.is_empty():
        return "In one future in ten some are."
    told = [
        f"{named(places.name(row['district_id']))} {interval(row['gap_p50'], row['gap_p10'], row['gap_p90'])}"
        for row in short.head(5).iter_rows(named=True)
    ]
    return f"Most: {listing(told)}."


def gap_table_part(findings: Findings, places: Places) -> Part | None:
    """Districts by service: the gap with its interval; the first rows open, all of them folded."""
    rows = last_gaps(findings)
    if rows.is_empty():
        return None
    services = rows["service"].unique(maintain_order=True).to_list()
    cells = {(row["district_id"], row["service"]): _cell(row) for row in rows.iter_rows(named=True)}
    units = dict(rows.select("service", "unit").iter_rows())
    columns = (
        Column("District"),
        *(Column(f"{service_name(one)}, {units[one]}", numeric=True) for one in services),
    )
    order = _order(rows)
    table = tuple(
        (places.cell(one), *(cells.get((one, service), Cell()) for service in services)) for one in order
    )
    month = period_name(rows["time"][0])
    caption = f"Gaps by district and service in {month}, with intervals for eight in ten futures"
    first = Table(
        "table-gaps", caption, columns, table[:_LEADING], "Ordered by how far each stands out in any service."
    )
    rest = Table(
        "table-gaps-all",
        f"{caption}, all districts",
        columns,
        table,
        fold=f"All {plural(len(table), 'district')}",
        in_print=False,
    )
    return Part(
        "load-districts", "District by district", (first, rest) if len(table) > _LEADING else (first,)
    )


def _order(rows: pl.DataFrame) -> list[str]:
    """Districts by their largest share of any service's gaps."""
    total = pl.col("gap_p50").sum().over("service")
    share = rows.with_columns(
        pl.when(total > 0).then(pl.col("gap_p50") / total).otherwise(0.0).alias("_share")
    )
    largest = share.group_by("district_id").agg(pl.col("_share").max())
    return largest.sort(["_share", "district_id"], descending=[True, False])["district_id"].to_list()


def _cell(row: dict[str, Any]) -> Cell:
    if row["gap_p90"] <= 0:
        return Cell("none")
    return Cell(interval(row["gap_p50"], row["gap_p10"], row["gap_p90"]), exact(row["gap_p50"]))
