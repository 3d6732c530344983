"""What tests of referrals begin with: a desk, a partner, an agreement between them, somebody who agreed."""

import datetime
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse
from tests.web.casework.desk_world import Desk, desk_of

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions.needs import note_need
from philoxenia_web.casework.city_time import today
from philoxenia_web.casework.models.cases import Case, CaseNeed
from philoxenia_web.casework.models.referrals import Referral, SharingAgreement
from philoxenia_web.casework.referrals import sending
from philoxenia_web.registry.people.shapes import Contact, Language
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import consents

NAME, PHONE, SECRET_PHONE = "Tarimzewa Oblankot", "+1 416 555 0143", "+1 416 555 0166"
FIELDS = ("names", "birth_year", "contacts", "languages", "district")


@dataclass
class World:
    """A desk that refers one person's need to a partner under an agreement."""

    desk: Desk
    partner: Desk
    resident_id: UUID
    case: Case
    need: CaseNeed
    agreement: SharingAgreement
    others: dict[str, Any] = field(default_factory=dict)

    def draft(self, **more: Any) -> sending.Draft:
        told = {
            "case_id": self.case.pk,
            "kind": "referral",
            "agreement_id": self.agreement.pk,
            "need_id": self.need.pk,
            "fields": FIELDS,
            "urgency": "soon",
            "message": "Kitchen with a step.",
        }
        return sending.Draft(**(told | more))

    def send(self, **more: Any) -> Referral:
        draft = self.draft(**more)
        shown = sending.preview(self.desk.actor, draft)
        return sending.send(self.desk.actor, draft, shown.mark, uuid4())

    def take(self, browser: Client, referral: Referral, verb: str, **said: Any) -> Any:
        """A step by its page, from the version that stands now."""
        told = {"version": self.fresh(referral).version} | said
        return browser.post(reverse("referral-step", args=[referral.pk, verb]), told)

    def fresh(self, referral: Referral) -> Referral:
        with visiting(SYSTEM):
            return Referral.objects.get(pk=referral.pk)


def worker(place: Organisation, role: Role) -> Desk:
    """One more person of an organisation."""
    person = Person.objects.create_user(f"{uuid4().hex[:12]}@example.org", "correct horse", name="Somebody")
    Membership.objects.create(person=person, organisation=place, role=role)
    return Desk(place, person)


def agreement(giver: Organisation, taker: Organisation, **more: Any) -> SharingAgreement:
    """An agreement in force, signed by both."""
    day = today()
    told = {
        "fields": list(FIELDS),
        "purpose": "give_help",
        "valid_from": day - datetime.timedelta(days=1),
        "valid_until": day + datetime.timedelta(days=30),
        "state": "in_force",
    }
    return SharingAgreement.objects.create(giver=giver, taker=taker, **(told | more))


def agrees(actor: Actor, resident_id: UUID, organisation: Organisation) -> None:
    """The person agrees that this organisation tells others."""
    with visiting(actor):
        consents.give(actor, resident_id, "referral", organisation.pk, consents.Said(), uuid4())


def world() -> World:
    """Everything in place for a referral."""
    desk = desk_of("Shelter")
    place = Organisation.objects.create(name="Warm Rooms", kind=Organisation.Kind.PARTNER)
    partner = worker(place, Role.PARTNER)
    resident_id = desk.write_down(
        NAME,
        contacts=[Contact("phone", PHONE, safe=True), Contact("phone", SECRET_PHONE, safe=False)],
        languages=[Language("uk")],
        access_needs=["step_free"],
    )
    case = desk.open_case(resident_id)
    need = note_need(desk.actor, case.pk, "housing", 4, uuid4())
    agrees(desk.actor, resident_id, desk.department)
    return World(desk, partner, resident_id, case, need, agreement(desk.department, place))
