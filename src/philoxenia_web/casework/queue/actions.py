"""What is done at the queue: numbers given out and called, desks opened and closed. All is in the trail."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.vocabulary.states import StepError
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.casework.doubles import made_once
from philoxenia_web.casework.models.queue import Queue, Sitting, Ticket
from philoxenia_web.casework.policies import CASEWORK, SUPERVISE, check_sees
from philoxenia_web.casework.queue.clock import midnight, minutes_of, today
from philoxenia_web.casework.queue.ordering import Waiting, aim_of, next_for
from philoxenia_web.casework.queue.states import TICKET
from philoxenia_web.casework.queue.words import REASONS
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry.people.visits import visiting

_NEXT_NUMBER = """
insert into casework_queueday as d (queue_id, day, last) values (%s, %s, 1)
on conflict (queue_id, day) do update set last = d.last + 1 returning last"""
MOST_DESKS = 99


# --- waiting rooms and desks ------------------------------------------------------------------------------


def make_queue(
    actor: Actor, organisation_id: UUID, name: str, letter: str, languages: Iterable[str], key: UUID
) -> Queue:
    """Open a waiting room. The same key again gives the one it made."""
    check_can(actor, SUPERVISE, organisation_id)
    known = Queue.objects.filter(key=key, organisation=organisation_id).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            made = Queue.objects.create(
                key=key, organisation_id=organisation_id, name=name.strip(), letter=letter,
                languages=_screen_languages(languages),
            )  # fmt: skip
            _note(actor, "make_queue", made, {"letter": letter})
    except IntegrityError as refused:
        raise NotPossible(_("Another waiting room has this letter already. Choose another.")) from refused
    return made


def _screen_languages(languages: Iterable[str]) -> list[str]:
    known = dict(settings.LANGUAGES)
    chosen = [one for one in dict.fromkeys(languages) if one in known]
    return chosen or [settings.LANGUAGE_CODE]


def change_queue(
    actor: Actor, queue_id: UUID, based_on: int, name: str, languages: Iterable[str], *, active: bool
) -> Queue:
    """Change what a waiting room is called and how its screen speaks, or close it."""
    with transaction.atomic():
        queue = _supervised(actor, queue_id)
        if queue.version != based_on:
            raise Conflict({"name": (None, queue.name, name)}, queue.version)
        queue.name, queue.languages, queue.active = name.strip(), _screen_languages(languages), active
        queue.version += 1
        queue.save()
        _note(actor, "change_queue", queue, {"active": active})
    return queue


def renew_screen(actor: Actor, queue_id: UUID) -> Queue:
    """A new address for the screen; the one before shows nothing any more."""
    with transaction.atomic():
        queue = _supervised(actor, queue_id)
        queue.screen += 1
        queue.save(update_fields=["screen"])
        _note(actor, "renew_screen", queue, {"screen": queue.screen})
    return queue


def _supervised(actor: Actor, queue_id: UUID) -> Queue:
    queue = own_queue(actor, queue_id)
    check_can(actor, SUPERVISE, queue.organisation_id)
    return Queue.objects.select_for_update(no_key=True).get(pk=queue.pk)


def own_queue(actor: Actor, queue_id: UUID) -> Queue:
    """A waiting room of the actor's own desk. Raises `Http404` for every other."""
    queue = Queue.objects.filter(pk=queue_id).select_related("organisation").first()
    if queue is None or (actor is not SYSTEM and queue.organisation_id not in actor.organisations):
        raise Http404
    check_can(actor, CASEWORK, queue.organisation_id)
    return queue


