"""`philoxenia backup FILE`: database, lake, uploads, studies, sealed lists in one file, while it all goes on.

The file is a tar of the database's dump, the files, and at its end `manifest.json` with every file's hash and
every table's number of rows as of the dump. Files never change once written, so those it knows are whole.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from philoxenia import __version__
from philoxenia_web.config import agreement_keys, postgres, processes, resident_keys
from philoxenia_web.config.environment import Environment, environment
from philoxenia_web.config.serve import ServeError, say

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
# What is kept of var. Passwords of the embedded database are not: a restored one makes its own.
# Lists of people and linked results are there as they lie, sealed; the keys of agreements are not.
STORES = ("lake", "uploads", "studies", "registry", "linkage")
KEYS = ("secret-key",)
# Made of the database and made again from it: in no backup, and of another database it must not be believed.
MADE = ("directory",)
CHUNK = 2**20


class BackupError(ServeError):
    """No backup can be made or used."""


def add_backup(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia backup`."""
    parser = subparsers.add_parser(
        "backup",
        help="keep everything the application knows in one file",
        description="Keep database, lake, uploads, studies and the application's own secret in one file, "
        "while it runs or not: keep the file where only those may look who may see all. Records of "
        "residents, lists of people and linked results are in it sealed. The folder of keys, "
        "PHILOXENIA_KEYS, is not, so that no backup brings back what was destroyed: keep it apart, as a "
        "mirror that forgets what it forgets. Without it no record of a resident can ever be read again.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to write; it may not exist yet")
    parser.set_defaults(run=_backup)


def _backup(arguments: argparse.Namespace) -> int:
    file: Path = arguments.file
    if file.exists():
        raise BackupError(
            f"{file} is already there. Name a file that does not exist, so that nothing is lost."
        )
    processes.keep_to_ourselves()
    known = environment()
    with database_for_owner(known) as url:
        manifest = write_backup(known.var, url, file)
    rows, files, size = sum(manifest["tables"].values()), len(manifest["files"]), file.stat().st_size
    say(f"{file}: {rows:,} rows of {len(manifest['tables'])} tables, {files:,} files, {size:,} bytes.")
    for sentence in kept_apart(known, manifest):
        say(sentence)
    return 0


def kept_apart(known: Environment, manifest: dict[str, Any]) -> list[str]:
    """Which keys are not in a backup, and what nobody can read without them."""
    people, agreements = manifest["residents"], manifest["agreements"]
    place = f"the folder of keys, {known.keys}"
    if known.registry_keys:
        place += ", and the master keys in PHILOXENIA_REGISTRY_KEYS"
    return [
        f"Not in it, on purpose: {place}.",
        f"Without them nobody can read {people:,} records of residents, the lists under {agreements} linking "
        "agreements and the keys that sign city cards, and search finds nobody. Mirror them to another "
        "machine, apart from this file.",
    ]


@contextmanager
def database_for_owner(known: Environment) -> Iterator[str]:
    """The owner's address, of a database that runs at least for this while."""
    given = known.database_owner_url or known.database_url
    place = postgres.place_of(known.var)
    if not given and not (place.data / "PG_VERSION").is_file():
        raise BackupError(f"There is nothing in {known.var} yet. Name the right folder in PHILOXENIA_VAR.")
    with nullcontext() if given else postgres.running(place):
        yield given or postgres.address(place, postgres.OWNER)


def write_backup(var: Path, url: str, file: Path) -> dict[str, Any]:
    """Write beside the place and move there whole; readable by its owner alone."""
    file = file.absolute()
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}-") as folder:
        made, dump = Path(folder) / file.name, Path(folder) / DUMP
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "version": __version__,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            **_dump(url, dump),
        }
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as target:
            _pack(target, var, dump, manifest)
            target.flush()
            os.fsync(target.fileno())
        made.rename(file)
    return manifest


def _dump(url: str, dump: Path) -> dict[str, Any]:
    """The dump, and what is counted in the very same moment of the database."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        moment = _one(connection, "select pg_export_snapshot()")
        keep = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", f"--file={dump}"]
        postgres.run_client(url, "pg_dump", *keep)
        applied = connection.execute("select app, name from django_migrations order by id").fetchall()
        return {
            "tables": count_rows(connection),
            "migrations": [list(one) for one in applied],
            "agreements": len(agreement_keys.expected(connection)),
            "residents": resident_keys.count(connection),
        }


def count_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """The number of rows of every table."""
    named = connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
    count = sql.SQL("select count(*) from {}")
    return {
        name: connection.execute(count.format(sql.Identifier(name))).fetchone()[0]  # type: ignore[index]
        for (name,) in named.fetchall()
    }


def _one(connection: psycopg.Connection[Any], question: str) -> Any:
    row = connection.execute(question).fetchone()  # type: ignore[arg-type]
    return row[0] if row else None


def _pack(target: Any, var: Path, dump: Path, manifest: dict[str, Any]) -> None:
    hashes: dict[str, str] = {}
    packed = gzip.GzipFile(fileobj=target, mode="wb", compresslevel=3)
    with packed, tarfile.open(fileobj=packed, mode="w|") as archive:
        for name, path in [(DUMP, dump), *kept_files(var)]:
            if digest := _add(archive, name, path):
                hashes[name] = digest
        manifest["files"] = hashes
        written = json.dumps(manifest, indent=1).encode()
        archive.addfile(_entry(MANIFEST, len(written)), io.BytesIO(written))


def kept_files(var: Path) -> Iterator[tuple[str, Path]]:
    """What a backup takes from the folder, by name: sealed lists, never the keys of agreements."""
    for name in KEYS:
        if (var / name).is_file():
            yield name, var / name
    for store in STORES:
        for path in sorted((var / store).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(var).as_posix(), path


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """Add a file as it is when opened; its hash, or nothing where it went away meanwhile."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return ""
    with file:
        reading = _Hashed(file, os.fstat(file.fileno()).st_size)
        archive.addfile(_entry(name, reading.size), reading)  # type: ignore[arg-type]
    return reading.digest.hexdigest()


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


class _Hashed:
    """A file that hashes what is read, and never gives more or less than its size at the beginning."""

    def __init__(self, file: io.BufferedReader, size: int) -> None:
        self._file, self.size, self._left = file, size, size
        self.digest = hashlib.sha256()

    def read(self, most: int = CHUNK) -> bytes:
        """The next bytes."""
        wanted = min(most, self._left)
        # An upload may be cut back while it is read; the rest is zeros, and it is not finished anyway.
        chunk = self._file.read(wanted).ljust(wanted, b"\0")
        self._left -= len(chunk)
        self.digest.update(chunk)
        return chunk
