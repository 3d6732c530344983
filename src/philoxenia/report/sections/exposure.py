"""Do newcomers live where pressure is? Their districts beside those of long-term residents."""

from typing import Any

import polars as pl

from philoxenia.report.document import Cell, Column, Missing, Part, Table, Text
from philoxenia.report.numbers import exact, interval, percent, shown
from philoxenia.report.sections.places import holds
from philoxenia.report.strips import pair_strip
from philoxenia.report.types import Findings
from philoxenia.report.words import aspect_name, indicator_name, prose

_COLUMNS = (
    Column("Measure"),
    Column("Newcomers ● long-term ■", graphic=True),
    Column("Newcomers", numeric=True),
    Column("Long-term residents", numeric=True),
    Column("Difference", numeric=True),
    Column("Live in the most pressed fifth: newcomers, long-term", numeric=True),
)
_NOTE = prose("exposure.note")


def exposure_part(findings: Findings) -> Part:
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
    blocks: list[Text | Table] = [Text(_answer(aspects, findings.city.newcomers_are))]
    blocks.append(_table("table-exposure", "Pressure where newcomers and long-term residents live", aspects))
    if not indicators.is_empty():
        fold = f"The same for each of {indicators.height} indicators"
        blocks.append(
            _table("table-exposure-indicators", "Indicators where each group lives", indicators, fold)
        )
    return Part("today-newcomers", title, tuple(blocks))


def _answer(aspects: pl.DataFrame, newcomers_are: str) -> str:
    told = [_told(row) for row in aspects.iter_rows(named=True)]
    return " ".join([*told, newcomers_are]).strip()


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
