"""The order of changes, which the search index and the offline edition follow."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from philoxenia_web.directory.models import Change

# Numbers are given under a lock that lasts until the commit: who has seen one has seen all before it.
_LOCK = "select pg_advisory_xact_lock(hashtext('directory_change'))"
_ADD = "insert into directory_change (service_id, kind) select unnest(%s::uuid[]), %s"


def note(service_ids: Iterable[UUID], kind: Change.Kind = Change.Kind.SAVED) -> None:
    """Say that services were written; the last statement of the transaction that wrote them."""
    ids = list(dict.fromkeys(service_ids))
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(_ADD, [ids, kind.value])
