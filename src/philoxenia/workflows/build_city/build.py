"""Builds a city package from raw extracts by its recipe: check, mend, shape, check again, write, record.

The same extracts and the same recipe give the same bytes. A table is written beside its place and
renamed into it; a run that fails leaves the tables it did not reach as they were.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from philoxenia.exchange.check import check_file
from philoxenia.exchange.contract import Contract, load_contract
from philoxenia.exchange.places import Places, places_of
from philoxenia.exchange.settings import Settings, read_settings
from philoxenia.lake.files import publish, unfinished_path
from philoxenia.workflows.build_city.extracts import Extract, find_raw, refusals
from philoxenia.workflows.build_city.operations import apply_step
from philoxenia.workflows.build_city.problems import BuildError, RecipeError
from philoxenia.workflows.build_city.recipe import Kept, Make, Recipe, read_recipe
from philoxenia.workflows.build_city.record import RawRecord, TableRecord, sources_text
from philoxenia.workflows.build_city.written import file_bytes

Say = Callable[[str], None]


@dataclass(frozen=True)
class BuiltTable:
    """One table of the package: where it lies, its rows and size, whether it differs from before."""

    name: str
    path: Path
    rows: int
    size: int
    changed: bool


@dataclass
class _Build:
    """The tables made so far, by name."""

    city: Path
    settings: Settings
    recipe: Recipe
    extracts: Mapping[str, Extract]
    made: dict[str, pl.DataFrame] = field(default_factory=dict)

    def table(self, name: str) -> pl.DataFrame:
        if name in self.made:
            return self.made[name]
        if name in self.extracts:
            return self.extracts[name].table
        return pl.read_csv(self.city / self.recipe.codes[name].file, infer_schema=False)

    def make(self, make: Make) -> pl.DataFrame:
        frame = pl.concat([self.table(name) for name in make.sources], how="diagonal_relaxed")
        for number, step in enumerate(make.steps, start=1):
            try:
                frame = apply_step(frame, step, self.table)
            except RecipeError as fault:
                raise RecipeError(f"recipe.toml, make {make.name!r}, step {number}: {fault}.") from fault
        self.made[make.name] = frame
        return frame

    @property
    def places(self) -> Places | None:
        """The districts, once they are made."""
        if "districts" not in self.made:
            return None
        exchange = dict(self.settings.exchange)
        return places_of(self.city, self.settings.id, self.settings.name, self.made["districts"], exchange)


def build_city(city: Path, raw: Path, say: Say = lambda line: None) -> list[BuiltTable]:
    """Build every table of `city` from the extracts under `raw`; `say` is told each table as it is written.

    Raises `RecipeError` for a wrong recipe, `BuildError` for an extract that is missing or refused.
    """
    settings = read_settings(city)
    recipe = read_recipe(city / "recipe.toml")
    extracts = {name: Extract(item, find_raw(raw, item.file), city) for name, item in recipe.raws.items()}
    build = _Build(city, settings, recipe, extracts)
    built, records = [], []
    for make in recipe.makes:
        frame = build.make(make)
        if make.ship:
            table, record = _ship(build, make, frame)
            built.append(table)
            records.append(record)
            say(
                f"{table.path.relative_to(city)}: {table.rows:,} rows{'' if table.changed else ', as before'}"
            )
    records += [_kept(build, table) for table in recipe.kept]
    _replace(city / "sources.toml", sources_text(records).encode())
    return built


def _kept(build: _Build, kept: Kept) -> TableRecord:
    """What sources.toml says of a table that is written by hand, once it is checked."""
    contract, path = load_contract(kept.name, build.city), build.city / "tables" / f"{kept.name}.csv"
    if not path.is_file():
        raise BuildError(f"recipe.toml, kept {kept.name!r}: there is no {path}. Write it, or leave it out.")
    report = check_file(path, contract, build.places)
    if not report.accepted:
        raise BuildError(f"The table {kept.name} breaks its own contract:\n{refusals(report)}")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    name = f"{contract.name} {contract.version}"
    raw = RawRecord(f"tables/{path.name}", digest, name, report.rows, kept.owner, kept.licence, kept.date)
    return TableRecord(kept.name, kept.title or contract.title, name, report.rows, (raw,), (), kept.notes)


def _ship(build: _Build, make: Make, frame: pl.DataFrame) -> tuple[BuiltTable, TableRecord]:
    contract = load_contract(make.contract or make.name, build.city)
    table = _canonical(make, frame, contract)
    folder = build.city if make.format == "geojson" else build.city / "tables"
    path = folder / f"{make.name}.{make.format}"
    content = file_bytes(table, make.format)
    changed = _replace(path, content, lambda unfinished: _check(build, make, contract, unfinished))
    main, all_ = build.recipe.behind(make.name, helpers=False), build.recipe.behind(make.name)
    raws = {name: extract.record() for name, extract in build.extracts.items() if name in all_}
    tallies = [
        _tally(build.made[item.name], item.tally)
        for item in build.recipe.makes
        if item.tally and item.name in all_
    ]
    record = TableRecord(
        make.name,
        make.title or build.recipe.title_of(make) or contract.title,
        f"{contract.name} {contract.version}",
        table.height,
        tuple(record for name, record in raws.items() if name in main),
        tuple(record for name, record in raws.items() if name not in main),
        (*make.notes, *tallies),
    )
    return BuiltTable(make.name, path, table.height, len(content), changed), record


def _tally(frame: pl.DataFrame, tally: Mapping[str, str]) -> str:
    """Shares of a column's values in words: "says: address 27.1 %, street 40.0 %."."""
    weight, column = pl.col(tally["weight"]), tally["column"]
    shares = frame.group_by(column).agg(weight.sum()).with_columns(weight / weight.sum())
    ordered = shares.sort(tally["weight"], column, descending=[True, False])
    return (
        f"{tally['says']}: "
        + ", ".join(f"{name} {100 * share:.1f} %" for name, share in ordered.iter_rows())
        + "."
    )


