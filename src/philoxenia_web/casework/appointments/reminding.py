"""Which messages an appointment asks for, and when; sending is in `sending.py`.

Rows hold times and kinds alone. To whom, in which language, and whether the person wants it, is read when one
is sent, so that a change of mind until then counts.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from philoxenia.reference import default_parameters
from philoxenia_web.casework.models.appointments import Appointment, Reminder
from philoxenia_web.directory.city import city

_SOON = timedelta(minutes=30)


def plan_reminders(one: Appointment) -> None:
    """Write down when to remind of an appointment that was booked or moved."""
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
    waiting = Reminder.objects.filter(appointment=one, state=Reminder.State.WAITING)
    had_any = Reminder.objects.filter(appointment=one).exists()
    waiting.update(state=Reminder.State.NOT_SENT, why=Reminder.Why.OVER)
    if one.starts_at <= timezone.now():
        return
    if kind == "moved":
        plan_reminders(one)
    if had_any:
        _add(one, kind, by_day(timezone.now()))


def _add(one: Appointment, kind: str, due: datetime) -> None:
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
