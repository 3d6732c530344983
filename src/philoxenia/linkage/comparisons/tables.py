"""Thresholds of comparison and short forms of streets, as tables in `tables/`."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_FOLDER = files("philoxenia.linkage.comparisons") / "tables"


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((_FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


@cache
def thresholds() -> Mapping[str, float]:
    """Numbers that decide levels, by name; unit, range and source stand in `levels.csv`."""
    return MappingProxyType({row["name"]: float(row["value"]) for row in _rows("levels")})


@cache
def streets() -> Mapping[str, str]:
    """Words of addresses to their short forms."""
    return MappingProxyType({row["word"]: row["short"] for row in _rows("streets")})
