"""What the rows of casework_hooks.csv open: a hook of the organisation."""

from typing import Any
from uuid import uuid4

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.casework.hooks import actions
from philoxenia_web.registry.people.visits import visiting


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """One address that is told of cases."""
    with visiting(SYSTEM):
        hook = actions.make(SYSTEM, organisation.pk, "https://hooks.example.org/in", ["case"], uuid4())
    one, version = {"hook_id": hook.pk}, {"version": hook.version}
    new = {"organisation": organisation.pk, "address": "https://other.example.org/", "kinds": ["referral"]}
    return {
        "POST hooks": ({}, lambda: new | {"key": str(uuid4())}),
        "hook": (one, {}),
        "hook-step": (one, version | {"verb": "pause"}),
        "hook-secret": (one, {}),
        "hook-rotate": (one, version),
        "hook-try": (one, {}),
        "hook-again": (one, {}),
    }
