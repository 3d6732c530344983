"""What the rows of casework_referrals.csv open: a referral, its agreement, an emergency."""

from typing import Any
from uuid import uuid4

from django.utils import timezone
from tests.web.casework.desk_world import Desk
from tests.web.casework_referrals.referral_world import agreement, agrees

from philoxenia_web.accounts.access import actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.casework.actions.needs import note_need
from philoxenia_web.casework.referrals import emergencies, sending
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.visits import visiting


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """A referral to a partner, an agreement with it, and a record opened in an emergency."""
    desk = Desk(organisation, people["caseworker"])
    partner = Organisation.objects.create(name="Warm Rooms", kind=Organisation.Kind.PARTNER)
    resident = desk.write_down("Amal Haddad")
    case = desk.open_case(resident)
    need, more = (note_need(desk.actor, case.pk, code, 3, uuid4()) for code in ("housing", "work"))
    agrees(desk.actor, resident, organisation)
    signed = agreement(organisation, partner)
    draft = sending.Draft(case.pk, "referral", signed.pk, need.pk, ("names",), "soon")
    mark = sending.preview(desk.actor, draft).mark
    referral = sending.send(desk.actor, draft, mark, uuid4())
    other = desk.open_case(desk.write_down("Tarik Osman", 1950))
    team = Organisation.objects.create(name="Family", kind=Organisation.Kind.DEPARTMENT)
    moves = agreement(organisation, team, purpose="go_on")
    with visiting(desk.actor):
        number = records.number_of(resident)
    opener = actor_for(people["caseworker"])
    opened = emergencies.open_by_number(
        opener, number, "danger", "It could not wait.", organisation.pk, uuid4()
    )
    write = {"case_id": case.pk, "agreement_id": signed.pk}
    told = {"key": str(uuid4()), "fields_": ["names"], "service": "", "urgency": "soon", "message": ""}
    today = timezone.localdate().isoformat()
    return {
        "referral-choose": ({"case_id": case.pk}, {}),
        "GET referral-write": (write | {"need_id": more.pk}, {}),
        "POST referral-write": (write | {"need_id": more.pk}, told | {"do": "preview"}),
        "referral-transfer": ({"case_id": other.pk, "agreement_id": moves.pk}, told | {"do": "back"}),
        "referral": ({"referral_id": referral.pk}, {}),
        "referral-step": (
            {"referral_id": referral.pk, "verb": "withdraw"},
            {"version": referral.version, "reason": "mistake"},
        ),
        "POST agreement-new": (
            {},
            lambda: {
                "key": str(uuid4()),
                "giver": organisation.pk,
                "taker": partner.pk,
                "purpose": "give_help",
                "fields_": ["names"],
                "valid_from": today,
                "valid_until": today,
            },
        ),
        "agreement": ({"agreement_id": signed.pk}, {}),
        "agreement-step": ({"agreement_id": signed.pk, "verb": "end"}, {"version": signed.version}),
        "POST emergency-open": (
            {},
            lambda: {
                "key": str(uuid4()),
                "number": number,
                "reason": "danger",
                "words": "It could not wait.",
            },
        ),
        "emergency": ({"emergency_id": opened.pk}, {}),
        "emergency-step": ({"emergency_id": opened.pk, "verb": "justified"}, {"version": opened.version}),
    }
