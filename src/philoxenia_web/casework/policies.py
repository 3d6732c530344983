"""Who works at the desk, and whose a case is: its organisation's, and not there for everybody else."""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext, gettext_lazy

from philoxenia_web.accounts.access import SYSTEM, Actor, Denied, Permission, can
from philoxenia_web.accounts.queries import people_of
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.models import Resident

CASEWORK = Permission(
    "casework.work",
    gettext_lazy("work at the front desk; caseworkers and supervisors do that"),
    frozenset({Role.CASEWORKER, Role.SUPERVISOR}),
)
SUPERVISE = Permission(
    "casework.supervise",
    gettext_lazy("look after the work of a team; supervisors do that"),
    frozenset({Role.SUPERVISOR}),
)


def desks_of(actor: Actor) -> list[UUID]:
    """The organisations at whose desk the actor works."""
    if actor.scopes is not None and CASEWORK.name not in actor.scopes:
        return []
    return sorted({place for place, role in actor.memberships if role in CASEWORK.roles})


def can_work_on(actor: Actor, case: Case) -> bool:
    """Whether the case is of the actor's own desk."""
    return actor is SYSTEM or can(actor, CASEWORK, case.organisation_id)


def check_work_on(actor: Actor, case: Case | None) -> Case:
    """Raise `Http404` unless the case is of the actor's own desk: what is not theirs is not there."""
    if case is None or not can_work_on(actor, case):
        raise Http404
    return case


def check_sees(resident_id: UUID) -> Resident:
    """The person. Raises `Http404` unless this visit sees them: nothing is written about anybody else."""
    found = Resident.objects.filter(pk=resident_id, erased_at=None).first()
    if found is None:
        raise Http404
    return found


def check_works_at(person_id: UUID, organisation_id: UUID) -> None:
    """Raise a sentence unless a colleague works at this desk."""
    if not people_of(organisation_id, *CASEWORK.roles).filter(pk=person_id).exists():
        raise NotPossible(gettext("This person does not work at your desk."))


def check_supervises(actor: Actor, organisation_id: UUID) -> None:
    """Raise a sentence unless the actor looks after the work of this team."""
    if actor is not SYSTEM and not can(actor, SUPERVISE, organisation_id):
        raise Denied(gettext("A supervisor of the team does that. Ask one of them."))
