"""What is done with keys and lists: making, sealing, handing in, withdrawing, destroying.

Receiving files is in `receiving.py`, the check in `checking.py`. Whoever calls `seal`, `unseal` and `derive`
decides who may see what they hold: run results hold numbers of records, never names.
"""

import datetime
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.registry import keys, queries, sealing
from philoxenia_web.registry.checking import defer_check
from philoxenia_web.registry.models import DataKey, PersonList
from philoxenia_web.registry.policies import HAND_IN, check_key
from philoxenia_web.registry.refusals import Conflict, NotPossible
from philoxenia_web.registry.stores import registry_folder

ACCEPTED, MENDED = "accepted", "accepted with mends"
_OPEN = (PersonList.State.CHECKING, PersonList.State.CHECKED)


# --- keys -------------------------------------------------------------------------------------------------


def make_key(
    actor: Actor,
    agreement_id: UUID,
    *,
    organisation_ids: Iterable[UUID],
    reviewer_ids: Iterable[UUID],
    needs: Iterable[str],
    valid_until: datetime.date,
) -> DataKey:
    """The key of an agreement that begins. Twice gives the same. The caller has asked who may."""
    with transaction.atomic():
        key, made = DataKey.objects.get_or_create(
            pk=agreement_id,
            defaults={
                "fingerprint": keys.fingerprint(keys.make(agreement_id)),
                "organisation_ids": sorted(organisation_ids),
                "reviewer_ids": sorted(reviewer_ids),
                "needs": list(needs),
                "valid_until": valid_until,
            },
        )
        if made:
            after = {
                "valid_until": valid_until.isoformat(),
                "reviewers": [str(one) for one in key.reviewer_ids],
            }
            audit.record(actor, "registry.make_key", key, after=after)
    return key


def extend_key(actor: Actor, agreement_id: UUID, valid_until: datetime.date) -> None:
    """Let the key open until a later day. The caller has asked who may."""
    with transaction.atomic():
        key = check_key(DataKey.objects.select_for_update(no_key=True).filter(pk=agreement_id).first())
        before, key.valid_until = key.valid_until, valid_until
        key.save(update_fields=["valid_until"])
        audit.record(
            actor,
            "registry.extend_key",
            key,
            before={"valid_until": before.isoformat()},
            after={"valid_until": valid_until.isoformat()},
        )


def destroy_key(actor: Actor, agreement_id: UUID, because: str) -> None:
    """End an agreement's key for ever: nothing kept under it can be read again. Twice is once.

    The row says so first, and from then on nothing opens; the file is overwritten when that is committed. A
    server killed between the two finishes by `finish_destroying`.
    """
    with transaction.atomic():
        key = DataKey.objects.select_for_update(no_key=True).filter(pk=agreement_id).first()
        if key is None or key.destroyed_at:
            return
        key.destroyed_at, key.destroyed_by = timezone.now(), actor.person_id
        key.destroyed_because = because
        key.save()
        audit.record(actor, "registry.destroy_key", key, reason=because)
        transaction.on_commit(lambda: _remove(agreement_id))


def _remove(agreement_id: UUID) -> None:
    keys.destroy(agreement_id)
    for list_id in PersonList.objects.filter(key_id=agreement_id).values_list("pk", flat=True):
        for path in registry_folder().glob(f"{list_id}*"):
            path.unlink(missing_ok=True)


def finish_destroying() -> int:
    """Keys whose end is written but whose file is still there: of a server that was killed. How many."""
    gone = DataKey.objects.exclude(destroyed_at=None).values_list("pk", flat=True)
    left = [one for one in gone if keys.path_of(one).exists() or not keys.is_destroyed(one)]
    for agreement_id in left:
        _remove(agreement_id)
    return len(left)


def note_destroyed(actor: Actor) -> int:
    """Rows of an older database whose key the folder of keys says is destroyed: they say so too. How many."""
    rows = [one for one in DataKey.objects.filter(destroyed_at=None) if keys.is_destroyed(one.pk)]
    for row in rows:
        destroy_key(actor, row.pk, _("The key had been destroyed before this backup was put back."))
    return len(rows)


# --- other bytes under an agreement's key ---------------------------------------------------------------


def seal(agreement_id: UUID, content: bytes, name: str = "") -> bytes:
    """Seal bytes with the agreement's key, bound to `name`. Raises `KeyGone` after the end."""
    return sealing.sealed(queries.live_key(agreement_id), content, f"other/{name}")


def unseal(agreement_id: UUID, content: bytes, name: str = "") -> bytes:
    """Open what `seal` made for the same name. Raises `KeyGone` after the end, `Damaged` where changed."""
    return sealing.opened(queries.live_key(agreement_id), content, f"other/{name}")


