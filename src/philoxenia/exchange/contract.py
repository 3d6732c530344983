"""Contracts: what one kind of extract must hold, declared in `contracts/<name>.toml`.

Owns the declaration format (described in README.md) and its checks; ignores files and findings.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from philoxenia.exchange.problems import DeclarationError

TYPES = (
    "text",
    "id",
    "integer",
    "number",
    "percent",
    "boolean",
    "date",
    "month",
    "period",
    "category",
    "latitude",
    "longitude",
    "geometry",
)
GRAINS = ("person", "aggregate", "place", "event")
REPEATS = ("drop", "refuse", "keep")
NAME = re.compile(r"^[a-z][a-z0-9_]*$")


@dataclass(frozen=True)
class Column:
    """One column: how it may be called, what its cells hold, and what happens to a cell that does not."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    blank: bool | None = None
    min: float | str | None = None
    max: float | str | None = None
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    open: bool = False
    pattern: str = ""
    example: str = ""
    missing: tuple[str, ...] = ()
    bad_cell: str = ""
    keep: bool = True
    hxl: str = ""

    @property
    def may_be_blank(self) -> bool:
        """A required column is filled in every row unless the contract says `blank = true`."""
        return self.blank if self.blank is not None else not self.required

    @property
    def refuses(self) -> bool:
        """Whether a bad cell refuses the file (else the cell is left empty and reported)."""
        return (self.bad_cell or ("refuse" if self.required else "empty")) == "refuse"


@dataclass(frozen=True)
class Rule:
    """One declared rule or mend: its kind and parameters, and optionally a sentence on why it is there."""

    kind: str
    parameters: Mapping[str, Any]
    why: str = ""
    severity: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter, or the default where the declaration leaves it out."""
        return self.parameters.get(name, default)


@dataclass(frozen=True)
class Contract:
    """One kind of extract. `key` columns together name a row; `repeats` says what identical rows mean."""

    name: str
    version: str
    title: str
    owner: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    time: str = ""
    layout: str = ""
    repeats: str = "drop"
    signature: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    mends: tuple[Rule, ...] = ()
    notes: tuple[str, ...] = ()
    tests_only: bool = False

    def column(self, name: str) -> Column:
        """The column of that canonical name. Raises KeyError for a name the contract does not declare."""
        return self._by_name[name]

    @property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(column.name for column in self.columns if column.required)


_CONTRACT_KEYS = {item.name for item in fields(Contract)} - {"columns", "rules", "mends", "signature"}
_COLUMN_KEYS = {item.name for item in fields(Column)}


def _complain(where: str, message: str) -> DeclarationError:
    return DeclarationError(f"Contract {where}: {message} The format is described in exchange/README.md.")


def _known_keys(where: str, entry: Mapping[str, Any], allowed: set[str]) -> None:
    if unknown := sorted(set(entry) - allowed):
        raise _complain(
            where, f"{unknown[0]!r} is not a known entry; use one of {', '.join(sorted(allowed))}."
        )


def _one_of(where: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise _complain(where, f"{value!r} is not one of {', '.join(allowed)}.")


def _frozen(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}


def _column(where: str, entry: Mapping[str, Any]) -> Column:
    where = f"{where}, column {entry.get('name', '?')}"
    _known_keys(where, entry, _COLUMN_KEYS)
    if absent := [name for name in ("name", "type", "meaning") if name not in entry]:
        raise _complain(where, f"{absent[0]!r} is missing.")
    if not NAME.match(entry["name"]):
        raise _complain(where, "a canonical name is lower case with underscores.")
    _one_of(where, entry["type"], TYPES)
    _one_of(where, entry.get("bad_cell", "refuse"), ("refuse", "empty"))
    categories = {name: tuple(aliases) for name, aliases in entry.get("categories", {}).items()}
    if entry["type"] == "category" and not categories:
        raise _complain(where, "a category column lists its categories.")
    return Column(**_frozen({**entry, "categories": categories}))


def _rules(where: str, entries: list[Mapping[str, Any]], columns: set[str]) -> tuple[Rule, ...]:
    rules = []
    for entry in entries:
        if "kind" not in entry:
            raise _complain(where, "a rule has no 'kind'.")
        rest = {name: value for name, value in entry.items() if name not in {"kind", "why", "severity"}}
        rules.append(Rule(entry["kind"], _frozen(rest), entry.get("why", ""), entry.get("severity", "")))
    return tuple(rules)


def parse_contract(text: str, where: str) -> Contract:
    """A contract from the text of its TOML file; `where` names the file in complaints.

    Raises `DeclarationError` naming the entry that is wrong.
    """
    try:
        entry = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise _complain(where, f"not valid TOML ({fault}).") from fault
    _known_keys(where, entry, _CONTRACT_KEYS | {"column", "rule", "mend", "signature"})
    if absent := [
        name for name in ("name", "version", "title", "owner", "grain", "column") if name not in entry
    ]:
        raise _complain(where, f"{absent[0]!r} is missing.")
    _one_of(where, entry["grain"], GRAINS)
    _one_of(where, entry.get("repeats", "drop"), REPEATS)
    key = entry.get("key", [])
    # Cells that name a row are filled, unless the contract says otherwise.
    filled = [
        {"blank": False, **column} if column.get("name") in key else column for column in entry["column"]
    ]
    columns = tuple(_column(where, column) for column in filled)
    names = {column.name for column in columns}
    if strangers := [name for name in entry.get("key", []) if name not in names]:
        raise _complain(where, f"the key names {strangers[0]!r}, which is not a column.")
    plain = {name: value for name, value in _frozen(entry).items() if name in _CONTRACT_KEYS}
    return Contract(
        **plain,
        columns=columns,
        signature=entry.get("signature", {}),
        rules=_rules(where, entry.get("rule", []), names),
        mends=_rules(where, entry.get("mend", []), names),
    )


def _read_folder(folder: Traversable) -> dict[str, Contract]:
    found: dict[str, Contract] = {}
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            contract = parse_contract(entry.read_text(encoding="utf-8"), entry.name)
            found[contract.name] = contract
    return found


@cache
def contracts(city: Path | None = None) -> Mapping[str, Contract]:
    """Every contract by name. A city package may add its own, or replace one, in its folder `contracts/`."""
    found = _read_folder(files("philoxenia.exchange") / "contracts")
    if city is not None and (city / "contracts").is_dir():
        found |= _read_folder(city / "contracts")
    return found


def load_contract(name: str, city: Path | None = None) -> Contract:
    """One contract by name. Raises `DeclarationError` that lists the names there are."""
    known = contracts(city)
    if name not in known:
        raise DeclarationError(f"There is no contract {name!r}. There are: {', '.join(sorted(known))}.")
    return known[name]
