"""Needs of the shared vocabulary: noted with a severity, changed, met."""

from functools import cache
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.reference.tables import reference_table
from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.actions.writing import changed, held, kept, note, once, part_of, stepped
from philoxenia_web.casework.models.cases import CaseNeed
from philoxenia_web.casework.policies import check_sees
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.casework.states import NEED
from philoxenia_web.registry.people import households
from philoxenia_web.registry.people.merging import same_person
from philoxenia_web.registry.people.visits import visiting

LIVE = (CaseNeed.State.OPEN, CaseNeed.State.IN_HAND)


@cache
def need_codes() -> tuple[str, ...]:
    """The codes of the shared vocabulary, in its order."""
    return tuple(reference_table("needs")["code"])


def note_need(
    actor: Actor, case_id: UUID, need: str, severity: int, key: UUID, *, resident_id: UUID | None = None
) -> CaseNeed:
    """Note what a person lacks. Raises `Conflict` where it is noted already, as severe in another way.

    `resident_id` is a member of the household, the person of the case where it is left out; for anybody
    else it raises `Http404`.
    """
    if need not in need_codes():
        raise NotPossible(_("There is no such need in the vocabulary. Choose one of the list."))
    if severity not in CaseNeed.Severity.values:
        raise NotPossible(_("Say how severe the need is, from 1 to 5."))
    with visiting(actor):
        case = held(actor, case_id)
        whose = resident_id or case.resident_id
        check_sees(whose)
        if whose != case.resident_id and whose not in _household(case.resident_id):
            raise Http404

        def make() -> CaseNeed:
            made = CaseNeed.objects.create(
                key=key, case=case, resident_id=whose, need=need, severity=severity, noted_by=actor.person_id
            )
            note(actor, "note_need", made, {"need": need, "severity": severity})
            return made

        known = CaseNeed.objects.select_for_update(no_key=True).filter(case=case, resident=whose, need=need)
        live = known.filter(state__in=LIVE).first()
        if live is None or live.key == key:
            return once(actor, CaseNeed, key, make)
        if live.severity != severity:
            raise Conflict({"severity": (None, live.severity, severity)}, live.version)
        return live


def _household(resident_id: UUID) -> set[UUID]:
    """Whose needs stand in a case: the person's, however often written down, and those they live with."""
    own = same_person(resident_id)
    return {*own, *households.member_ids(own)}


def set_severity(actor: Actor, need_id: UUID, based_on: int, severity: int) -> CaseNeed:
    """How severe it is now. Raises `Conflict` where somebody else said otherwise meanwhile."""
    if severity not in CaseNeed.Severity.values:
        raise NotPossible(_("Say how severe the need is, from 1 to 5."))
    with visiting(actor):
        return _set(actor, part_of(actor, CaseNeed, need_id), based_on, severity)


def _set(actor: Actor, need: CaseNeed, based_on: int, severity: int) -> CaseNeed:
    before = need.severity
    if changed(need, based_on, {"severity": severity}):
        kept(actor, "change_need", need, {"was": before, "severity": severity})
    return need


def step_need(actor: Actor, need_id: UUID, based_on: int, verb: str) -> CaseNeed:
    """Take in hand, meet, set aside or return a need (verbs of `states.NEED`)."""
    with visiting(actor):
        need = part_of(actor, CaseNeed, need_id)
        if not stepped(need, NEED, verb, based_on):
            return need
        if verb == "return" and _others(need):
            raise NotPossible(_("This need is noted again already. Go on there."))
        need.met_at = timezone.now() if need.state == CaseNeed.State.MET else None
        return kept(actor, f"{verb}_need", need, {"need": need.need})


def _others(need: CaseNeed) -> bool:
    same = CaseNeed.objects.filter(case=need.case_id, resident=need.resident_id, need=need.need)
    return same.filter(state__in=LIVE).exclude(pk=need.pk).exists()
