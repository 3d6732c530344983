"""Benefits at partners: what a card opens there, and using it once a period without anybody being named.

A use leaves a keyed hash of the card's place. At the end of the period its key is destroyed and the hashes
are deleted: what stays is a number.
"""

import hashlib
import hmac
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.cards.payload import NotACardError
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.cards import keys as card_keys
from philoxenia_web.cards.lists import is_withdrawn
from philoxenia_web.cards.models import Benefit, Mark, Period
from philoxenia_web.cards.policies import MANAGE
from philoxenia_web.cards.queries import benefit_for
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.cards.rules import today
from philoxenia_web.cards.signing import checked
from philoxenia_web.registry import keys
from philoxenia_web.registry.sealing import derived

_MARK_BYTES = 16
_USE = "philoxenia card benefit 1"


def add_benefit(actor: Actor, organisation_id: UUID, service_id: UUID, often: str, key: UUID) -> Benefit:
    """A new benefit; the one this key made before. Raises `NotPossible` where the service is one already."""
    check_can(actor, MANAGE)
    if often not in Benefit.Often.values:
        raise NotPossible(_("Choose how often one card may use it."))
    if (made := Benefit.objects.filter(key=key).first()) is not None:
        return made
    try:
        with transaction.atomic():
            fresh = Benefit.objects.create(
                key=key, organisation_id=organisation_id, service_id=service_id, often=often
            )
    except IntegrityError as fault:
        raise NotPossible(_("This service is a benefit of the card already.")) from fault
    audit.record(actor, "cards.add_benefit", fresh, after={"often": often}, organisation_id=organisation_id)
    return fresh


def set_active(actor: Actor, benefit_id: UUID, active: bool) -> Benefit:
    """End a benefit, or begin it again. Twice is once."""
    check_can(actor, MANAGE)
    with transaction.atomic():
        row = Benefit.objects.select_for_update(no_key=True).filter(pk=benefit_id).first()
        if row is None:
            raise Http404
        if row.active != active:
            row.active = active
            row.version += 1
            row.save(update_fields=["active", "version"])
            audit.record(actor, "cards.set_benefit", row, after={"active": active})
    return row


def redeem(
    actor: Actor, benefit_id: UUID, text: str, key: UUID | None = None, on: date | None = None
) -> Period:
    """Use a benefit with a card's code; the same form (`key`) sent twice is one use.

    Raises `NotPossible` with the sentence for who stands at the counter.

    The trail says that a benefit was used and by whom it was given, not which card.
    """
    day = on or today()
    with transaction.atomic():
        row = benefit_for(actor, benefit_id)
        if not row.active:
            raise NotPossible(_("This benefit has ended."))
        index = _good_card(text, day)
        period = _period(row, day)
        mark = _mark(period, index)
        try:
            with transaction.atomic():
                Mark.objects.create(period=period, mark=mark, key=key)
        except IntegrityError as fault:
            if key is None or not Mark.objects.filter(period=period, mark=mark, key=key).exists():
                raise NotPossible(_used(row)) from fault
            return period
        Period.objects.filter(pk=period.pk).update(used=F("used") + 1)
        audit.record(actor, "cards.redeem", row, organisation_id=row.organisation_id)
    period.refresh_from_db()
    return period


def _good_card(text: str, day: date) -> int:
    publics = {one.kid: card_keys.public_of(one) for one in card_keys.trusted()}
    try:
        found = checked(text, publics, day, set())
    except NotACardError as fault:
        raise NotPossible(_("This is not the code of a city card. Scan it again.")) from fault
    said = found.verdict
    if said in ("good", "early", "expired") and is_withdrawn(found.claims.index):
        said = "withdrawn"
    refused = {
        "forged": _("This is not a card of the city."),
        "withdrawn": _("This card was withdrawn. Ask the person to go to the city office."),
        "expired": _("This card has expired. It can be renewed at the city office."),
        "early": _("This card is not good yet."),
    }
    if said in refused:
        raise NotPossible(refused[said])
    return found.claims.index


def _used(row: Benefit) -> str:
    return {
        Benefit.Often.DAY: _("This card was used here today already."),
        Benefit.Often.MONTH: _("This card was used here this month already."),
        Benefit.Often.YEAR: _("This card was used here this year already."),
    }[Benefit.Often(row.often)]


def days_of(often: str, day: date) -> tuple[date, date]:
    """The first and last day of the period a day lies in."""
    if often == Benefit.Often.DAY:
        return day, day
    if often == Benefit.Often.YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    begins = day.replace(day=1)
    return begins, (begins + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _period(row: Benefit, day: date) -> Period:
    begins, ends = days_of(row.often, day)
    period, _made = Period.objects.get_or_create(
        benefit=row, begins=begins, defaults={"id": uuid4(), "ends": ends}
    )
    if period.closed_at is not None:
        raise NotPossible(_("This period is closed. Look at the clock of this server."))
    return period


def _mark(period: Period, index: int) -> bytes:
    key = derived(keys.make(period.pk), _USE)
    return hmac.new(key, index.to_bytes(8, "big"), hashlib.sha256).digest()[:_MARK_BYTES]


def close_past(on: date | None = None) -> int:
    """Periods that are over: the key destroyed, then the marks deleted; the number stays. How many.

    In this order nothing is left over where the server is killed between: a mark without its key is noise.
    """
    past = Period.objects.filter(ends__lt=on or today(), closed_at=None)
    found = list(past.values_list("pk", flat=True))
    for number in found:
        keys.destroy(number)
        with transaction.atomic():
            Mark.objects.filter(period=number).delete()
            Period.objects.filter(pk=number).update(closed_at=timezone.now())
    return len(found)
