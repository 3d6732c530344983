"""What is pressure made of? The indicators of each aspect, their weights and definitions."""

from typing import Any

from philoxenia.reference import reference_table
from philoxenia.report.document import Cell, Column, Part, Points, Table
from philoxenia.report.numbers import percent
from philoxenia.report.types import Findings
from philoxenia.report.words import aspect_name, plural

_DIRECTION = {"1": "more is more pressure", "-1": "more is less pressure"}


def made_of(findings: Findings, aspect: str) -> Points | None:
    """The indicators of one aspect with their share of its weight, folded under the map."""
    rows = [row for row in _used(findings) if row["aspect"] == aspect]
    if not rows:
        return None
    items = tuple(
        f"{row['name']} ({_weight(row)}): {row['definition']}. {row['note']}".strip() for row in rows
    )
    return Points(
        items,
        f"What this aspect is made of: {plural(len(items), 'indicator')} and their weights",
        in_print=False,
    )


def indicators_part(findings: Findings) -> Part | None:
    """All indicators in one table, with direction, source table and goal of the City Resilience Framework."""
    rows = _used(findings)
    if not rows:
        return None
    goals = dict(reference_table("crf_goals").select("goal", "name").iter_rows())
    columns = tuple(
        Column(title) for title in ("Indicator", "Aspect, weight", "Direction", "Source", "CRF goal")
    )
    cells = tuple(
        (
            Cell(f"{row['name']}: {row['definition']}, {row['unit']}"),
            Cell(f"{aspect_name(row['aspect'])}, {_weight(row)}"),
            Cell(_DIRECTION.get(row["direction"], "")),
            Cell(row["source_table"].replace("_", " ")),
            Cell(goals.get(row["crf_goal"], "")),
        )
        for row in rows
    )
    fold = f"{plural(len(rows), 'indicator')} with definition, weight and source".capitalize()
    table = Table("table-indicators", "Indicators of pressure", columns, cells, fold=fold)
    return Part("method-indicators", "Indicators", (table,))


def _used(findings: Findings) -> list[dict[str, Any]]:
    """Declared indicators that have a weight in this run, each with its share within its aspect."""
    declared = [
        row for row in reference_table("indicators").iter_rows(named=True) if row["id"] in findings.weights
    ]
    totals: dict[str, float] = {}
    for row in declared:
        totals[row["aspect"]] = totals.get(row["aspect"], 0.0) + findings.weights[row["id"]]
    return [row | {"share": findings.weights[row["id"]] / (totals[row["aspect"]] or 1.0)} for row in declared]


def _weight(row: dict[str, Any]) -> str:
    return f"weight {percent(row['share'])}" if row["share"] else "shown only, no weight"
