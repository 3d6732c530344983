"""Issuing cards, printing, handing over, and ending them. A card's code is made anew at each print."""

from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.cards.payload import Claims, name_check
from philoxenia_web.accounts.access import SYSTEM, Actor, can
from philoxenia_web.cards import keys, lists
from philoxenia_web.cards.applications import agree, face_mark
from philoxenia_web.cards.asking import agreed, end_live
from philoxenia_web.cards.ending import drop_photo, end
from philoxenia_web.cards.face import Face, face_of, mark_of
from philoxenia_web.cards.models import Application, Card
from philoxenia_web.cards.policies import WORK
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.cards.rules import card_rules, today
from philoxenia_web.cards.signing import signed_token
from philoxenia_web.cards.states import APPLICATION, CARD, LIVE
from philoxenia_web.cards.writing import held, kept, note, stepped
from philoxenia_web.registry.people import merging
from philoxenia_web.registry.people.identities import identity
from philoxenia_web.registry.people.visits import visiting

# What a desk may say; the others are said by what is done.
WHY_WITHDRAWN = ("lost", "stolen", "damaged", "changed", "asked", "mistake")


def issue(actor: Actor, application_id: UUID, based_on: int) -> Card:
    """A card for an accepted application; the person's card before it ends, in the same transaction.

    Raises `NotPossible` where the agreement was taken back or the names are others than two people saw.
    """
    with visiting(actor):
        row = held(actor, Application, application_id)
        if not stepped(row, APPLICATION, "issue", based_on):
            return Card.objects.get(application=row)
        agree(actor, row.resident_id, row.organisation_id, "card", None)
        check_face(row, face_mark(actor, row))
        end_live(actor, merging.same_person(row.resident_id), "replace", _REASONS[row.kind])
        card = _made(actor, row)
        row.ended_at = timezone.now()
        kept(actor, "issue_application", row)
        note(actor, "issue", card, {"kid": card.signed_with.kid, "until": card.valid_until.isoformat()})
        return card


_REASONS = {
    Application.Kind.FIRST: Card.Reason.RENEWED,
    Application.Kind.RENEWAL: Card.Reason.RENEWED,
    # One that was lost or stolen ended when the application began.
    Application.Kind.REPLACEMENT: Card.Reason.DAMAGED,
    Application.Kind.CHANGE: Card.Reason.CHANGED,
}


def check_face(row: Application, mark: bytes) -> None:
    """Raise `NotPossible` where the card would say something else than two people accepted."""
    if mark != bytes(row.face_mark):
        raise NotPossible(
            _(
                "The name or date of birth in the record was changed since two people looked, so this card "
                "is not made. Before it is issued two look again; after that begin an application for "
                "another name."
            )
        )


def _made(actor: Actor, row: Application) -> Card:
    day = today()
    try:
        with transaction.atomic():
            return Card.objects.create(
                application=row,
                resident_id=row.resident_id,
                organisation_id=row.organisation_id,
                signed_with=keys.current(),
                index=lists.free_place(),
                valid_from=day,
                valid_until=last_day(day, card_rules().valid_years),
                issued_by=actor.person_id,
            )
    except IntegrityError as fault:
        raise NotPossible(
            _("This person got a card at another desk just now. Look at the record.")
        ) from fault


def last_day(first: date, years: int) -> date:
    """The day before the same day some years later."""
    try:
        return first.replace(year=first.year + years) - timedelta(days=1)
    except ValueError:
        return date(first.year + years, 2, 28)


def printed(actor: Actor, card_id: UUID) -> tuple[Card, Face, bytes]:
    """What is printed on a card now: its face, and its code. It counts as printed from here on.

    A card whose key was given up is signed anew, also one that was handed over. Raises `NotPossible`.
    """
    with visiting(actor):
        card = held(actor, Card, card_id)
        row = card.application
        who = identity(actor, card.resident_id, "serving_now", card.organisation_id)
        face = face_of(who, row.shows_birth)
        check_face(row, mark_of(face, card.resident_id))
        _count_print(actor, card)
        return card, face, token_of(card, face.main)


def _count_print(actor: Actor, card: Card) -> None:
    """Printed twice in the same way it is the same: a page that is open goes on."""
    key = keys.signs(card)
    if card.state != Card.State.PRINTED or key != card.signed_with:
        again = card.state == Card.State.ACTIVE and key != card.signed_with
        stepped(card, CARD, "print_again" if again else "print", card.version)
        card.signed_with = key
        kept(actor, "print", card, {"kid": key.kid})
    else:
        note(actor, "print", card, {"kid": key.kid})


def photo_of(card: Card) -> UUID | None:
    """The sealed photo, where the person's agreement to it holds still."""
    row = card.application
    return row.photo_id if row.photo_id and agreed(row.resident_id, "photo") else None


def token_of(card: Card, name: str) -> bytes:
    """The signed code of a card with this name on it."""
    claims = Claims(
        bytes.fromhex(card.signed_with.kid),
        card.index,
        card.valid_from,
        card.valid_until,
        name_check(name, card.index),
    )
    return signed_token(claims, keys.private_of(card.signed_with))


def hand_over(actor: Actor, card_id: UUID, based_on: int) -> Card:
    """The person has the card in their hand."""
    with visiting(actor):
        card = held(actor, Card, card_id)
        if not stepped(card, CARD, "hand_over", based_on):
            return card
        card.handed_at = timezone.now()
        return kept(actor, "hand_over", card)


def withdraw(actor: Actor, card_id: UUID, based_on: int, reason: str) -> Card:
    """A card is good no more, from the next look at the list on: said at any desk that sees the person."""
    if reason not in WHY_WITHDRAWN:
        raise NotPossible(_("Say why the card is withdrawn."))
    with visiting(actor):
        if not can(actor, WORK) or not Card.objects.filter(pk=card_id).exists():
            raise Http404
        with visiting(SYSTEM):
            card = Card.objects.select_for_update(no_key=True).get(pk=card_id)
            if card.ended_at:
                return card
            if card.version != based_on:
                stepped(card, CARD, "withdraw", based_on)
            return end(actor, card, "withdraw", reason)


def expire_due() -> int:
    """Cards whose last day has passed say so, and their photos are destroyed. How many."""
    with visiting(SYSTEM):
        due = Card.objects.select_for_update(no_key=True, of=("self",)).filter(
            state__in=LIVE, valid_until__lt=today()
        )
        found = list(due.select_related("application")[:1000])
        for card in found:
            end(SYSTEM, card, "expire", "")
        return len(found)


def forget(actor: Actor, resident_id: UUID) -> None:
    """A person is forgotten: their cards are withdrawn, then everything here of them goes. Twice is once."""
    with visiting(SYSTEM):
        end_live(actor, [resident_id], "withdraw", Card.Reason.ERASED)
        for row in Application.objects.filter(resident=resident_id):
            drop_photo(row)
        Application.objects.filter(resident=resident_id).delete()
