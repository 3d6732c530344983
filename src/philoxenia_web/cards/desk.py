"""What a person's page at the desk and their own page show of cards, and what they may take along."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max

from philoxenia_web.accounts.access import Actor, can
from philoxenia_web.accounts.queries import organisations
from philoxenia_web.cards.asking import open_elsewhere
from philoxenia_web.cards.issuing import WHY_WITHDRAWN
from philoxenia_web.cards.models import Application, Card, Review
from philoxenia_web.cards.policies import WORK
from philoxenia_web.cards.queries import cards_of, open_application_of
from philoxenia_web.cards.rules import card_rules, issues_cards


def card_part(actor: Actor, same: list[UUID], any_seen: bool = True) -> dict[str, Any] | None:
    """The section of a record and those joined with it: every card of the person, whichever desk gave it.

    None where no card is issued. `any_seen`: whether the visit sees an application or card of theirs.
    """
    if not can(actor, WORK) or not issues_cards():
        return None
    cards = cards_of(same) if any_seen else []
    going_on = open_application_of(same) if any_seen else None
    live = [one for one in cards if one.ended_at is None]
    return {
        "resident_id": same[0],
        "cards": [(one, can(actor, WORK, one.organisation_id)) for one in cards],
        "application": going_on,
        "elsewhere": None if going_on else _name_of(open_elsewhere(same)),
        "live": live[0] if live else None,
        "too_many": len(live) > 1,
        "reasons": [one for one in Card.Reason.choices if one[0] in WHY_WITHDRAWN],
    }


def _name_of(organisation_id: UUID | None) -> str:
    found = organisations().filter(pk=organisation_id).first() if organisation_id else None
    return str(found or "")


def own_part(resident_id: UUID) -> dict[str, Any] | None:
    """The section of the person's own page, for one of their records."""
    cards = cards_of([resident_id])
    going_on = open_application_of([resident_id])
    return {"cards": cards, "application": going_on} if cards or going_on else None


def exported(resident_id: UUID) -> list[dict[str, Any]]:
    """Applications with what was seen, and cards, as plain values."""
    rows = Application.objects.filter(resident=resident_id).prefetch_related("reviews__seen", "card")
    return [_exported(one) for one in rows.order_by("opened_at")]


def _exported(row: Application) -> dict[str, Any]:
    kinds = card_rules().kinds if issues_cards() else {}
    seen = [
        {
            "document": kinds[doc.kind].name("en") if doc.kind in kinds else doc.kind,
            "on": doc.on.isoformat(),
        }
        for review in row.reviews.all()
        for doc in review.seen.all()
    ]
    card = getattr(row, "card", None)
    return {
        "kind": row.kind,
        "state": row.state,
        "refusal": row.refusal,
        "opened": row.opened_at.isoformat(),
        "documents_seen": seen,
        "photo_kept": row.photo_id is not None,
        "card": _card(card) if card else None,
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "state": card.state,
        "reason": card.reason,
        "place_in_list": card.index,
        "good_from": card.valid_from.isoformat(),
        "good_until": card.valid_until.isoformat(),
    }


def last_uses(resident_ids: list[UUID]) -> dict[UUID, date]:
    """The newest day on which a desk looked at an application, or issued a card."""
    looked = Review.objects.filter(application__resident__in=resident_ids)
    found = dict(looked.values_list("application__resident").annotate(Max("at")))
    issued = Card.objects.filter(resident__in=resident_ids)
    for resident_id, at in issued.values_list("resident").annotate(Max("issued_at")):
        found[resident_id] = max(at, found.get(resident_id, at))
    return {resident_id: at.date() for resident_id, at in found.items()}


def holds(_resident_id: UUID) -> list[str]:
    """Nothing of cards keeps a person from being forgotten: a live card is withdrawn with them."""
    return []
