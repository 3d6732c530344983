"""Sending what is due: one claim, one message, one note of it. Kill it anywhere, and nothing is lost.

A reminder is claimed for some minutes before it is sent. A worker that dies in between leaves the claim,
which runs out, and the message goes again under the same key: a message twice is better than none. Words are
neutral: no name, no matter, no team. Only contacts marked as safe are used, read now and kept nowhere.
"""

import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from philoxenia.reference import default_parameters
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.casework.appointments.reminding import agrees, by_day, token_for, wishes_of
from philoxenia_web.casework.appointments.states import REMINDER
from philoxenia_web.casework.models.appointments import Appointment, Reminder
from philoxenia_web.casework.templatetags.appointments import long_day
from philoxenia_web.directory.city import city
from philoxenia_web.directory.sms.sending import NotTaken, adapter, parts_of
from philoxenia_web.registry.people.records import open_record
from philoxenia_web.registry.people.visits import visiting

_MOST_AT_ONCE = 200
_PARTS = 3
_PAUSES = timedelta(minutes=5)
_STALE = {"day", "hours", "booked"}


@dataclass(frozen=True)
class Message:
    """What goes out, and to whom. Lives as long as it is sent."""

    to: str
    language: str
    subject: str
    text: str


def send_due(now: datetime | None = None) -> int:
    """Send what is due; how many went out."""
    moment, sent = now or timezone.now(), 0
    for _round in range(_MOST_AT_ONCE):
        claimed = _claim(moment)
        if claimed is None:
            break
        sent += _handle(claimed, moment)
    return sent


def _claim(now: datetime) -> UUID | None:
    """Take the next one that is due and that nobody else is sending; committed before anything leaves."""
    lease = timedelta(minutes=default_parameters()["casework.reminder_lease_minutes"])
    with visiting(SYSTEM):
        due = Q(state=Reminder.State.WAITING) | Q(state=Reminder.State.SENDING, taken_at__lt=now - lease)
        rows = Reminder.objects.select_for_update(no_key=True, skip_locked=True).filter(due, due_at__lte=now)
        one = rows.order_by("due_at").first()
        if one is None:
            return None
        one.state = REMINDER.after(one.state, "take")
        one.taken_at, one.tries = now, one.tries + 1
        one.save(update_fields=["state", "taken_at", "tries"])
    return one.pk


def _handle(reminder_id: UUID, now: datetime) -> bool:
    """Send one that is claimed, and note what became of it. Whether it left."""
    with visiting(SYSTEM):
        one = Reminder.objects.select_related("appointment").get(pk=reminder_id)
        why = _not_any_more(one, now)
        message = None if why else _message(one)
    if why or message is None:
        _note(one, "leave_out", why or Reminder.Why.NO_CONTACT)
        return False
    try:
        _leave(one, message)
    except NotTaken as refused:
        _put_off(one, now, again=refused.again)
    except (OSError, smtplib.SMTPException) as refused:
        _put_off(one, now, again=not isinstance(refused, smtplib.SMTPRecipientsRefused))
    else:
        _note(one, "send")
        return True
    return False


def _not_any_more(one: Reminder, now: datetime) -> str:
    """Why it is not sent now after all."""
    about = one.appointment
    cancelled = about.state == Appointment.State.CANCELLED
    if one.moved != about.moved or cancelled != (one.kind == Reminder.Kind.CANCELLED):
        return Reminder.Why.OVER
    if about.state not in (Appointment.State.BOOKED, Appointment.State.CANCELLED):
        return Reminder.Why.OVER
    if about.starts_at <= now:
        return Reminder.Why.LATE
    if one.kind in _STALE and by_day(now) != now:
        return Reminder.Why.LATE if by_day(now) >= about.starts_at else ""
    if not about.remind:
        return Reminder.Why.NOT_WANTED
    if not agrees(about.resident_id, about.organisation_id):
        return Reminder.Why.NOT_AGREED
    if not wishes_of(about.resident_id)[one.channel == Reminder.Channel.SMS]:
        return Reminder.Why.NOT_WANTED
    if one.channel == Reminder.Channel.SMS and adapter() is None:
        return Reminder.Why.NO_GATEWAY
    return ""


def _message(one: Reminder) -> Message | None:
    """In the person's language, to the first contact of this kind marked as safe; None without one."""
    try:
        record = open_record(SYSTEM, one.appointment.resident_id, "appointment")
    except Http404:
        return None
    kinds = {"email"} if one.channel == Reminder.Channel.EMAIL else {"phone"}
    to = next((contact.value for contact in record.contacts if contact.safe and contact.kind in kinds), "")
    if not to.strip():
        return None
    known = dict(settings.LANGUAGES)
    spoken = [record.language, *(language.code for language in record.languages)]
    language = next((code for code in spoken if code in known), settings.LANGUAGE_CODE)
    with translation.override(language), timezone.override(city().zone):
        return Message(to.strip(), language, _("Your appointment"), _text(one, language))


def _text(one: Reminder, language: str) -> str:
    about = one.appointment
    told = {
        "kind": one.kind,
        "day": long_day(about.starts_at),
        "time": f"{timezone.localtime(about.starts_at):%H:%M}",
        "address": settings.ENVIRONMENT.url
        + reverse("appointment-no-messages", args=[token_for(about.resident_id, language)]),
        "by_mail": one.channel == Reminder.Channel.EMAIL,
    }
    return render_to_string("casework/appointments/message.txt", told).strip()


def _leave(one: Reminder, message: Message) -> None:
    if one.channel == Reminder.Channel.EMAIL:
        # The same reminder again carries the same id: a mailbox can tell.
        headers = {"Message-ID": f"<{one.pk}@{settings.ENVIRONMENT.url.split('//')[-1].split(':')[0]}>"}
        EmailMessage(message.subject, message.text, to=[message.to], headers=headers).send()
        return
    gateway = adapter()
    if gateway is None:
        raise NotTaken(_("Text messages are not set up here."), again=False)
    gateway.send(message.to, parts_of(message.text, _PARTS), one.pk)


def _put_off(one: Reminder, now: datetime, *, again: bool) -> None:
    """Try later with a growing pause, or give up."""
    if not again or one.tries >= default_parameters()["casework.reminder_tries"]:
        _note(one, "give_up", Reminder.Why.REFUSED)
        return
    with visiting(SYSTEM):
        rows = Reminder.objects.filter(pk=one.pk, state=Reminder.State.SENDING, tries=one.tries)
        rows.update(state=REMINDER.after(one.state, "put_back"), due_at=now + _PAUSES * 2**one.tries)


def _note(one: Reminder, verb: str, why: str = "") -> None:
    with visiting(SYSTEM), transaction.atomic():
        # Only the claim that sent it may say so: a slower twin changes nothing.
        rows = Reminder.objects.filter(pk=one.pk, state=Reminder.State.SENDING, tries=one.tries)
        state = REMINDER.after(one.state, verb)
        if rows.update(state=state, why=why, sent_at=timezone.now() if verb == "send" else None):
            after = {"channel": one.channel, "kind": one.kind, "state": state, "why": why}
            place = one.appointment.organisation_id
            audit.record(SYSTEM, "casework.remind", one, after=after, organisation_id=place)
