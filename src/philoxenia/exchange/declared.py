"""Does what city.toml says of the tables fit the tables that are there?

Owns the names of tables, columns, groups and characteristics in city.toml. A name that cannot be right is a
fault; a table or a row that is not there yet is a remark, since a package grows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import polars as pl

from philoxenia.exchange.settings import Settings

Entry = Mapping[str, Any]
Tables = Mapping[str, pl.DataFrame]
_NUMBERED = ("measures", "stock", "inflows", "outflows")


@dataclass
class Said:
    """Sentences on city.toml: `faults` keep the package from being used, `remarks` do not."""

    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def held_against_tables(settings: Settings, tables: Tables, known_tables: set[str]) -> Said:
    """What city.toml says of tables, columns, groups and characteristics, held against the tables."""
    said = Said()
    for place, entry in _entries(settings.arrivals):
        table = _table(place, str(entry.get("table", "")), tables, known_tables, said)
        if table is not None:
            _hold(place, entry, table, said)
    _hold_groups(settings, tables.get("census_profile"), said)
    return said


def _entries(arrivals: Entry) -> Iterator[tuple[str, Entry]]:
    yield from (("[[arrivals.series]]", entry) for entry in arrivals.get("series", []))
    yield from (("[[arrivals.signals]]", entry) for entry in arrivals.get("signals", []))
    if arrivals.get("capacity"):
        yield "[arrivals.capacity]", arrivals["capacity"]


def _table(place: str, name: str, tables: Tables, known_tables: set[str], said: Said) -> pl.DataFrame | None:
    if name in tables:
        return tables[name]
    if name in known_tables:
        said.remarks.append(
            f"city.toml, {place}: the table {name} is not in this package, so that entry is not used."
        )
    else:
        said.faults.append(
            f"city.toml, {place}: there is no table {name!r}{_meant(name, [*tables, *known_tables])}. Name a "
            "file of tables/ without its ending."
        )
    return None


def _hold(place: str, entry: Entry, table: pl.DataFrame, said: Said) -> None:
    where = f"city.toml, {place}"
    wrong = [name for name in _columns(entry) if name not in table.columns]
    for name in wrong:
        said.faults.append(
            f"{where}: the table {entry['table']} has no column {name!r}{_meant(name, table.columns)}."
        )
    counted = [name for name in _counted(entry) if name not in wrong]
    for name in counted:
        if not table[name].dtype.is_numeric():
            said.faults.append(f"{where}: the column {name!r} of {entry['table']} does not hold numbers.")
    if not wrong:
        _hold_values(where, entry, table, said)


def _columns(entry: Entry) -> list[str]:
    named = [entry.get("time", "month"), *entry.get("filter", {}), *_counted(entry)]
    if "group" in entry:
        named.append(entry["group"])
    return list(dict.fromkeys(named))


def _counted(entry: Entry) -> list[str]:
    found: list[str] = [entry["measure"]] if "measure" in entry else []
    for key in _NUMBERED:
        found += [entry[key]] if isinstance(entry.get(key), str) else entry.get(key, [])
    return list(dict.fromkeys(found))


def _hold_values(where: str, entry: Entry, table: pl.DataFrame, said: Said) -> None:
    for column, value in entry.get("filter", {}).items():
        _hold_value(where, str(entry["table"]), column, str(value), table, said)
        table = table.filter(pl.col(column).cast(pl.String) == str(value))
    if "group" not in entry or table.is_empty():
        return
    named = [*entry.get("groups", []), *entry.get("partition", [])]
    named += [entry[key] for key in ("total", "newcomers") if key in entry]
    for group in dict.fromkeys(map(str, named)):
        _hold_value(where, str(entry["table"]), entry["group"], group, table, said)


def _hold_value(where: str, name: str, column: str, value: str, table: pl.DataFrame, said: Said) -> None:
    there = table[column].cast(pl.String).drop_nulls().unique().sort().to_list()
    if there and value not in there:
        said.remarks.append(
            f"{where}: no row of {name} has {value!r} in the column {column!r}"
            f"{_meant(value, there) or _listed(there)}."
        )


def _hold_groups(settings: Settings, profile: pl.DataFrame | None, said: Said) -> None:
    if profile is None:
        return
    known = profile["characteristic"].drop_nulls().unique().sort().to_list()
    for group, entry in settings.groups.items():
        for key in ("characteristic", "base"):
            if key in entry and entry[key] not in known:
                said.remarks.append(
                    f"city.toml, [groups] {group}: the census profile has no characteristic {entry[key]!r}"
                    f"{_meant(entry[key], known)}."
                )


def _meant(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; perhaps {near[0]!r} is meant" if near else ""


def _listed(there: list[str], most: int = 5) -> str:
    more = f" and {len(there) - most} more" if len(there) > most else ""
    return f"; there are {', '.join(map(repr, there[:most]))}{more}"
