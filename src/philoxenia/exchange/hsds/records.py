"""What a directory holds once it is read: tables of the model, and what was found on the way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from philoxenia.exchange.hsds.model import empty, model
from philoxenia.exchange.hsds.sayings import Finding
from philoxenia.exchange.spelling import listed
from philoxenia.vocabulary import PhiloxeniaError


class DirectoryError(PhiloxeniaError):
    """A directory that cannot be taken: what is wrong with it and what its owner can do."""

    exit_code = 3


@dataclass(frozen=True)
class Records:
    """A directory as tables of the model, every one of them, every column there.

    `told` are findings in the order they were met; `refused` whether the directory may be taken at all.
    `duplicates` (kind, left_id, right_id, probability, decision, why) stays empty until they are looked for.
    """

    tables: Mapping[str, pl.DataFrame]
    told: tuple[Finding, ...] = ()
    duplicates: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def refused(self) -> bool:
        """Whether a finding keeps the directory out."""
        return any(one.severity == "refused" for one in self.told)

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table as plain values, None where nothing is known."""
        return self.tables[table].iter_rows(named=True)

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return self.tables[table].height

    def with_told(self, more: Iterable[Finding]) -> "Records":
        """The same records with more said of them."""
        return replace(self, told=(*self.told, *more))

    def checked(self) -> "Records":
        """The records, if nothing refuses them. Raises `DirectoryError` with the sentences."""
        if self.refused:
            words = [f"{one.message} {one.remedy}".strip() for one in self.told if one.severity == "refused"]
            raise DirectoryError(
                "The directory cannot be taken.\n" + "\n".join(f"  - {word}" for word in words)
            )
        return self


def whole(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Every table and column of the model, in its order; what is not there is empty."""
    return {name: fitted(name, tables.get(name)) for name in model()}


def fitted(name: str, frame: pl.DataFrame | None) -> pl.DataFrame:
    """One table with exactly the columns of the model."""
    if frame is None or not frame.width:
        return empty(name)
    schema = model()[name].schema
    given = [
        pl.col(column).cast(dtype) if column in frame.columns else pl.lit(None, dtype).alias(column)
        for column, dtype in schema.items()
    ]
    return frame.select(given)


def said_of(records: Records) -> str:
    """How many records of each main kind, in words."""
    words = {
        "organization": "organisations",
        "service": "services",
        "location": "places",
        "translation": "translations",
    }
    return (
        listed([f"{records.count(name):,} {word}" for name, word in words.items() if records.count(name)])
        or "nothing"
    )
