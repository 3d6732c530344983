"""What the rows of registry_mine.csv open: a slip that waits; pages behind it lead back to the start."""

from typing import Any
from uuid import uuid4

from tests.web.permissions.registry_rights import written_down

from philoxenia_web.accounts.access import actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import printing


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """Anybody may come to the door; the slip opens it."""
    actor = actor_for(people["caseworker"])
    resident = written_down(actor)
    with visiting(actor):
        _slip, code = printing.print_slip(actor, resident.pk, "4702", "en", uuid4())
    here = {"language": "en"}
    return {
        "mine": (here, {}),
        "POST mine": (here, {"code": code, "pin": "4702"}),
        **{f"mine-{name}": (here, {}) for name in ("readings", "ask", "take-along", "leave")},
        "mine-back": (here | {"request_id": uuid4()}, {}),
        "mine-withdraw": (here | {"consent_id": uuid4()}, {}),
    }
