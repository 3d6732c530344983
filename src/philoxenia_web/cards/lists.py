"""Lists of withdrawn cards as they are published, and free places in them."""

import secrets
import threading
import time
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F, Max
from django.urls import reverse
from django.utils import timezone

from philoxenia.cards.status_list import credential, packed
from philoxenia.reference import default_parameters
from philoxenia_web.cards import keys
from philoxenia_web.cards.models import Card, StatusList, Withdrawn
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.cards.signing import signed_list

# So long a signed list is handed out again where nothing was withdrawn since.
_SAME_SECONDS = 300
_MOST_DRAWS = 10_000
_made: dict[int, tuple[object, float, str]] = {}
_lock = threading.Lock()


def bits() -> int:
    """How many places a list has."""
    return int(default_parameters()["casework.card_list_bits"])


def count() -> int:
    """How many lists there are; one before the first card."""
    return StatusList.objects.count() or 1


def free_place() -> int:
    """A place nobody has, drawn at random in the newest list that is not full: neighbours tell nothing.

    Inside a transaction: whoever else wants one waits until it ends.
    """
    size = bits()
    newest = _newest_list(size)
    for _draw in range(_MOST_DRAWS):
        place = newest.number * size + secrets.randbelow(size)
        with connection.cursor() as cursor:
            cursor.execute("select cards_place_is_free(%s)", [place])
            if cursor.fetchone()[0]:
                StatusList.objects.filter(pk=newest.pk).update(taken=F("taken") + 1)
                return place
    raise NotPossible("No free place was found in the list of cards. Tell the operator of this server.")


def _newest_list(size: int) -> StatusList:
    StatusList.objects.get_or_create(number=0)
    newest = StatusList.objects.select_for_update(no_key=True).order_by("-number")[0]
    if newest.taken < size * default_parameters()["casework.card_list_fill"]:
        return newest
    StatusList.objects.get_or_create(number=newest.number + 1)
    return StatusList.objects.select_for_update(no_key=True).order_by("-number")[0]


def published(number: int) -> str | None:
    """A list as a signed credential, made anew after a withdrawal; None where there is no such list."""
    if not 0 <= number < count():
        return None
    key = keys.current()
    low, high = number * bits(), (number + 1) * bits()
    rows = Withdrawn.objects.filter(index__gte=low, index__lt=high)
    mark = (key.kid, rows.count(), rows.aggregate(last=Max("at"))["last"])
    with _lock:
        known = _made.get(number)
        if known and known[0] == mark and time.monotonic() - known[1] < _SAME_SECONDS:
            return known[2]
    places = [index - low for index in rows.values_list("index", flat=True)]
    now = timezone.now()
    until = now + timedelta(hours=default_parameters()["casework.card_list_hours"])
    address = f"{settings.ENVIRONMENT.url}{reverse('card-list', args=[number])}"
    issuer = f"{settings.ENVIRONMENT.url}{reverse('card')}"
    told = credential(address, issuer, packed(places, bits()), now, until)
    text = signed_list(told, key.kid, keys.private_of(key))
    with _lock:
        _made[number] = (mark, time.monotonic(), text)
    return text


def withdraw(card: Card) -> None:
    """Set the card's place; once is enough."""
    Withdrawn.objects.get_or_create(index=card.index, defaults={"until": card.valid_until})


def is_withdrawn(index: int) -> bool:
    """Whether a place is set."""
    return Withdrawn.objects.filter(index=index).exists()
