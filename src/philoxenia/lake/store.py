"""The lake on disk: one folder a table, one Parquet file a content, one numbered record a version.

    <lake>/<table>/<hash>.parquet   the rows (zstd), with the provenance inside the file
    <lake>/<table>/000001.json      the record of version 1: hashes, provenance, rows, columns

A version exists from the moment its record has its name, and not before. Nothing is ever changed in place,
so a write that breaks leaves the version before it as it was. Queries live in `query.py`.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from philoxenia.lake import files, query
from philoxenia.lake.content import content_hash
from philoxenia.lake.types import DamagedTableError, LakeError, Provenance, Version, as_json

_TABLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_RECORD_NAME = re.compile(r"(\d{6,})\.json")
_PARQUET_KEY = b"philoxenia"


class Lake:
    """Accepted tables under one folder, each with all its versions. Safe for several writers at once."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._trusted: dict[Path, tuple[int, int]] = {}

    def put(self, table: str, frame: pl.DataFrame, provenance: Provenance) -> Version:
        """Store a table; the same content and provenance as the latest version changes nothing.

        Raises `LakeError` for a name that cannot be a table's or a nested column, `OSError` from the disk.
        """
        folder = self._folder(table)
        content = content_hash(frame)
        identity = _identity(content, provenance)
        written: tuple[Path, str] | None = None
        while True:
            latest = self.version(table) if self._records(folder) else None
            if latest and latest.id == identity and self._is_whole(latest):
                return latest
            folder.mkdir(parents=True, exist_ok=True)
            path, digest = written = written or _write_parquet(frame, provenance, content, folder)
            number = latest.number + 1 if latest else 1
            columns = tuple(frame.columns)
            version = Version(
                table, number, identity, content, digest, frame.height, columns, provenance, path
            )
            if files.claim(folder / f"{number:06d}.json", version.record()):
                return version

    def tables(self) -> tuple[str, ...]:
        """The names of the tables that have a version, in order."""
        if not self.path.is_dir():
            return ()
        return tuple(sorted(entry.name for entry in self.path.iterdir() if self._records(entry)))

    def versions(self, table: str) -> tuple[Version, ...]:
        """All versions of a table, oldest first; empty where there is none."""
        return tuple(self._read_record(record) for record in self._records(self._folder(table)))

    def version(self, table: str, number: int | None = None) -> Version:
        """One version: the latest, or the one numbered. Raises `LakeError` that lists what there is."""
        records = self._records(self._folder(table))
        if not records:
            known = ", ".join(self.tables()) or "none yet"
            raise LakeError(f"The lake {self.path} has no table {table!r}. Tables: {known}.")
        chosen = [record for record in records if number in (None, int(record.stem))]
        if not chosen:
            known = ", ".join(str(int(record.stem)) for record in records)
            raise LakeError(f"Table {table!r} has no version {number}. Versions: {known}.")
        return self._read_record(chosen[-1])

    def read(self, table: str, version: int | None = None) -> pl.DataFrame:
        """The rows of a table: the latest version, or the one numbered.

        Raises `LakeError` for an unknown table or version, `DamagedTableError` where the file was changed.
        """
        stored = self.version(table, version)
        self._check(stored)
        try:
            return pl.read_parquet(stored.path)
        except (pl.exceptions.PolarsError, OSError) as problem:
            raise self._damaged(stored) from problem

    def query(
        self, sql: str, *, tables: Mapping[str, int] | None = None, memory: str = "1GiB", threads: int = 2
    ) -> pl.DataFrame:
        """Answer one SELECT over the latest version of every table, or those numbered in `tables`.

        Runs in this process, reads only, and reaches neither the network nor any other file.
        """
        wanted = {name: self.version(name, (tables or {}).get(name)) for name in self.tables()}
        for version in wanted.values():
            self._check(version)
        return query.select(sql, {name: v.path for name, v in wanted.items()}, memory, threads)

    def _folder(self, table: str) -> Path:
        if not _TABLE_NAME.fullmatch(table):
            raise LakeError(
                f"{table!r} cannot name a table. Use small letters, digits and underscores, a letter first."
            )
        return self.path / table

    def _records(self, folder: Path) -> list[Path]:
        if not folder.is_dir():
            return []
        found = [entry for entry in folder.iterdir() if _RECORD_NAME.fullmatch(entry.name)]
        return sorted(found, key=lambda entry: int(entry.stem))

    def _read_record(self, record: Path) -> Version:
        try:
            kept = json.loads(record.read_bytes())
            return Version.from_record(kept, record.with_name(_file_name(kept["file_hash"])))
        except (ValueError, KeyError, TypeError) as problem:
            raise DamagedTableError(
                f"{record} is damaged: it no longer says what version {int(record.stem)} of "
                f"{record.parent.name!r} is. Restore it from a copy, or delete it and put the table again."
            ) from problem

    def _is_whole(self, version: Version) -> bool:
        try:
            self._check(version)
        except DamagedTableError:
            return False
        return True

    def _check(self, version: Version) -> None:
        """Hash a file once for each of its states, so that no changed byte is ever taken for data."""
        try:
            status = version.path.stat()
            state = (status.st_size, status.st_mtime_ns)
            if self._trusted.get(version.path) == state:
                return
            if files.file_hash(version.path) != version.file_hash:
                raise self._damaged(version)
        except OSError as problem:
            raise self._damaged(version) from problem
        self._trusted[version.path] = state

    def _damaged(self, version: Version) -> DamagedTableError:
        remedy = "put the table again to mend it"
        if version.number > 1:
            remedy += f", or read version {version.number - 1}"
        return DamagedTableError(
            f"{version.path} is missing or damaged: it is not the file that was written as version "
            f"{version.number} of {version.table!r}; {remedy}."
        )


def _identity(content: str, provenance: Provenance) -> str:
    return hashlib.sha256(as_json([content, *provenance.identity()])).hexdigest()[:20]


def _write_parquet(
    frame: pl.DataFrame, provenance: Provenance, content: str, folder: Path
) -> tuple[Path, str]:
    """Write the rows to a file named by its own hash, so that no two writers ever meet in one name."""
    unfinished = files.unfinished_path(folder / "rows.parquet")
    described = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).replace_schema_metadata(
        {_PARQUET_KEY: as_json({"content_hash": content, "rows": frame.height, **asdict(provenance)})}
    )
    try:
        pq.write_table(described, unfinished, compression="zstd")
        digest = files.file_hash(unfinished)
        path = folder / _file_name(digest)
        files.publish(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path, digest


def _file_name(digest: str) -> str:
    return f"{digest[:20]}.parquet"
