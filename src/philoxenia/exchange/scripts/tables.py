"""Reads the tables of letters, syllables and rewrites that stand in `tables/`.

Owns what is data about scripts; how it is used is in `letters`, `syllables` and `skeletons`.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_FOLDER = files("philoxenia.exchange.scripts") / "tables"
_SYLLABLES_A_ROW = 8


@dataclass(frozen=True)
class Rewrite:
    """One rule: where the pattern stands, the replacement comes in its place."""

    pattern: re.Pattern[str]
    replacement: str


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one table of scripts, all text; `name` is the file name without `.csv`."""
    text = (_FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def letters(script: str) -> Mapping[int, str]:
    """Letter (code point) to Latin of one script, as `str.translate` wants it."""
    if script == "ethiopic":
        return MappingProxyType(_syllables())
    if script == "han":
        return MappingProxyType({ord(one): row["latin"] for row in rows("han") for one in row["characters"]})
    found = {ord(row["letter"]): row["latin"] for row in rows("letters") if row["script"] == script}
    return MappingProxyType(found)


def _syllables() -> dict[int, str]:
    vowels = [row["vowel"] for row in rows("vowels")]
    return {
        int(row["first"], 16) + order: row["consonant"] + vowels[order]
        for row in rows("syllables")
        for order in range(_SYLLABLES_A_ROW)
    }


@cache
def rewrites(stage: str, script: str) -> tuple[Rewrite, ...]:
    """The rules of a stage (script, skeleton, loose) for one script, in their order."""
    return tuple(
        Rewrite(re.compile(row["pattern"]), row["replacement"])
        for row in rows("rewrites")
        if row["stage"] == stage and row["script"] == script
    )


@cache
def hangul_parts() -> tuple[tuple[str, ...], ...]:
    """Latin of the first consonants, vowels and last consonants of Hangul, in the order of Unicode."""
    return tuple(tuple(one.strip("-") for one in row["latin"].split()) for row in rows("hangul"))