def sit_down(actor: Actor, queue_id: UUID, desk: int, languages: Iterable[str]) -> Sitting:
    """Sit down at a desk, leaving the one before. Raises `NotPossible` where somebody sits there."""
    queue = own_queue(actor, queue_id)
    if not queue.active or not 1 <= desk <= MOST_DESKS:
        raise NotPossible(_("There is no such desk."))
    try:
        # Who finds the desk taken stays where they sat.
        with transaction.atomic():
            # Who forgot to leave yesterday holds no desk today.
            _sitting(queue).filter(desk=desk, opened_at__lt=midnight()).update(closed_at=timezone.now())
            leave_desk(actor)
            made = Sitting.objects.create(
                queue=queue, person_id=actor.person_id, desk=desk, languages=sorted(set(languages))
            )
            _note(actor, "sit_down", queue, {"desk": desk})
    except IntegrityError as refused:
        raise NotPossible(_("Somebody else sits at this desk. Choose another number.")) from refused
    return made


def free_desk(actor: Actor, queue_id: UUID, desk: int) -> None:
    """Let somebody else sit at a desk whose worker went away without leaving it. Twice is once."""
    queue = own_queue(actor, queue_id)
    check_can(actor, SUPERVISE, queue.organisation_id)
    with transaction.atomic():
        if _sitting(queue).filter(desk=desk).update(closed_at=timezone.now()):
            _note(actor, "free_desk", queue, {"desk": desk})


def _sitting(queue: Queue) -> QuerySet[Sitting]:
    return Sitting.objects.filter(queue=queue, closed_at=None)


def sittings(queue: Queue) -> QuerySet[Sitting]:
    """The desks of a waiting room that are open today."""
    return _sitting(queue).filter(opened_at__gte=midnight()).order_by("desk")


def leave_desk(actor: Actor) -> None:
    """Nobody is called to the actor's desk any more. Twice is once."""
    with transaction.atomic():
        sitting = (
            Sitting.objects.select_for_update(no_key=True)
            .filter(person_id=actor.person_id, closed_at=None)
            .first()
        )
        if sitting is None:
            return
        sitting.closed_at = timezone.now()
        sitting.save(update_fields=["closed_at"])
        _note(actor, "leave_desk", sitting.queue, {"desk": sitting.desk})


def sitting_of(actor: Actor) -> Sitting | None:
    """Where the actor sits since today."""
    live = Sitting.objects.filter(person_id=actor.person_id, closed_at=None, opened_at__gte=midnight())
    return live.select_related("queue").first()


# --- numbers ----------------------------------------------------------------------------------------------


def take_ticket(
    actor: Actor,
    queue_id: UUID,
    language: str,
    reasons: Iterable[str],
    key: UUID,
    resident_id: UUID | None = None,
) -> Ticket:
    """Give out the next number of the day. The same key again gives the number it gave."""
    queue = own_queue(actor, queue_id)
    told = [one for one in dict.fromkeys(reasons) if one in REASONS]

    def make() -> Ticket:
        if not queue.active:
            raise NotPossible(_("This waiting room is closed."))
        if resident_id is not None:
            check_sees(resident_id)
        day = today()
        with connection.cursor() as cursor:
            cursor.execute(_NEXT_NUMBER, [queue.pk, day])
            (number,) = cursor.fetchone()
        made = Ticket.objects.create(
            key=key, queue=queue, organisation_id=queue.organisation_id, day=day, number=number,
            language=language, reasons=told, aim=round(aim_of(told)), resident_id=resident_id,
            came_at=timezone.now(),
        )  # fmt: skip
        _note_ticket(actor, "take_ticket", made, {"reasons": told})
        return made

    with visiting(actor):
        return made_once(lambda: queue.tickets.filter(key=key).select_related("queue").first(), make)


def call_next(actor: Actor) -> Ticket | None:
    """Call whoever is next to the actor's desk, or whom it called already; None where nobody waits."""
    sitting = sitting_of(actor)
    if sitting is None:
        raise NotPossible(_("Sit down at a desk first."))
    with visiting(actor):
        # One desk after the other: two that call at once get two people.
        Queue.objects.select_for_update(no_key=True).get(pk=sitting.queue_id)
        here = Ticket.objects.filter(queue=sitting.queue_id, day=today()).select_related("queue")
        going_on = here.filter(desk=sitting.desk, state__in=["called", "serving"]).first()
        if going_on is not None:
            return going_on
        waiting = {one.pk: one for one in here.filter(state=Ticket.State.WAITING)}
        found = next_for(
            [as_waiting(one) for one in waiting.values()], sitting.languages, minutes_of(timezone.now())
        )
        if found is None:
            return None
        return _called(actor, waiting[found.id], sitting.desk, "call")


