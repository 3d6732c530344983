"""Forgetting a person: the key is destroyed, what it sealed is deleted, and no backup brings it back.

The database says first that somebody is erased; once that is committed the id is noted in the folder of
keys, which no backup holds. Whom a restored backup brings back is erased again, before the first page is
served (`rights.forgetting.forget_again`).
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from philoxenia.lake.files import flush_folder
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.registry.key_files import ERASED
from philoxenia_web.registry.keys import keys_folder
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import sealed
from philoxenia_web.registry.people.visits import visiting


def erase(actor: Actor, resident_id: UUID, because: str) -> None:
    """Forget a person for ever, with all records merged into theirs. Twice is once.

    `because` is a code. The caller has asked who may, and other apps (`rights.parts.erase_all`). Raises
    `Http404` for whom the visit does not see.
    """
    with visiting(actor):
        if not Resident.objects.filter(pk=resident_id).exists():
            raise Http404
        with visiting(SYSTEM):
            same = Q(pk=resident_id) | Q(merged_into_id=resident_id)
            ids = list(Resident.objects.filter(same, erased_at=None).values_list("pk", flat=True))
            for one in ids:
                _forget(one)
        for one in ids:
            audit.record(actor, "registry.erase_resident", Resident(pk=one), reason=because)
        transaction.on_commit(lambda: _note(ids))


def _forget(resident_id: UUID) -> None:
    """What is left is an id, so that counts stay."""
    with connection.cursor() as cursor:
        cursor.execute("select registry_forget(%s)", [resident_id])
    Resident.objects.filter(pk=resident_id).update(
        brief=b"", details=b"", number_token=None, erased_at=timezone.now(), restricted=False
    )


def _note(ids: list[UUID]) -> None:
    """Add ids to the file outside the backups, on the disk when this returns."""
    fresh = sorted(set(ids) - sealed.erased_ids())
    if not fresh:
        return
    path: Path = keys_folder() / ERASED
    now = datetime.now(UTC).isoformat(timespec="seconds")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, "".join(f"{one} {now}\n" for one in fresh).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    flush_folder(path.parent)


def note_all() -> None:
    """Note whom a killed server did not."""
    with visiting(SYSTEM):
        erased = Resident.objects.exclude(erased_at=None).exclude(pk__in=sealed.erased_ids())
        _note(list(erased.values_list("pk", flat=True)))


def brought_back() -> list[UUID]:
    """Who was erased and stands in a restored database again, unread: their keys are refused."""
    with visiting(SYSTEM):
        back = Resident.objects.filter(pk__in=sealed.erased_ids(), erased_at=None)
        return list(back.order_by("pk").values_list("pk", flat=True))


def erase_again(resident_id: UUID) -> None:
    """Forget one of them once more. The caller has let other apps erase their own (`rights.forgetting`)."""
    with visiting(SYSTEM):
        _forget(resident_id)
        audit.record(SYSTEM, "registry.erase_resident", Resident(pk=resident_id), reason="restored")
