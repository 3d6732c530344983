"""Points of identity: which kinds of documents a city accepts, what each shows, and whether it is enough.

A kind names no country and no number, and none says anything about a stay: `card/points.csv` of a city.
"""

import csv
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from philoxenia.exchange.settings import CityError

_FILE, _SETTINGS = "card/points.csv", "card/card.toml"
_COLUMNS = ("code", "identity", "residence", "photo", "birth_date", "en", "source", "date")
_MOST_POINTS = 4


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: points for who one is and for living here, and what it carries."""

    code: str
    identity: int
    residence: int
    photo: bool
    birth_date: bool
    names: Mapping[str, str]
    source: str
    date: str

    def name(self, language: str) -> str:
        """In a language, or in English where nobody has translated it."""
        return self.names.get(language) or self.names["en"]


@dataclass(frozen=True)
class CardRules:
    """What a city asks for, and what its card says. `title` and `lost` are by language."""

    kinds: Mapping[str, DocumentKind]
    identity: int
    residence: int
    valid_years: int
    title: Mapping[str, str]
    lost: Mapping[str, str]
    status: str
    sources: tuple[str, ...]

    def missing(self, seen: Collection[str], accompanied: bool = False) -> list[str]:
        """What is not shown yet: of identity, residence, photo, birth_date. Empty where it is enough.

        A child whom a guardian accompanies needs no document with a photo. Others count nothing.
        """
        found = [self.kinds[code] for code in set(seen) if code in self.kinds]
        lacks = {
            "identity": sum(one.identity for one in found) < self.identity,
            "residence": sum(one.residence for one in found) < self.residence,
            "photo": not accompanied and not any(one.photo for one in found),
            "birth_date": not any(one.birth_date for one in found),
        }
        return [what for what, missing in lacks.items() if missing]


def read_card_rules(city: Path) -> CardRules:
    """The rules of a city package. Raises `CityError` naming the file, row and entry that is wrong."""
    path = city / _SETTINGS
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise CityError(
            f"{city} has no {_SETTINGS}, so it issues no card. See docs/how-to/city-card.md."
        ) from fault
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise CityError(f"{path} is not TOML in UTF-8: {fault}.") from fault
    points, card = told.get("points", {}), told.get("card", {})
    return CardRules(
        kinds=_kinds(city / _FILE),
        identity=_whole(path, "points.identity", points.get("identity")),
        residence=_whole(path, "points.residence", points.get("residence")),
        valid_years=_whole(path, "card.valid_years", card.get("valid_years"), 1, 10),
        title=_by_language(path, "card.title", card.get("title")),
        lost=_by_language(path, "card.lost", card.get("lost")),
        status=str(card.get("status", "")),
        sources=tuple(str(one) for one in told.get("sources", [])),
    )


def _kinds(path: Path) -> dict[str, DocumentKind]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if lacking := set(_COLUMNS) - set(reader.fieldnames or ()):
            raise CityError(f"{path} has no column {', '.join(sorted(lacking))}.")
        rows = [_kind(path, number, row) for number, row in enumerate(reader, start=2)]
    if len(rows) != len({row.code for row in rows}):
        raise CityError(f"{path} names a code twice.")
    return {row.code: row for row in rows}


def _kind(path: Path, number: int, row: Mapping[str, str]) -> DocumentKind:
    where = f"{path}, row {number}"
    if not row["code"].replace("_", "").isalnum() or not row["en"]:
        raise CityError(f"{where}: a code of letters and _ and an English name are needed.")
    return DocumentKind(
        code=row["code"],
        identity=_whole(path, f"row {number}, identity", row["identity"], 0, _MOST_POINTS),
        residence=_whole(path, f"row {number}, residence", row["residence"], 0, _MOST_POINTS),
        photo=row["photo"] == "yes",
        birth_date=row["birth_date"] == "yes",
        names={
            column: text for column, text in row.items() if column not in _COLUMNS[:5] + _COLUMNS[6:] and text
        },
        source=row["source"],
        date=row["date"],
    )


def _whole(path: Path, entry: str, value: Any, least: int = 0, most: int = 20) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = least - 1
    if not least <= number <= most:
        raise CityError(f"{path}: {entry} must be a whole number from {least} to {most}, not {value!r}.")
    return number


def _by_language(path: Path, entry: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not value.get("en"):
        raise CityError(f'{path}: {entry} needs a text in English at least: {entry} = {{ en = "..." }}')
    return {str(code): str(text) for code, text in value.items()}
