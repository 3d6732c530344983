"""Whether residents' records in a restored database can be read with the keys that are here."""

from typing import Any

import psycopg

from philoxenia_web.config.environment import Environment
from philoxenia_web.registry.key_files import AGREEMENTS, ENDING, ERASED, INDEX_KEY, MASTER
from philoxenia_web.registry.keys import master_of

_THERE = "select to_regclass('registry_residentkey')"
_COUNTED = "select master, count(*) from registry_residentkey group by master order by master"


def count(connection: psycopg.Connection[Any]) -> int:
    """How many records of residents the master keys open."""
    if connection.execute(_THERE).fetchone() == (None,):
        return 0
    row = connection.execute("select count(*) from registry_residentkey").fetchone()
    return int(row[0]) if row else 0


def sentences(connection: psycopg.Connection[Any], known: Environment) -> list[str]:
    """What cannot be read, and who is erased again."""
    if connection.execute(_THERE).fetchone() == (None,):
        return []
    marks = {master_of(one).mark for one in _written(known)}
    locked = sum(count for mark, count in connection.execute(_COUNTED).fetchall() if mark not in marks)
    told = []
    if locked:
        told.append(
            f"{locked:,} records of residents need a master key that is not in {known.keys}. "
            "Put the folder back as it was when the backup was made, then rotate."
        )
    if _is_anybody(connection) and not (known.keys / AGREEMENTS / f"{INDEX_KEY}{ENDING}").is_file():
        told.append(
            f"The key of the search is not in {known.keys}: nobody can be found or written down. Put the "
            "folder back; only if it is lost for ever, run philoxenia web reindex_people."
        )
    if back := _erased_since(connection, known):
        told.append(
            f"{back:,} people were erased after this backup was made: they are erased again, with all that "
            "hangs on them, before the first page is served."
        )
    return told


def _is_anybody(connection: psycopg.Connection[Any]) -> bool:
    return connection.execute("select exists (select 1 from registry_residentkey)").fetchone() == (True,)


def _written(known: Environment) -> list[str]:
    file = known.keys / MASTER
    return list(known.registry_keys) or (file.read_text(encoding="ascii").split() if file.is_file() else [])


def _erased_since(connection: psycopg.Connection[Any], known: Environment) -> int:
    file = known.keys / ERASED
    lines = file.read_text(encoding="ascii").splitlines() if file.is_file() else []
    noted = [line.split()[0] for line in lines if line.strip()]
    asked = "select count(*) from registry_resident where erased_at is null and id = any (%s::uuid[])"
    row = connection.execute(asked, [noted]).fetchone()
    return int(row[0]) if row else 0
