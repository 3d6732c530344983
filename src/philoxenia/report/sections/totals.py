"""The city's totals in the last month, as the sections on load and the first page read them."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import polars as pl

from philoxenia.report.types import Findings
from philoxenia.vocabulary import Population

EVERYBODY = Population.ALL_RESIDENTS.value
TOTALS_NEEDED = ("service", "time", "population", "demand_p50", "unit")
# Fewer futures than this with a gap are not worth a headline.
LIKELY = 0.5

Row = Mapping[str, Any]


class Standing(IntEnum):
    """How a service stands, the most pressing first."""

    SHORT = 0
    ABOVE_TODAY = 1
    ROOM = 2
    NOT_KNOWN = 3


def standing(row: Row) -> Standing:
    """Short in most futures; asked above what it gives today, where that is taken for all it can; or not."""
    if row.get("gap_p50") is None:
        return Standing.NOT_KNOWN
    if (row.get("share_with_gap") or 0.0) < LIKELY:
        return Standing.ROOM
    return Standing.ABOVE_TODAY if row.get("basis") == "use" else Standing.SHORT


def last_rows(findings: Findings) -> list[dict[str, Any]]:
    """The city's totals in the last month for everybody, by standing and then in the city's order."""
    last = findings.totals["time"].max()
    rows = findings.totals.filter((pl.col("time") == last) & (pl.col("population") == EVERYBODY)).to_dicts()
    bases = {row["service"]: row.get("basis") for row in findings.outlook.iter_rows(named=True)}
    return sorted(({**row, "basis": bases.get(row["service"])} for row in rows), key=standing)


def rows_with_gap(findings: Findings) -> list[dict[str, Any]]:
    """Those of them whose gap is known."""
    return [row for row in last_rows(findings) if row.get("gap_p50") is not None]
