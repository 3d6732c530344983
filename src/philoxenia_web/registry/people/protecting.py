"""Protecting a record, lifting that, and handing a record over to another department.

A protected record is found and opened by the department that holds it, and by nobody else: what others were
granted ends. Other apps follow in the same transaction (`on_protected`).
"""

from collections.abc import Callable
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, can
from philoxenia_web.registry import refusals
from philoxenia_web.registry.models import Resident, ResidentVersion, RightsRequest
from philoxenia_web.registry.people import grants, merging, texts
from philoxenia_web.registry.people.permissions import FIND_PEOPLE, LIFT_PROTECTION, desks_of
from philoxenia_web.registry.people.sealed import key_of
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.people.writing import BEFORE

Hook = Callable[[Actor, UUID, bool], None]
_HOOKS: list[Hook] = []
_FIELD = "restricted"


def on_protected(hook: Hook) -> None:
    """Called in an app's `ready`: `hook(actor, resident_id, restricted)` follows in the same transaction.

    The actor may not see the record any more, so a hook visits as SYSTEM.
    """
    if hook not in _HOOKS:
        _HOOKS.append(hook)


def hold_still(resident_id: UUID) -> None:
    """Until this transaction ends nobody protects this person or lifts that: who wants to waits.

    Called before what protection would end is begun, and before it is asked whether the person is protected.
    """
    with visiting(SYSTEM):
        list(Resident.objects.select_for_update(no_key=True).filter(pk=resident_id).values_list("pk"))


def protect(actor: Actor, resident_id: UUID, restricted: bool, based_on: int, key: UUID) -> int:
    """Protect a record and those joined with it, or lift that; the new version. The same `key`: the same.

    Raises `NotPossible` for who may not (the holder's desk protects, only its supervisors lift), `Conflict`
    where somebody else decided since `based_on`, `Http404` for whom the visit does not see.
    """
    with visiting(actor):
        rows = _joined(resident_id)
        row = rows[0]
        _check_may(actor, row, restricted)
        done = ResidentVersion.objects.filter(resident=row, key=key).first()
        if row.restricted == restricted:
            return done.version if done else row.version
        if done is not None:
            # The form of an old page: it was carried out, and somebody decided otherwise since.
            raise refusals.NotPossible(
                _("This page is of another version of the record. Open the record again.")
            )
        _check_based_on(row, based_on)
        if merging.joined_alone(actor, [one.pk for one in rows], desks_of(actor)):
            # Who joins a record with their own would hide what others hold.
            raise refusals.NotPossible(_("One of these records was merged already. Undo that first."))
        for one in rows:
            if one.organisation_id != row.organisation_id:
                # A protected record is its holder's alone: each keeps its own.
                merging.unmerge(SYSTEM, one.pk)
        with visiting(SYSTEM):
            for one in rows:
                _write(actor, one, restricted, key)
        return row.version


def _joined(resident_id: UUID) -> list[Resident]:
    """The record and those merged into it, locked in one order for everybody."""
    ids = merging.same_person(resident_id)
    if not ids:
        raise Http404
    locked = Resident.objects.select_for_update(no_key=True).filter(pk__in=ids, erased_at=None).order_by("pk")
    found = {row.pk: row for row in locked}
    if resident_id not in found:
        raise Http404
    if found[resident_id].merged_into_id:
        raise refusals.NotPossible(_("This record was merged into another meanwhile. Open that one."))
    return sorted(found.values(), key=lambda row: row.pk != resident_id)


def _check_may(actor: Actor, row: Resident, restricted: bool) -> None:
    if not can(actor, FIND_PEOPLE if restricted else LIFT_PROTECTION, row.organisation_id):
        raise refusals.NotPossible(
            _("The department that holds this record protects it. Ask them to.")
            if restricted
            else _("A supervisor of the department that holds this record lifts the protection.")
        )


def _check_based_on(row: Resident, based_on: int) -> None:
    later = ResidentVersion.objects.filter(resident=row, version__gt=based_on, fields__contains=[_FIELD])
    if later.exists():
        raise refusals.Conflict(_("Somebody else changed the same meanwhile. Look at both, then decide."))


def _write(actor: Actor, row: Resident, restricted: bool, key: UUID) -> None:
    row.version += 1
    ResidentVersion.objects.create(
        resident=row,
        version=row.version,
        fields=[_FIELD],
        before=key_of(row.pk).seal_values(BEFORE, f"{row.pk} {row.version}", {_FIELD: row.restricted}),
        key=key,
        person_id=actor.person_id,
        organisation_id=row.organisation_id,
    )
    row.restricted, row.changed_at = restricted, Now()
    row.save(update_fields=["restricted", "version", "changed_at"])
    if restricted:
        grants.end_foreign(actor, row)
    verb = "registry.protect_resident" if restricted else "registry.lift_protection"
    audit.record(actor, verb, row, after={"version": row.version}, organisation_id=row.organisation_id)
    for hook in _HOOKS:
        hook(actor, row.pk, restricted)


def hand_over(actor: Actor, resident_id: UUID, from_organisation: UUID, to_organisation: UUID) -> None:
    """Let another department hold a person's records, those `from_organisation` held. Twice is once.

    The caller asked who may and visits as SYSTEM: after it, `from_organisation` may see nothing any more.
    """
    held = Resident.objects.select_for_update(no_key=True).filter(
        pk__in=merging.same_person(resident_id), organisation_id=from_organisation, erased_at=None
    )
    for row in held.order_by("pk"):
        row.organisation_id = to_organisation
        row.save(update_fields=["organisation"])
        _hand_over_requests(row.pk, from_organisation, to_organisation)
        audit.record(
            actor,
            "registry.hand_over_resident",
            row,
            before={"organisation": str(from_organisation)},
            after={"organisation": str(to_organisation)},
            organisation_id=to_organisation,
        )


def _hand_over_requests(resident_id: UUID, from_organisation: UUID, to_organisation: UUID) -> None:
    """What the person waits for is answered by who holds the record; each still lets out its own words."""
    waiting = RightsRequest.objects.select_for_update(no_key=True).filter(
        resident=resident_id,
        organisation=from_organisation,
        state__in=(RightsRequest.State.ASKED, RightsRequest.State.TAKEN_UP),
    )
    moved = list(waiting.exclude(kind=RightsRequest.Kind.TAKE_ALONG))
    texts.hand_over([one.text_id for one in moved if one.text_id], (), to_organisation)
    # Nobody of the new holder has taken them up yet.
    RightsRequest.objects.filter(pk__in=[one.pk for one in moved]).update(
        organisation_id=to_organisation,
        state=RightsRequest.State.ASKED,
        taken_by=None,
        version=F("version") + 1,
    )
