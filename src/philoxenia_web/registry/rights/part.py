"""The section about rights on a person's page at the desk."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from philoxenia_web.accounts.access import Actor, can
from philoxenia_web.registry.models import Consent, RightsRequest
from philoxenia_web.registry.rights import consents, words
from philoxenia_web.registry.rights.policies import SERVE
from philoxenia_web.registry.rights.requests import OPEN
from philoxenia_web.ui import numbers


def rights_part(actor: Actor, same: list[UUID], anything: bool = True) -> dict[str, Any] | None:
    """What was agreed to and what was asked for, where `anything` was. None for who does not serve rights.

    `same`: every record of the person, the one that is kept first.
    """
    if not can(actor, SERVE):
        return None
    if not anything:
        return {"resident_id": same[0], "consents": [], "requests": []}
    today = timezone.localdate()
    held = sorted(consents.held(same[0], same).values(), key=lambda one: one.purpose)
    found = [one for one in held if one.state != Consent.State.ASKED]
    asked = RightsRequest.objects.filter(resident__in=same, state__in=OPEN).order_by("due_on")
    return {
        "resident_id": same[0],
        "consents": [
            {
                "what": words.purpose(one.purpose),
                "state": words.state_of(one),
                "sign": "success" if consents.holds(one, today) else "attention",
                "until": numbers.day(one.valid_until)
                if consents.holds(one, today) and one.valid_until
                else "",
            }
            for one in found
        ],
        "requests": [
            {"id": one.pk, "what": one.get_kind_display(), "due": numbers.day(one.due_on)} for one in asked
        ],
    }
