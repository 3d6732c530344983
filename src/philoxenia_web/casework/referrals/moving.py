"""A case that is taken over: all that hangs on it is the new team's, and the record of whom it is about.

What the person was told to come to is not true any more: appointments to come are cancelled, with word to
those who want messages; those of the past go along.
"""

from itertools import chain
from uuid import UUID

from django.db.models import F, Func, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.cards import following as cards
from philoxenia_web.casework.actions.cases import free_number
from philoxenia_web.casework.appointments.booking import cancel
from philoxenia_web.casework.models.appointments import Appointment
from philoxenia_web.casework.models.cases import Case, CaseNeed, Document, Goal, Note, Task
from philoxenia_web.casework.models.referrals import Referral, ReferralWord
from philoxenia_web.casework.offline.moving import case_moved
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.models.shared import KeptText
from philoxenia_web.registry.people import protecting, texts
from philoxenia_web.registry.people.merging import same_person


def move_case(row: Referral, actor: Actor) -> None:
    """Give the case of a transfer to the receiver, inside a visit of the application itself."""
    case = Case.objects.select_for_update(no_key=True).get(pk=row.case_id)
    giver, taker = row.sender_id, row.receiver_id
    _check_can_move(case, giver, taker)
    _move_appointments(case, giver, taker)
    case.organisation_id, case.worker_id = taker, actor.person_id
    case.number = free_number(taker)
    case.version, case.changed_at = case.version + 1, timezone.now()
    case.save()
    Task.objects.filter(case=case, state=Task.State.OPEN).update(
        worker_id=actor.person_id, version=F("version") + 1, changed_at=timezone.now()
    )
    _move_texts(case, giver, taker)
    _move_records(case, giver, taker)
    # What devices brought of it, and the copies that lie on them.
    case_moved(case.pk, giver, taker)


def appointments_to_come(case_id: UUID) -> int:
    """How many appointments at the old team end when the case is taken over."""
    case = Case.objects.filter(pk=case_id).first()
    return _to_come(case, case.organisation_id).count() if case else 0


def _check_can_move(case: Case, giver: UUID, taker: UUID) -> None:
    if case.organisation_id != giver or case.state == Case.State.CLOSED:
        raise NotPossible(_("The case was closed or moved meanwhile. Decline the transfer."))
    others = Case.objects.filter(resident__in=same_person(case.resident_id), organisation=taker)
    if others.exclude(state=Case.State.CLOSED).exists():
        raise NotPossible(_("Your team has an open case with this person already. Decline, and go on there."))


def _appointments(case: Case, giver: UUID) -> QuerySet[Appointment]:
    whose = Q(case=case) | Q(case=None, resident__in=same_person(case.resident_id))
    return Appointment.objects.filter(whose, organisation=giver)


def _to_come(case: Case, giver: UUID) -> QuerySet[Appointment]:
    return _appointments(case, giver).filter(state=Appointment.State.BOOKED, starts_at__gt=timezone.now())


def _move_appointments(case: Case, giver: UUID, taker: UUID) -> None:
    for one in _to_come(case, giver):
        cancel(SYSTEM, one.pk, one.version, Appointment.Because.ELSEWHERE)
    # What was cancelled now stays with the old team: it agreed with the person on messages.
    gone = Q(state=Appointment.State.CANCELLED, because=Appointment.Because.ELSEWHERE)
    _appointments(case, giver).exclude(gone).update(
        organisation_id=taker, version=F("version") + 1, changed_at=timezone.now()
    )


def _move_texts(case: Case, giver: UUID, taker: UUID) -> None:
    """Words and files of the case, and what was said around what it asked others for."""
    written = [
        model._default_manager.filter(case=case).exclude(text_id=None).values_list("text_id", flat=True)
        for model in (Note, Goal, Task)
    ]
    files = Document.objects.filter(case=case).values_list("file_id", flat=True)
    texts.hand_over(chain.from_iterable(written), files, taker)
    said = KeptText.objects.filter(pk__in=ReferralWord.objects.filter(referral__case=case).values("text_id"))
    said.filter(organisation=giver).update(organisation_id=taker)
    instead = Func(F("shared_with"), Value(giver), Value(taker), function="array_replace")
    said.filter(shared_with__contains=[giver]).update(shared_with=instead)


def _move_records(case: Case, giver: UUID, taker: UUID) -> None:
    """Whom the case is about is held by the new team, and those of the household whom it helps too."""
    _hand_over(case.resident_id, giver, taker)
    helped = set(CaseNeed.objects.filter(case=case).values_list("resident_id", flat=True))
    for resident_id in sorted(helped - set(same_person(case.resident_id))):
        if not _has_work(resident_id, giver):
            _hand_over(resident_id, giver, taker)


def _hand_over(resident_id: UUID, giver: UUID, taker: UUID) -> None:
    protecting.hand_over(SYSTEM, resident_id, giver, taker)
    for one in same_person(resident_id):
        cards.hand_over(one, taker, giver)


def _has_work(resident_id: UUID, organisation_id: UUID) -> bool:
    own = Case.objects.filter(resident__in=same_person(resident_id), organisation=organisation_id)
    return own.exclude(state=Case.State.CLOSED).exists()
