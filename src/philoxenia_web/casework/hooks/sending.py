"""Sending messages that are due. A job runs this; killed at any moment, each message still arrives.

A message is taken up by noting its next attempt first and sending it after: whoever dies in between leaves it
due again. It may arrive twice, never not at all; its id says that it is the same.
"""

import http.client
import json
import ssl
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from uuid import UUID

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from philoxenia.reference import default_parameters, reference_table
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.casework.hooks import signing
from philoxenia_web.casework.hooks.states import DELIVERY, HOOK
from philoxenia_web.casework.models.hooks import TRIAL, Delivery, Hook
from philoxenia_web.outside.asking import Send, send
from philoxenia_web.outside.guard import Refused, Resolve, resolve, target
from philoxenia_web.registry.people.visits import visiting

TASK, QUEUE = "casework.send_hooks", "casework"
AGENT = "Philoxenia webhooks"
_AT_ONCE = 8
_GONE = 410
Fault = Delivery.Fault


@dataclass(frozen=True)
class Answered:
    """What became of one attempt."""

    status: int | None = None
    fault: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the other side took it."""
        return not self.fault


def send_due(sent: Send = send, resolved: Resolve = resolve) -> int:
    """Send what is due, a bounded number at a time; how many were tried."""
    due = _take_up()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        # Settled as they come: what arrived is noted though a later one hangs.
        answers = pool.map(partial(_attempt, sent=sent, resolved=resolved), due)
        for one, answered in zip(due, answers, strict=True):
            _settle(one.pk, answered)
    return len(due)


def _take_up() -> list[Delivery]:
    """So many of each organisation, and one alone of an address that failed last: nobody waits for others."""
    now, known = timezone.now(), default_parameters()
    with visiting(SYSTEM):
        chosen = _ranked(now).filter(place__lte=known["casework.hook_share"])
        chosen = chosen.filter(Q(hook__failing_since=None) | Q(turn=1))
        rows = Delivery.objects.filter(pk__in=chosen.values("pk")).select_related("hook")
        rows = rows.order_by(F("hook__failing_since").desc(nulls_first=True), "next_at", "pk")
        most = int(known["casework.hook_batch"])
        taken = list(rows.select_for_update(no_key=True, of=("self",), skip_locked=True)[:most])
        for one in taken:
            one.attempts += 1
            one.next_at = now + timedelta(seconds=_pause_after(one.attempts))
        Delivery.objects.bulk_update(taken, ["attempts", "next_at"])
    return taken


def _ranked(now: datetime) -> QuerySet[Delivery]:
    """What is due, with its `turn` at its address and its `place` among those of its organisation."""
    due = Delivery.objects.filter(
        state=Delivery.State.WAITING, next_at__lte=now, hook__organisation__active=True
    )
    # A trial goes out whether or not the hook is stopped: that is what it is for.
    sendable = due.filter(Q(hook__state=Hook.State.ACTIVE) | Q(kind=TRIAL)).exclude(
        hook__state=Hook.State.ENDED
    )
    healthy = ExpressionWrapper(Q(hook__failing_since=None), BooleanField())
    oldest_first = [F("next_at").asc(), F("pk").asc()]
    return sendable.annotate(
        turn=Window(RowNumber(), partition_by=[F("hook_id")], order_by=oldest_first),
        place=Window(RowNumber(), partition_by=[F("hook__organisation_id"), healthy], order_by=oldest_first),
    )


@cache
def _pauses() -> Sequence[int]:
    return [int(one) for one in reference_table("casework/hook_retries")["seconds"]]


def _pause_after(attempts: int) -> int:
    return _pauses()[min(attempts, len(_pauses())) - 1]


def body_of(one: Delivery) -> bytes:
    """The message: what happened to what, when; nothing about anybody. The same bytes at each attempt."""
    data = {"id": str(one.object_id), "state": one.object_state, "version": one.object_version}
    return json.dumps(
        {"type": one.event, "timestamp": one.at.isoformat(), "data": data}, separators=(",", ":")
    ).encode()


def secrets_of(hook: Hook) -> list[bytes]:
    """The secrets that sign now, the newest first."""
    overlap = timedelta(hours=default_parameters()["casework.hook_overlap_hours"])
    both = hook.generation > 1 and timezone.now() < hook.generation_since + overlap
    return [signing.secret_of(hook.pk, hook.generation - back) for back in range(1 + both)]


def _attempt(one: Delivery, sent: Send, resolved: Resolve) -> Answered:
    """Never raises for what others answer."""
    body = body_of(one)
    headers = signing.signed(secrets_of(one.hook), signing.message_id(one.pk), int(time.time()), body)
    headers = {**headers, "Content-Type": "application/json", "User-Agent": AGENT}
    try:
        seconds = default_parameters()["casework.hook_seconds"]
        reply = sent(target(one.hook.address, resolved), seconds, body, headers)
    except Refused:
        return Answered(fault=Fault.ADDRESS)
    except ssl.SSLError:
        return Answered(fault=Fault.CERTIFICATE)
    except (OSError, http.client.HTTPException, ValueError):
        return Answered(fault=Fault.SILENT)
    if 200 <= reply.status < 300:
        return Answered(reply.status)
    return Answered(reply.status, Fault.REDIRECT if 300 <= reply.status < 400 else Fault.STATUS)


def _settle(delivery_id: UUID, answered: Answered) -> None:
    now = timezone.now()
    with visiting(SYSTEM):
        one = Delivery.objects.select_for_update(no_key=True).get(pk=delivery_id)
        hook = Hook.objects.select_for_update(no_key=True).get(pk=one.hook_id)
        if one.state != Delivery.State.WAITING:
            return
        one.status, one.fault = answered.status, answered.fault
        if answered.arrived:
            one.state, one.ended_at = DELIVERY.after(one.state, "arrive"), now
        elif one.kind == TRIAL or one.attempts > len(_pauses()):
            one.state, one.ended_at = DELIVERY.after(one.state, "give_up"), now
        one.save()
        if one.kind == TRIAL and answered.arrived and hook.state == Hook.State.NEW:
            hook.state, hook.version = HOOK.after(hook.state, "prove"), hook.version + 1
        _judge(hook, answered)


def _judge(hook: Hook, answered: Answered) -> None:
    """A hook that says it is gone, or has been silent for days, is stopped; its messages wait."""
    now = timezone.now()
    if answered.arrived:
        hook.failing_since = None
    elif hook.failing_since is None:
        hook.failing_since = now
    silent = timedelta(days=default_parameters()["casework.hook_silent_days"])
    lost = hook.failing_since is not None and now - hook.failing_since > silent
    if hook.state == Hook.State.ACTIVE and (lost or answered.status == _GONE):
        hook.state, hook.version = HOOK.after(hook.state, "fall_silent"), hook.version + 1
    hook.save()


def forget_old() -> int:
    """Delete what was sent long ago, and what waited so long for an address that is stopped; how many."""
    days = timedelta(days=default_parameters()["casework.hook_log_days"])
    before = timezone.now() - days
    waited = Q(state=Delivery.State.WAITING, at__lt=before) & ~Q(hook__state=Hook.State.ACTIVE)
    with visiting(SYSTEM), transaction.atomic():
        return Delivery.objects.filter(Q(ended_at__lt=before) | waited).delete()[0]
