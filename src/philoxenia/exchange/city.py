"""A city package: a folder with city.toml, districts and cleaned tables, read and checked in one go.

Every table is checked against the contract of its name; one reading names all that is wrong.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from philoxenia.exchange.cells import DTYPES
from philoxenia.exchange.check import check_file
from philoxenia.exchange.contract import Column, Contract, contracts
from philoxenia.exchange.declared import held_against_tables
from philoxenia.exchange.outcome import CheckReport
from philoxenia.exchange.outlines import across_date_line, eastward, measured, outline_faults, unbroken
from philoxenia.exchange.places import places_of
from philoxenia.exchange.settings import CityError, Settings, read_settings
from philoxenia.reference import Parameters

TABLE_ENDINGS = (".csv", ".parquet")
DISTRICT_FILES = ("districts.geojson", "districts.zip", "districts.kml")
_POPULATION = "population"
Entry = TypeVar("Entry")
_KNOWN_ENTRIES = {
    *("city.toml", "sources.toml", "recipe.toml", "README.md"),
    *("recipe", "contracts", "tables", "guides", "help", "directory", "card"),
}


@dataclass(frozen=True)
class Source:
    """Where a table of a package comes from."""

    table: str
    title: str = ""
    owner: str = ""
    licence: str = ""
    date: str = ""
    raw_file: str = ""
    sha256: str = ""
    mended: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class CheckedTable:
    """A table that passed its contract outside a package, with its report and where it comes from."""

    table: pl.DataFrame
    report: CheckReport
    source: Source


@dataclass(frozen=True)
class City:
    """One city's data. `remarks` are sentences on entries and files that were not used.

    districts: district_id, name, longitude, latitude, area_km2, geometry (WKB). tables: by contract name.
    """

    path: Path
    settings: Settings
    districts: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]
    sources: Mapping[str, Source]
    reports: Mapping[str, CheckReport]
    remarks: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        """The short name of the city."""
        return self.settings.id

    @property
    def name(self) -> str:
        """The name of the city as people write it."""
        return self.settings.name

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-3, or '' where city.toml does not say."""
        return self.settings.country

    @property
    def currency(self) -> str:
        """ISO 4217, or ''."""
        return self.settings.currency

    @property
    def languages(self) -> tuple[str, ...]:
        """BCP 47 codes, the city's own first."""
        return self.settings.languages

    @property
    def services(self) -> tuple[str, ...]:
        """Ids of the services that are shown, in order; empty means all."""
        return self.settings.services

    @property
    def groups(self) -> Mapping[str, Mapping[str, Any]]:
        """How newcomers and other groups are told in the census profile."""
        return self.settings.groups

    @property
    def arrivals(self) -> Mapping[str, Any]:
        """Which series are forecast, their capacity and signals."""
        return self.settings.arrivals

    @property
    def parameters(self) -> Parameters:
        """The engine's parameters with the city's overrides."""
        return self.settings.parameters

    def with_tables(self, tables: Mapping[str, "CheckedTable"], without: Collection[str] = ()) -> "City":
        """The city with checked tables, by contract name, in place of the package's, and without some.

        What city.toml says is held against the new tables: raises `CityError` that names what no longer fits.
        """
        return _with_tables(self, tables, without)

    def with_parameters(self, changes: Mapping[str, float], by: str = "This study") -> "City":
        """The city with some parameters changed. Raises `PhiloxeniaError` for what cannot be."""
        parameters = self.settings.parameters.overridden(changes, by)
        return replace(self, settings=replace(self.settings, parameters=parameters))


def read_city(path: str | Path) -> City:
    """Read and check a city package. Raises `CityError` naming each file, the fault and the remedy."""
    city, problems = survey_city(path)
    if problems:
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise CityError(f"The city package {city.path} cannot be used as it is:\n{listed}")
    return city


