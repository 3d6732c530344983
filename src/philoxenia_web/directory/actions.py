"""Reading a feed into the directory: permission, one transaction, the order of changes and the trail.

Records are edited by hand in `editing`.
"""

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import connection, transaction

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.directory.editing.policies import LOOK_AFTER
from philoxenia_web.directory.models import Import

if TYPE_CHECKING:
    from philoxenia.exchange.hsds.records import Records

# Two imports at once would each find rows missing that the other brings.
_LOCK = "select pg_advisory_xact_lock(hashtext('directory_import'))"
_MOST_NOTES = 500


def import_records(
    actor: Actor,
    records: "Records",
    *,
    feed: str,
    source: str = "",
    licence: str = "",
    whole: bool = False,
    key: UUID | None = None,
    dry_run: bool = False,
) -> Import:
    """Read records in as a feed: those it had before are written over, new ones added, all or none.

    `feed` is its name here, the same at every import; `source` and `licence` stand where a record states
    none; `whole` makes services inactive that the feed no longer has. With `dry_run` nothing stays, and what
    it would have come to is told. The same `key` again gives the import it made. Raises `NotPossible`.
    """
    check_can(actor, LOOK_AFTER)
    known = Import.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    # Polars is loaded only where a feed is read.
    from philoxenia.exchange.hsds import stripped  # noqa: PLC0415
    from philoxenia.exchange.hsds.records import whole as complete  # noqa: PLC0415
    from philoxenia_web.directory.importing.reading import read  # noqa: PLC0415

    # Whoever made the records: places that must not be known go before any of it reaches the database.
    safe = stripped(replace(records, tables=complete(records.tables)))

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
        done = read(safe.tables, feed, whole, {"source": source or feed, "licence": licence})
        made = Import(
            feed=feed,
            licence=licence,
            key=key or uuid4(),
            by_id=actor.person_id,
            whole=whole,
            counts=done.counts,
            notes=[one.as_dict() for one in records.told[:_MOST_NOTES]],
        )
        if dry_run:
            transaction.set_rollback(True)
            return made
        made.save()
        _tell(actor, made)
        return made


def _tell(actor: Actor, made: Import) -> None:
    """A line of the trail: how many, never which."""
    told = {name: made.counts.get(name, {}) for name in ("service", "location", "organization")}
    audit.record(actor, "directory.import", made, after={"feed": made.feed, "whole": made.whole, **told})