def _canonical(make: Make, frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """The contract's columns in its order (or those the recipe lists), rows in the order of the key."""
    known = [column.name for column in contract.columns if column.name in frame.columns]
    columns = list(make.columns) or known
    lacking = [name for name in (*columns, *contract.required) if name not in frame.columns]
    if lacking:
        raise RecipeError(
            f"recipe.toml, make {make.name!r}: the table has no column {lacking[0]!r} at the end."
        )
    order = [name for name in (make.order or contract.key or tuple(columns)) if name in columns]
    keys = [_counted(frame[name]) for name in order]
    return (
        frame.select(columns)
        .with_columns(keys)
        .sort([key.name for key in keys], nulls_last=True, maintain_order=True)
        .select(columns)
    )


def _counted(ids: pl.Series) -> pl.Series:
    """What to sort ids by: 2 stands before 10 where all of them are numbers."""
    numbers = ids.cast(pl.Int64, strict=False) if ids.dtype == pl.String else ids
    return (ids if numbers.null_count() > ids.null_count() else numbers).alias(f"order of {ids.name}")


def _check(build: _Build, make: Make, contract: Contract, path: Path) -> None:
    places = None if make.name == "districts" else build.places
    report = check_file(path, contract, places)
    if not report.accepted:
        raise BuildError(f"The table {make.name} breaks its own contract:\n{refusals(report)}")


def _replace(path: Path, content: bytes, check: Callable[[Path], None] = lambda path: None) -> bool:
    """Put checked content in place, whole; says whether it differs from what was there."""
    if path.is_file() and path.read_bytes() == content:
        check(path)
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = unfinished_path(path)
    try:
        unfinished.write_bytes(content)
        check(unfinished)
        publish(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return True
