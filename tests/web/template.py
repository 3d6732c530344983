"""A database with all tables, made once for these migrations; each process of tests begins with a copy."""

import fcntl
import hashlib
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from philoxenia_web.config import postgres

ROOT = Path(__file__).resolve().parents[2]
_BEGIN = "tables_"


def template(place: postgres.Place) -> str:
    """Its name; made where it is not there, and those of other migrations dropped."""
    name = _BEGIN + _mark()
    with (place.home / "template-lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        address = postgres.address(place, postgres.OWNER, "postgres")
        with psycopg.connect(address, autocommit=True) as connection:
            found = connection.execute("select datname from pg_database where datname like 'tables_%'")
            there = {one for (one,) in found.fetchall()}
            if name not in there:
                _make(place, connection, name)
                for old in there:
                    # Somebody with other migrations may be copying it now.
                    with suppress(psycopg.errors.ObjectInUse):
                        connection.execute(sql.SQL("drop database {}").format(sql.Identifier(old)))
    return name


def _make(place: postgres.Place, connection: "psycopg.Connection[tuple[str]]", name: str) -> None:
    """Under another name until it is whole."""
    fresh = f"new_{name}"
    for statement in ("drop database if exists {}", "create database {}"):
        connection.execute(sql.SQL(statement).format(sql.Identifier(fresh)))
    address = postgres.address(place, postgres.OWNER, fresh)
    owner = {"DATABASE_URL": address, "DATABASE_OWNER_URL": address}
    settings = {"DJANGO_SETTINGS_MODULE": "philoxenia_web.config.settings"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **settings, **owner}, check=True)
    connection.execute(sql.SQL("alter database {} rename to {}").format(*map(sql.Identifier, (fresh, name))))


def _mark() -> str:
    """Of all that makes tables: our migrations, and the libraries that bring their own."""
    digest = hashlib.sha256()
    ours = (ROOT / "src" / "philoxenia_web").glob("**/migrations/*.py")
    for file in sorted([*ours, ROOT / "requirements-dev.lock"]):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]
