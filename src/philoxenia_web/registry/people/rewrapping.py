"""The rotation of master keys, for residents: each resident's key is wrapped anew; what it seals stays."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.registry.models import ResidentKey
from philoxenia_web.registry.people import sealed
from philoxenia_web.registry.people.visits import visiting

AT_ONCE = 5_000
_WRITE = """
    update registry_residentkey kept set master = %s, wrapped = fresh.wrapped
    from unnest(%s::uuid[], %s::bytea[]) as fresh(id, wrapped)
    where kept.resident_id = fresh.id"""


def rewrap() -> int:
    """Wrap every resident's key with the current master key, some thousands a transaction; how many were."""
    done = 0
    while count := _some():
        done += count
    return done


def _some() -> int:
    current = sealed.current_mark()
    with transaction.atomic(durable=True), visiting(SYSTEM):
        rows = list(ResidentKey.objects.select_for_update(no_key=True).exclude(master=current)[:AT_ONCE])
        # One who was erased since a backup keeps no key at all.
        erased = sealed.erased_ids()
        ResidentKey.objects.filter(pk__in=[row.pk for row in rows if row.pk in erased]).delete()
        kept = [row for row in rows if row.pk not in erased]
        wrapped = [sealed.wrap(row.pk, sealed.unwrap(row))[1] for row in kept]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [current, [row.pk for row in kept], wrapped])
    return len(rows)


@contextmanager
def nobody_wraps() -> Iterator[None]:
    """Within it no new resident gets a key; those being written are waited for.

    The lock is the connection's, not a transaction's: what is wrapped within is committed at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [sealed.ROTATION_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [sealed.ROTATION_LOCK])
