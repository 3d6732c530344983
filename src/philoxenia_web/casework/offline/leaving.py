"""What a device may keep: nothing once it was stopped, no copies once its owner left, only cases it may hold.

What was not sent stays sealed on it, and is taken from its owner, unless the device itself was stopped.
"""

from typing import Any
from uuid import UUID

from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, actor_for
from philoxenia_web.accounts.adapters import leave_by
from philoxenia_web.accounts.models import Person
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.casework.models.offline import OfflineDevice, TakenCase
from philoxenia_web.casework.offline.states import DEVICE
from philoxenia_web.casework.policies import desks_of
from philoxenia_web.registry.people.visits import visiting

State, Why = OfflineDevice.State, OfflineDevice.Why
# Set by vault.js: names the device that lies in this browser, also to sessions that begin later.
_COOKIE = "desk-device"


def register() -> None:
    """Called when the app starts."""
    user_logged_out.connect(_signed_out, dispatch_uid="casework.offline")
    leave_by(_emptied_at)


# --- this browser -----------------------------------------------------------------------------------------


def _device_here(request: Any) -> UUID | None:
    try:
        return UUID(request.COOKIES.get(_COOKIE, ""))
    except (AttributeError, ValueError):
        return None


def _device_of(user: Any, request: Any) -> Any:
    """The device that lies in this browser, where it is this person's and in use; within a visit."""
    return OfflineDevice.objects.filter(pk=_device_here(request), person_id=user.pk, state=State.IN_USE)


def _emptied_at(request: HttpRequest) -> str:
    """Who signs out where a device lies is led to its page, which removes what may not stay."""
    if _device_here(request) is None:
        return ""
    with visiting(SYSTEM):
        return reverse("offline-work") if _device_of(request.user, request).exists() else ""


def _signed_out(user: Any = None, request: Any = None, **_told: Any) -> None:
    """The device in the browser where its owner signs out gives its copies up. Others are out in the field.

    A session whose time is up is no sign-out: that is how every day without a network ends.
    """
    if user is None or _device_here(request) is None or getattr(request, "time_is_up", False):
        return
    with visiting(SYSTEM):
        one = _device_of(user, request).select_for_update(no_key=True).first()
        if one is None:
            return
        one.state, one.why = DEVICE.after(one.state, "revoke"), Why.SIGN_OUT
        one.ended_at, one.ended_by, one.version = timezone.now(), user.pk, one.version + 1
        one.save()
        after = {"why": one.why}
        audit.record(SYSTEM, "casework.revoke_device", one, after=after, organisation_id=one.organisation_id)


# --- any device -------------------------------------------------------------------------------------------


def still_sends(device: OfflineDevice) -> bool:
    """Whether what it did not send yet is still taken: signing out ends its copies, not its owner's work."""
    open_ = device.state == State.IN_USE or (device.state == State.REVOKED and device.why == Why.SIGN_OUT)
    return open_ and device.keep_until > timezone.now()


def standing(device_id: UUID) -> dict[str, Any]:
    """What a device may keep: asked by its number, also with nobody signed in.

    `keep` says whether copies may stay at all and `hold` which; `unsent` whether what was not sent may. A
    device nobody knows (it was made after the backup that was restored) loses its copies and no work.
    """
    with visiting(SYSTEM):
        one = OfflineDevice.objects.filter(pk=device_id).first()
        desks = _desks_of_owner(one) if one is not None and one.state == State.IN_USE else []
        keep = one is not None and bool(desks) and one.keep_until > timezone.now()
        taken = TakenCase.objects.filter(device=device_id).values("case")
        hold = may_be_held().filter(pk__in=taken, organisation__in=desks).values_list("pk", flat=True)
        return {
            "keep": keep,
            "unsent": one is None or still_sends(one),
            "hold": [str(case_id) for case_id in hold] if keep else [],
            "now": timezone.now().isoformat(),
        }


def _desks_of_owner(device: OfflineDevice) -> list[UUID]:
    """Where the owner works now; nowhere once the account was closed or its sessions were ended."""
    owner = Person.objects.filter(pk=device.person_id, is_active=True).first()
    if owner is None or device.epoch not in (None, owner.epoch):
        return []
    return desks_of(actor_for(owner))


def may_be_held() -> Any:
    """Cases of which a device may hold a copy: live ones of nobody who is protected or gone."""
    open_ = Case.objects.exclude(state=Case.State.CLOSED).filter(restricted=False)
    return open_.filter(resident__restricted=False, resident__erased_at=None)
