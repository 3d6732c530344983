"""What is done with hooks: made, changed, given a new secret, paused, ended, by its organisation alone."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.reference import default_parameters
from philoxenia.vocabulary.states import StepError
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.casework.hooks import signing
from philoxenia_web.casework.hooks.policies import HOOKS, hook_for
from philoxenia_web.casework.hooks.states import DELIVERY, HOOK
from philoxenia_web.casework.models.hooks import TRIAL, Delivery, Hook, Kind
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.outside.guard import Refused, check_written

# More would make one change a flood.
MOST_HOOKS = 10


def make(actor: Actor, organisation_id: UUID, address: str, kinds: Iterable[str], key: UUID) -> Hook:
    """A new hook; the same key again gives the one it made. Raises `NotPossible` for an address unfit."""
    check_can(actor, HOOKS, organisation_id)
    address = check_address(address)
    with transaction.atomic():
        _take_turn(organisation_id)
        known = Hook.objects.filter(key=key, organisation_id=organisation_id).first()
        if known is not None:
            return known
        if Hook.objects.filter(organisation_id=organisation_id).exclude(state="ended").count() >= MOST_HOOKS:
            raise NotPossible(_("There are ten addresses already. End one of them first."))
        try:
            with transaction.atomic():
                made = Hook.objects.create(
                    key=key,
                    organisation_id=organisation_id,
                    address=address,
                    kinds=sorted({Kind(one) for one in kinds}),
                    made_by=actor.person_id,
                )
        except IntegrityError as fault:
            said = _("Somebody else wrote the same at this moment. Load the page again.")
            raise NotPossible(said) from fault
        _note(actor, "make_hook", made, {"kinds": made.kinds})
    return made


def _take_turn(organisation_id: UUID) -> None:
    """Two at once would each count the addresses, or trials, without the other's."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"philoxenia_hooks {organisation_id}"])


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
        if verb == "end":
            _give_up(hook)
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


def _give_up(hook: Hook) -> None:
    """What waits for an address that ended is not sent, and forgotten with all else that was sent."""
    waiting = hook.deliveries.filter(state=Delivery.State.WAITING)
    waiting.update(state=DELIVERY.after(Delivery.State.WAITING, "give_up"), ended_at=timezone.now())


def try_out(actor: Actor, hook_id: UUID) -> Delivery:
    """Send a message that tells of nothing, so that the other side can be tried.

    Raises `NotPossible` while one is on its way, and where the organisation tried often within the hour:
    otherwise the city would send whatever somebody likes to whom they like.
    """
    with transaction.atomic():
        hook = hook_for(actor, hook_id, lock=True)
        if hook.state == Hook.State.ENDED:
            raise NotPossible(_("This address has ended."))
        _take_turn(hook.organisation_id)
        _check_trials(hook)
        sent = Delivery.objects.create(
            hook=hook,
            kind=TRIAL,
            object_id=hook.pk,
            object_state="tried",
            object_version=hook.version,
            at=timezone.now(),
        )
        _note(actor, "try_hook", hook)
    return sent


def _check_trials(hook: Hook) -> None:
    trials = Delivery.objects.filter(kind=TRIAL, hook__organisation=hook.organisation_id)
    if trials.filter(hook=hook, state=Delivery.State.WAITING).exists():
        raise NotPossible(_("A trial is on its way. Wait until it has arrived or failed."))
    most = int(default_parameters()["casework.hook_trials"])
    if trials.filter(at__gt=timezone.now() - timedelta(hours=1)).count() >= most:
        raise NotPossible(_("Your organisation tried often within the hour. Try again later."))


def send_again(actor: Actor, hook_id: UUID) -> int:
    """Send what was given up once more, with the same numbers; how many messages. Twice is once."""
    with transaction.atomic():
        hook = hook_for(actor, hook_id, lock=True)
        if hook.state == Hook.State.ENDED:
            raise NotPossible(_("This address has ended."))
        state = DELIVERY.after(Delivery.State.GIVEN_UP, "send_again")
        again = given_up(hook).update(state=state, attempts=0, next_at=timezone.now(), ended_at=None)
        if again:
            _note(actor, "send_hook_again", hook, {"messages": again})
    return again


def given_up(hook: Hook) -> QuerySet[Delivery]:
    """Messages that did not arrive and are not tried any more; trials are made anew instead."""
    return hook.deliveries.filter(state=Delivery.State.GIVEN_UP).exclude(kind=TRIAL)


def _held(actor: Actor, hook_id: UUID, based_on: int) -> Hook:
    hook = hook_for(actor, hook_id, lock=True)
    if hook.version != based_on:
        raise Conflict({"state": (None, hook.get_state_display(), "")}, hook.version)
    return hook


def _note(actor: Actor, verb: str, hook: Hook, after: dict[str, object] | None = None) -> None:
    audit.record(actor, f"casework.{verb}", hook, after=after, organisation_id=hook.organisation_id)
