"""A message as a provider hands it over: signed, fresh, taken once, from a sender that does not flood us.

The sender is never kept or logged: its hash under a key of the day counts its messages of this hour.
"""

import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache

from philoxenia.reference import default_parameters
from philoxenia.vocabulary import PhiloxeniaError

_VERSION = "v1="
_HOUR = 3600
_LONGEST_TOKEN = 200


class Refused(PhiloxeniaError):  # noqa: N818 (reads as what happened)
    """A message is not answered; `status` is what the provider is told."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


@dataclass(frozen=True)
class Message:
    """What counts of a message."""

    sender: str
    text: str


def signature(body: bytes, timestamp: str, secret: str) -> str:
    """What a provider sends along: HMAC-SHA256 of the time and the body under the shared secret."""
    signed = timestamp.encode() + b"." + body
    return _VERSION + hmac.new(secret.encode(), signed, sha256).hexdigest()


def received(body: bytes, timestamp: str, given: str, now: datetime | None = None) -> Message:
    """The message of a request. Raises `Refused` with a sentence for the provider's log."""
    _check_signature(body, timestamp, given)
    moment = now or datetime.now(UTC)
    _check_time(timestamp, moment)
    message = _read(body)
    _check_once(given)
    _check_rate(message.sender, moment)
    return message


def _check_signature(body: bytes, timestamp: str, given: str) -> None:
    secret = settings.SMS_SECRET
    wanted = signature(body, timestamp, secret)
    if not secret or not hmac.compare_digest(wanted.encode(), given.encode()):
        raise Refused(
            401, "The signature does not fit: sign time, a dot and the body with the shared secret."
        )


def _check_time(timestamp: str, now: datetime) -> None:
    most = default_parameters()["directory.sms_clock_seconds"]
    try:
        away = abs(now.timestamp() - int(timestamp))
    except (ValueError, OverflowError):
        raise Refused(400, "X-Philoxenia-Timestamp must be whole seconds since 1970.") from None
    if away > most:
        raise Refused(401, f"The message is more than {most:.0f} seconds away from our clock.")


def _read(body: bytes) -> Message:
    try:
        told = json.loads(body)
        sender, text = told["sender"], told["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused(400, 'Send JSON with "sender" and "text".') from None
    if not isinstance(sender, str) or not isinstance(text, str) or not sender:
        raise Refused(400, '"sender" and "text" must be texts, and "sender" not empty.')
    return Message(sender[:_LONGEST_TOKEN], text)


def _check_once(given: str) -> None:
    """Twice the clock's room, so that nothing that is fresh enough can come again."""
    seconds = 2 * int(default_parameters()["directory.sms_clock_seconds"])
    if not cache.add(f"sms-seen-{sha256(given.encode()).hexdigest()}", 1, seconds):
        raise Refused(409, "This message was taken already.")


def _check_rate(sender: str, now: datetime) -> None:
    key = hmac.new(
        f"{settings.SECRET_KEY} sms {now.date()}".encode(), sender.encode("utf-8", "surrogatepass"), sha256
    ).hexdigest()
    hour = int(now.timestamp()) // _HOUR
    most = int(default_parameters()["directory.sms_messages_an_hour"])
    # A place a message: adding one is a single step, so that two at once are two.
    if not any(cache.add(f"sms-{key}-{hour}-{place}", 1, _HOUR) for place in range(most)):
        raise Refused(429, f"This sender has had {most} answers in this hour.")
