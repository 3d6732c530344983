"""Issuing cards, printing, handing over, and ending them. A card's code is made anew at each print."""

from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.cards.payload import Claims, name_check
from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.cards import keys, lists
from philoxenia_web.cards.applications import drop_photo
from philoxenia_web.cards.face import Face, face_of
from philoxenia_web.cards.models import Application, Card
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.cards.rules import card_rules
from philoxenia_web.cards.signing import signed_token
from philoxenia_web.cards.states import APPLICATION, CARD, LIVE
from philoxenia_web.cards.writing import held, kept, note, stepped
from philoxenia_web.registry.people.records import open_record
from philoxenia_web.registry.people.visits import visiting


def issue(actor: Actor, application_id: UUID, based_on: int) -> Card:
    """A card for an accepted application; the person's card before it ends, in the same transaction."""
    with visiting(actor):
        row = held(actor, Application, application_id)
        if not stepped(row, APPLICATION, "issue", based_on):
            return Card.objects.get(application=row)
        for old in Card.objects.select_for_update(no_key=True).filter(
            resident=row.resident_id, state__in=LIVE
        ):
            _end(actor, old, "replace", Card.Reason.RENEWED)
        card = _made(actor, row)
        row.ended_at = timezone.now()
        kept(actor, "issue_application", row)
        note(actor, "issue", card, {"kid": card.signed_with.kid, "until": card.valid_until.isoformat()})
        return card


def _made(actor: Actor, row: Application) -> Card:
    today = timezone.localdate()
    try:
        with transaction.atomic():
            return Card.objects.create(
                application=row,
                resident_id=row.resident_id,
                organisation_id=row.organisation_id,
                signed_with=keys.current(),
                index=lists.free_place(),
                valid_from=today,
                valid_until=last_day(today, card_rules().valid_years),
                issued_by=actor.person_id,
            )
    except IntegrityError as fault:
        raise NotPossible(
            _("This person has a card of another team. It must be withdrawn there first.")
        ) from fault


def last_day(first: date, years: int) -> date:
    """The day before the same day some years later."""
    try:
        return first.replace(year=first.year + years) - timedelta(days=1)
    except ValueError:
        return date(first.year + years, 2, 28)


def printed(actor: Actor, card_id: UUID) -> tuple[Card, Face, bytes]:
    """What is printed on a card now: its face, and its code. It counts as printed from here on."""
    with visiting(actor):
        card = held(actor, Card, card_id)
        stepped(card, CARD, "print", card.version)
        kept(actor, "print", card)
        record = open_record(actor, card.resident_id, "serving_now")
        face = face_of(record, card.application.shows_birth)
        return card, face, token_of(card, face.main)


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
    """A card is good no more, from the next look at the list on."""
    if reason not in Card.Reason.values or reason == Card.Reason.RENEWED:
        raise NotPossible(_("Say why the card is withdrawn."))
    with visiting(actor):
        card = held(actor, Card, card_id)
        if card.version != based_on and not card.ended_at:
            stepped(card, CARD, "withdraw", based_on)
        if card.ended_at:
            return card
        return _end(actor, card, "withdraw", reason)


def _end(actor: Actor, card: Card, verb: str, reason: str) -> Card:
    stepped(card, CARD, verb, card.version)
    card.reason, card.ended_at = reason, timezone.now()
    if verb != "expire":
        lists.withdraw(card)
    drop_photo(actor, card.application)
    return kept(actor, f"{verb}_card", card, {"reason": reason})


def expire_due() -> int:
    """Cards whose last day has passed say so, and their photos are destroyed. How many."""
    with visiting(SYSTEM):
        due = Card.objects.select_for_update(no_key=True).filter(
            state__in=LIVE, valid_until__lt=timezone.localdate()
        )
        found = list(due.select_related("application")[:1000])
        for card in found:
            _end(SYSTEM, card, "expire", "")
        return len(found)


def forget(actor: Actor, resident_id: UUID) -> None:
    """A person is forgotten: their cards are withdrawn, then everything here of them goes."""
    for card in Card.objects.select_for_update(no_key=True).filter(resident=resident_id, state__in=LIVE):
        _end(actor, card, "withdraw", Card.Reason.ERASED)
    for row in Application.objects.filter(resident=resident_id):
        drop_photo(actor, row)
    Application.objects.filter(resident=resident_id).delete()
