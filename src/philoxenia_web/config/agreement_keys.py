"""Which agreements a database knows whose keys are not here: what backup and restore have to say of them.

Keys lie outside the backup on purpose: an old backup must not bring back what was destroyed since.
"""

from pathlib import Path
from typing import Any

import psycopg

from philoxenia_web.registry.key_files import AGREEMENTS, DESTROYED, ENDING

_EXPECTED = """
    select key.agreement_id::text, coalesce(agreement.title, '')
    from registry_datakey key left join linkage_agreement agreement on agreement.id = key.agreement_id
    where key.destroyed_at is null order by 2, 1"""
_SHOWN = 10


def expected(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    """Agreements whose key the database takes to exist: number and title."""
    found = connection.execute("select to_regclass('registry_datakey'), to_regclass('linkage_agreement')")
    if None in (found.fetchone() or (None,)):
        return []
    return connection.execute(_EXPECTED).fetchall()


def sentences(known: list[tuple[str, str]], keys: Path) -> list[str]:
    """What cannot be read with the keys that are here, and why."""
    noted = keys / DESTROYED
    destroyed = set(noted.read_text(encoding="ascii").split()) if noted.is_file() else set()
    gone = [title for number, title in known if number in destroyed]
    missing = [
        title
        for number, title in known
        if number not in destroyed and not (keys / AGREEMENTS / f"{number}{ENDING}").is_file()
    ]
    told = []
    if missing:
        told.append(
            f"Lists and results under {_listed(missing)} cannot be read: the key is not in {keys}. "
            "Put the folder back from where you keep keys, if the agreement has not ended since."
        )
    if gone:
        told.append(
            f"The key of {_listed(gone)} was destroyed after this backup was made: its lists and results "
            "stay unreadable, and the application will say so."
        )
    return told


def _listed(titles: list[str]) -> str:
    shown = ", ".join(f"“{title}”" for title in titles[:_SHOWN])
    more = f" and {len(titles) - _SHOWN} more" if len(titles) > _SHOWN else ""
    return f"{len(titles)} linking {'agreement' if len(titles) == 1 else 'agreements'} ({shown}{more})"
