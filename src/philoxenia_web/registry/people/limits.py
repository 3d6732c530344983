"""How often one person may search and open records within an hour: what a desk needs, and no more."""

from datetime import timedelta
from functools import cache

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.reference import default_parameters
from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.registry.models import Finding, Reading
from philoxenia_web.registry.refusals import NotPossible


@cache
def whole(name: str) -> int:
    """A limit of the parameters `casework.*`."""
    return int(default_parameters()[f"casework.{name}"])


def check_searches(actor: Actor) -> None:
    """Raise `NotPossible` after as many searches in an hour as nobody at a desk needs."""
    if actor is not SYSTEM and _of_this_hour(Finding.objects.all(), actor).count() >= whole("find_an_hour"):
        raise NotPossible(
            _("You searched very often within this hour. Wait a while, or ask your supervisor.")
        )


def check_openings(actor: Actor) -> None:
    """Raise `NotPossible` for who opened the records of very many people within an hour."""
    if actor is SYSTEM or actor.person_id is None:
        return
    opened = _of_this_hour(Reading.objects.filter(fields__contains=["contacts"]), actor)
    people = opened.aggregate(people=Count("resident_id", distinct=True))["people"]
    if people >= whole("read_an_hour"):
        raise NotPossible(
            _("You opened very many records within this hour. Wait a while, or ask your supervisor.")
        )


def _of_this_hour(rows: QuerySet, actor: Actor) -> QuerySet:  # type: ignore[type-arg]
    return rows.filter(person_id=actor.person_id, at__gt=timezone.now() - timedelta(hours=1))
