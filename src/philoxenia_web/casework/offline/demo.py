"""A tablet of a demonstration that came back with a value the desk had changed meanwhile."""

from datetime import timedelta
from typing import Any

from django.db.models import F

from philoxenia_web.casework.actions.needs import set_severity
from philoxenia_web.casework.models.cases import Case, CaseNeed
from philoxenia_web.casework.models.offline import OfflineDevice
from philoxenia_web.casework.offline import devices, syncing, taking
from philoxenia_web.registry.people.visits import visiting

_CASES = 3


def make_demo_offline(front: Any) -> int:
    """A device that brought conflicts and was emptied; how many cases it held. Twice is once."""
    key = front.key("offline device")
    with visiting(front.worker):
        if OfflineDevice.objects.filter(key=key).exists():
            return 0
        live = Case.objects.filter(worker_id=front.worker.person_id, restricted=False)
        # A device holds the needs of the person, not those of the household.
        theirs = live.exclude(state=Case.State.CLOSED).filter(
            needs__state="open", needs__resident=F("resident")
        )
        wanted = theirs.order_by("pk").distinct()
        cases = list(wanted.values_list("pk", flat=True)[:_CASES])
    if not cases:
        return 0
    device, copies = taking.take(front.worker, "tablet", cases, key)
    changes = [_changed_on_both_sides(front, copy, number) for number, copy in enumerate(copies, 1)]
    syncing.sync(front.worker, device.pk, [one for one in changes if one], 0)
    devices.hear_wiped(front.worker, device.pk, OfflineDevice.Why.DONE)
    return len(copies)


def _changed_on_both_sides(front: Any, copy: dict[str, Any], number: int) -> dict[str, Any] | None:
    """Another severity on the device than the one the desk sets meanwhile."""
    told = [one for one in copy["things"] if one["kind"] == "need" and one["values"]["state"] == "open"]
    if not told:
        return None
    thing, was = told[0], told[0]["values"]["severity"]
    mine, theirs = [one for one in CaseNeed.Severity.values if one != was][-2:]
    if number == 1:
        with visiting(front.worker):
            need = CaseNeed.objects.get(pk=thing["id"])
        set_severity(front.worker, need.pk, need.version, theirs)
    return {
        "key": str(front.key("offline change", number)),
        "case": copy["id"],
        "kind": "need",
        "object": thing["id"],
        "field": "severity",
        "value": mine,
        "was": was,
        "base": thing["versions"]["severity"],
        "seen": thing["version"],
        "over": [],
        "after": None,
        "number": number,
        "at": (front.now - timedelta(hours=2)).isoformat(),
    }
