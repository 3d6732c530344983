"""Devices that hold cases: whose they are, what they said last, stopping one, hearing that it was emptied."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.models.offline import OfflineDevice, TakenCase
from philoxenia_web.casework.offline.policies import check_desk, device_to_stop, own_device
from philoxenia_web.casework.offline.states import DEVICE
from philoxenia_web.casework.policies import SUPERVISE
from philoxenia_web.casework.queries import names_of
from philoxenia_web.registry.people.visits import visiting

State = OfflineDevice.State
_SHOWN = 100


@dataclass(frozen=True)
class Line:
    """A device as a list shows it."""

    device: OfflineDevice
    owner: str
    cases: int
    own: bool

    @property
    def over(self) -> bool:
        """Whether its time is over: it opens no case any more, whatever became of it."""
        return self.device.until < timezone.now()

    @property
    def may_be_stopped(self) -> bool:
        """Whether stopping it changes anything."""
        return self.device.state == State.IN_USE and self.device.keep_until > timezone.now()


def listed(actor: Actor) -> list[Line]:
    """The actor's own devices, and those of the team where they supervise; the newest first."""
    check_desk(actor)
    led = [place for place, role in actor.memberships if role in SUPERVISE.roles]
    ours = TakenCase.objects.filter(organisation__in=led).values("device")
    seen = Q(person_id=actor.person_id) | Q(organisation__in=led) | Q(pk__in=ours)
    found = OfflineDevice.objects.filter(seen).annotate(cases=Count("taken"))
    found = list(found.order_by("-made_at")[:_SHOWN])
    names = names_of({one.person_id for one in found})
    return [
        Line(one, names.get(one.person_id, ""), one.cases, one.person_id == actor.person_id) for one in found
    ]


def stop(actor: Actor, device_id: UUID) -> OfflineDevice:
    """Let a device send nothing any more; it removes what it holds when it is next heard. Twice is once."""
    with visiting(actor):
        one = device_to_stop(actor, device_id)
        if one.state == State.IN_USE:
            _end(actor, one, "revoke", OfflineDevice.Why.REVOKED)
        return one


def hear_wiped(actor: Actor, device_id: UUID, why: str) -> None:
    """The device says that it removed everything."""
    with visiting(actor):
        one = own_device(actor, device_id, lock=True)
        if one.state != State.WIPED:
            known = why if why in OfflineDevice.Why.values else OfflineDevice.Why.HAND
            _end(actor, one, "wipe", one.why or known)


def _end(actor: Actor, one: OfflineDevice, verb: str, why: str) -> None:
    one.state, one.why = DEVICE.after(one.state, verb), why
    one.ended_at, one.ended_by, one.version = timezone.now(), actor.person_id, one.version + 1
    if one.state == State.WIPED:
        one.unsent = 0
    one.save()
    audit.record(
        actor, f"casework.{verb}_device", one, after={"why": why}, organisation_id=one.organisation_id
    )
