"""The trail: one row for each thing done, written in the transaction that does it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection, models

from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.models import AuditEntry, AuditLink


def record(
    actor: Actor,
    action: str,
    target: models.Model | None = None,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    organisation_id: UUID | None = None,
    reason: str = "",
) -> AuditEntry:
    """Add a row. `action` is `app.verb`; `before` and `after` hold plain values and no personal data."""
    return AuditEntry.objects.create(
        person_id=actor.person_id,
        organisation_id=organisation_id,
        action=action,
        object_type=target._meta.label_lower if target is not None else "",
        object_id=str(target.pk) if target is not None else "",
        before=before,
        after=after,
        reason=reason,
        request_id=actor.request_id,
    )


def last(object_type: str, object_id: UUID, actions: Iterable[str]) -> AuditEntry | None:
    """The newest entry that tells one of these actions of an object."""
    known = AuditEntry.objects.filter(object_type=object_type, object_id=str(object_id))
    return known.filter(action__in=list(actions)).order_by("-id").first()


_WORDS: dict[str, Any] = {}


def name_actions(words: dict[str, Any]) -> None:
    """Called in an app's `ready`: what its actions are called on the trail's page (lazy words)."""
    _WORDS.update(words)


def words_for(action: str) -> str:
    """What an action is called; its code where no app names it."""
    return str(_WORDS.get(action, action))


def actions_seen() -> list[str]:
    """Every action in the trail, by name."""
    return _seen("action")


def kinds_seen() -> list[str]:
    """Every kind of object in the trail, by name."""
    return [kind for kind in _seen("object_type") if kind]


def _seen(column: str) -> list[str]:
    """Distinct values by jumping from one to the next in the index, however long the trail is."""
    query = f"""
        with recursive seen(value) as (
          (select min({column}) from accounts_auditentry)
          union all
          select (select min({column}) from accounts_auditentry where {column} > seen.value)
          from seen where seen.value is not null)
        select value from seen where value is not null"""  # noqa: S608 (the two columns are ours)
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [value for (value,) in cursor.fetchall()]


def faults() -> list[tuple[int | None, int | None, str]]:
    """Where the chain of the trail is broken: number in the chain, entry, what is wrong. Empty when whole."""
    with connection.cursor() as cursor:
        cursor.execute("select link_id, entry_id, fault from accounts_faults_of_trail()")
        return cursor.fetchall()


def head() -> tuple[int, str]:
    """How long the chain is and its last hash: noted elsewhere, it shows whether the end was cut off."""
    last = AuditLink.objects.order_by("-id").first()
    return (last.pk, bytes(last.hash).hex()) if last else (0, "")
