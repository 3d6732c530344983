"""Sending a referral or a transfer: what will be seen is shown first, and only what was shown is sent."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.casework.actions.writing import held
from philoxenia_web.casework.models.cases import Case, CaseNeed
from philoxenia_web.casework.models.referrals import Referral, ReferralWord, SharingAgreement
from philoxenia_web.casework.policies import CASEWORK, check_work_on
from philoxenia_web.casework.referrals import passing
from philoxenia_web.casework.referrals.agreements import given_by
from philoxenia_web.casework.referrals.closing import open_view
from philoxenia_web.casework.referrals.mails import tell_receiver
from philoxenia_web.casework.referrals.saying import add_words, said_the_same
from philoxenia_web.casework.referrals.times import days
from philoxenia_web.casework.referrals.writing import note, now
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.protecting import hold_still
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights.consents import consent

_SALT = "philoxenia.referral.preview"
# What was shown half an hour ago may be another record by now.
_SHOWN_SECONDS = 1800
PURPOSE = "referral"


@dataclass(frozen=True)
class Draft:
    """What is to be sent, before anything is kept."""

    case_id: UUID
    kind: str
    agreement_id: UUID
    need_id: UUID | None
    fields: tuple[str, ...]
    urgency: str
    service_id: UUID | None = None
    message: str = ""

    def digest(self, record_version: int) -> str:
        """Stands for everything the preview showed."""
        told = [
            *(self.case_id, self.kind, self.agreement_id, self.need_id, sorted(self.fields)),
            *(self.urgency, self.service_id, self.message, record_version),
        ]
        return sha256(repr([str(one) for one in told]).encode()).hexdigest()


@dataclass(frozen=True)
class Preview:
    """What the receiver will see at once, what when it accepts, and the proof that it was shown."""

    agreement: SharingAgreement
    now: list[passing.Line]
    later: list[passing.Line]
    kept_back: list[str]
    consent_id: UUID | None
    mark: str


def preview(actor: Actor, draft: Draft) -> Preview:
    """Show what would be seen. Nothing is kept but that the record was read."""
    with visiting(actor):
        case = held(actor, draft.case_id)
        agreement, whose = _agreement(case, draft), _whose(case, draft)
        with visiting(actor, case.organisation_id):
            record = records.open_record(actor, whose, "referral_follow_up")
        fields = passing.allowed(agreement, draft.fields)
        shown = passing.lines(record, fields)
        return Preview(
            agreement,
            [one for one in shown if not one.later],
            [one for one in shown if one.later],
            [label for code, label in passing.SharedField.choices if code not in fields],
            consent(whose, PURPOSE, case.organisation_id),
            signing.dumps(draft.digest(record.version), salt=_SALT),
        )


def send(actor: Actor, draft: Draft, mark: str, key: UUID) -> Referral:
    """Send what the preview showed. The same key again gives what it sent before.

    Raises `NotPossible` where the record, the agreement or the consent is not what it was in the preview.
    """
    check_can(actor, CASEWORK)
    with visiting(actor):
        known = Referral.objects.filter(key=key).first()
        if known is not None:
            return _as_sent(actor, known, draft)
        # The person before the case, as whoever protects them.
        hold_still(_whose(check_work_on(actor, Case.objects.filter(pk=draft.case_id).first()), draft))
        case = held(actor, draft.case_id)
        agreement, whose = _agreement(case, draft), _whose(case, draft)
        with visiting(actor, case.organisation_id):
            record = records.open_record(actor, whose, "referral_follow_up")
        _check_mark(mark, draft.digest(record.version))
        agreed = consent(whose, PURPOSE, case.organisation_id)
        if agreed is None:
            raise NotPossible(
                _("The person has not agreed that other organisations are told. Ask, and note it.")
            )
        try:
            with transaction.atomic():
                made = _made(actor, case, agreement, draft, agreed, key)
        except IntegrityError as fault:
            known = Referral.objects.filter(key=key).first()
            if known is not None:
                return _as_sent(actor, known, draft)
            raise NotPossible(
                _("This was sent already, or a transfer of this case is on its way.")
            ) from fault
        tell_receiver(made)
    return made


def _as_sent(actor: Actor, known: Referral, draft: Draft) -> Referral:
    """What this form sent before. Raises `NotPossible` where it says something else by now."""
    if known.sender_id not in {place for place, _role in actor.memberships} and actor is not SYSTEM:
        raise Http404
    sent = (known.case_id, known.kind, known.agreement_id, known.need_id, known.urgency, known.service_id)
    told = (draft.case_id, draft.kind, draft.agreement_id, draft.need_id, draft.urgency, draft.service_id)
    words = said_the_same(actor, known, ReferralWord.Kind.MESSAGE, draft.message, known.sender_id)
    if sent != told or not words or known.fields != passing.allowed(known.agreement, draft.fields):
        raise NotPossible(_("This was sent already, as it was then. Look at it under what you referred."))
    return known


def _agreement(case: Case, draft: Draft) -> SharingAgreement:
    """The agreement it is sent under, looked at now. Raises `NotPossible` where it does not cover this."""
    need = _need(case, draft)
    _check_no_other(case, draft.kind)
    fitting = given_by(case.organisation_id, need.need if need else "", draft.kind)
    found = next((one for one in fitting if one.pk == draft.agreement_id), None)
    if found is None:
        raise NotPossible(
            _("No agreement with this organisation covers this need today. A supervisor can propose one.")
        )
    if draft.kind == Referral.Kind.REFERRAL and need is None:
        raise NotPossible(_("Say which need they are asked to help with."))
    return found


def _check_no_other(case: Case, kind: str) -> None:
    """A case that moves leaves nothing behind whose outcome nobody would learn."""
    live = Referral.objects.filter(case=case, ended_at=None)
    if live.filter(kind=Referral.Kind.TRANSFER).exists():
        raise NotPossible(_("A transfer of this case is on its way. Wait for the answer, or take it back."))
    if kind == Referral.Kind.TRANSFER and live.exists():
        raise NotPossible(
            _("Referrals of this case are on their way; their answers come to you. End them first.")
        )


def _whose(case: Case, draft: Draft) -> UUID:
    """The need may be of another member of the household."""
    need = _need(case, draft)
    return need.resident_id if need else case.resident_id


def _need(case: Case, draft: Draft) -> CaseNeed | None:
    if draft.need_id is None:
        return None
    found = CaseNeed.objects.filter(case=case, pk=draft.need_id, state__in=["open", "in_hand"]).first()
    if found is None:
        raise NotPossible(_("This need is not open in this case. Choose one of the list."))
    return found


def _check_mark(mark: str, digest: str) -> None:
    try:
        shown = signing.loads(mark, salt=_SALT, max_age=_SHOWN_SECONDS)
    except signing.BadSignature:
        shown = None
    if shown != digest:
        raise NotPossible(
            _("The record or the agreement changed meanwhile. Look again at what they will see, then send.")
        )


def _made(
    actor: Actor, case: Case, agreement: SharingAgreement, draft: Draft, agreed: UUID, key: UUID
) -> Referral:
    need, at = _need(case, draft), now()
    made = Referral.objects.create(
        key=key,
        kind=draft.kind,
        resident_id=need.resident_id if need else case.resident_id,
        case=case,
        need=need,
        need_code=need.need if need else "",
        sender_id=case.organisation_id,
        receiver_id=agreement.taker_id,
        service_id=draft.service_id,
        agreement=agreement,
        consent_id=agreed,
        fields=passing.allowed(agreement, draft.fields),
        urgency=draft.urgency,
        sent_by=actor.person_id,
        sent_at=at,
        waiting_since=at,
        visible_until=at + timedelta(days=days("referral_open_days")),
    )
    add_words(actor, made, ReferralWord.Kind.MESSAGE, draft.message, made.sender_id)
    open_view(made)
    told: dict[str, Any] = {"receiver": made.receiver_id, "fields": made.fields, "need": made.need_code}
    note(actor, f"send_{made.kind}", made, told, made.sender_id)
    return made
