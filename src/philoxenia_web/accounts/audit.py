"""The trail: one row for each thing done, written in the transaction that does it."""

from typing import Any
from uuid import UUID

from django.db import models

from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.models import AuditEntry


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
