"""Who may take cases along, whose device is whose, and who decides conflicts: those who work at the desk."""

from uuid import UUID

from django.http import Http404

from philoxenia_web.accounts.access import Actor, can, check_can
from philoxenia_web.casework.models.offline import OfflineDevice
from philoxenia_web.casework.policies import CASEWORK, SUPERVISE, desks_of


def check_desk(actor: Actor) -> list[UUID]:
    """The desks where the actor works. Raises `Denied` where there is none."""
    check_can(actor, CASEWORK)
    return desks_of(actor)


def own_device(actor: Actor, device_id: UUID, *, lock: bool = False) -> OfflineDevice:
    """A device of the actor's own. Raises `Http404` for everybody else's."""
    check_can(actor, CASEWORK)
    found = OfflineDevice.objects.filter(pk=device_id, person_id=actor.person_id)
    one = (found.select_for_update(no_key=True) if lock else found).first()
    if one is None:
        raise Http404
    return one


def device_to_stop(actor: Actor, device_id: UUID) -> OfflineDevice:
    """A device the actor may stop: their own, or one that holds cases of a team they supervise."""
    check_desk(actor)
    one = OfflineDevice.objects.select_for_update(no_key=True).filter(pk=device_id).first()
    if one is None:
        raise Http404
    places = {one.organisation_id, *one.taken.values_list("organisation_id", flat=True)}
    if one.person_id != actor.person_id and not any(can(actor, SUPERVISE, place) for place in places):
        raise Http404
    return one