def derive(agreement_id: UUID, use: str) -> bytes:
    """32 bytes that follow from the agreement's key for one use, such as tokens; gone when the key is."""
    return sealing.derived(queries.live_key(agreement_id), f"philoxenia derived {use}")


# --- lists ------------------------------------------------------------------------------------------------


def _locked(actor: Actor, agreement_id: UUID, list_id: UUID, based_on: int | None) -> PersonList:
    """The list, held until the transaction ends. Raises `Conflict` where it is not what was seen."""
    queries.own_list(actor, agreement_id, list_id)
    one = (
        PersonList.objects.select_for_update(no_key=True, of=("self",)).select_related("key").get(pk=list_id)
    )
    check_can(actor, HAND_IN, one.organisation_id)
    if based_on is not None and one.version != based_on:
        raise Conflict(_("Somebody else changed this list meanwhile. Look at it as it is now, then decide."))
    return one


def answer(
    actor: Actor,
    agreement_id: UUID,
    list_id: UUID,
    based_on: int | None,
    change: Callable[[dict[str, Any]], None],
) -> None:
    """Change how the file is to be read, and have it checked again."""
    with transaction.atomic():
        one = _locked(actor, agreement_id, list_id, based_on)
        check_key(one.key)
        if one.state not in _OPEN:
            raise NotPossible(_("This list is handed in already; hand in the corrected file in its place."))
        change(one.answers)
        one.wanted += 1
        one.state, one.checking_at = PersonList.State.CHECKING, timezone.now()
        one.version += 1
        one.save()
        audit.record(
            actor,
            "registry.answer_check",
            one,
            after={"answered": sorted(one.answers)},
            organisation_id=one.organisation_id,
        )
        defer_check(one)


def accept(actor: Actor, agreement_id: UUID, list_id: UUID, based_on: int | None) -> PersonList:
    """Take a checked list, with its mends, in the place of the department's earlier one. Twice is once.

    The file as it came is deleted: from then on only the checked table is kept.
    """
    with transaction.atomic():
        one = _locked(actor, agreement_id, list_id, None)
        if one.state == PersonList.State.HANDED_IN:
            return one
        if based_on is not None and one.version != based_on:
            raise Conflict(
                _("Somebody else changed this list meanwhile. Look at it as it is now, then decide.")
            )
        check_key(one.key)
        if one.state != PersonList.State.CHECKED or one.checked != one.wanted:
            raise NotPossible(_("The check has not finished. Hand the list in when its report is there."))
        if one.outcome not in (ACCEPTED, MENDED):
            raise NotPossible(
                _("The check refused this list. Mend what the report names, then hand it in anew.")
            )
        replaced = PersonList.objects.filter(
            key=one.key_id, organisation=one.organisation_id, state=PersonList.State.HANDED_IN
        )
        for earlier in replaced.select_for_update(no_key=True, of=("self",)):
            _end(earlier, PersonList.State.REPLACED)
        one.state, one.version = PersonList.State.HANDED_IN, one.version + 1
        one.handed_in_at, one.handed_in_by = timezone.now(), actor.person_id
        one.save()
        after = {"agreement": str(one.key_id), "rows": one.rows, "outcome": one.outcome}
        audit.record(actor, "registry.accept_list", one, after=after, organisation_id=one.organisation_id)
        transaction.on_commit(lambda: _forget(one, keep_table=True))
    return one


def withdraw(actor: Actor, agreement_id: UUID, list_id: UUID, based_on: int | None) -> None:
    """Take a list out of the agreement: its file is deleted, later runs do without it. Twice is once."""
    with transaction.atomic():
        one = _locked(actor, agreement_id, list_id, None)
        if one.state in (PersonList.State.WITHDRAWN, PersonList.State.REPLACED):
            return
        if based_on is not None and one.version != based_on:
            raise Conflict(
                _("Somebody else changed this list meanwhile. Look at it as it is now, then decide.")
            )
        was = one.state
        handed_in = was == PersonList.State.HANDED_IN
        _end(one, PersonList.State.WITHDRAWN if handed_in else PersonList.State.GIVEN_UP)
        verb = "registry.withdraw_list" if handed_in else "registry.give_up_list"
        audit.record(actor, verb, one, before={"state": was}, organisation_id=one.organisation_id)


def _end(one: PersonList, state: str) -> None:
    one.state, one.ended_at, one.version = state, timezone.now(), one.version + 1
    one.save()
    transaction.on_commit(lambda: _forget(one, keep_table=False))


def _forget(one: PersonList, keep_table: bool) -> None:
    """Delete what lies on the disk of a list: everything, or all but the table of its newest check."""
    kept = f"{one.pk}-{one.checked}.table" if keep_table else ""
    for path in registry_folder().glob(f"{one.pk}*"):
        if path.name != kept:
            path.unlink(missing_ok=True)
