"""What is done with agreements: proposed, signed by every department, extended, ended."""

import datetime
import hashlib
import json
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.accounts.queries import organisations, people_holding
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage import queries
from philoxenia_web.linkage.models import Agreement, Party, Signature
from philoxenia_web.linkage.policies import MANAGE, check_live, own_departments
from philoxenia_web.linkage.refusals import Conflict, NotPossible
from philoxenia_web.linkage.runs.sealed import runs_folder
from philoxenia_web.registry import actions as registry
from philoxenia_web.registry.queries import destroyed_among

# Nobody consents for ever: at most two years, then all sign again.
LONGEST = datetime.timedelta(days=731)
_LEAST_DEPARTMENTS = _LEAST_REVIEWERS = 2
_LEAST_REASON = 5


@dataclass(frozen=True)
class Terms:
    """What an agreement says."""

    title: str
    purpose: str
    needs: tuple[str, ...]
    valid_until: datetime.date
    organisation_ids: tuple[UUID, ...]
    reviewer_ids: tuple[UUID, ...]


def propose(actor: Actor, terms: Terms, request: UUID | None = None) -> Agreement:
    """Offer an agreement to departments. The same request again gives the agreement it made."""
    with transaction.atomic():
        known = (
            Agreement.objects.filter(request=request, made_by=actor.person_id).first() if request else None
        )
        if known is not None:
            return known
        _check_terms(actor, terms)
        agreement = Agreement.objects.create(
            title=terms.title.strip(),
            purpose=terms.purpose.strip(),
            needs=list(terms.needs),
            valid_until=terms.valid_until,
            reviewer_ids=sorted(terms.reviewer_ids),
            made_by=actor.person_id,
            request=request or uuid.uuid4(),
        )
        Party.objects.bulk_create(
            Party(agreement=agreement, organisation_id=one) for one in sorted(set(terms.organisation_ids))
        )
        after = {
            "until": terms.valid_until.isoformat(),
            "needs": list(terms.needs),
            "departments": sorted(map(str, terms.organisation_ids)),
            "reviewers": sorted(map(str, terms.reviewer_ids)),
        }
        _record(actor, "linkage.propose", agreement, after)
    return agreement


def _check_terms(actor: Actor, terms: Terms) -> None:
    asked = set(terms.organisation_ids)
    check_can(actor, MANAGE)
    if actor is not SYSTEM and not asked & own_departments(actor):
        raise NotPossible(_("Your own department must take part in an agreement you propose."))
    if len(asked) < _LEAST_DEPARTMENTS:
        raise NotPossible(_("Choose at least two departments: one alone has nothing to join."))
    if organisations().filter(pk__in=asked).count() != len(asked):
        raise NotPossible(_("One of these departments does not exist or is closed."))
    reviewers = set(terms.reviewer_ids)
    if len(reviewers) < _LEAST_REVIEWERS:
        raise NotPossible(_("Choose at least two reviewers: two people decide about each doubtful pair."))
    if people_holding(Role.REVIEWER).filter(pk__in=reviewers).count() != len(reviewers):
        raise NotPossible(_("One of these people is not a link reviewer."))
    check_until(terms.valid_until)


def check_until(day: datetime.date) -> None:
    """Raise `NotPossible` for a last day that has passed or is too far away."""
    if day < timezone.localdate():
        raise NotPossible(_("The last day has passed. Choose a later one."))
    if day > timezone.localdate() + LONGEST:
        raise NotPossible(_("Nobody agrees for longer than two years at once. Choose an earlier day."))


# --- signing ----------------------------------------------------------------------------------------------


def _locked(actor: Actor, agreement_id: UUID) -> Agreement:
    """The agreement, held until the transaction ends; for a steward of a department that takes part."""
    check_can(actor, MANAGE)
    queries.agreement_for(actor, agreement_id, MANAGE)
    return Agreement.objects.select_for_update(no_key=True).get(pk=agreement_id)


def terms_in_words(agreement: Agreement) -> dict[str, Any]:
    """What a steward signs."""
    return {
        "title": agreement.title,
        "purpose": agreement.purpose,
        "needs": agreement.needs,
        "until": (agreement.proposed_until or agreement.valid_until).isoformat(),
        "departments": sorted(str(one.organisation_id) for one in agreement.parties.all()),
        "reviewers": sorted(map(str, agreement.reviewer_ids)),
        "round": agreement.round,
    }


def sign(actor: Actor, agreement_id: UUID, organisation_id: UUID, signed_round: int) -> Agreement:
    """Consent for a department to the terms as they stand. The last signature lets them begin. Twice is once.

    `signed_round` is the round of the terms that were read; raises `Conflict` where others stand there now.
    """
    with transaction.atomic():
        agreement = _locked(actor, agreement_id)
        check_can(actor, MANAGE, organisation_id)
        if signed_round != agreement.round:
            raise Conflict(_("The terms were changed meanwhile. Read them as they are now, then sign."))
        if organisation_id not in {one.organisation_id for one in agreement.parties.all()}:
            raise NotPossible(_("This department does not take part in the agreement."))
        _check_to_sign(agreement)
        terms = terms_in_words(agreement)
        written = json.dumps(terms, sort_keys=True, ensure_ascii=False).encode()
        signature, made = Signature.objects.get_or_create(
            agreement=agreement,
            organisation_id=organisation_id,
            round=agreement.round,
            defaults={
                "person_id": actor.person_id,
                "terms": terms,
                "terms_hash": hashlib.sha256(written).hexdigest(),
            },
        )
        if made:
            after = {"round": agreement.round, "terms": signature.terms_hash}
            audit.record(actor, "linkage.sign", agreement, after=after, organisation_id=organisation_id)
            if queries.is_signed_by_all(queries.agreement_for(SYSTEM, agreement.pk)):
                _take_effect(actor, agreement)
    return agreement


