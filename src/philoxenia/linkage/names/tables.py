"""Reads the tables of particles, endings and variants that stand in `tables/`.

Owns what is data about names; how they are used is in `keys` and `reading`. Letters are `exchange.scripts`.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_FOLDER = files("philoxenia.linkage.names") / "tables"


@dataclass(frozen=True)
class Ending:
    """One ending of family names, the form it is brought to, and how long a name it needs."""

    ending: str
    common: str
    least: int
    kind: str


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one table of names, all text; `name` is the file name without `.csv`."""
    text = (_FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def particles() -> Mapping[str, str]:
    """Small words of names and what is done with them: drop, next, before, title, name."""
    return MappingProxyType({row["word"]: row["action"] for row in rows("particles")})


@cache
def endings() -> tuple[Ending, ...]:
    """Endings of family names, longest first."""
    found = [Ending(row["ending"], row["common"], int(row["least"]), row["kind"]) for row in rows("endings")]
    return tuple(sorted(found, key=lambda one: -len(one.ending)))
