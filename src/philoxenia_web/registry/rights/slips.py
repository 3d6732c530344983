"""Slips: a printed code and a number only the person knows open their page, on one device, for some weeks.

Nothing of the code or the number is kept but slow hashes; who guesses ends the slip. A wrong code, a wrong
number and a slip that is not there are answered alike, after the same work. Who prints one could open it, so
only those print who serve the person anyway, and the person is told (`printing.py`).
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.signing import b62_encode
from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.registry.models import Slip, SlipTry
from philoxenia_web.registry.people import sealed
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights.purposes import number
from philoxenia_web.registry.rights.states import SLIP

# Without signs that are taken for others when written by hand.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_FINDER, _SECRET = 5, 8
_PIN_LETTERS = range(4, 9)
LIVE = (Slip.State.PRINTED, Slip.State.OPEN, Slip.State.LOCKED)
# Whose device is told that its slip ended: a desk did it, and the person may not know.
TOLD = (Slip.Because.NEWER, Slip.Because.DESK)
_NOBODY = b"\0" * 16
_USE = "own page slip"


@dataclass(frozen=True)
class Opening:
    """What came of a try: the slip and what its device keeps, or a sentence."""

    slip: Slip | None = None
    device: str = ""
    said: str = ""


# --- at the desk ------------------------------------------------------------------------------------------


def live_of(resident_ids: Iterable[UUID]) -> Slip | None:
    """The slip that opens this person's page now, None where there is none."""
    found = Slip.objects.filter(resident__in=set(resident_ids), state__in=LIVE, expires_at__gt=timezone.now())
    return found.select_related("organisation").order_by("-made_at").first()


def last_of(resident_id: UUID) -> Slip | None:
    """The newest slip that was opened."""
    opened = Slip.objects.filter(resident=resident_id).exclude(opened_at=None)
    return opened.select_related("organisation").order_by("-made_at").first()


def before(slip: Slip) -> Slip | None:
    """The slip that was printed before this one."""
    earlier = Slip.objects.filter(resident=slip.resident_id, made_at__lt=slip.made_at)
    return earlier.order_by("-made_at").first()


def end(actor: Actor, slip_id: UUID, because: str) -> None:
    """End a slip. Twice is once."""
    with visiting(SYSTEM):
        slip = Slip.objects.select_for_update(no_key=True).filter(pk=slip_id).first()
        if slip is None:
            raise Http404
        end_one(actor, slip, because)


def end_foreign(actor: Actor, resident_id: UUID, restricted: bool) -> None:
    """Of a person who is protected now the holder's slips alone still open."""
    if restricted:
        _end_all(actor, resident_id, foreign_alone=True)


def end_joined(actor: Actor, resident_id: UUID, joined: bool) -> None:
    """Slips of before open nothing that is joined by others; parted again, the holder's alone still open."""
    _end_all(actor, resident_id, foreign_alone=not joined)


def _end_all(actor: Actor, resident_id: UUID, *, foreign_alone: bool) -> None:
    with visiting(SYSTEM):
        live = Slip.objects.select_for_update(no_key=True, of=("self",)).filter(
            resident=resident_id, state__in=LIVE
        )
        if foreign_alone:
            live = live.exclude(organisation=F("resident__organisation"))
        for slip in live:
            end_one(actor, slip, Slip.Because.DESK)


def check_pin(pin: str) -> None:
    """Raise `NotPossible` for a number that is too short or that everybody would try first."""
    if not (pin.isascii() and pin.isdigit() and len(pin) in _PIN_LETTERS):
        raise NotPossible(_("The number has four to eight digits."))
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        raise NotPossible(_("This number is easily guessed. Take one that does not count up or repeat."))


# --- on the person's device -------------------------------------------------------------------------------


