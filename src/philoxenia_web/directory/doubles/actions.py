"""Deciding whether two organisations are one, and joining them without losing a record of either."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.directory import following
from philoxenia_web.directory.editing.policies import LOOK_AFTER
from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.directory.models import DuplicatePair, Organization, OrganizationIdentifier

TASK, QUEUE = "directory.find_doubles", "directory"
_MOVED = ("services", "programs", "locations")
State = DuplicatePair.State


def ask_to_find(actor: Actor) -> None:
    """Have the worker look for doubles; asked twice it looks once."""
    check_can(actor, LOOK_AFTER)
    from procrastinate.contrib.django import app  # noqa: PLC0415 (exists once Django is set up)
    from procrastinate.exceptions import AlreadyEnqueued  # noqa: PLC0415

    try:
        app.configure_task(TASK, queue=QUEUE, queueing_lock=TASK).defer()
    except AlreadyEnqueued:
        return
    audit.record(actor, "directory.find_doubles")


def keep_apart(actor: Actor, pair_id: UUID) -> None:
    """Two organisations: the pair is not asked about again."""
    with transaction.atomic():
        pair = _open(actor, pair_id)
        _decide(actor, pair, State.DIFFERENT)
        audit.record(actor, "directory.keep_apart", pair)


def join(actor: Actor, pair_id: UUID, kept_id: UUID) -> Organization:
    """One organisation: everything of the other goes to the kept one, under whose name it is found.

    The other's record stays, withheld, so that an import knows it again and shows it no more.
    """
    with transaction.atomic():
        pair = _open(actor, pair_id)
        if kept_id not in (pair.left_id, pair.right_id):
            raise NotPossible(_("Choose one of the two."))
        other_id = pair.right_id if kept_id == pair.left_id else pair.left_id
        both = Organization.objects.select_for_update(no_key=True).in_bulk([kept_id, other_id])
        kept, other = both[kept_id], both[other_id]
        moved = list(other.services.values_list("pk", flat=True))
        _move(kept, other)
        _remember(kept, other)
        _decide(actor, pair, State.SAME)
        following.note([*moved, *kept.services.values_list("pk", flat=True)])
        audit.record(actor, "directory.join", kept, after={"joined": str(other.pk), "services": len(moved)})
    return kept


def _move(kept: Organization, other: Organization) -> None:
    for name in _MOVED:
        for record in getattr(other, name).all():
            record.organization = kept
            record.held = sorted({*record.held, "organization"})
            record.version += 1
            record.last_modified = timezone.now()
            record.save()
    numbers = set(kept.phones.values_list("number", flat=True))
    other.phones.exclude(number__in=numbers).update(organization=kept)
    other.contacts.update(organization=kept)
    other.funding.update(organization=kept)
    other.additional_websites.update(organization=kept)
    other.organization_identifiers.update(organization=kept)
    other.parts.update(parent_organization=kept)


def _remember(kept: Organization, other: Organization) -> None:
    """The other's name and number go on leading here."""
    if other.name.casefold() != kept.name.casefold():
        names = [one for one in (kept.alternate_name, other.name) if one]
        kept.alternate_name = "; ".join(dict.fromkeys(names))
    if other.external_id:
        OrganizationIdentifier.objects.get_or_create(
            organization=kept, identifier_scheme=other.feed or "directory", identifier=other.external_id
        )
    for name in ("email", "website", "description"):
        if not getattr(kept, name):
            setattr(kept, name, getattr(other, name))
    kept.held = sorted({*kept.held, "alternate_name"})
    other.withheld, other.held = True, sorted({*other.held, "withheld"})
    for record in (kept, other):
        record.version += 1
        record.last_modified = timezone.now()
        record.save()


def _open(actor: Actor, pair_id: UUID) -> DuplicatePair:
    check_can(actor, LOOK_AFTER)
    pair = DuplicatePair.objects.select_for_update(no_key=True).filter(pk=pair_id).first()
    if pair is None or pair.state != State.OPEN:
        raise NotPossible(_("This was decided already."))
    return pair


def _decide(actor: Actor, pair: DuplicatePair, state: State) -> None:
    pair.state, pair.decided_at, pair.decided_by_id = state, timezone.now(), actor.person_id
    pair.save()
    if state == State.SAME:
        gone = [one.pk for one in (pair.left, pair.right) if one.withheld]
        still = DuplicatePair.objects.filter(state=State.OPEN)
        (still.filter(left__in=gone) | still.filter(right__in=gone)).delete()
