"""The city's totals in the last month, as the sections on load and the first page read them."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from philoxenia.report.types import Findings
from philoxenia.vocabulary import Population

EVERYBODY = Population.ALL_RESIDENTS.value
TOTALS_NEEDED = ("service", "time", "population", "demand_p50", "unit")
# Fewer futures than this with a gap are not worth a headline.
LIKELY = 0.5

Row = Mapping[str, Any]


def last_rows(findings: Findings) -> list[dict[str, Any]]:
    """The city's totals in the last month for everybody; the services short in most futures first."""
    last = findings.totals["time"].max()
    rows = findings.totals.filter((pl.col("time") == last) & (pl.col("population") == EVERYBODY))
    return sorted(rows.to_dicts(), key=how_pressing)


def how_pressing(row: Row) -> int:
    """Short in most futures, then able to give enough, then not known; within these in the city's order."""
    if row.get("gap_p50") is None:
        return 2
    return 0 if (row.get("share_with_gap") or 0.0) >= LIKELY else 1


def rows_with_gap(findings: Findings) -> list[dict[str, Any]]:
    """Those of them whose gap is known."""
    return [row for row in last_rows(findings) if row.get("gap_p50") is not None]
