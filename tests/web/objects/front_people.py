"""The front door as its visitors meet it: a desk, its neighbours, partners, and things of two residents.

`Amal` may be found by every desk; a referral of hers was accepted by one partner, waits at a second, ended
at a third. `Basma` is protected. Everything belongs to the same department.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone
from tests.web.api.programs import token_for
from tests.web.casework.desk_world import Desk, desk_of
from tests.web.casework_office.front_world import committed
from tests.web.casework_referrals.referral_world import agreement, agrees, worker

from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.cards import applications
from philoxenia_web.casework.actions import documents, plans
from philoxenia_web.casework.actions.needs import note_need
from philoxenia_web.casework.appointments import booking, offering
from philoxenia_web.casework.models import Case
from philoxenia_web.casework.models.referrals import Referral, SharingAgreement
from philoxenia_web.casework.offline import taking
from philoxenia_web.casework.referrals import answering, sending
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import requests
from philoxenia_web.registry.rights.consents import Said

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# For what each partner is asked.
NEEDS = {"receiver": "work", "waiting": "health", "former": "language"}
NAMES = {"amal": "Amalzewa Oblankot", "basma": "Basmarin Quillimand"}


@dataclass
class Front:
    """Who comes, and by name the ids of what they ask for."""

    visitors: dict[str, Desk]
    things: dict[str, Any] = field(default_factory=dict)
    # By visitor: a browser, and a program with a token of all scopes.
    clients: dict[str, tuple[Client, Client]] = field(default_factory=dict)

    def meet(self) -> None:
        """Everybody signs in, once."""
        for name, desk in self.visitors.items():
            browser = desk.browser()
            # What a session writes down at its first page is written once, here.
            browser.get("/profile/")
            text = token_for(desk.person, desk.department)
            self.clients[name] = browser, Client(headers={"Authorization": f"Bearer {text}"})


def front() -> Front:
    """Two residents of one department, and everybody who might want to see them."""
    holder = desk_of("Shelter and Support")
    place = holder.department
    partners = {
        name: worker(Organisation.objects.create(name=name, kind=Organisation.Kind.PARTNER), Role.PARTNER)
        for name in ("receiver", "waiting", "former", "stranger")
    }
    parks = desk_of("Parks and Trees")
    made = Front(
        {
            "holder": holder,
            "colleague": worker(place, Role.CASEWORKER),
            "chief": worker(place, Role.SUPERVISOR),
            "desk": parks,
            "rival": worker(parks.department, Role.SUPERVISOR),
            **partners,
            "auditor": worker(place, Role.AUDITOR),
            "administrator": worker(place, Role.ADMINISTRATOR),
        }
    )
    _amal(made, holder, partners)
    _basma(made, holder)
    made.meet()
    committed()
    return made


def _amal(made: Front, holder: Desk, partners: dict[str, Desk]) -> None:
    resident, case = _with_case(made, "amal", holder)
    agrees(holder.actor, resident, holder.department)
    for name in NEEDS:
        signed = agreement(holder.department, partners[name].department)
        made.things[f"agreement of {name}"] = signed.pk
        made.things[f"referral of {name}"] = _refer(holder, case, signed, NEEDS[name]).pk
    for name, verbs in (("receiver", ("accept",)), ("former", ("accept", "begin", "finish"))):
        for verb in verbs:
            _step(partners[name], made.things[f"referral of {name}"], verb)


def _basma(made: Front, holder: Desk) -> None:
    _with_case(made, "basma", holder, restricted=True)


def _with_case(made: Front, name: str, holder: Desk, **more: Any) -> tuple[UUID, Case]:
    """A resident with one of everything that a desk makes."""
    resident = holder.write_down(NAMES[name], **more)
    case = holder.open_case(resident)
    with visiting(holder.actor):
        asked = requests.ask(holder.actor, resident, requests.Wish("take_along"), uuid4())
        document = documents.keep_document(holder.actor, case.pk, "letter", PDF, uuid4())
        task = plans.add_task(holder.actor, case.pk, "call", timezone.localdate(), uuid4())
        applied = applications.begin(
            holder.actor, resident, holder.department.pk, applications.Asked(said=Said()), uuid4()
        )
        found = {
            name: resident,
            f"case of {name}": case.pk,
            f"need of {name}": note_need(holder.actor, case.pk, "housing", 4, uuid4()).pk,
            f"document of {name}": document.pk,
            f"task of {name}": task.pk,
            f"request of {name}": asked.pk,
            f"application of {name}": applied.pk,
            f"appointment of {name}": _booked(made, holder, resident, len(made.things)).pk,
        }
        if name == "amal":
            found["device"] = taking.take(holder.actor, "laptop", [case.pk], uuid4())[0].pk
    made.things |= found
    return resident, case


def _booked(made: Front, holder: Desk, resident: UUID, days: int) -> Any:
    chief = made.visitors["chief"].actor
    hours = [(day, datetime.time(0), datetime.time(23, 55)) for day in range(7)]
    offering.set_hours(chief, holder.person.pk, hours)
    begins = timezone.now().replace(hour=17, minute=0, second=0, microsecond=0)
    begins += datetime.timedelta(days=3 + days)
    ends = begins + datetime.timedelta(minutes=30)
    place = holder.department.pk
    asked = booking.Booking(place, resident, "next_talk", begins, ends, holder.person.pk, way="phone")
    return booking.book(holder.actor, asked, uuid4())


def _refer(holder: Desk, case: Case, signed: SharingAgreement, code: str) -> Referral:
    need = note_need(holder.actor, case.pk, code, 4, uuid4())
    draft = sending.Draft(case.pk, "referral", signed.pk, need.pk, ("names", "languages"), "soon")
    return sending.send(holder.actor, draft, sending.preview(holder.actor, draft).mark, uuid4())


def _step(partner: Desk, referral_id: UUID, verb: str) -> None:
    with visiting(partner.actor):
        row = Referral.objects.get(pk=referral_id)
    said = {"outcome": "met"} if verb == "finish" else {}
    answering.VERBS[verb](partner.actor, referral_id, row.version, **said)
