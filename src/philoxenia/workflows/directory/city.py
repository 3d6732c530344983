"""A city's first directory from the tables of its package, as `directory/directory.toml` of the package
says."""

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from philoxenia.exchange.hsds.listing import cut_up, of_rows
from philoxenia.exchange.hsds.nested import text_frame
from philoxenia.exchange.hsds.reading import About, records_of
from philoxenia.exchange.hsds.records import Records
from philoxenia.exchange.hsds.sayings import Told
from philoxenia.exchange.settings import CityError
from philoxenia.workflows.directory.reading import with_districts

Row = dict[str, Any]
_OWN = ("table", "id", "key", "where", "beside", "hours", "title_case")
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class _City:
    """The parts of a package a directory is made of, as text."""

    folder: Path
    declared: Mapping[str, Any]
    sources: Mapping[str, Mapping[str, Any]]
    contacts: Mapping[tuple[str, str], Row]

    def rows(self, table: str, where: Mapping[str, Any]) -> list[Row]:
        """Rows of a table of the package, those that say what `where` asks."""
        path = self.folder / "tables" / f"{table}.csv"
        if not path.is_file():
            raise CityError(
                f"{self.folder / 'directory' / 'directory.toml'} names the table {table}, which is not there."
            )
        return [row for row in _read(path) if _fits(row, where)]


def city_directory(folder: Path, today: date | None = None) -> Records:
    """The directory of a city package. Raises `CityError` where the package declares none, or wrongly."""
    city = _opened(Path(folder))
    told = Told()
    made = [row for service in city.declared.get("services", []) for row in _services(city, service)]
    if (listing := city.folder / "directory" / "listing.csv").is_file():
        made += _read(listing)
    about = city.declared.get("about", {})
    placed = {name: about[name] for name in ("country", "province", "city") if name in about}
    rows = [row | (placed if row.get("address") else {}) for row in made]
    tables = cut_up(of_rows(text_frame(rows), Told()))
    asked = About(source=city.folder.name, language=str(about.get("language", "")), today=today)
    return with_districts(records_of(tables, asked, told), city.folder)


def has_directory(folder: Path) -> bool:
    """Whether a city package declares a directory."""
    return (folder / "directory" / "directory.toml").is_file()


def _opened(folder: Path) -> _City:
    path = folder / "directory" / "directory.toml"
    if not path.is_file():
        raise CityError(
            f"{folder} has no directory/directory.toml, so nothing says which of its tables are services."
        )
    try:
        declared = tomllib.loads(path.read_text(encoding="utf-8"))
        sources = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise CityError(f"{path} or sources.toml beside it cannot be read ({fault}).") from fault
    contacts = folder / "directory" / "contacts.csv"
    known = {(row["table"], row["id"]): row for row in _read(contacts)} if contacts.is_file() else {}
    return _City(folder, declared, {one["table"]: one for one in sources.get("table", [])}, known)


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _fits(row: Row, where: Mapping[str, Any]) -> bool:
    return all(
        row.get(name) in ([str(one) for one in want] if isinstance(want, list) else [str(want)])
        for name, want in where.items()
    )


def _services(city: _City, service: Mapping[str, Any]) -> Iterator[Row]:
    """Rows of a listing from one table: its words filled in, with source, licence and date of the table."""
    table, id_column = service["table"], service["id"]
    beside = service.get("beside")
    more = (
        {row[id_column]: row for row in city.rows(beside["table"], beside.get("where", {}))} if beside else {}
    )
    hours = _hours(city, service.get("hours", ""), id_column)
    source = city.sources.get(beside["table"] if beside else table, {})
    for row in city.rows(table, service.get("where", {})):
        own = row[id_column]
        if beside and own not in more:
            continue
        words = _words(city, more.get(own, {}) | _cased(row, service.get("title_case", [])))
        filled = {name: str(text).format_map(words) for name, text in service.items() if name not in _OWN}
        contact = city.contacts.get((table, own), {})
        stated = {
            "source": source.get("owner"),
            "licence": source.get("licence"),
            "source_date": source.get("date"),
        }
        place = {
            name: row.get(name) for name in ("address", "postal_code", "latitude", "longitude", "district_id")
        }
        reach = {name: contact.get(name) for name in ("phone", "email", "website")}
        kind = service.get("key", table)
        yield {"listing_id": f"{kind}:{own}", **stated, **place, **reach, **hours.get(own, {}), **filled}


def _hours(city: _City, table: str, id_column: str) -> dict[str, Row]:
    """Opening hours by weekday in words, from a table of id, weekday (1 is Monday), opens, closes."""
    found: dict[str, Row] = {}
    for row in city.rows(table, {}) if table else []:
        day = f"hours_{_WEEK[int(row['weekday']) - 1]}"
        held = found.setdefault(row[id_column], {})
        span = f"{row['opens']}-{row['closes']}"
        held[day] = f"{held[day]}, {span}" if day in held else span
    return found


def _cased(row: Row, columns: list[str]) -> Row:
    """Names written in capitals as people write them."""
    return row | {name: _title(row[name]) for name in columns if row.get(name, "").isupper()}


def _title(text: str) -> str:
    return " ".join(
        word if any(c.isdigit() for c in word) else word.capitalize() for word in text.lower().split(" ")
    )


class _Words(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return ""


def _words(city: _City, row: Row) -> _Words:
    """A row with words for its codes: `{type_words}` stands for what `[words.type]` calls the row's type."""
    known = city.declared.get("words", {})
    return _Words(
        row | {f"{name}_words": values.get(row.get(name, ""), "") for name, values in known.items()}
    )
