"""What follows for cards from elsewhere: an agreement taken back, a record protected or handed over, time."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from philoxenia.reference import default_parameters
from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.cards import issuing, keys, lists
from philoxenia_web.cards.applications import close
from philoxenia_web.cards.asking import agreed, end_live
from philoxenia_web.cards.ending import drop_photo, end
from philoxenia_web.cards.models import Application, Card, Seen, Withdrawn
from philoxenia_web.cards.rules import today
from philoxenia_web.cards.states import APPLICATION, LIVE, OPEN
from philoxenia_web.cards.writing import stepped
from philoxenia_web.registry.people import merging, texts
from philoxenia_web.registry.people.records import open_rows
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights.consents import months_on
from philoxenia_web.registry.rights.purposes import purpose

_AT_ONCE = 1000


def agreement_withdrawn(actor: Actor, resident_id: UUID, code: str, _organisation_id: UUID) -> None:
    """Without agreement to a photo it is destroyed; without agreement to a card there is none any more."""
    if code not in ("card", "photo"):
        return
    with visiting(SYSTEM):
        same = merging.same_person(resident_id)
        rows = Application.objects.select_for_update(no_key=True).filter(resident__in=same).order_by("pk")
        for row in rows:
            if code == "photo":
                drop_photo(row)
            elif row.state in OPEN:
                _take_back(actor, row)
        if code == "card":
            end_live(actor, same, "withdraw", Card.Reason.ASKED)


def _take_back(actor: Actor, row: Application) -> None:
    stepped(row, APPLICATION, "withdraw", row.version)
    close(actor, row)


def record_protected(_actor: Actor, resident_id: UUID, restricted: bool) -> None:
    """Cards of a protected person are their holder's alone: nobody else can finish or print them."""
    with visiting(SYSTEM):
        if restricted and (opened := open_rows([resident_id]).get(resident_id)) is not None:
            hand_over(resident_id, opened.row.organisation_id)


def hand_over(resident_id: UUID, to: UUID, before: UUID | None = None) -> None:
    """Applications and cards of a person become another desk's, those of `before` or all of them.

    The caller asked who may and visits as SYSTEM.
    """
    rows = Application.objects.filter(resident=resident_id)
    cards = Card.objects.filter(resident=resident_id)
    if before is not None:
        rows, cards = rows.filter(organisation=before), cards.filter(organisation=before)
    photos = list(rows.exclude(photo_id=None).values_list("photo_id", flat=True))
    texts.hand_over((), photos, to)
    rows.update(organisation=to)
    cards.update(organisation=to)


def nightly() -> int:
    """What time ends: cards, applications nobody finished, photos nobody agrees to, kinds of documents."""
    done = 0
    while found := issuing.expire_due():
        done += found
    with visiting(SYSTEM):
        return done + _end_left() + _drop_photos() + _forget_seen()


def _days_ago(name: str) -> object:
    return timezone.now() - timedelta(days=int(default_parameters()[f"casework.{name}"]))


def _end_left() -> int:
    left = Application.objects.select_for_update(no_key=True).filter(
        state__in=OPEN, opened_at__lt=_days_ago("card_open_days")
    )
    found = list(left.order_by("pk")[:_AT_ONCE])
    for row in found:
        _take_back(SYSTEM, row)
    return len(found)


def _drop_photos() -> int:
    """No agreement that was given after this day has run out."""
    day = months_on(today(), -purpose("photo").renew_months)
    held = Application.objects.exclude(photo_id=None).filter(opened_at__date__lte=day)
    found = [row for row in held.order_by("opened_at")[:_AT_ONCE] if not agreed(row.resident_id, "photo")]
    for row in found:
        drop_photo(row)
    return len(found)


def _forget_seen() -> int:
    decided = Seen.objects.filter(review__application__ended_at__lt=_days_ago("card_seen_days"))
    return decided.delete()[0]


def agree() -> int:
    """Let database, keys and the files beside them say the same, after a kill or a restored backup."""
    keys.agree()
    with visiting(SYSTEM):
        lists.agree()
        # A restored database takes for good what was withdrawn after the backup.
        held = Card.objects.select_for_update(no_key=True, of=("self",)).filter(
            state__in=LIVE, index__in=Withdrawn.objects.values("index")
        )
        back = list(held.select_related("application"))
        for card in back:
            end(SYSTEM, card, "withdraw", Card.Reason.RESTORED)
    return len(back)
