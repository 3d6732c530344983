"""The plain basis: names, dates and identifiers as they stand, as Splink's examples compare them.

Owns the baseline that tests and benchmarks hold the full comparisons against; it knows no scripts or
calendars.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl
import splink.comparison_library as cl

from philoxenia.linkage.types import Basis

_TEXTS = ("given_name", "family_name", "locality", "address")
_EXACT = (
    "birth_date",
    "sex",
    "phone",
    "email",
    "postal_code",
    "id_health",
    "id_city_card",
    "id_social",
    "id_school",
)


def _prepared(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(name).str.to_lowercase() for name in _TEXTS)


def _comparisons(columns: Sequence[str]) -> Sequence[Any]:
    near = [cl.JaroWinklerAtThresholds(name, [0.92, 0.8]) for name in _TEXTS[:2] if name in columns]
    for name in near:
        name.configure(term_frequency_adjustments=True)
    places = [cl.JaroWinklerAtThresholds(name, [0.9]) for name in _TEXTS[2:] if name in columns]
    dates = [cl.DamerauLevenshteinAtThresholds("birth_date", [1, 2])] if "birth_date" in columns else []
    return [*near, *dates, *places, *(cl.ExactMatch(name) for name in _EXACT[1:] if name in columns)]


PLAIN = Basis(
    name="plain",
    prepared=_prepared,
    comparisons=_comparisons,
    blocks=(
        ("given_name", "family_name"),
        ("birth_date", "given_name"),
        ("birth_date", "family_name"),
        ("id_social",),
        ("id_health",),
        ("id_city_card",),
        ("id_school",),
        ("email",),
        ("phone", "given_name"),
        ("postal_code", "given_name"),
        ("postal_code", "birth_date"),
    ),
    training=(("id_social",), ("email",), ("birth_date",), ("given_name", "family_name")),
)
