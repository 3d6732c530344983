"""What the rows of casework_api.csv open: each request comes with a token, or with nothing."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.test import Client
from tests.web.api.programs import program, send, token_for
from tests.web.casework.desk_world import Desk, desk_of
from tests.web.casework_office.front_world import committed
from tests.web.casework_referrals.referral_world import agreement, agrees
from tests.web.permissions.api import browser as browser

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.casework.actions.needs import note_need
from philoxenia_web.casework.models import OfficeMonth
from philoxenia_web.casework.referrals import sending
from philoxenia_web.registry.people.visits import visiting

__all__ = ["Client", "browser", "world"]


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """A case of the organisation, and a referral that another one sent to it."""
    case = _case(Desk(organisation, people["caseworker"]))
    sender = desk_of("Public Health")
    other = _case(sender)
    need = note_need(sender.actor, other.pk, "work", 3, uuid4())
    agrees(sender.actor, other.resident_id, sender.department)
    signed = agreement(sender.department, organisation)
    draft = sending.Draft(other.pk, "referral", signed.pk, need.pk, ("languages",), "soon")
    mark = sending.preview(sender.actor, draft).mark
    referral = sending.send(sender.actor, draft, mark, uuid4())
    with visiting(SYSTEM):
        OfficeMonth.objects.create(month=date(2026, 5, 1), tables={"counts": [], "waits": []}, minimum=5)
    committed()
    key = {"Idempotency-Key": "a-need"}
    # The tag is one of what is seen, which is the same for everybody who answers.
    reader = program(token_for(people["caseworker"], organisation))
    tag = send(reader, "GET", f"/casework/referrals/{referral.pk}").headers["ETag"]
    return {
        "api-readCase": ({"case_id": case.pk}, {}),
        "api-noteNeed": ({"case_id": case.pk}, {"need": "work", "severity": 2}, key),
        "api-readReferral": ({"referral_id": referral.pk}, {}),
        "api-answerReferral": ({"referral_id": referral.pk}, {"verb": "accept"}, {"If-Match": tag}),
    }


def _case(desk: Desk) -> Any:
    return desk.open_case(desk.write_down("Amal Haddad"))
