"""A declared mapping: which places in a foreign file hold which columns of a listing, in which languages.

A TOML file: `[about]` (source, licence, language ...), `[columns]` (our column = header, or a path such as
`properties.partnerName`; `keys:path` joins the names under it that are yes), `[fixed]` (the same in every
row),
`[[translation]]` (language, file, columns of its own).
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from philoxenia.exchange.contract import load_contract
from philoxenia.exchange.problems import DeclarationError

_KEYS = "keys:"


@dataclass(frozen=True)
class Translation:
    """The same records in another language: which file, and where its texts stand."""

    language: str
    file: str
    columns: Mapping[str, str]
    status: str = "human"


@dataclass(frozen=True)
class DeclaredMapping:
    """What a mapping declares."""

    about: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    translations: tuple[Translation, ...] = ()


def read_mapping(path: Path) -> DeclaredMapping:
    """A mapping from its file. Raises `DeclarationError` naming what is wrong in it."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise DeclarationError(f"The mapping {path} cannot be read ({fault.strerror}).") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise DeclarationError(
            f"The mapping {path} is not valid TOML ({fault}). Correct that line."
        ) from fault
    allowed = {"about", "columns", "fixed", "translation"}
    if strange := sorted(set(said) - allowed):
        raise DeclarationError(
            f"The mapping {path}: {strange[0]!r} is not one of {', '.join(sorted(allowed))}."
        )
    known = [column.name for column in load_contract("service_listing").columns]
    named = [*said.get("columns", {}), *said.get("fixed", {})]
    if strange := sorted(set(named) - set(known)):
        raise DeclarationError(
            f"The mapping {path} names {strange[0]!r}, which is no column. There are: {', '.join(known)}."
        )
    translations = [_translation(path, entry) for entry in said.get("translation", [])]
    return DeclaredMapping(
        said.get("about", {}),
        said.get("columns", {}),
        said.get("fixed", {}),
        tuple(translations),
    )


def _translation(path: Path, entry: Mapping[str, Any]) -> Translation:
    if absent := [name for name in ("language", "file") if name not in entry]:
        raise DeclarationError(f"The mapping {path}: a [[translation]] lacks {absent[0]!r}.")
    return Translation(
        entry["language"], entry["file"], entry.get("columns", {}), entry.get("status", "human")
    )


def mapped_rows(
    records: Sequence[Mapping[str, Any]], columns: Mapping[str, Any], fixed: Mapping[str, str]
) -> pl.DataFrame:
    """Columns of a listing from JSON records by their paths; several paths are joined, each behind its
    label."""
    found = {name: [_at_any(record, path) for record in records] for name, path in columns.items()}
    frame = pl.DataFrame(found, schema=dict.fromkeys(found, pl.String))
    return frame.with_columns(pl.lit(value).alias(name) for name, value in fixed.items())


def _at_any(record: Mapping[str, Any], path: Any) -> str | None:
    if isinstance(path, str):
        return _at(record, path)
    if isinstance(path, Mapping):
        labelled = [(label, _at(record, one)) for label, one in path.items()]
        return "; ".join(f"{label}: {value}" for label, value in labelled if value) or None
    said = [value for one in path if (value := _at(record, one))]
    return "; ".join(said) or None


def _at(record: Mapping[str, Any], path: str) -> str | None:
    """What stands at a path, as text; names with dots in them are found whole first."""
    names_only = path.startswith(_KEYS)
    value: Any = _walked(record, path.removeprefix(_KEYS))
    if names_only and isinstance(value, Mapping):
        return "; ".join(str(name).strip() for name, yes in value.items() if yes) or None
    if value is None or isinstance(value, Mapping):
        return None
    if isinstance(value, list):
        return "; ".join(str(one) for one in value if not isinstance(one, dict | list)) or None
    return str(value).strip() or None


def _walked(value: Any, path: str) -> Any:
    if not path or value is None:
        return value
    if isinstance(value, list):
        head, _, rest = path.partition(".")
        return _walked(value[int(head)], rest) if head.isdigit() and int(head) < len(value) else None
    if not isinstance(value, Mapping):
        return None
    for name in _heads(value, path):
        return _walked(value[name], path[len(name) :].removeprefix("."))
    return None


def _heads(value: Mapping[str, Any], path: str) -> Iterable[str]:
    """Names of a record with which a path begins, the longest first: `3. Intake` holds a dot itself."""
    return sorted(
        (name for name in value if path == name or path.startswith(f"{name}.")), key=len, reverse=True
    )