def survey_city(path: str | Path) -> tuple[City, list[str]]:
    """A city package as far as it can be read, and a sentence for each thing that keeps it from being used.

    Raises `CityError` only where there is no city.toml or no usable district at all.
    """
    folder = Path(path)
    settings = read_settings(folder)
    file, report, districts = _districts(folder, settings)
    problems = outline_faults(districts["district_id"].to_list(), districts["geometry"].to_list())
    if problems:
        raise CityError(f"{file}:\n" + "\n".join(f"  - {problem}" for problem in problems))
    places = places_of(folder, settings.id, settings.name, districts, dict(settings.exchange))
    found, remarks = _table_files(folder)
    reports = {"districts": report}
    for name, (table, contract) in found.items():
        reports[name] = check_file(table, contract, places)
    tables = {
        name: _complete(reports[name].table, found[name][1]) for name in found if reports[name].accepted
    }
    problems = [problem for name in found for problem in _faults(found[name][0], reports[name])]
    without = _population_faults(
        settings, tables, districts["district_id"].to_list(), "census_profile" in found
    )
    if without and "census_profile" in tables:
        # A cell that could not be read is left empty: without that sentence nobody finds it.
        problems += _faults(found["census_profile"][0], reports["census_profile"], "warning")
    refused = {name for name in found if name not in tables}
    declared = held_against_tables(settings, tables, set(contracts(folder)) | refused)
    problems += [*without, *declared.faults]
    if "census_profile" in tables:
        tables["census_profile"] = _with_population(tables["census_profile"], settings)
    if across_date_line(districts):
        districts = unbroken(districts)
        tables = {name: eastward(table) for name, table in tables.items()}
    city = City(
        path=folder,
        settings=settings,
        districts=measured(districts),
        tables=tables,
        sources=_sources(folder),
        reports=reports,
        remarks=(*settings.remarks, *remarks, *declared.remarks),
    )
    return city, problems


def _with_tables(city: City, given: Mapping[str, CheckedTable], without: Collection[str]) -> City:
    known = contracts(city.path)
    if strangers := sorted(set(given) - set(known)):
        raise CityError(f"No contract is called {strangers[0]!r}, so no step would read that table.")
    kept = {name for name in city.reports if name not in {*given, *without}}
    tables = {name: table for name, table in city.tables.items() if name in kept}
    tables |= {name: _in_use(city, one.table, known[name]) for name, one in given.items()}
    ids = city.districts["district_id"].to_list()
    declared = held_against_tables(city.settings, tables, set(known))
    problems = [*_population_faults(city.settings, tables, ids, False), *declared.faults]
    if problems:
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise CityError(f"The city cannot be computed with these data sets:\n{listed}")
    return replace(
        city,
        tables=tables,
        sources=_only(city.sources, kept) | {name: one.source for name, one in given.items()},
        reports=_only(city.reports, kept) | {name: one.report for name, one in given.items()},
        remarks=tuple(dict.fromkeys((*city.remarks, *declared.remarks))),
    )


