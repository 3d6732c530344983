"""Lists of withdrawn cards as they are published, and free places in them."""

import secrets
import threading
import time
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils import timezone

from philoxenia.cards.status_list import credential, packed
from philoxenia.reference import default_parameters
from philoxenia_web.cards import keys, places
from philoxenia_web.cards.models import Card, SigningKey, StatusList, Withdrawn
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.cards.rules import today
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
    """How many lists there are; none before the first card."""
    return StatusList.objects.count()


def free_place() -> int:
    """A place nobody has, drawn at random in the newest list that is not full: neighbours tell nothing.

    Inside a transaction: whoever else wants one waits until it ends.
    """
    size = bits()
    newest = _newest_list(size)
    for _draw in range(_MOST_DRAWS):
        place = newest.number * size + secrets.randbelow(size)
        if _is_free(place):
            StatusList.objects.filter(pk=newest.pk).update(taken=F("taken") + 1)
            places.note(places.GIVEN, [place])
            return place
    raise NotPossible("No free place was found in the list of cards. Tell the operator of this server.")


def _is_free(place: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select cards_place_is_free(%s)", [place])
        free = bool(cursor.fetchone()[0])
    # A restored database forgets cards that people hold.
    return free and not any(places.is_noted(name, place) for name in (places.GIVEN, places.WITHDRAWN))


def _newest_list(size: int) -> StatusList:
    StatusList.objects.get_or_create(number=0)
    newest = StatusList.objects.select_for_update(no_key=True).order_by("-number")[0]
    if newest.taken < size * default_parameters()["casework.card_list_fill"]:
        return newest
    StatusList.objects.get_or_create(number=newest.number + 1)
    return StatusList.objects.select_for_update(no_key=True).order_by("-number")[0]


def published(number: int) -> str | None:
    """A list as a signed credential, made anew after a withdrawal; None where there is no such list.

    Raises `KeyGone` where the key that signs is not on this server.
    """
    if not 0 <= number < count():
        return None
    key = keys.current()
    low, high = number * bits(), (number + 1) * bits()
    rows = Withdrawn.objects.filter(index__gte=low, index__lt=high)
    mark = (key.kid, rows.count(), rows.aggregate(last=Max("at"))["last"], places.stamp(places.WITHDRAWN))
    with _lock:
        known = _made.get(number)
        if known and known[0] == mark and time.monotonic() - known[1] < _SAME_SECONDS:
            return known[2]
    found = {*rows.values_list("index", flat=True), *places.noted(places.WITHDRAWN, low, high)}
    text = _signed(number, key, [index - low for index in found])
    with _lock:
        _made[number] = (mark, time.monotonic(), text)
    return text


def _signed(number: int, key: SigningKey, found: list[int]) -> str:
    now = timezone.now()
    until = now + timedelta(hours=default_parameters()["casework.card_list_hours"])
    address = f"{settings.ENVIRONMENT.url}{reverse('card-list', args=[number])}"
    issuer = f"{settings.ENVIRONMENT.url}{reverse('card')}"
    told = credential(address, issuer, packed(found, bits()), now, until)
    return signed_list(told, key.kid, keys.private_of(key))


def withdraw(card: Card) -> None:
    """Set the card's place, outside the database too; once is enough."""
    Withdrawn.objects.get_or_create(index=card.index, defaults={"until": card.valid_until})
    index = card.index
    transaction.on_commit(lambda: places.note(places.WITHDRAWN, [index]))


def is_withdrawn(index: int) -> bool:
    """Whether a place is set."""
    return Withdrawn.objects.filter(index=index).exists() or places.is_noted(places.WITHDRAWN, index)


def agree() -> list[int]:
    """Let database and file say the same, after a kill or a restored backup. Which places are withdrawn."""
    given = places.stamp(places.GIVEN)[1] * 8
    lists = [StatusList(number=number) for number in range(-(-given // bits()))]
    StatusList.objects.bulk_create(lists, ignore_conflicts=True)
    known = set(Withdrawn.objects.values_list("index", flat=True))
    kept = set(places.noted(places.WITHDRAWN))
    if known - kept:
        places.note(places.WITHDRAWN, sorted(known - kept))
    far = today() + timedelta(days=365 * 10)
    Withdrawn.objects.bulk_create(
        [Withdrawn(index=index, until=far) for index in sorted(kept - known)], ignore_conflicts=True
    )
    return sorted(kept - known)