def open_slip(code: str, pin: str, address: str) -> Opening:
    """Try a code and number, in a visit of the system. Tries are counted whatever comes of it.

    After many wrong tries from one address, as in a shelter, the right code and number still open. Only who
    knows the whole code uses tries of its slip up: else strangers would end it.
    """
    mark = _mark_of(address)
    told = "".join(sign for sign in code.upper() if sign in _SIGNS)
    many, named = _too_many(mark), Slip.objects.filter(finder=told[:_FINDER]).first()
    known, right = _matches(named, told[_FINDER:], pin)
    slip = None
    if named is not None and known:
        # Waiting for a row would tell others, too, that it is there.
        slip = Slip.objects.select_for_update(no_key=True).filter(pk=named.pk, code=named.code).first()
    live = slip is not None and slip.state in LIVE and slip.expires_at > timezone.now()
    if slip is None or not right or not live:
        tried = _wrong(slip, mark)
        return Opening(said=_too_many_said()) if many else tried
    if slip.state != Slip.State.PRINTED:
        return Opening(said=_("This slip was opened on another device. Ask at the desk for a new one."))
    secret = secrets.token_urlsafe(32)
    slip.device = hashlib.sha256(secret.encode()).digest()
    slip.opened_at = timezone.now()
    _step(slip, "open")
    trail(SYSTEM, "registry.open_slip", slip)
    return Opening(slip, f"{slip.pk.hex}.{secret}")


def of_device(cookie: str) -> Slip | None:
    """The slip this device opened, while it lives; in a visit of the system."""
    slip = _of_cookie(cookie)
    live = slip is not None and slip.state in LIVE and slip.expires_at > timezone.now()
    return slip if live else None


def ended_of_device(cookie: str) -> Slip | None:
    """The slip this device had opened, where a desk has ended it since; in a visit of the system."""
    slip = _of_cookie(cookie)
    return slip if slip is not None and slip.state == Slip.State.ENDED else None


def _of_cookie(cookie: str) -> Slip | None:
    slip_id, _dot, secret = cookie.partition(".")
    try:
        slip = Slip.objects.select_related("organisation").filter(pk=UUID(hex=slip_id)).first()
    except ValueError:
        return None
    held = hashlib.sha256(secret.encode()).digest()
    if slip is None or slip.device is None or not hmac.compare_digest(bytes(slip.device), held):
        return None
    return slip


def is_awake(slip: Slip) -> bool:
    """Whether it was used within minutes; else the number is asked again."""
    idle = timedelta(minutes=number("slip_idle_minutes"))
    return slip.state == Slip.State.OPEN and slip.seen_at is not None and timezone.now() - slip.seen_at < idle


def touch(slip: Slip) -> None:
    """It is in use now."""
    Slip.objects.filter(pk=slip.pk).update(seen_at=timezone.now())


def unlock(slip_id: UUID, pin: str) -> str:
    """The number again, on the same device: '' where it is right, else a sentence. In the system's visit."""
    slip = Slip.objects.select_for_update(no_key=True).get(pk=slip_id)
    if slip.state not in LIVE:
        return _gone()
    if not hmac.compare_digest(bytes(slip.pin), _slow(pin, bytes(slip.salt))):
        return _wrong(slip, _mark_of(str(slip.pk))).said
    slip.tries_left = number("slip_tries")
    _step(slip, "unlock" if slip.state == Slip.State.LOCKED else "")
    return ""


def lock(slip_id: UUID) -> None:
    """Close the page on this device until the number is told again."""
    slip = Slip.objects.select_for_update(no_key=True).get(pk=slip_id)
    if slip.state == Slip.State.OPEN:
        slip.state = SLIP.after(slip.state, "lock")
        slip.save(update_fields=["state"])


def run_out() -> int:
    """Slips whose time is up end; marks of tries are forgotten. How many slips."""
    SlipTry.objects.filter(at__lt=timezone.now() - timedelta(hours=1)).delete()
    late = list(
        Slip.objects.select_for_update(no_key=True).filter(state__in=LIVE, expires_at__lte=timezone.now())
    )
    for slip in late:
        end_one(SYSTEM, slip, Slip.Because.TIME)
    return len(late)


