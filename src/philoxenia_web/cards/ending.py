"""How a card ends: its place is set, its photo destroyed. Whoever calls has asked who may."""

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.cards import lists
from philoxenia_web.cards.models import Application, Card
from philoxenia_web.cards.states import CARD
from philoxenia_web.cards.writing import kept, stepped
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.people.visits import visiting


def end(actor: Actor, card: Card, verb: str, reason: str) -> Card:
    """End a card that is held, in a visit of the application itself: it may be of another desk."""
    with visiting(SYSTEM):
        stepped(card, CARD, verb, card.version)
        card.reason, card.ended_at = reason, timezone.now()
        if verb != "expire":
            lists.withdraw(card)
        drop_photo(card.application)
        return kept(actor, f"{verb}_card", card, {"reason": reason})


def drop_photo(row: Application) -> None:
    """Destroy the photo; where there is none, nothing. The application itself does it, wherever it lies."""
    if row.photo_id is None:
        return
    with visiting(SYSTEM):
        try:
            with transaction.atomic():
                texts.drop_file(SYSTEM, row.photo_id)
        except Http404:
            # Destroyed before, with the person's record.
            pass
        Application.objects.filter(pk=row.pk).update(photo_id=None)
    row.photo_id = None
