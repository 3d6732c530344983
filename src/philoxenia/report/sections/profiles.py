"""What about my district? All that is known of one district, for each of them."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from philoxenia.reference import reference_table
from philoxenia.report.document import Cell, Profile
from philoxenia.report.numbers import bracket, exact, interval, percent, shown, whole
from philoxenia.report.sections.gaps import last_gaps
from philoxenia.report.sections.places import Places, anchor, holds
from philoxenia.report.strips import band_strip
from philoxenia.report.types import Findings
from philoxenia.report.words import aspect_name, indicator_name, service_name
from philoxenia.vocabulary import Aspect, Population

_EVERYBODY = Population.ALL_RESIDENTS.value

Rows = Mapping[str, list[dict[str, Any]]]


def profiles(findings: Findings, places: Places) -> tuple[Profile, ...]:
    """One profile a district, in the order of their names."""
    tables = {
        "people": _by_district(findings.people, "district_id", "population", "people"),
        "scores": _by_district(findings.pressure, "district_id", "aspect", "population", "score"),
        "gaps": _by_district(last_gaps(findings), "district_id"),
        "values": _by_district(_shown_values(findings), "district_id", "indicator", "value"),
    }
    middles = _middles(findings)
    ordered = sorted(places.names, key=lambda one: (places.name(one).casefold(), one))
    return tuple(_profile(one, places, tables, middles) for one in ordered)


def _by_district(frame: pl.DataFrame, *columns: str) -> Rows:
    if not holds(frame, *columns):
        return {}
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        grouped.setdefault(row["district_id"], []).append(row)
    return grouped


def _shown_values(findings: Findings) -> pl.DataFrame:
    if not holds(findings.values, "population"):
        return pl.DataFrame()
    return findings.values.filter(pl.col("population") == _EVERYBODY)


def _middles(findings: Findings) -> Mapping[str, Any]:
    values = _shown_values(findings)
    if values.is_empty():
        return {}
    return dict(values.group_by("indicator").agg(pl.col("value").median()).iter_rows())


def _profile(
    district: str, places: Places, tables: Mapping[str, Rows], middles: Mapping[str, Any]
) -> Profile:
    return Profile(
        district,
        anchor(district),
        places.name(district),
        _facts(district, tables["people"].get(district, [])),
        _scores(tables["scores"].get(district, []), len(places)),
        _gap_rows(tables["gaps"].get(district, [])),
        _indicator_rows(tables["values"].get(district, []), middles),
    )


def _facts(district: str, people: list[dict[str, Any]]) -> tuple[str, ...]:
    counts = {str(row["population"]): row["people"] for row in people}
    everybody, newcomers = counts.get(_EVERYBODY), counts.get(Population.NEWCOMERS.value)
    told = [f"District {district}"]
    if everybody:
        told.append(f"{shown(everybody)} people")
    if everybody and newcomers is not None:
        told.append(f"{percent(newcomers / everybody)} newcomers")
    return tuple(told)


def _scores(rows: list[dict[str, Any]], districts: int) -> tuple[tuple[Cell, ...], ...]:
    order = [aspect.value for aspect in Aspect]
    mine = {
        str(row["aspect"]): row
        for row in rows
        if row["population"] == _EVERYBODY and row["score"] is not None
    }
    return tuple(_score_row(aspect, mine[aspect], districts) for aspect in order if aspect in mine)


def _score_row(aspect: str, row: Mapping[str, Any], districts: int) -> tuple[Cell, ...]:
    score = row["score"]
    low, high = row.get("score_low") or score, row.get("score_high") or score
    rank = f"{row['rank']} of {districts}" if row.get("rank") is not None else ""
    band = f" ({row['rank_low']} to {row['rank_high']})" if row.get("rank_high") is not None else ""
    return (
        Cell(aspect_name(aspect)),
        Cell(graphic=band_strip(score, low, high)),
        Cell(f"{whole(score)} ({bracket(low, high, 1.0)})", exact(score)),
        Cell(rank + band),
    )


def _gap_rows(rows: list[dict[str, Any]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            Cell(f"{service_name(str(row['service']))}, {row['unit']}"),
            Cell(shown(row["demand_p50"]), exact(row["demand_p50"])),
            Cell(shown(row["capacity"]) if row.get("capacity") is not None else "–"),
            Cell(interval(row["gap_p50"], row["gap_p10"], row["gap_p90"]) if row["gap_p90"] > 0 else "none"),
        )
        for row in rows
    )


def _indicator_rows(rows: list[dict[str, Any]], middles: Mapping[str, Any]) -> tuple[tuple[Cell, ...], ...]:
    units = dict(reference_table("indicators").select("id", "unit").iter_rows())
    return tuple(
        _indicator_row(row["indicator"], row["value"], middles.get(row["indicator"]), units)
        for row in rows
        if row["value"] is not None
    )


def _indicator_row(
    indicator: str, value: float, middle: float | None, units: Mapping[str, str]
) -> tuple[Cell, ...]:
    unit, name = units.get(indicator, ""), indicator_name(indicator)
    if unit == "percent":
        return (
            Cell(name),
            Cell(percent(value / 100), exact(value)),
            Cell(percent(middle / 100 if middle else middle)),
        )
    return Cell(f"{name}, {unit}" if unit else name), Cell(shown(value), exact(value)), Cell(shown(middle))
