"""Editions of every language: made when the directory has changed, kept under `var/directory/offline/`.

Fails closed: while a service that left the directory still lies in an edition, the edition is not handed out.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from philoxenia.reference import default_parameters
from philoxenia_web.directory import queries
from philoxenia_web.directory.offline import gathering
from philoxenia_web.directory.offline.edition import Limits, Shelf

QUEUE = "checks"
TASK = "directory.make_editions"
# What more changes mean is not looked at one by one.
_MOST_LOOKED_AT = 200


def shelf(language: str) -> Shelf:
    """Where the editions of a language lie."""
    return Shelf(Path(settings.ENVIRONMENT.var) / "directory" / "offline" / language)


def make(language: str, now: datetime | None = None) -> dict[str, Any]:
    """Make the edition of a language from the directory as it is; its manifest."""
    made_at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    with _alone(language):
        # Read first: what changes meanwhile asks for the next edition.
        change = queries.last_change()
        return shelf(language).publish(
            gathering.lines(language),
            gathering.words(language),
            gathering.about(language, change) | {"made_at": made_at},
            limits(),
        )


@contextmanager
def _alone(language: str) -> Iterator[None]:
    """One maker of a language at a time, whichever process: each takes away what the other's edition left."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"{TASK} {language}"])
        yield


def limits() -> Limits:
    """From the table of parameters."""
    told = default_parameters()
    return Limits(
        kept_editions=int(told["directory.offline_kept_editions"]),
        difference_share=told["directory.offline_difference_share"],
        lines_a_part=int(told["directory.offline_services_a_part"]),
    )


def renew(now: datetime | None = None) -> list[str]:
    """Make what has to be made; the languages it was made in."""
    moment = now or datetime.now(UTC)
    wanted = [code for code, _ in settings.LANGUAGES if must_make(shelf(code).manifest(), moment)]
    for language in wanted:
        make(language, moment)
    return wanted


def must_make(manifest: Mapping[str, Any] | None, now: datetime) -> bool:
    """Whether there is none, something left the directory, or changes have gathered; once a day anyhow."""
    if manifest is None:
        return True
    age = now - datetime.fromisoformat(manifest["made_at"])
    if age >= timedelta(days=1):
        return True
    if queries.last_change() == manifest["change"]:
        return False
    waited = age >= timedelta(minutes=default_parameters()["directory.offline_least_minutes"])
    return waited or must_not_be_read(manifest)


def must_not_be_read(manifest: Mapping[str, Any]) -> bool:
    """Whether something in it may not be shown any longer: a service, or where one is."""
    last = queries.last_change()
    return last != manifest["change"] and _tells_too_much(
        manifest["language"], manifest["number"], manifest["change"], last
    )


@lru_cache(maxsize=64)
def _tells_too_much(language: str, _number: int, change: int, _last: int) -> bool:
    changed, gone, _ = queries.changed_since(change)
    if gone or len(changed) > _MOST_LOOKED_AT:
        return True
    manifest = shelf(language).manifest()
    if manifest is None:
        return True
    rows = gathering.rows(language)
    shown = queries.shown_many(changed, language)
    if any(one.confidential for one in shown):
        # Its place may have stood in words too, of its own or of others.
        return True
    now = {one.id: _sites(rows.service(one.as_dict())) for one in shown}
    return any(_sites(row) - now[row["i"]] for row in shelf(language).rows(manifest) if row["i"] in now)


def _sites(row: Mapping[str, Any]) -> set[str]:
    """Where a row says that a service is."""
    return {repr([place.get(key) for key in ("a", "c", "z", "g")]) for place in row.get("pl", ())}
