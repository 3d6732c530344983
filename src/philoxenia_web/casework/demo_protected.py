"""Protected people of a demonstration: one of the own department, one of another, opened in an emergency."""

from dataclasses import replace
from typing import TYPE_CHECKING

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.queries import organisations
from philoxenia_web.casework.actions.cases import open_case
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.casework.models.referrals import Emergency
from philoxenia_web.casework.referrals import emergencies
from philoxenia_web.registry.people import protecting, records
from philoxenia_web.registry.people.shapes import Draft
from philoxenia_web.registry.people.visits import visiting

if TYPE_CHECKING:
    from philoxenia_web.casework.demo import Front

_WORDS = "SYNTHETIC: stands at our door tonight; the other office opens on Monday."


def make_demo_protected(front: "Front") -> None:
    """What protection and break-glass look like from a desk. Twice is once."""
    key = front.key("emergency")
    with visiting(SYSTEM):
        if Emergency.objects.filter(key=key).exists():
            return
    number = _elsewhere(front, front.spare[0])
    if number:
        emergencies.open_by_number(front.worker, number, "danger", _WORDS, front.organisation_id, key)
    _at_the_own_desk(front)


def _elsewhere(front: "Front", draft: Draft) -> str:
    """A protected person whom another department serves: their number, or nothing where there is none."""
    others = organisations().filter(kind="department", active=True).exclude(pk=front.organisation_id)
    other = others.order_by("name").first()
    if other is None:
        return ""
    with visiting(SYSTEM):
        told = replace(draft, organisation_id=other.pk, restricted=True)
        made = records.create(SYSTEM, told, "", front.key("protected"))
        open_case(SYSTEM, made.pk, other.pk, front.key("protected case"))
        return records.number_of(made.pk)


def _at_the_own_desk(front: "Front") -> None:
    """Somebody in danger at the own desk, whom other desks do not find any more."""
    with visiting(front.worker):
        live = Case.objects.filter(organisation=front.organisation_id, needs__severity=5).select_related(
            "resident"
        )
        chosen = live.exclude(state=Case.State.CLOSED).order_by("number").first()
        if chosen is not None:
            protecting.protect(
                front.worker,
                chosen.resident_id,
                True,
                chosen.resident.version,
                front.key("protect", chosen.pk),
            )
