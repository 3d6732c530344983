"""What is done with hooks: made, changed, given a new secret, paused, ended, by its organisation alone."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.vocabulary.states import StepError
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.casework.hooks import signing
from philoxenia_web.casework.hooks.policies import HOOKS, hook_for
from philoxenia_web.casework.hooks.states import DELIVERY, HOOK
from philoxenia_web.casework.models.hooks import Delivery, Hook, Kind
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.outside.guard import Refused, check_written

# More would make one change a flood.
MOST_HOOKS = 10


def make(actor: Actor, organisation_id: UUID, address: str, kinds: Iterable[str], key: UUID) -> Hook:
    """A new hook; the same key again gives the one it made. Raises `NotPossible` for an address unfit."""
    check_can(actor, HOOKS, organisation_id)
    address = check_address(address)
    with transaction.atomic():
        known = Hook.objects.filter(key=key, organisation_id=organisation_id).first()
        if known is not None:
            return known
        if Hook.objects.filter(organisation_id=organisation_id).exclude(state="ended").count() >= MOST_HOOKS:
            raise NotPossible(_("There are ten addresses already. End one of them first."))
        made = Hook.objects.create(
            key=key,
            organisation_id=organisation_id,
            address=address,
            kinds=sorted({Kind(one) for one in kinds}),
            made_by=actor.person_id,
        )
        _note(actor, "make_hook", made, {"kinds": made.kinds})
    return made


def check_address(address: str) -> str:
    """An address that may be told, as it is kept. Raises `NotPossible` with the reason."""
    try:
        check_written(address)
    except Refused as refusal:
        raise NotPossible(_(str(refusal))) from refusal
    if not address.strip().lower().startswith("https://"):
        raise NotPossible(_("Only addresses with https:// are told, so that nobody reads along."))
    return address.strip()


def step(actor: Actor, hook_id: UUID, verb: str, based_on: int) -> Hook:
    """Pause, resume or end a hook. Raises `Conflict` where somebody else changed it."""
    with transaction.atomic():
        hook = _held(actor, hook_id, based_on)
        try:
            hook.state = HOOK.after(hook.state, verb)
        except StepError as refusal:
            raise NotPossible(_("This cannot be done in the state it is in now.")) from refusal
        if verb == "resume":
            hook.failing_since = None
        hook.version += 1
        hook.save()
        _note(actor, f"{verb}_hook", hook)
    return hook


def rotate(actor: Actor, hook_id: UUID, based_on: int) -> Hook:
    """A new secret from now on; the one before signs along for a while."""
    with transaction.atomic():
        hook = _held(actor, hook_id, based_on)
        hook.generation, hook.generation_since = hook.generation + 1, timezone.now()
        hook.version += 1
        hook.save()
        _note(actor, "rotate_hook", hook, {"generation": hook.generation})
    return hook


def reveal(actor: Actor, hook_id: UUID) -> str:
    """The secret that signs now, for whoever sets up the other side. Who looked at it is in the trail."""
    with transaction.atomic():
        hook = hook_for(actor, hook_id)
        _note(actor, "reveal_hook", hook, {"generation": hook.generation})
    return signing.written(signing.secret_of(hook.pk, hook.generation))


def try_out(actor: Actor, hook_id: UUID) -> Delivery:
    """Send a message that tells of nothing, so that the other side can be tried."""
    with transaction.atomic():
        hook = hook_for(actor, hook_id, lock=True)
        if hook.state == Hook.State.ENDED:
            raise NotPossible(_("This address has ended."))
        sent = Delivery.objects.create(
            hook=hook,
            kind="hook",
            object_id=hook.pk,
            object_state="tried",
            object_version=hook.version,
            at=timezone.now(),
        )
        _note(actor, "try_hook", hook)
    return sent


def send_again(actor: Actor, delivery_id: UUID) -> Delivery:
    """Send a message that was given up once more, with the same number. Twice is once."""
    with transaction.atomic():
        found = Delivery.objects.filter(pk=delivery_id).first()
        hook = hook_for(actor, found.hook_id if found else uuid4(), lock=True)
        sent = Delivery.objects.select_for_update(no_key=True).get(pk=delivery_id)
        if sent.state != Delivery.State.GIVEN_UP:
            return sent
        sent.state, sent.attempts = DELIVERY.after(sent.state, "send_again"), 0
        sent.next_at, sent.ended_at = timezone.now(), None
        sent.save()
        _note(actor, "send_hook_again", hook, {"message": signing.message_id(sent.pk)})
    return sent


def _held(actor: Actor, hook_id: UUID, based_on: int) -> Hook:
    hook = hook_for(actor, hook_id, lock=True)
    if hook.version != based_on:
        raise Conflict({"state": (None, hook.get_state_display(), "")}, hook.version)
    return hook


def _note(actor: Actor, verb: str, hook: Hook, after: dict[str, object] | None = None) -> None:
    audit.record(actor, f"casework.{verb}", hook, after=after, organisation_id=hook.organisation_id)
