"""What is within reach? Services by district beside the middle district, and who has none."""

from typing import Any

import polars as pl

from philoxenia.report.document import Cell, Column, Figure, Missing, Part, Picture, Table, Text, present
from philoxenia.report.maps import DIVERGING, Choropleth, fixed_scale, legend, picture
from philoxenia.report.names import named
from philoxenia.report.numbers import exact, percent, shown
from philoxenia.report.sections.places import Places, holds
from philoxenia.report.types import Findings
from philoxenia.report.words import listing, prose, sentence_case, service_name

# Less than half, to four fifths, about the same, to twice, more than twice the middle district.
_LIMITS = (0.5, 0.8, 1.25, 2.0)
_SCALE = fixed_scale(_LIMITS, tuple(reversed(DIVERGING)), "Beside the middle district (1)")
_PREFERRED = ("e2sfca", "2sfca")


def reach_part(findings: Findings, places: Places) -> Part:
    """Maps of reach by service, and a table of those without."""
    title = "What is within reach?"
    if not holds(findings.reach, "district_id", "service", "access", "method"):
        missing = Missing(
            "Reach of services is not shown.",
            prose("reach.remedy"),
        )
        return Part("today-reach", title, (missing,))
    rows = _one_method(findings.reach).drop_nulls("access")
    services = rows["service"].unique(maintain_order=True).to_list()
    choropleths = [_map(rows.filter(pl.col("service") == one), one, places) for one in services]
    pictures = tuple(
        picture(one, places.shapes, service_name(name))
        for one, name in zip(choropleths, services, strict=True)
    )
    pictures = pictures if places.shapes.paths else ()
    blocks = present(
        [
            Text(_answer(findings)),
            _figure(rows, services, places, choropleths, pictures),
            _table(findings, rows),
        ]
    )
    return Part("today-reach", title, blocks)


def _one_method(reach: pl.DataFrame) -> pl.DataFrame:
    there = set(reach["method"])
    method = next((name for name in _PREFERRED if name in there), min(there))
    return reach.filter(pl.col("method") == method)


def _map(rows: pl.DataFrame, service: str, places: Places) -> Choropleth:
    middle = rows["access"].median()
    ratio = (
        rows["access"] / middle if isinstance(middle, float) and middle > 0 else rows["access"] * float("nan")
    )
    values = dict(zip(rows["district_id"], ratio, strict=True))
    return Choropleth(
        values,
        places.names,
        _SCALE,
        f"Map: {service_name(service)} within reach by district, beside the middle district. In words below.",
        lambda value: f"{shown(value, 2)} times the middle district",
    )


def _figure(
    rows: pl.DataFrame,
    services: list[str],
    places: Places,
    maps: list[Choropleth],
    pictures: tuple[Picture, ...],
) -> Figure:
    words = tuple(_ends(rows.filter(pl.col("service") == one), one, places) for one in services)
    return Figure(
        "map-reach",
        prose("reach.title"),
        pictures,
        words,
        legend(maps),
        prose("reach.source"),
        wide=True,
    )


def _ends(rows: pl.DataFrame, service: str, places: Places) -> str:
    ordered = rows.sort(["access", "district_id"])
    least = listing(named(places.name(one)) for one in ordered["district_id"].head(5))
    most = listing(named(places.name(one)) for one in ordered["district_id"].reverse().head(3))
    return f"{service_name(service)}: least in {least}; most in {most}."


def _answer(findings: Findings) -> str:
    frame = findings.unreached
    if not holds(frame, "service", "people_without", "people"):
        return prose("reach.reading")
    rows = frame.sort("people_without", descending=True).filter(pl.col("people_without") > 0).head(3)
    told = [
        f"{shown(row['people_without'])} ({percent(row['people_without'] / row['people'])}) have no "
        f"{service_name(row['service']).lower()} within reach"
        for row in rows.iter_rows(named=True)
    ]
    return (
        f"Of the people each service is for, {listing(told)}."
        if told
        else "Every service is within someone's reach."
    )


def _table(findings: Findings, rows: pl.DataFrame) -> Table | None:
    spread = rows.group_by("service", maintain_order=True).agg(
        pl.col("unit").first(),
        *(pl.col("access").quantile(share, "linear").alias(name) for name, share in _QUANTILES.items()),
    )
    without = {row["service"]: row for row in findings.unreached.iter_rows(named=True)}
    columns = (
        "Service",
        "One district in ten has less than",
        "Middle district",
        "One in ten has more than",
        "People without",
    )
    cells = tuple(
        (
            Cell(_called(row["service"], row["unit"])),
            *(Cell(shown(row[name], 2), exact(row[name])) for name in _QUANTILES),
            _without_cell(without.get(row["service"])),
        )
        for row in spread.iter_rows(named=True)
    )
    heads = (Column(columns[0]), *(Column(name, numeric=True) for name in columns[1:]))
    return Table("table-reach", sentence_case("what the people of a district can reach"), heads, cells)


_QUANTILES = {"low": 0.1, "middle": 0.5, "high": 0.9}


def _without_cell(row: dict[str, Any] | None) -> Cell:
    if not row:
        return Cell()
    return Cell(
        f"{shown(row['people_without'])} ({percent(row['people_without'] / row['people'])})",
        exact(row["people_without"]),
    )


def _called(service: str, unit: str) -> str:
    name = service_name(service)
    return sentence_case(unit) if unit.lower().startswith(name.lower()) else f"{name}, {unit}"
