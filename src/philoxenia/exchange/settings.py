"""city.toml: who the city is, what its districts are called, which services and groups it looks at.

Owns the keys and their defaults (each is explained in cities/_template/city.toml); ignores tables.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from philoxenia.reference import Parameters, default_parameters
from philoxenia.vocabulary import PhiloxeniaError

SECTIONS = ("city", "districts", "population", "groups", "services", "parameters", "arrivals", "exchange")
_NAMES = {"districts": ("file", "id", "name"), "population": ("characteristic",)}
_CITY_KEYS = ("id", "name", "country", "currency", "languages", "timezone")


class CityError(PhiloxeniaError):
    """A city package cannot be used; the message names the file, what is wrong and how to mend it."""

    exit_code = 3


@dataclass(frozen=True)
class Settings:
    """What city.toml says, with defaults for what it leaves out. `remarks` are sentences on odd entries."""

    id: str
    name: str
    country: str = ""
    currency: str = ""
    languages: tuple[str, ...] = ("en",)
    timezone: str = ""
    districts: Mapping[str, Any] = field(default_factory=dict)
    population: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    arrivals: Mapping[str, Any] = field(default_factory=dict)
    exchange: Mapping[str, Any] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=default_parameters)
    remarks: tuple[str, ...] = ()


def measure_name(series: Mapping[str, Any], column: str) -> str:
    """What a forecast column of an [[arrivals.series]] entry is called: `value` goes by what it counts."""
    return str(series.get("filter", {}).get("measure", column)) if column == "value" else column


def read_settings(folder: Path) -> Settings:
    """The settings of a city package. Raises `CityError` naming the entry that is missing or wrong."""
    path = folder / "city.toml"
    if not folder.is_dir():
        raise CityError(f"There is no folder {folder}. Name a city package, a folder with a city.toml.")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as fault:
        raise CityError(
            f"{folder} has no city.toml, so it is not a city package. "
            f"Start one with: philoxenia city new {folder}"
        ) from fault
    except UnicodeDecodeError as fault:
        raise CityError(f"{path} is not UTF-8 text. Save it as UTF-8.") from fault
    except tomllib.TOMLDecodeError as fault:
        raise CityError(f"{path} is not valid TOML: {fault}.") from fault
    return _settings(path, content)


def _settings(path: Path, content: Mapping[str, Any]) -> Settings:
    for section in SECTIONS:
        if not isinstance(content.get(section, {}), dict):
            raise CityError(f"{path}: {section} must be a section, written [{section}].")
    _plain_texts(path, content)
    city = content.get("city", {})
    name = city.get("name", "")
    if not isinstance(name, str) or not name.strip():
        raise CityError(f'{path}: [city] has no name. Add a line such as: name = "Athens"')
    return Settings(
        id=str(city.get("id", path.parent.name)),
        name=name,
        country=str(city.get("country", "")),
        currency=str(city.get("currency", "")),
        languages=_texts(path, "city.languages", city.get("languages", ["en"])),
        timezone=str(city.get("timezone", "")),
        districts=content.get("districts", {}),
        population=content.get("population", {}),
        groups=_groups(path, content.get("groups", {})),
        services=_texts(path, "services.shown", content.get("services", {}).get("shown", [])),
        arrivals=_arrivals(path, content.get("arrivals", {})),
        exchange=content.get("exchange", {}),
        parameters=_parameters(path, content.get("parameters", {})),
        remarks=tuple(_remarks(content, city)),
    )


def _plain_texts(path: Path, content: Mapping[str, Any]) -> None:
    """Entries that name a file, a property or a characteristic are texts; a year may be a number."""
    for section, keys in _NAMES.items():
        for key in keys:
            value = content.get(section, {}).get(key, "")
            if not isinstance(value, str):
                raise CityError(f"{path}: {section}.{key} must be a text in quotes, not {value!r}.")


def _texts(path: Path, entry: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise CityError(f'{path}: {entry} must be a list of texts, such as ["en", "fr"].')
    return tuple(value)


def _groups(path: Path, groups: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    for name, group in groups.items():
        named = [group.get(key, "") for key in ("characteristic", "base")] if isinstance(group, dict) else []
        if not named or not named[0] or not all(isinstance(text, str) for text in named):
            raise CityError(
                f"{path}: the group {name!r} must name its characteristic (and base) in quotes, "
                'such as: newcomers = { characteristic = "recent_immigrants" }'
            )
    return groups


_TEXTS = ("table", "time", "group", "measure", "stock", "total", "newcomers", "label", "id")
_LISTS = ("groups", "measures", "partition", "inflows", "outflows")
_SECTIONS = ("filter", "labels", "explains")
_NEEDED = {"series": ("table", "measures"), "signals": ("table", "measure"), "capacity": ("table", "measure")}


def _arrivals(path: Path, arrivals: Mapping[str, Any]) -> Mapping[str, Any]:
    for kind in ("series", "signals"):
        entries = arrivals.get(kind, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise CityError(f"{path}: arrivals.{kind} must be written [[arrivals.{kind}]], once an entry.")
        for entry in entries:
            _arrivals_entry(path, f"arrivals.{kind}", entry, _NEEDED[kind])
    capacity = arrivals.get("capacity", {})
    if not isinstance(capacity, dict):
        raise CityError(f"{path}: arrivals.capacity must be a section, written [arrivals.capacity].")
    if capacity:
        _arrivals_entry(path, "arrivals.capacity", capacity, _NEEDED["capacity"])
    return arrivals


def _arrivals_entry(path: Path, name: str, entry: Mapping[str, Any], needed: tuple[str, ...]) -> None:
    for key in needed:
        if not entry.get(key):
            raise CityError(f"{path}: {name} has no entry {key!r}. It is explained in cities/_template.")
    for key in _TEXTS:
        if not isinstance(entry.get(key, ""), str):
            raise CityError(f"{path}: {name}.{key} must be a text in quotes, not {entry[key]!r}.")
    for key in _LISTS:
        _texts(path, f"{name}.{key}", entry.get(key, []))
    for key in _SECTIONS:
        if not isinstance(entry.get(key, {}), dict):
            raise CityError(
                f'{path}: {name}.{key} must be written with braces, such as {{ measure = "arrivals" }}.'
            )
    share = entry.get("city_share", 1)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise CityError(f"{path}: {name}.city_share must be a share from 0 to 1, not {share!r}.")


def _parameters(path: Path, entries: Mapping[str, Any]) -> Parameters:
    try:
        return default_parameters().overridden(_numbers(path, entries), path.name)
    except CityError:
        raise
    except PhiloxeniaError as problem:
        raise CityError(f"{path}, [parameters]: {problem}") from problem


def _numbers(path: Path, entries: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Overrides as numbers: names with dots may be nested tables, a value may be { value, source }."""
    numbers: dict[str, float] = {}
    for name, entry in entries.items():
        full = f"{prefix}{name}"
        value = entry.get("value") if isinstance(entry, dict) and "value" in entry else entry
        if isinstance(value, dict):
            numbers |= _numbers(path, value, f"{full}.")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise CityError(f"{path}: the parameter {full} must be a number, not {value!r}.")
        else:
            numbers[full] = float(value)
    return numbers


def _remarks(content: Mapping[str, Any], city: Mapping[str, Any]) -> list[str]:
    unknown = [f"[{name}]" for name in content if name not in SECTIONS]
    unknown += [f"city.{name}" for name in city if name not in _CITY_KEYS]
    return [f"city.toml: {name} is not an entry this version reads." for name in unknown]
