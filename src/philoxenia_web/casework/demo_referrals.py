"""Referrals of the demonstration: sent, answered, declined, begun, lost on the way, over half a year."""

import random
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.casework.models.cases import Case, CaseNeed
from philoxenia_web.casework.models.referrals import Referral, SharingAgreement
from philoxenia_web.casework.referrals import agreements, answering, sending
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import consents

if TYPE_CHECKING:
    from philoxenia_web.casework.demo import Front

MOST = 90
_FIELDS = ("names", "birth_year", "contacts", "languages", "interpreter", "household_size", "district")
_LIVE = ("open", "in_hand")
_WORDS = "SYNTHETIC: please see what can be done; mornings are best."
# How far a referral gets; as often as it stands here.
_FATES = (
    *("finish", "finish", "finish", "begin", "begin", "accept", "accept", "ask"),
    *("decline", "decline", "wait", "wait", "open"),
)
_OUTCOMES = ("met", "met", "met", "partly", "goes_on", "did_not_come", "could_not_reach")
_DECLINED = ("no_place", "no_place", "no_language", "not_for_us", "not_in_area")


def make_demo_referrals(front: "Front") -> None:
    """An agreement with the partner, and referrals under it in every state. Twice is once."""
    agreement = _agreement(front)
    with visiting(SYSTEM):
        known = set(Referral.objects.filter(agreement=agreement).values_list("key", flat=True))
        open_cases = Case.objects.filter(organisation=front.organisation_id).exclude(state="closed")
        chosen = list(open_cases.exclude(restricted=True).order_by("number")[:MOST])
    for case in chosen:
        with visiting(SYSTEM):
            # The head of a household agrees for themselves; for children somebody else would.
            own = CaseNeed.objects.filter(case=case, resident=case.resident_id, state__in=_LIVE)
            need = own.order_by("need").first()
        if need is not None and _key(front, case) not in known:
            _refer(front, agreement, case, need)


def _key(front: "Front", case: Case) -> UUID:
    """The same case is referred once, however often a demonstration starts."""
    return front.key("referral", case.pk)


def _agreement(front: "Front") -> SharingAgreement:
    today = front.now.date()
    made = agreements.propose(
        front.supervisor,
        front.organisation_id,
        front.partner_id,
        fields=_FIELDS,
        needs=[],
        purpose="give_help",
        valid_from=today - timedelta(days=200),
        valid_until=today + timedelta(days=365),
        key=front.key("agreement"),
    )
    return agreements.sign(front.partner, made.pk, made.version) if made.state == "proposed" else made


def _refer(front: "Front", agreement: SharingAgreement, case: Case, need: CaseNeed) -> None:
    drawn = random.Random(str(_key(front, case)))  # noqa: S311 (a demonstration)
    _agree(front, need.resident_id)
    draft = sending.Draft(
        case.pk,
        "referral",
        agreement.pk,
        need.pk,
        _FIELDS,
        drawn.choice(("today", "soon", "soon", "routine", "routine")),
        message=_WORDS if drawn.random() < 0.5 else "",
    )
    # A person at the desk could not open so many records within an hour.
    mark = sending.preview(SYSTEM, draft).mark
    sent = sending.send(SYSTEM, draft, mark, _key(front, case))
    fate = drawn.choice(_FATES)
    _answer(front.partner, sent.pk, fate, drawn)
    _set_back(front, sent.pk, case, fate, drawn)


def _agree(front: "Front", resident_id: UUID) -> None:
    """The person agrees that others are told."""
    with visiting(front.worker):
        key = front.key("consent", resident_id)
        consents.give(front.worker, resident_id, "referral", front.organisation_id, consents.Said(), key)


def _answer(partner: Actor, referral_id: UUID, fate: str, drawn: random.Random) -> None:
    """The partner's steps, as its people take them."""
    if fate == "wait":
        return
    row = answering.open_it(partner, referral_id)
    if fate == "ask":
        answering.ask(partner, row.pk, row.version, "SYNTHETIC: how old are the children?")
    elif fate == "decline":
        answering.decline(partner, row.pk, row.version, drawn.choice(_DECLINED))
    elif fate != "open":
        row = answering.accept(partner, row.pk, row.version)
        if fate in ("begin", "finish"):
            row = answering.begin(partner, row.pk, row.version)
        if fate == "finish":
            answering.finish(partner, row.pk, row.version, drawn.choice(_OUTCOMES))


def _set_back(front: "Front", referral_id: UUID, case: Case, fate: str, drawn: random.Random) -> None:
    """Give a referral the times it would have had."""
    age = max(1, (front.now - case.opened_at).days)
    sent = case.opened_at + timedelta(days=drawn.randrange(0, min(10, age)), hours=1)
    answered = sent + timedelta(days=min(drawn.expovariate(1 / 4), age))
    begun = answered + timedelta(days=drawn.expovariate(1 / 9))
    ended = begun + timedelta(days=drawn.randrange(3, 40))
    times = {"sent_at": sent, "waiting_since": sent, "opened_at": answered, "answered_at": answered}
    times |= {"begun_at": begun, "ended_at": answered if fate == "decline" else ended}
    with visiting(SYSTEM):
        row = Referral.objects.get(pk=referral_id)
        # Only what happened gets a time, and nothing happens tomorrow.
        fresh = {
            name: min(moment, front.now) for name, moment in times.items() if getattr(row, name) is not None
        }
        Referral.objects.filter(pk=referral_id).update(sent_by=case.worker_id, **fresh)
