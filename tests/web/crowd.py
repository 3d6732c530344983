"""Several who work at once: a database whose writes are committed, a connection for each."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections
from psycopg import sql
from tests.web.settings import VAR

from philoxenia_web.config import postgres


@pytest.fixture
def crowd_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database whose writes are committed, dropped afterwards; threads begin their connections in it."""
    told = settings.DATABASES["default"]
    name, before = f"{told['NAME']}_crowd", told["NAME"]
    owner = postgres.address(postgres.place_of(VAR), postgres.OWNER, "postgres")
    drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    with psycopg.connect(owner, autocommit=True) as server:
        server.execute(drop)
        names = map(sql.Identifier, (name, told["TEST"]["TEMPLATE"]))
        server.execute(sql.SQL("create database {} template {}").format(*names))
        try:
            connections.settings["default"]["NAME"] = name
            with django_db_blocker.unblock():
                yield
        finally:
            connections.settings["default"]["NAME"] = before
            server.execute(drop)


def apart(work: Any, *args: Any) -> Any:
    """Work in a thread with a connection of its own."""
    try:
        return work(*args)
    finally:
        connection.close()