def as_waiting(ticket: Ticket) -> Waiting:
    """A ticket as the order sees it."""
    return Waiting(ticket.pk, ticket.number, minutes_of(ticket.came_at), float(ticket.aim), ticket.language)


def _called(actor: Actor, ticket: Ticket, desk: int, verb: str) -> Ticket:
    return _step(
        actor, ticket, verb, called_at=timezone.now(), calls=ticket.calls + 1, desk=desk,
        worker_id=actor.person_id,
    )  # fmt: skip


def step_ticket(actor: Actor, ticket_id: UUID, based_on: int, verb: str) -> Ticket:
    """Take a step with a number. Raises `Http404`, `Conflict`, `NotPossible`."""
    with visiting(actor):
        ticket = (
            Ticket.objects.select_for_update(no_key=True, of=("self",))
            .select_related("queue")
            .filter(pk=ticket_id)
            .first()
        )
        if ticket is None:
            raise Http404
        check_can(actor, CASEWORK, ticket.organisation_id)
        wanted = {one.after for one in TICKET.steps if one.verb == verb}
        if ticket.version != based_on:
            if ticket.version > based_on and {ticket.state} == wanted and verb != "call_again":
                return ticket
            raise Conflict({"state": (None, ticket.state, next(iter(wanted), ""))}, ticket.version)
        return _step(actor, ticket, verb, **_columns(ticket, verb))


def _columns(ticket: Ticket, verb: str) -> dict[str, Any]:
    now = timezone.now()
    by_verb: dict[str, dict[str, Any]] = {
        "call_again": {"called_at": now, "calls": ticket.calls + 1},
        "begin": {"begun_at": now},
        "finish": {"ended_at": now},
        "pass_over": {"ended_at": now},
        "leave": {"ended_at": now},
        # Who comes back keeps their place: when they came is not changed.
        "come_back": {"ended_at": None, "begun_at": None, "called_at": None, "desk": None, "worker_id": None},
    }
    return by_verb.get(verb, {})


def _step(actor: Actor, ticket: Ticket, verb: str, **columns: Any) -> Ticket:
    try:
        ticket.state = TICKET.after(ticket.state, verb)
    except StepError as refusal:
        raise NotPossible(_("This number is elsewhere by now. Load the page again.")) from refusal
    for name, value in columns.items():
        setattr(ticket, name, value)
    ticket.version, ticket.changed_at = ticket.version + 1, timezone.now()
    ticket.save()
    _note_ticket(actor, f"{verb}_ticket", ticket, {"state": ticket.state, "desk": ticket.desk})
    return ticket


def close_days(before: datetime | None = None) -> int:
    """Whoever still waited when the day ended has left, who was at a desk was served; desks are free.

    How many numbers. What was served so ends when it began: nobody knows for how long it went on.
    """
    Sitting.objects.filter(closed_at=None, opened_at__lt=midnight(before)).update(closed_at=timezone.now())
    with visiting(SYSTEM):
        left = Ticket.objects.select_for_update(no_key=True, of=("self",)).filter(day__lt=today(before))
        open_ones = left.filter(state__in=["waiting", "called", "serving"]).select_related("queue")
        for one in open_ones:
            _step(SYSTEM, one, "close_day", ended_at=one.begun_at or timezone.now())
        return len(open_ones)


def _note(actor: Actor, verb: str, queue: Queue, after: dict[str, Any]) -> None:
    audit.record(actor, f"casework.{verb}", queue, after=after, organisation_id=queue.organisation_id)


def _note_ticket(actor: Actor, verb: str, ticket: Ticket, after: dict[str, Any]) -> None:
    audit.record(actor, f"casework.{verb}", ticket, after=after, organisation_id=ticket.organisation_id)
