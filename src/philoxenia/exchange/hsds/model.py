"""The HSDS 3.1 model and our profile of it, as data: tables, fields, what is required, what refers to what.

Owns the meaning of a column; ignores where records come from. Reads `reference/tables/directory/hsds*.csv`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import polars as pl

from philoxenia.reference.tables import reference_table

DTYPES: Mapping[str, Any] = {"number": pl.Float64, "integer": pl.Int64, "boolean": pl.Boolean}
TRANSLATION = "translation"


@dataclass(frozen=True)
class Field:
    """One column. `required` is "yes", "tabular" (only where tables are apart from each other) or ""."""

    name: str
    type: str
    required: str
    references: str
    values: tuple[str, ...]
    translated: bool
    since: str
    meaning: str

    @property
    def profile(self) -> bool:
        """Whether the field is ours, not of HSDS."""
        return self.since == "profile"

    @property
    def dtype(self) -> Any:
        """The Polars type of its column."""
        return DTYPES.get(self.type, pl.String)


@dataclass(frozen=True)
class Table:
    """One table with its fields in order and the name of its file in a data package."""

    name: str
    file: str
    fields: tuple[Field, ...]

    @cached_property
    def schema(self) -> dict[str, Any]:
        """Polars types by column."""
        return {field.name: field.dtype for field in self.fields}

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Fields by name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """Columns that name the record this one belongs to, where one of several may: of a phone, a
        contact."""
        if self.name in _STANDING:
            return ()
        return tuple(f.name for f in self.fields if f.references and f.references != self.name)

    @property
    def translated(self) -> tuple[str, ...]:
        """Fields whose text is put into other languages."""
        return tuple(field.name for field in self.fields if field.translated)


# Records that stand for themselves: without an organisation a location or a term is still one.
_STANDING = (
    "organization",
    "location",
    "taxonomy",
    "taxonomy_term",
    "unit",
    "attribute",
    "program",
    "service",
)


@cache
def model() -> Mapping[str, Table]:
    """Every table of the model by name, parents before what refers to them."""
    fields: dict[str, list[Field]] = {}
    for row in reference_table("directory/hsds").iter_rows(named=True):
        fields.setdefault(row["table"], []).append(_field(row))
    files = reference_table("directory/hsds_files")
    return {name: Table(name, file, tuple(fields[name])) for name, file in files.iter_rows()}


def _field(row: Mapping[str, str]) -> Field:
    return Field(
        name=row["field"],
        type=row["type"],
        required=row["required"],
        references=row["references"],
        values=tuple(value for value in row["values"].split("|") if value),
        translated=row["translated"] == "yes",
        since=row["since"],
        meaning=row["meaning"],
    )


def source_hash(text: str) -> str:
    """What a translation keeps of the text it was made from, to see when that changes."""
    return hashlib.sha256(text.encode()).hexdigest()


def empty(table: str) -> pl.DataFrame:
    """A table of the model without rows."""
    return pl.DataFrame(schema=model()[table].schema)
