"""What may be asked for: one person has one card, whichever desk gave it, however many their records are."""

from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from philoxenia.reference import default_parameters
from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.cards.ending import end
from philoxenia_web.cards.models import Application, Card
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.cards.rules import today
from philoxenia_web.cards.states import LIVE, OPEN
from philoxenia_web.registry.people.visits import only_reading, visiting
from philoxenia_web.registry.rights import consents
from philoxenia_web.ui import numbers

Kind = Application.Kind
# A lost card is good no more at once; a damaged one until the new card is there.
_AT_ONCE = (Card.Reason.LOST, Card.Reason.STOLEN)
WHY_REPLACED = (*_AT_ONCE, Card.Reason.DAMAGED)


def check_kind(same: list[UUID], kind: str, lost: str) -> None:
    """Raise `NotPossible` where this person, of these records, cannot ask for that now."""
    if kind not in Kind.values:
        raise NotPossible(_("Choose why a card is asked for."))
    if open_elsewhere(same):
        raise NotPossible(
            _("There is an application of this person already, at this or another desk. Finish that one.")
        )
    cards = _cards(same)
    live = next((one for one in cards if one.state in LIVE), None)
    if kind == Kind.FIRST:
        if live:
            raise NotPossible(_("This person has a card. Choose renewal, replacement or another name."))
        return
    if not cards or (kind == Kind.CHANGE and not live):
        raise NotPossible(_("This person has no card. Choose a first card."))
    if kind == Kind.RENEWAL:
        _check_renewal(live or cards[0])
    if kind == Kind.REPLACEMENT and live and lost not in WHY_REPLACED:
        raise NotPossible(_("Say whether the card was lost, stolen or damaged."))


def agreed(resident_id: UUID, code: str) -> bool:
    """Whether the person agrees to a card or photo today: it is the city's, whichever desk asked."""
    day = today()
    with visiting(SYSTEM):
        held = consents.held(resident_id)
    return any(
        asked == code and one.state == one.State.GIVEN and one.valid_until and one.valid_until >= day
        for (_place, asked), one in held.items()
    )


def open_elsewhere(same: list[UUID]) -> UUID | None:
    """The organisation where an application of this person is open, whoever sees it."""
    with only_reading(SYSTEM):
        found = Application.objects.filter(resident__in=same, state__in=OPEN)
        return found.values_list("organisation", flat=True).first()


def _cards(same: list[UUID]) -> list[Card]:
    with visiting(SYSTEM):
        return list(Card.objects.filter(resident__in=same).order_by("-issued_at"))


def renewable_from(card: Card) -> date:
    """The first day on which a card may be renewed."""
    return card.valid_until - timedelta(days=int(default_parameters()["casework.card_renew_days"]))


def _check_renewal(card: Card) -> None:
    first = renewable_from(card)
    if today() < first:
        raise NotPossible(_("This card can be renewed from %(day)s on.") % {"day": numbers.day(first)})


def end_lost(actor: Actor, same: list[UUID], lost: str) -> None:
    """A card that was lost or stolen ends now, not when the new one is issued."""
    if lost in _AT_ONCE:
        end_live(actor, same, "withdraw", Card.Reason(lost))


def end_live(actor: Actor, same: list[UUID], verb: str, reason: str) -> None:
    """End every card a person has, at whatever desk."""
    with visiting(SYSTEM):
        live = Card.objects.select_for_update(no_key=True).filter(resident__in=same, state__in=LIVE)
        for card in live.select_related("application").order_by("pk"):
            end(actor, card, verb, reason)
