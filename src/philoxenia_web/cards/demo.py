"""City cards of a demonstration: applications of synthetic residents in every state, by the real actions."""

from typing import Any, Protocol
from uuid import UUID

from philoxenia_web.accounts.access import Actor
from philoxenia_web.cards import applications, benefits, issuing
from philoxenia_web.cards.applications import Asked, Looked
from philoxenia_web.cards.models import Application, Benefit
from philoxenia_web.cards.rules import issues_cards
from philoxenia_web.directory.queries import services_of_member
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights.consents import Said

_PEOPLE = 40
_ENOUGH = ("passport_other", "birth_certificate", "bill")


class Front(Protocol):
    """What the demonstration of the front door hands on."""

    worker: Actor
    supervisor: Actor
    organisation_id: UUID
    partner_id: UUID
    cases: list[Any]

    def key(self, *parts: object) -> UUID:
        """The same key for the same thing."""


def make_demo_cards(front: Front) -> int:
    """Applications of up to forty people, most with a card; benefits at the partner. Twice is once."""
    if not issues_cards():
        return 0
    people = list(dict.fromkeys(one.resident_id for one in front.cases))[:_PEOPLE]
    with visiting(front.worker):
        known = set(Application.objects.filter(resident__in=people).values_list("resident", flat=True))
    for number, resident_id in enumerate(people):
        if resident_id not in known:
            _one(front, resident_id, number)
    for service_id, _name in services_of_member(front.partner_id)[:2]:
        key = front.key("benefit", service_id)
        benefits.add_benefit(front.supervisor, front.partner_id, service_id, Benefit.Often.MONTH, key)
    return len(people)


def _one(front: Front, resident_id: UUID, number: int) -> None:
    """Every tenth waits for the first look, the next for the second, and so on; the others have a card."""
    asked = Asked(said=Said(), shows_birth=number % 3 == 0)
    with visiting(front.worker):
        key = front.key("card", resident_id)
        row = applications.begin(front.worker, resident_id, front.organisation_id, asked, key)
        stage = number % 10
        if stage >= 1:
            row = applications.look(front.worker, row.pk, row.version, Looked("enough", _ENOUGH))
    with visiting(front.supervisor):
        if stage >= 2:
            row = applications.look(front.supervisor, row.pk, row.version, Looked("enough", _ENOUGH))
        if stage >= 3:
            _issued(front.supervisor, row, stage)


def _issued(actor: Actor, row: Application, stage: int) -> None:
    card = issuing.issue(actor, row.pk, row.version)
    if stage >= 4:
        card = issuing.printed(actor, card.pk)[0]
    if stage >= 5:
        card = issuing.hand_over(actor, card.pk, card.version)
    if stage == 9:
        issuing.withdraw(actor, card.pk, card.version, "lost")
