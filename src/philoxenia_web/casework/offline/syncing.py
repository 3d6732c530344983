"""Changes of a device, settled one by one: each in a transaction of its own, so that a break loses none."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.models.offline import OfflineDevice
from philoxenia_web.casework.offline import leaving, wire
from philoxenia_web.casework.offline.ledger import Ledger
from philoxenia_web.casework.offline.policies import own_device
from philoxenia_web.casework.offline.protocol import Change, Outcome, Result, settle
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people.visits import visiting

_log = logging.getLogger(__name__)


class Stopped(Exception):  # noqa: N818 (an answer, not a fault)
    """This device was stopped or emptied: it takes nothing any more and removes what it holds."""


def sync(actor: Actor, device_id: UUID, told: Iterable[Any], unsent: int) -> list[dict[str, Any]]:
    """What became of each change, in the order in which they were made.

    Raises `Stopped` where the device may not send any more and `Http404` for a device of somebody else. What
    was settled before a fault stays settled; sent again, it gets the same answer.
    """
    changes, answers = _read(told)
    _hear_from(actor, device_id, unsent)
    for change in sorted(changes, key=lambda one: one.number):
        answers.append(_safely(actor, device_id, change))
    return answers


def _read(told: Iterable[Any]) -> tuple[list[Change], list[dict[str, Any]]]:
    changes, answers = [], []
    for one in told:
        try:
            changes.append(wire.read_change(one))
        except wire.Unreadable as fault:
            answers.append(wire.refused(fault.key))
    return changes, answers


def _hear_from(actor: Actor, device_id: UUID, unsent: int) -> None:
    with visiting(actor):
        device = _usable(actor, device_id)
        device.heard_at, device.unsent = timezone.now(), unsent
        device.save(update_fields=["heard_at", "unsent"])


def _usable(actor: Actor, device_id: UUID) -> OfflineDevice:
    """The device, held: whatever it sends twice at once is settled one after the other."""
    device = own_device(actor, device_id, lock=True)
    if not leaving.still_sends(device):
        raise Stopped
    return device


def _safely(actor: Actor, device_id: UUID, change: Change) -> dict[str, Any]:
    """What fails now (an hour's limit, two at once, a fault of ours) waits; what is behind it does not."""
    try:
        return _one(actor, device_id, change)
    except (Stopped, Http404, PermissionDenied):
        raise
    except NotPossible:
        return wire.answer(Result(change.key, Outcome.LATER))
    except Exception:
        _log.exception("A change of a device could not be settled; the device sends it again.")
        return wire.answer(Result(change.key, Outcome.LATER))


def _one(actor: Actor, device_id: UUID, change: Change) -> dict[str, Any]:
    with visiting(actor):
        device = _usable(actor, device_id)
        change = replace(change, made_at=_when(device, change.made_at))
        result = settle(Ledger(actor, device, change), change)
        if not result.repeat:
            _note(actor, device, change, result.outcome.value)
    return wire.answer(result)


def _when(device: OfflineDevice, told: str) -> str:
    """When it was written: after the taking along and no later than now, whatever the device's clock says."""
    moment = datetime.fromisoformat(told)
    return max(device.made_at, min(moment, timezone.now())).isoformat()


def _note(actor: Actor, device: OfflineDevice, change: Change, outcome: str) -> None:
    after = {"kind": change.kind, "field": change.field, "outcome": outcome, "key": str(change.key)}
    audit.record(actor, "casework.settle_change", device, after=after, organisation_id=device.organisation_id)