# --- within -----------------------------------------------------------------------------------------------


def write_code(slip: Slip, pin: str) -> str:
    """Give a slip a new code, of which hashes alone are kept."""
    finder = _random(_FINDER)
    while Slip.objects.filter(finder=finder).exists():
        finder = _random(_FINDER)
    secret = _random(_SECRET)
    slip.finder, slip.salt = finder, os.urandom(16)
    slip.code, slip.pin = _slow(secret, slip.salt), _slow(pin, slip.salt)
    return f"{finder}-{secret[:4]}-{secret[4:]}"


def _random(length: int) -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(length))


def _slow(secret: str, salt: bytes) -> bytes:
    """A hash that takes tens of milliseconds, and a secret that lies in no backup."""
    kept: Path = settings.ENVIRONMENT.keys
    keyed = hmac.new(sealed.derived_once(kept, _USE), secret.encode(), hashlib.sha256).digest()
    return hashlib.scrypt(keyed, salt=salt, n=2**13, r=8, p=1, dklen=32)


def _matches(slip: Slip | None, secret: str, pin: str) -> tuple[bool, bool]:
    """Whether the code is right, and whether code and number are; how long it takes tells nothing."""
    salt = bytes(slip.salt) if slip else _NOBODY
    code, number_told = _slow(secret, salt), _slow(pin, salt)
    # Of a slip that ended neither hash is kept.
    kept = slip if slip and slip.pin else None
    known = (bytes(kept.code), bytes(kept.pin)) if kept else (_NOBODY * 2, _NOBODY * 2)
    same, opens = hmac.compare_digest(code, known[0]), hmac.compare_digest(number_told, known[1])
    return same, bool(same & opens)


def _wrong(slip: Slip | None, mark: bytes) -> Opening:
    SlipTry.objects.create(mark=mark)
    if slip is not None and slip.state in LIVE:
        slip.tries_left -= 1
        if slip.tries_left <= 0:
            end_one(SYSTEM, slip, Slip.Because.TRIES)
        else:
            slip.save(update_fields=["tries_left"])
    return Opening(said=_gone())


def _gone() -> str:
    return _(
        "This code and number do not open anything. Look at both again. A slip ends after some weeks and "
        "after several wrong tries; the desk prints a new one."
    )


def _step(slip: Slip, verb: str) -> None:
    if verb:
        slip.state = SLIP.after(slip.state, verb)
    slip.seen_at = timezone.now()
    slip.save()


def end_one(actor: Actor, slip: Slip, because: str) -> None:
    """It opens nothing any more; a device that it opened is told so where a desk ended it."""
    if slip.state not in LIVE:
        return
    slip.state = SLIP.after(slip.state, "run out" if because == Slip.Because.TIME else "end")
    slip.because, slip.ended_at = because, timezone.now()
    # People type numbers that open more than this.
    slip.pin = slip.code = b""
    if because not in TOLD:
        slip.device = None
    slip.save()
    trail(actor, "registry.end_slip", slip)


def _mark_of(address: str) -> bytes:
    """An address of the network as a mark of today, that tells nothing tomorrow."""
    day = b62_encode(timezone.now().toordinal())
    return salted_hmac("philoxenia.registry.tries", f"{day} {address}", algorithm="sha256").digest()[:16]


def _too_many_said() -> str:
    return _("Too many tries from here. Wait an hour, or come to the desk.")


def _too_many(mark: bytes) -> bool:
    since = timezone.now() - timedelta(hours=1)
    return SlipTry.objects.filter(mark=mark, at__gt=since).count() >= number("tries_an_hour")


def trail(actor: Actor, action: str, slip: Slip) -> None:
    """Write what became of a slip, without its code."""
    after = {"state": slip.state, "because": slip.because}
    audit.record(actor, action, slip, after=after, organisation_id=slip.organisation_id)