def _in_use(city: City, table: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """A checked table as steps read it."""
    table = _complete(table, contract)
    if contract.name == "census_profile":
        table = _with_population(table, city.settings)
    return eastward(table) if across_date_line(city.districts) else table


def _only(entries: Mapping[str, Entry], names: Collection[str]) -> dict[str, Entry]:
    return {name: entry for name, entry in entries.items() if name in names}


def _districts(folder: Path, settings: Settings) -> tuple[Path, CheckReport, pl.DataFrame]:
    named = settings.districts.get("file")
    choices = [folder / name for name in ([named] if named else DISTRICT_FILES)]
    file = next((choice for choice in choices if choice.is_file()), None)
    if file is None:
        raise CityError(
            f"{folder} has no districts: put the outlines there as {choices[0].name} "
            "(WGS84, one district a feature), "
            'or name another file in city.toml under [districts], file = "...".'
        )
    report = check_file(file, _renamed(contracts(folder)["districts"], settings.districts))
    if not report.accepted:
        raise CityError("\n".join(_faults(file, report)))
    return file, report, report.table.sort("district_id")


def _renamed(contract: Contract, entries: Mapping[str, Any]) -> Contract:
    """The districts contract with the property names of this city's file first."""
    own = {"district_id": entries.get("id"), "name": entries.get("name")}
    columns = tuple(_with_header(column, own.get(column.name)) for column in contract.columns)
    return replace(contract, columns=columns)


def _with_header(column: Column, header: str | None) -> Column:
    return replace(column, aliases=(header, column.name, *column.aliases)) if header else column


def _table_files(folder: Path) -> tuple[dict[str, tuple[Path, Contract]], list[str]]:
    known = contracts(folder)
    found: dict[str, tuple[Path, Contract]] = {}
    remarks = [
        f"{entry.name} is not part of a city package and was not read."
        for entry in sorted(folder.iterdir())
        if entry.name not in _KNOWN_ENTRIES and entry.stem != "districts" and not entry.name.startswith(".")
    ]
    tables = folder / "tables"
    for entry in sorted(tables.iterdir()) if tables.is_dir() else []:
        if entry.name.startswith("."):
            continue
        if entry.suffix not in TABLE_ENDINGS or entry.stem not in known:
            remarks.append(f"tables/{entry.name} was not read: no contract has that name (CSV or Parquet).")
        elif entry.stem in found:
            remarks.append(f"tables/{entry.name} was not read: {found[entry.stem][0].name} holds that table.")
        else:
            found[entry.stem] = (entry, known[entry.stem])
    return found, remarks


def _complete(table: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Every column of the contract, in its order; those the file lacks are empty, an empty key id is ''."""
    kept = [column for column in contract.columns if column.keep]
    return table.select(_filled(column, column.name in table.columns, contract.key) for column in kept)


def _filled(column: Column, there: bool, key: tuple[str, ...]) -> pl.Expr:
    dtype = DTYPES.get(column.type, pl.String)
    if not there:
        return pl.lit(None, dtype=pl.String if dtype == pl.Date else dtype).alias(column.name)
    return (
        pl.col(column.name).fill_null("")
        if column.type == "id" and column.name in key
        else pl.col(column.name)
    )


def _faults(file: Path, report: CheckReport, severity: str = "refused") -> list[str]:
    return [
        f"{file.parent.name}/{file.name}: {finding.message} {finding.remedy}".strip()
        for finding in report.findings
        if finding.severity == severity
    ]


def _population_faults(
    settings: Settings, tables: Mapping[str, pl.DataFrame], ids: list[str], there: bool
) -> list[str]:
    """The one figure without which no step can run."""
    code = str(settings.population.get("characteristic", "population"))
    profile = tables.get("census_profile")
    if profile is None:
        # A profile that is there but refused has said what is wrong with it already.
        return (
            []
            if there
            else [f"tables/census_profile.csv is missing: it must give {code!r} for every district."]
        )
    known = profile.filter((pl.col("characteristic") == code) & pl.col("value").is_not_null())
    year = str(settings.population.get("year", ""))
    if year and known.height and year not in known["year"].cast(pl.String).to_list():
        found = ", ".join(sorted(set(known["year"].cast(pl.String))))
        return [f"city.toml, [population]: there is no {code!r} of {year}; the table has {found}."]
    absent = [id_ for id_ in ids if id_ not in set(known["district_id"])]
    if not absent:
        total = known["value"].sum()
        return [] if total > 0 else [f"tables/census_profile: {code!r} is 0 in every district."]
    shown = ", ".join(absent[:5]) + (f" and {len(absent) - 5} more" if len(absent) > 5 else "")
    return [
        f"tables/census_profile: there is no {code!r} for district {shown}. "
        "Add a row for each, or name another characteristic in city.toml under [population]."
    ]


def _with_population(profile: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The profile with `population` as city.toml tells it: its own characteristic, nothing after its year."""
    code, year = settings.population.get("characteristic", _POPULATION), settings.population.get("year", "")
    if code != _POPULATION:
        own = profile.filter(pl.col("characteristic") == code).with_columns(
            characteristic=pl.lit(_POPULATION)
        )
        profile = pl.concat([profile.filter(pl.col("characteristic") != _POPULATION), own])
    later = (pl.col("characteristic") == _POPULATION) & (pl.col("year").cast(pl.String) > str(year or "9999"))
    return profile.filter(~later)


def _sources(folder: Path) -> dict[str, Source]:
    path = folder / "sources.toml"
    if not path.is_file():
        return {}
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("table", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise CityError(
            f"{path} is not valid TOML ({fault}). Build the package again, or correct it."
        ) from fault
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise CityError(f"{path}: write [[table]] (two brackets) above the entries of each table.")
    return {source.table: source for source in map(_source, entries)}


def _source(entry: Mapping[str, Any]) -> Source:
    plain = ("table", "title", "owner", "licence", "date", "raw_file", "sha256")
    return Source(
        **{name: str(entry.get(name, "")) for name in plain},
        mended=_sentences(entry.get("mended", [])),
        note=" ".join(_sentences(entry.get("notes", entry.get("note", [])))),
    )


def _sentences(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)