def _check_to_sign(agreement: Agreement) -> None:
    if agreement.state == Agreement.State.ENDED:
        raise NotPossible(_("This agreement has ended; nobody can sign it. Make a new one."))
    if agreement.state == Agreement.State.IN_FORCE:
        check_live(agreement)
        if agreement.proposed_until is None:
            raise NotPossible(_("Every department has signed; there is nothing to sign now."))
    check_until(agreement.proposed_until or agreement.valid_until)


def _take_effect(actor: Actor, agreement: Agreement) -> None:
    if agreement.state == Agreement.State.PROPOSED:
        registry.make_key(
            actor,
            agreement.pk,
            organisation_ids=[one.organisation_id for one in agreement.parties.all()],
            reviewer_ids=agreement.reviewer_ids,
            needs=agreement.needs,
            valid_until=agreement.valid_until,
        )
        agreement.state, agreement.began_at = Agreement.State.IN_FORCE, timezone.now()
        _save(agreement)
        _record(actor, "linkage.begin", agreement, {"until": agreement.valid_until.isoformat()})
        return
    assert agreement.proposed_until is not None  # noqa: S101 - `_check_to_sign` has looked
    registry.extend_key(actor, agreement.pk, agreement.proposed_until)
    agreement.valid_until, agreement.proposed_until = agreement.proposed_until, None
    _save(agreement)
    _record(actor, "linkage.extend", agreement, {"until": agreement.valid_until.isoformat()})


def propose_extension(actor: Actor, agreement_id: UUID, based_on: int, until: datetime.date) -> Agreement:
    """Offer a later last day. It holds when all have signed again; until then the earlier one does."""
    with transaction.atomic():
        agreement = _locked(actor, agreement_id)
        _check_version(agreement, based_on)
        check_live(agreement)
        if until <= agreement.valid_until:
            raise NotPossible(_("Choose a day after the present last one."))
        check_until(until)
        agreement.proposed_until, agreement.round = until, agreement.round + 1
        _save(agreement)
        after = {"until": until.isoformat(), "round": agreement.round}
        _record(actor, "linkage.propose_extension", agreement, after)
    return agreement


# --- the end ----------------------------------------------------------------------------------------------


def end(actor: Actor, agreement_id: UUID, because: str, based_on: int | None = None) -> Agreement:
    """End an agreement now and destroy its key: for ever, for everybody. Twice is once."""
    if len(because.strip()) < _LEAST_REASON:
        raise NotPossible(_("Say why the agreement ends: the other departments will read it."))
    with transaction.atomic():
        agreement = _locked(actor, agreement_id)
        if agreement.state == Agreement.State.ENDED:
            return agreement
        if based_on is not None:
            _check_version(agreement, based_on)
        began = agreement.state == Agreement.State.IN_FORCE
        _end(actor, agreement, Agreement.End.NOW if began else Agreement.End.DROPPED, because.strip())
    return agreement


def end_due() -> int:
    """End the agreements whose last day has passed, or whose key is destroyed already. How many."""
    open_ = Agreement.objects.exclude(state=Agreement.State.ENDED)
    destroyed = destroyed_among(open_.values_list("pk", flat=True))
    due = open_.filter(Q(valid_until__lt=timezone.localdate()) | Q(pk__in=destroyed))
    ended = 0
    for agreement_id in due.values_list("pk", flat=True):
        with transaction.atomic():
            agreement = Agreement.objects.select_for_update(no_key=True).get(pk=agreement_id)
            past = agreement.valid_until < timezone.localdate()
            if agreement.state == Agreement.State.ENDED or not (past or agreement.pk in destroyed):
                continue
            began = agreement.state == Agreement.State.IN_FORCE
            how = Agreement.End.DATE if past else Agreement.End.NOW
            _end(SYSTEM, agreement, how if began else Agreement.End.DROPPED, "")
            ended += 1
    return ended


def _end(actor: Actor, agreement: Agreement, how: str, because: str) -> None:
    agreement.state, agreement.ended_at = Agreement.State.ENDED, timezone.now()
    agreement.ended_how, agreement.ended_because, agreement.ended_by = how, because, actor.person_id
    agreement.proposed_until = None
    _save(agreement)
    audit.record(actor, "linkage.end", agreement, after={"how": how}, reason=because)
    registry.destroy_key(actor, agreement.pk, because or str(Agreement.End(how).label))
    kept = [runs_folder(run_id) for run_id in agreement.runs.values_list("pk", flat=True)]
    transaction.on_commit(lambda: _forget(kept))


def _forget(folders: list[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _check_version(agreement: Agreement, based_on: int) -> None:
    if agreement.version != based_on:
        raise Conflict(_("Somebody else changed this agreement meanwhile. Look at it as it is now."))


def _save(agreement: Agreement) -> None:
    agreement.version += 1
    agreement.save()


def _record(actor: Actor, verb: str, agreement: Agreement, after: dict[str, Any]) -> None:
    audit.record(actor, verb, agreement, after=after)
