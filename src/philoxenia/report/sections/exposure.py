"""Do newcomers live where pressure is? Their districts beside those of long-term residents."""

from typing import Any

import polars as pl

from philoxenia.report.document import Block, Cell, Column, Figure, Missing, Part, Table, Text
from philoxenia.report.maps import Choropleth, Scale, legend, picture, quantile_scale
from philoxenia.report.names import named
from philoxenia.report.numbers import exact, interval, percent, shown
from philoxenia.report.sections.places import Places, holds
from philoxenia.report.strips import pair_strip
from philoxenia.report.types import Findings
from philoxenia.report.words import aspect_name, indicator_name, label, listing, prose, sentence_case
from philoxenia.vocabulary import Population

_COLUMNS = (
    Column("Measure"),
    Column("Newcomers ● long-term ■", graphic=True),
    Column("Newcomers", numeric=True),
    Column("Long-term residents", numeric=True),
    Column("Difference", numeric=True),
    Column("Live in the most pressed fifth: newcomers, long-term", numeric=True),
)
_NOTE = prose("exposure.note")


def exposure_part(findings: Findings, places: Places) -> Part:
    """Newcomers and long-term residents by the figures of the districts they live in."""
    frame = findings.exposure
    title = "Do newcomers live where pressure is?"
    if not holds(frame, "kind", "aspect", "newcomers_mean", "long_term_mean"):
        missing = Missing(
            "Newcomers and long-term residents cannot be compared.",
            prose("exposure.remedy"),
        )
        return Part("today-newcomers", title, (missing,))
    aspects = frame.filter(pl.col("kind") == "aspect")
    indicators = frame.filter(pl.col("kind") != "aspect")
    blocks: list[Block] = [Text(_answer(aspects, findings.city.newcomers_are))]
    blocks += _where_they_live(findings, places)
    blocks.append(_table("table-exposure", "Pressure where newcomers and long-term residents live", aspects))
    if not indicators.is_empty():
        fold = f"The same for each of {indicators.height} indicators"
        blocks.append(
            _table("table-exposure-indicators", "Indicators where each group lives", indicators, fold)
        )
    return Part("today-newcomers", title, tuple(blocks))


def _where_they_live(findings: Findings, places: Places) -> list[Block]:
    """Two maps in the same classes: how many of every 1,000 of each group live in each district."""
    both = (Population.NEWCOMERS.value, Population.LONG_TERM_RESIDENTS.value)
    if not holds(findings.people, "district_id", "population", "people") or not places.shapes.paths:
        return []
    shares = {who: _per_thousand(findings.people, who) for who in both}
    if not all(shares.values()):
        return []
    everywhere = [value for share in shares.values() for value in share.values()]
    scale = quantile_scale(everywhere, "Of every 1,000 of the group")
    maps = {who: _share_map(share, who, places, scale) for who, share in shares.items()}
    pictures = tuple(picture(one, places.shapes, sentence_case(label(who))) for who, one in maps.items())
    words = tuple(_most(share, who, places) for who, share in shares.items())
    title = "Where newcomers live, and where long-term residents do"
    note = prose("exposure.map")
    return [Figure("map-people", title, pictures, words, legend(list(maps.values())), note, wide=True)]


def _per_thousand(people: pl.DataFrame, who: str) -> dict[str, float]:
    rows = people.filter((pl.col("population") == who) & pl.col("people").is_finite())
    total = rows["people"].sum()
    return (
        {}
        if not total
        else {one: 1000 * count / total for one, count in rows.select("district_id", "people").iter_rows()}
    )


def _share_map(share: dict[str, float], who: str, places: Places, scale: Scale) -> Choropleth:
    said = f"Map: of every 1,000 {label(who)}, how many live in each district. The most are named in words."
    leading = sorted(share, key=lambda one: (-share[one], one))[:5]
    return Choropleth(
        share,
        places.names,
        scale,
        said,
        lambda value: f"{shown(value)} of every 1,000",
        labelled=tuple(leading),
    )


def _most(share: dict[str, float], who: str, places: Places) -> str:
    leading = sorted(share, key=lambda one: (-share[one], one))[:5]
    told = listing(f"{named(places.name(one))} {shown(share[one])}" for one in leading)
    return f"Of every 1,000 {label(who)}, most live in {told}."


def _answer(aspects: pl.DataFrame, newcomers_are: str) -> str:
    told = [_told(row) for row in aspects.iter_rows(named=True)]
    defined = [f"Newcomers here: {newcomers_are[:1].lower()}{newcomers_are[1:]}"] if newcomers_are else []
    return " ".join([*told, *defined])


def _told(row: dict[str, Any]) -> str:
    name = aspect_name(str(row["aspect"]))
    both = f"{shown(row['newcomers_mean'])} of 100 against {shown(row['long_term_mean'])}"
    if row["difference_low"] <= 0 <= row["difference_high"]:
        return f"{name}: no difference that stands out of the noise ({both})."
    higher = "higher" if row["difference"] > 0 else "lower"
    return f"{name}: pressure is {higher} where newcomers live ({both})."


def _table(id_: str, caption: str, frame: pl.DataFrame, fold: str = "") -> Table:
    rows = tuple(_row(row) for row in frame.iter_rows(named=True))
    return Table(id_, caption, _COLUMNS, rows, _NOTE if not fold else "", fold, in_print=not fold)


def _row(row: dict[str, Any]) -> tuple[Cell, ...]:
    first, second = row["newcomers_mean"], row["long_term_mean"]
    is_aspect = str(row["kind"]) == "aspect"
    # One scale for all aspects; an indicator is drawn on its own spread between districts.
    low = 30.0 if is_aspect else min(row["newcomers_p10"], row["long_term_p10"])
    high = 70.0 if is_aspect else max(row["newcomers_p90"], row["long_term_p90"])
    name = aspect_name(str(row["measure"])) if is_aspect else indicator_name(str(row["measure"]))
    unit = str(row["unit"])
    return (
        Cell(name if is_aspect else f"{name}, {unit}"),
        Cell(graphic=pair_strip(first, second, low, high)),
        Cell(shown(first), exact(first)),
        Cell(shown(second), exact(second)),
        Cell(
            interval(row["difference"], row["difference_low"], row["difference_high"]),
            exact(row["difference"]),
        ),
        Cell(f"{percent(row['newcomers_top_share'])}, {percent(row['long_term_top_share'])}"),
    )
