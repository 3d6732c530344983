"""Which messages an appointment asks for, and when; sending is in `sending.py`.

Rows hold times and kinds alone. To whom, in which language, and whether the person wants it, is read when one
is sent, so that a change of mind until then counts.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from philoxenia.reference import default_parameters
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.models.appointments import Appointment, Reminder, ReminderChoice
from philoxenia_web.directory.city import city
from philoxenia_web.registry.models.people import Resident
from philoxenia_web.registry.rights.consents import consent

PURPOSE = "reminders"
_SOON = timedelta(minutes=30)


def plan_reminders(one: Appointment) -> None:
    """Write down when to remind of an appointment that was booked or moved."""
    if not one.remind:
        return
    now, parameters = timezone.now(), default_parameters()
    wanted = {
        "day": one.starts_at - timedelta(hours=parameters["casework.reminder_days_before"]),
        "hours": one.starts_at - timedelta(hours=parameters["casework.reminder_hours_before"]),
    }
    for kind, moment in wanted.items():
        due = by_day(moment)
        if now < due < one.starts_at - _SOON:
            _add(one, kind, due)


def tell_change(one: Appointment, kind: str) -> None:
    """The person is told that it was moved or cancelled; what was to be said before is not said any more."""
    _silence(one, Reminder.Why.OVER)
    if one.starts_at <= timezone.now() or not one.remind:
        return
    if kind == "moved":
        plan_reminders(one)
    _add(one, kind, by_day(timezone.now()))


def change_reminding(one: Appointment) -> None:
    """Follow what was changed on the appointment: plan messages, or say none of those that wait."""
    if one.remind:
        plan_reminders(one)
    else:
        _silence(one, Reminder.Why.NOT_WANTED)


def _silence(one: Appointment, why: str) -> None:
    waiting = Reminder.objects.filter(appointment=one, state=Reminder.State.WAITING)
    waiting.update(state=Reminder.State.NOT_SENT, why=why)


def _add(one: Appointment, kind: str, due: datetime) -> None:
    # Silenced by hand and wanted again: the same message waits once more.
    silenced = Reminder.objects.filter(appointment=one, kind=kind, moved=one.moved, sent_at=None)
    silenced.filter(state=Reminder.State.NOT_SENT, why=Reminder.Why.NOT_WANTED).update(
        state=Reminder.State.WAITING, why="", due_at=due
    )
    Reminder.objects.bulk_create(
        [
            Reminder(appointment=one, kind=kind, channel=channel, moved=one.moved, due_at=due)
            for channel in Reminder.Channel.values
        ],
        ignore_conflicts=True,
    )


def by_day(moment: datetime) -> datetime:
    """The moment, or the next one at which nobody is woken, in the clock of the city."""
    parameters = default_parameters()
    earliest, latest = (int(parameters[f"casework.reminder_{one}_hour"]) for one in ("earliest", "latest"))
    local = moment.astimezone(city().zone)
    if earliest <= local.hour < latest:
        return moment
    day = local.date() + timedelta(days=1 if local.hour >= latest else 0)
    return datetime(day.year, day.month, day.day, earliest, tzinfo=city().zone)


# --- what a resident agreed to and wants --------------------------------------------------------------------


def agrees(resident_id: UUID, organisation_id: UUID) -> bool:
    """Whether the person agreed with this organisation to be reminded, inside a visit that sees them.

    Who was never asked has not agreed.
    """
    return consent(resident_id, PURPOSE, organisation_id) is not None


def wishes_of(resident_id: UUID) -> tuple[bool, bool]:
    """Whether messages by e-mail and by text are wanted, inside a visit that sees the resident."""
    found = ReminderChoice.objects.filter(pk=resident_id).first()
    return (found.email, found.sms) if found else (True, True)


def choose_messages(actor: Actor, resident_id: UUID, *, email: bool, sms: bool) -> None:
    """Note which messages a resident wants, inside a visit. Raises `Http404` for whom it does not see."""
    if not Resident.objects.filter(pk=resident_id, erased_at=None).exists():
        raise Http404
    with transaction.atomic():
        row, _made = ReminderChoice.objects.update_or_create(
            pk=resident_id, defaults={"email": email, "sms": sms, "changed_at": timezone.now()}
        )
        audit.record(actor, "casework.choose_messages", row, after={"email": email, "sms": sms})


def token_for(resident_id: UUID, language: str) -> str:
    """What stands in the link under each message. Short, because text messages are."""
    told = resident_id.bytes + language.encode()[:8]
    return _text(told + _mark(told))


def resident_of_token(token: str) -> tuple[UUID, str] | None:
    """Whose link it is and the language it was sent in; None for a token that is not ours."""
    try:
        read = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (ValueError, UnicodeEncodeError):
        return None
    told, mark = read[:-_MARK], read[-_MARK:]
    if len(told) < _UUID or not constant_time_compare(mark, _mark(told)):
        return None
    language = told[_UUID:].decode("ascii", "replace")
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return UUID(bytes=told[:_UUID]), known


_UUID, _MARK = 16, 15


def _mark(told: bytes) -> bytes:
    return salted_hmac("casework.no-messages", told, algorithm="sha256").digest()[:_MARK]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
