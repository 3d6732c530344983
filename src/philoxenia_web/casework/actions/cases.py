"""Opening a case, pausing and closing it, and who works on it."""

import secrets
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.casework.actions.ending import end_all
from philoxenia_web.casework.actions.plans import step_task
from philoxenia_web.casework.actions.writing import changed, held, kept, note, once, stepped
from philoxenia_web.casework.models.cases import Case, Task
from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.casework.policies import (
    CASEWORK,
    check_sees,
    check_supervises,
    check_work_on,
    check_works_at,
)
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.casework.states import CASE
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people.protecting import hold_still
from philoxenia_web.registry.people.visits import visiting

_DIGITS = 9


def open_case(
    actor: Actor,
    resident_id: UUID,
    organisation_id: UUID,
    key: UUID,
    *,
    worker_id: UUID | None = None,
) -> Case:
    """A case of this organisation with this person; the live one where there is one already.

    Raises `Http404` for a person whom the actor does not see, `NotPossible` for a protected one of another
    team: an emergency or a referral ends, and the case would stay.
    """
    check_can(actor, CASEWORK, organisation_id)

    def make() -> Case:
        case = Case.objects.create(
            key=key,
            number=free_number(organisation_id),
            resident_id=resident_id,
            organisation_id=organisation_id,
            worker_id=worker_id or (None if actor is SYSTEM else actor.person_id),
            restricted=person.restricted,
            opened_by=actor.person_id,
        )
        note(actor, "open_case", case, {"resident": resident_id})
        return case

    with visiting(actor):
        person = _open_to(resident_id, organisation_id)
        live = Case.objects.filter(resident=resident_id, organisation=organisation_id)
        return live.exclude(state=Case.State.CLOSED).first() or once(actor, Case, key, make)


def _open_to(resident_id: UUID, organisation_id: UUID) -> Resident:
    """The person, if this organisation may work with them; they stay so until the transaction ends."""
    hold_still(resident_id)
    person = check_sees(resident_id)
    if person.restricted and person.organisation_id != organisation_id:
        raise NotPossible(_("Another team protects this person. Ask that team to refer the person to you."))
    return person


def free_number(organisation_id: UUID) -> int:
    """One that is free in the organisation; drawn, so that it tells nothing of how many there are."""
    while True:
        number = secrets.randbelow(10**_DIGITS)
        if not Case.objects.filter(organisation=organisation_id, number=number).exists():
            return number


def pause(actor: Actor, case_id: UUID, based_on: int) -> Case:
    """Nothing to be done until something happens."""
    return _step(actor, case_id, "pause", based_on)


def resume(actor: Actor, case_id: UUID, based_on: int) -> Case:
    """Work goes on."""
    return _step(actor, case_id, "resume", based_on)


def _step(actor: Actor, case_id: UUID, verb: str, based_on: int) -> Case:
    with visiting(actor):
        case = held(actor, case_id, live=False)
        if not stepped(case, CASE, verb, based_on):
            return case
        return kept(actor, f"{verb}_case", case)


def close(actor: Actor, case_id: UUID, based_on: int, outcome: str, referrals: str = "") -> Case:
    """The work ends, and how. Tasks must be done or dropped first: nothing is forgotten silently.

    `referrals` says of those under way whether they go on ("go_on") or are taken back ("withdraw").
    """
    if outcome not in Case.Outcome.values:
        raise NotPossible(_("Say how the case ended."))
    with visiting(actor):
        case = held(actor, case_id, live=False)
        if Task.objects.filter(case=case, state=Task.State.OPEN).exists():
            raise NotPossible(_("There are tasks to do. Finish or drop them, then close the case."))
        if not stepped(case, CASE, "close", based_on):
            if case.outcome != outcome:
                raise Conflict({"outcome": (None, case.outcome, outcome)}, case.version)
            return case
        _settle_referrals(case, referrals)
        case.outcome, case.closed_at = outcome, timezone.now()
        return kept(actor, "close_case", case, {"outcome": outcome})


def let_go(actor: Actor, case_id: UUID, based_on: int) -> Case:
    """Close a case with somebody whom the desk sees no longer: tasks are dropped, referrals taken back."""
    with visiting(actor):
        case = held(actor, case_id)
        if Resident.objects.filter(pk=case.resident_id, erased_at=None).exists():
            # Whom the desk still sees is not let go unseen: tasks and referrals are settled first.
            return close(actor, case_id, based_on, Case.Outcome.MOVED_ON)
        for task_id, version in Task.objects.filter(case=case, state="open").values_list("pk", "version"):
            step_task(actor, task_id, version, "drop")
        return close(actor, case_id, based_on, Case.Outcome.MOVED_ON, "withdraw")


def _settle_referrals(case: Case, wish: str) -> None:
    live = Referral.objects.filter(case=case, ended_at=None)
    if wish == "withdraw":
        end_all(case.pk)
    elif live.filter(kind=Referral.Kind.TRANSFER).exists():
        raise NotPossible(_("The case is being transferred. Take that back first, or wait for the answer."))
    elif wish != "go_on" and live.exists():
        raise NotPossible(
            _("Referrals of this case are under way. Say whether they go on or are taken back.")
        )


def reopen(actor: Actor, case_id: UUID, based_on: int) -> Case:
    """A closed case goes on; a supervisor decides that."""
    with visiting(actor):
        seen = check_work_on(actor, Case.objects.filter(pk=case_id).first())
        _open_to(seen.resident_id, seen.organisation_id)
        case = held(actor, case_id, live=False)
        check_supervises(actor, case.organisation_id)
        others = Case.objects.filter(resident=case.resident_id, organisation=case.organisation_id)
        if others.exclude(state=Case.State.CLOSED).exclude(pk=case.pk).exists():
            raise NotPossible(_("Your team has a newer case with this person. Go on there."))
        if not stepped(case, CASE, "reopen", based_on):
            return case
        case.outcome, case.closed_at = "", None
        return kept(actor, "reopen_case", case)


def assign(actor: Actor, case_id: UUID, based_on: int, worker_id: UUID | None) -> Case:
    """Give a case to a colleague. Everybody may take one that nobody has; else a supervisor gives it."""
    with visiting(actor):
        case = held(actor, case_id)
        takes = worker_id == actor.person_id and case.worker_id is None
        gives = case.worker_id == actor.person_id
        if not (takes or gives):
            check_supervises(actor, case.organisation_id)
        if worker_id is not None:
            check_works_at(worker_id, case.organisation_id)
        if changed(case, based_on, {"worker_id": worker_id}):
            kept(actor, "assign_case", case, {"worker": worker_id})
        return case
