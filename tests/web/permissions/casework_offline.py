"""What the rows of casework_offline.csv open: the device of a caseworker, and a conflict it brought."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from philoxenia_web.accounts.access import actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.casework.actions import cases, needs
from philoxenia_web.casework.offline import disputes, syncing, taking
from philoxenia_web.registry.people import finding, records, shapes
from philoxenia_web.registry.people.visits import visiting

_SPOKEN_IN_JSON = ("take/", "sync/", "wiped/")


class _Device(Client):
    """A browser whose scripts speak JSON."""

    def post(self, path: str, data: Any = None, **told: Any) -> Any:
        if path.endswith(_SPOKEN_IN_JSON):
            return super().post(path, json.dumps(data), content_type="application/json", **told)
        return super().post(path, data, **told)


def browser(person: Person | None) -> Client:
    """Signed in, with scripts."""
    client = _Device()
    if person is not None:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """A case on a device, whose need the desk changed meanwhile."""
    actor = actor_for(people["caseworker"])
    with visiting(actor):
        found = finding.find(actor, finding.Question("Amal Haddad", "1987"), "serving_now")
        draft = shapes.Draft([shapes.NameForm("Amal Haddad")], birth=shapes.Birth(year=1987))
        resident = records.create(actor, draft, found.mark, uuid4()).pk
        case = cases.open_case(actor, resident, organisation.pk, uuid4())
        need = needs.note_need(actor, case.pk, "housing", 3, uuid4())
        device, copies = taking.take(actor, "laptop", [case.pk], uuid4())
        needs.set_severity(actor, need.pk, 1, 1)
    thing = next(one for one in copies[0]["things"] if one["kind"] == "need")
    change = {
        "key": str(uuid4()), "case": str(case.pk), "kind": "need", "object": thing["id"], "field": "severity",
        "value": 5, "was": 3, "base": thing["versions"]["severity"], "seen": thing["version"], "over": [],
        "after": None, "number": 1, "at": timezone.now().isoformat(),
    }  # fmt: skip
    syncing.sync(actor, device.pk, [change], 0)
    with visiting(actor):
        [conflict] = disputes.open_conflicts(actor)
    its, one = {"device_id": device.pk}, {"conflict_id": conflict.pk}
    return {
        "POST offline-take": ({}, {"kind": "tablet", "cases": [str(case.pk)], "key": str(uuid4())}),
        "POST offline-sync": ({}, {"device": str(device.pk), "changes": [change], "unsent": 0}),
        "POST offline-wiped": ({}, {"device": str(device.pk), "why": "hand"}),
        "offline-alive": (its, {}),
        "offline-stop": (its, {}),
        "offline-conflict": (one, {}),
        "POST offline-conflict": (one, {"decision": "theirs"}),
    }
