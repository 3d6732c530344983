"""Words of organisations' names and thresholds of their comparison, as tables in `tables/`."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_FOLDER = files("philoxenia.linkage.organisations") / "tables"


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((_FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


@cache
def words(kind: str) -> Mapping[str, str]:
    """Words of one kind (form, small, same, common) and what stands for them."""
    found = {row["word"]: row["canonical"] for row in _rows("words") if row["kind"] == kind}
    return MappingProxyType(found)


@cache
def thresholds() -> Mapping[str, float]:
    """Numbers of comparison by name; unit, range and source stand in `thresholds.csv`."""
    return MappingProxyType({row["name"]: float(row["value"]) for row in _rows("thresholds")})


@cache
def chances(comparison: str) -> Mapping[str, tuple[float, float]]:
    """m and u of each level of one comparison, by its words, best first."""
    found = {
        row["level"]: (float(row["m"]), float(row["u"]))
        for row in _rows("levels")
        if row["comparison"] == comparison
    }
    return MappingProxyType(found)
