"""`philoxenia restore FILE`: a backup put back into an empty place, checked before and after."""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg

from philoxenia_web.config import agreement_keys, postgres, processes, resident_keys
from philoxenia_web.config.backup import (
    CHUNK,
    DUMP,
    FORMAT,
    KEYS,
    MADE,
    MANIFEST,
    STORES,
    BackupError,
    count_rows,
)
from philoxenia_web.config.environment import Environment, environment
from philoxenia_web.config.serve import only_one, say


def add_restore(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia restore`."""
    parser = subparsers.add_parser(
        "restore",
        help="put a backup back, into an empty place",
        description="Put a backup back into an empty folder (PHILOXENIA_VAR) and an empty database. A backup "
        "of an older version is brought up to this one.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that philoxenia backup wrote")
    parser.set_defaults(run=_restore)


def _restore(arguments: argparse.Namespace) -> int:
    if not arguments.file.is_file():
        raise BackupError(f"There is no file {arguments.file}.")
    processes.keep_to_ourselves()
    # The secret key comes from the backup, so none may be made on the way.
    os.environ.setdefault("PHILOXENIA_SECRET_KEY", "only while restoring")
    known = environment()
    _check_empty(known)
    with only_one(known.var, "no address: it restores a backup"):
        manifest = restore(known, arguments.file)
    rows = sum(manifest["tables"].values())
    say(f"Restored {rows:,} rows of {len(manifest['tables'])} tables and {len(manifest['files']):,} files")
    say(f"of {manifest['made']}, version {manifest['version']}. Start it with philoxenia serve.")
    for sentence in manifest["locked"]:
        say(sentence)
    return 0


def restore(known: Environment, file: Path) -> dict[str, Any]:
    """Unpack beside the place and check, then the database, then the files; on a fault nothing stays."""
    beside = known.var / "restoring"
    try:
        manifest = _unpack(file, beside)
        with _empty_database(known) as url:
            _fill(known, url, beside / DUMP, manifest)
            with psycopg.connect(url) as connection:
                expected = agreement_keys.expected(connection)
                people = resident_keys.sentences(connection, known)
            manifest["locked"] = agreement_keys.sentences(expected, known.keys) + people
        for name in (*STORES, *KEYS):
            if (beside / name).exists():
                (beside / name).rename(known.var / name)
        for name in MADE:
            shutil.rmtree(known.var / name, ignore_errors=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return manifest


def _check_empty(known: Environment) -> None:
    # A data folder left by `_empty_database` would be removed on a fault: it may hold nothing of value.
    kept = [known.var / name for name in (*STORES, *KEYS, "database/data")]
    for path in kept:
        if path.is_file() or (path.is_dir() and any(path.iterdir())):
            raise BackupError(
                f"{path} is not empty, and a restore never overwrites. Name an empty folder in "
                "PHILOXENIA_VAR, or move this one away."
            )


@contextmanager
def _empty_database(known: Environment) -> Iterator[str]:
    given = known.database_owner_url
    if known.database_url and not given:
        raise BackupError("Name the role that may make tables in DATABASE_OWNER_URL.")
    place = postgres.place_of(known.var)
    try:
        with nullcontext() if given else postgres.running(place):
            url = given or postgres.address(place, postgres.OWNER)
            _check_no_tables(url)
            yield url
    except BaseException:
        if not given:
            shutil.rmtree(place.home, ignore_errors=True)
        raise


def _check_no_tables(url: str) -> None:
    with psycopg.connect(url) as connection:
        if count_rows(connection):
            raise BackupError("The database is not empty, and a restore never overwrites. Name an empty one.")


def _fill(known: Environment, url: str, dump: Path, manifest: dict[str, Any]) -> None:
    """Rows as they were, compared by number; then the tables as this version needs them."""
    prepare = [sys.executable, "-m", "philoxenia_web.config.prepare"]
    env = os.environ | {
        "PHILOXENIA_AS_OWNER": "1",
        "PHILOXENIA_VAR": str(known.var),
        "DATABASE_OWNER_URL": url,
    }
    _run([*prepare, "--knows", str(dump.with_name(MANIFEST))], env)
    postgres.run_client(url, "pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", str(dump))
    with psycopg.connect(url) as connection:
        if (found := count_rows(connection)) != manifest["tables"]:
            wrong = {name for name in found if found[name] != manifest["tables"].get(name)}
            raise BackupError(
                f"After restoring, these tables are not as they were: {', '.join(sorted(wrong))}."
            )
    _run([*prepare, "--tables"], env)


def _run(command: list[str], env: dict[str, str]) -> None:
    if subprocess.run(command, env=env, check=False).returncode:
        raise BackupError("Nothing was restored, for the reason above.")


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Every file under its name in `folder`, each as its hash in the manifest says."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    hashes: dict[str, str] = {}
    try:
        with tarfile.open(file, mode="r|gz") as archive:
            for entry in archive:
                hashes[entry.name] = _unpack_one(archive, entry, folder)
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, EOFError, zlib.error, OSError, ValueError) as damage:
        raise BackupError(f"{file} is damaged or no backup of Philoxenia ({damage}).") from damage
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{file} was written by a newer version of Philoxenia. Install that version first.")
    hashes.pop(MANIFEST)
    if hashes != manifest["files"]:
        wrong = {
            name
            for name in hashes.keys() | manifest["files"]
            if hashes.get(name) != manifest["files"].get(name)
        }
        raise BackupError(f"{file} is damaged: {min(wrong)} is not as it was written.")
    return manifest


def _unpack_one(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> str:
    parts = PurePosixPath(entry.name).parts
    source = archive.extractfile(entry) if entry.isfile() else None
    if source is None or ".." in parts or parts[0] not in (*STORES, *KEYS, DUMP, MANIFEST):
        raise tarfile.TarError(f"it holds {entry.name}, which no backup has")
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()
