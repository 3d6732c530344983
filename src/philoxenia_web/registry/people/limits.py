"""How often one person may search and open records within an hour: what a desk needs, and no more."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.reference import default_parameters
from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.registry.models import Finding, Reading
from philoxenia_web.registry.refusals import NotPossible

# What an opened record shows, and no line of a list.
_OPENED = ["contacts", "access_needs", "interpreter", "household"]
# What is opened of a record to serve a person's rights; exactly these, so that cards are not counted.
SPEAKERS = ["birth", "guardians"]
_IS_OPENING = Q(fields__overlap=_OPENED) | Q(fields=SPEAKERS)


@cache
def whole(name: str) -> int:
    """A limit of the parameters `casework.*`."""
    return int(default_parameters()[f"casework.{name}"])


def check_searches(actor: Actor) -> None:
    """Raise `NotPossible` after as many searches in an hour as nobody at a desk needs."""
    if actor is not SYSTEM and _is_reached(actor, "find_an_hour", _searches):
        raise NotPossible(
            _("You searched very often within this hour. Wait a while, or ask your supervisor.")
        )


def check_openings(actor: Actor) -> None:
    """Raise `NotPossible` for who opened the records of very many people within an hour."""
    if actor.person_id is not None and _is_reached(actor, "read_an_hour", _openings):
        raise NotPossible(
            _("You opened very many records within this hour. Wait a while, or ask your supervisor.")
        )


def _is_reached(actor: Actor, name: str, count: Callable[[Actor], int]) -> bool:
    """From half the limit on one request asks after the other: many at once would see the same count."""
    most = whole(name)
    found = count(actor)
    if found < most / 2:
        return False
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{name} {actor.person_id}"])
    return count(actor) >= most


def _searches(actor: Actor) -> int:
    return _of_this_hour(Finding.objects.all(), actor).count()


def _openings(actor: Actor) -> int:
    opened = _of_this_hour(Reading.objects.filter(_IS_OPENING), actor)
    return int(opened.aggregate(people=Count("resident_id", distinct=True))["people"])


def _of_this_hour(rows: QuerySet, actor: Actor) -> QuerySet:  # type: ignore[type-arg]
    return rows.filter(person_id=actor.person_id, at__gt=timezone.now() - timedelta(hours=1))
