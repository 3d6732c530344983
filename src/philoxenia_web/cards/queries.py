"""Reads of cards: worklists of a desk, one application with what was seen, a person's cards, benefits."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404

from philoxenia_web.accounts.access import SYSTEM, Actor, can
from philoxenia_web.accounts.queries import names_of
from philoxenia_web.cards.models import Application, Benefit, Card, Period, Review
from philoxenia_web.cards.policies import REDEEM, WORK, organisations_with
from philoxenia_web.cards.rules import card_rules
from philoxenia_web.cards.states import LIVE, OPEN
from philoxenia_web.directory.queries import service_names
from philoxenia_web.registry.people.records import briefs
from philoxenia_web.registry.people.visits import visiting

MOST = 50


@dataclass(frozen=True, repr=False)
class Line:
    """A line of a worklist: an application or card, and whose it is."""

    row: Any
    brief: Any

    def __repr__(self) -> str:
        return "Line()"


def worklists(actor: Actor) -> dict[str, list[Line]]:
    """What waits at the actor's desks, the oldest first; every name read is in the trail.

    `again` are cards that people hold although their key was given up.
    """
    desks = organisations_with(actor, WORK)
    mine = Application.objects.filter(organisation__in=desks).order_by("opened_at")
    cards = Card.objects.filter(organisation__in=desks).select_related("application").order_by("issued_at")
    waiting = {state: mine.filter(state=state) for state in OPEN} | {
        "issued": cards.filter(state="issued"),
        "printed": cards.filter(state="printed", signed_with__broken_at=None),
        "again": cards.filter(state__in=("printed", "active"), signed_with__broken_at__isnull=False),
    }
    found = {state: list(rows[:MOST]) for state, rows in waiting.items()}
    people = {row.resident_id for rows in found.values() for row in rows}
    known = briefs(actor, people, "serving_now") if people else {}
    return {
        state: [Line(row, known[row.resident_id]) for row in rows if row.resident_id in known]
        for state, rows in found.items()
    }


def application_for(actor: Actor, application_id: UUID) -> Application:
    """One of the actor's own desk. Raises `Http404`."""
    row = Application.objects.filter(pk=application_id).first()
    if row is None or not can(actor, WORK, row.organisation_id):
        raise Http404
    return row


def card_of(row: Application) -> Card | None:
    """The card that came of it."""
    return Card.objects.filter(application=row).select_related("signed_with").first()


def reviews_of(row: Application) -> list[dict[str, Any]]:
    """Who looked when, and which kinds they saw; of a first look that waits for the second, not the kinds.

    So the second person looks for themselves.
    """
    found = list(Review.objects.filter(application=row).prefetch_related("seen").order_by("at"))
    names = names_of({one.by for one in found})
    kinds = card_rules().kinds
    waits = row.state == Application.State.SEEN_ONCE
    return [
        {
            "by": names.get(one.by, ""),
            "at": one.at,
            "says": one.get_says_display(),
            "kinds": None
            if waits and one is found[-1]
            else [kinds[seen.kind] for seen in one.seen.all() if seen.kind in kinds],
        }
        for one in found
    ]


def cards_of(same: Collection[UUID]) -> list[Card]:
    """Cards this visit sees of the records of one person, the newest first."""
    found = Card.objects.filter(resident__in=same).select_related("signed_with", "organisation")
    return list(found.order_by("-issued_at"))


def open_application_of(same: Collection[UUID]) -> Application | None:
    """The one that is not decided or issued yet, where this visit sees it."""
    return Application.objects.filter(resident__in=same, state__in=OPEN).first()


def live_by_key() -> dict[UUID, int]:
    """How many cards that people have or wait for are signed with each key."""
    with visiting(SYSTEM):
        found = Card.objects.filter(state__in=LIVE).values_list("signed_with")
        return dict(found.annotate(number=Count("pk")))


def benefits_for(actor: Actor) -> list[Benefit]:
    """Benefits the actor's organisations redeem; all of them for supervisors."""
    rows = Benefit.objects.select_related("organisation").order_by("begun_at")
    if organisations_with(actor, WORK):
        return list(rows)
    return list(rows.filter(organisation__in=organisations_with(actor, REDEEM)))


def benefit_for(actor: Actor, benefit_id: UUID) -> Benefit:
    """One that the actor's own organisation redeems. Raises `Http404`."""
    row = Benefit.objects.select_related("organisation").filter(pk=benefit_id).first()
    if row is None or not can(actor, REDEEM, row.organisation_id):
        raise Http404
    return row


def names_of_services(rows: Iterable[Benefit]) -> dict[UUID, str]:
    """What the directory calls the services of benefits."""
    return service_names({one.service_id for one in rows})


def periods_of(row: Benefit) -> list[Period]:
    """How often it was used, the newest first."""
    return list(Period.objects.filter(benefit=row).order_by("-begins")[:36])


__all__ = [
    "Line",
    "application_for",
    "benefit_for",
    "benefits_for",
    "card_of",
    "cards_of",
    "live_by_key",
    "names_of_services",
    "open_application_of",
    "periods_of",
    "reviews_of",
    "worklists",
]
