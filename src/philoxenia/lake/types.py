"""What the lake says about a table: where it came from, under which terms, and which version it is."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from philoxenia.vocabulary import PhiloxeniaError


class LakeError(PhiloxeniaError):
    """The lake cannot do what was asked: unknown table, refused name, refused query."""

    exit_code = 2


class DamagedTableError(LakeError):
    """A file of the lake cannot be read or is not what was written."""

    exit_code = 4


@dataclass(frozen=True)
class Provenance:
    """Where a table came from. `time` (the caller's, ISO text) and `notes` are no part of its identity."""

    source: str
    licence: str
    contract: str
    contract_version: str
    time: str
    notes: tuple[str, ...] = ()

    def identity(self) -> tuple[str, ...]:
        """Two puts that agree on this and on the content are one version."""
        return (self.source, self.licence, self.contract, self.contract_version)


@dataclass(frozen=True)
class Version:
    """One stored state of a table. `number` counts from 1 in the order of writing.

    `id` names content and provenance (the same put twice has one id); `file_hash` names the Parquet bytes.
    """

    table: str
    number: int
    id: str
    content_hash: str
    file_hash: str
    rows: int
    columns: tuple[str, ...]
    provenance: Provenance
    path: Path

    def record(self) -> bytes:
        """The version as its record file holds it: JSON without the path."""
        kept = asdict(self)
        del kept["path"]
        return as_json(kept)

    @classmethod
    def from_record(cls, kept: Mapping[str, Any], path: Path) -> "Version":
        """The version a record tells of. Raises `KeyError` or `TypeError` where it is not one."""
        source = {**kept["provenance"], "notes": tuple(kept["provenance"]["notes"])}
        return cls(
            **{**kept, "columns": tuple(kept["columns"]), "provenance": Provenance(**source), "path": path}
        )


def as_json(value: object) -> bytes:
    """A value as JSON bytes, in one form only."""
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True).encode()
