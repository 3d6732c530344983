"""The recipe of a city: which raw extract becomes which table, by which steps. Data, no code."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from philoxenia.workflows.build_city.operations import check_step, tables_used
from philoxenia.workflows.build_city.problems import RecipeError

FORMATS = ("csv", "parquet", "geojson")


@dataclass(frozen=True)
class Raw:
    """A raw extract: where it lies, which contract it must hold, whose it is."""

    name: str
    file: str
    contract: str
    owner: str
    licence: str
    date: str
    title: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeList:
    """A small list that ships with the recipe, such as which line of a profile is which characteristic."""

    name: str
    file: str


@dataclass(frozen=True)
class Make:
    """One table to make from earlier ones. `ship` says whether it becomes part of the package.

    `tally` asks for a note on the shares of a column: {column, weight, says}.
    """

    name: str
    sources: tuple[str, ...]
    steps: tuple[Mapping[str, Any], ...] = ()
    contract: str = ""
    title: str = ""
    format: str = "csv"
    columns: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    ship: bool = True
    notes: tuple[str, ...] = ()
    tally: Mapping[str, str] = field(default_factory=dict)

    @property
    def uses(self) -> set[str]:
        """Every table or extract this one is made from, directly."""
        return set(self.sources).union(*(tables_used(step) for step in self.steps))


@dataclass(frozen=True)
class Kept:
    """A table written by hand in `tables/<name>.csv`, such as a catalogue of actions: checked, not made."""

    name: str
    owner: str
    licence: str
    date: str
    title: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """All of a city's raw extracts, code lists and tables, in the order in which tables are made."""

    raws: Mapping[str, Raw]
    codes: Mapping[str, CodeList]
    makes: tuple[Make, ...]
    kept: tuple[Kept, ...] = ()

    def title_of(self, make: Make) -> str:
        """The title of the extract a table is made of directly, or ''."""
        return next((self.raws[name].title for name in make.sources if name in self.raws), "")

    def behind(self, name: str, helpers: bool = True) -> set[str]:
        """Names of all a table goes back to, itself included; without `helpers` only what it is made of."""
        make = next((make for make in self.makes if make.name == name), None)
        used = () if make is None else make.uses if helpers else set(make.sources)
        return {name}.union(*(self.behind(item, helpers) for item in used))


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file. Raises `RecipeError` that names table, step and entry."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as fault:
        raise RecipeError(
            f"There is no {path}. A package is built from a recipe.toml; a package made by hand needs none."
        ) from fault
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise RecipeError(f"{path} is not valid TOML: {fault}.") from fault
    raws: list[Raw] = [_entry(Raw, "raw", raw) for raw in content.get("raw", [])]
    codes = [_entry(CodeList, "codes", entry) for entry in content.get("codes", [])]
    makes = [_make(entry) for entry in content.get("make", [])]
    kept = [_entry(Kept, "kept", entry) for entry in content.get("kept", [])]
    recipe = Recipe(
        {raw.name: raw for raw in raws}, {item.name: item for item in codes}, tuple(makes), tuple(kept)
    )
    _check_names(recipe, [*(raw.name for raw in raws), *(item.name for item in codes)])
    return recipe


_Item = TypeVar("_Item", Raw, CodeList, Make, Kept)


def _entry(kind: type[_Item], section: str, content: Mapping[str, Any]) -> _Item:
    frozen: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in content.items()
    }
    try:
        return kind(**frozen)
    except TypeError as fault:
        said = str(fault).split("__init__() ")[-1]
        raise RecipeError(f"recipe.toml, {section} {content.get('name', '?')!r}: {said}.") from fault


def _make(content: Mapping[str, Any]) -> Make:
    renamed = {("sources" if name == "from" else name): value for name, value in content.items()}
    make = _entry(Make, "make", renamed)
    for number, step in enumerate(make.steps, start=1):
        try:
            check_step(step)
        except RecipeError as fault:
            raise RecipeError(f"recipe.toml, make {make.name!r}, step {number}: {fault}.") from fault
    if make.format not in FORMATS:
        raise RecipeError(
            f"recipe.toml, make {make.name!r}: the format {make.format!r} is not one of {', '.join(FORMATS)}."
        )
    return make


def _check_names(recipe: Recipe, known: list[str]) -> None:
    names = [*known, *(make.name for make in recipe.makes), *(table.name for table in recipe.kept)]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise RecipeError(f"recipe.toml: the name {repeated[0]!r} is given twice.")
    for make in recipe.makes:
        if strangers := sorted(make.uses - set(known)):
            raise RecipeError(
                f"recipe.toml, make {make.name!r}: there is no table {strangers[0]!r} before it; "
                f"there are {', '.join(known) or 'none'}."
            )
        known.append(make.name)
