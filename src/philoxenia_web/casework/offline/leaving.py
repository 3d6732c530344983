"""Whether a device may keep what it holds: not when it was stopped, nor after its owner signed out."""

from typing import Any
from uuid import UUID

from django.contrib.auth.signals import user_logged_out
from django.utils import timezone

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.casework.models.offline import OfflineDevice
from philoxenia_web.casework.offline.states import DEVICE
from philoxenia_web.registry.people.visits import visiting

State = OfflineDevice.State


def register() -> None:
    """Called when the app starts."""
    user_logged_out.connect(_signed_out, dispatch_uid="casework.offline")


def _signed_out(user: Any = None, request: Any = None, **_told: Any) -> None:
    """Devices of who signs out are stopped; one that says it holds unsent work keeps that, sealed.

    A session whose time is up is no sign-out: that is how every day without a network ends.
    """
    if user is None or getattr(request, "time_is_up", False):
        return
    with visiting(SYSTEM):
        held = OfflineDevice.objects.select_for_update(no_key=True).filter(
            person_id=user.pk, state=State.IN_USE, unsent=0
        )
        for one in held:
            one.state, one.why = DEVICE.after(one.state, "revoke"), OfflineDevice.Why.SIGN_OUT
            one.ended_at, one.ended_by, one.version = timezone.now(), user.pk, one.version + 1
            one.save()
            after = {"why": one.why}
            audit.record(
                SYSTEM, "casework.revoke_device", one, after=after, organisation_id=one.organisation_id
            )


def may_keep(device_id: UUID) -> bool:
    """Whether a device may keep its copies: asked by its number, also with nobody signed in."""
    with visiting(SYSTEM):
        one = OfflineDevice.objects.filter(pk=device_id).first()
    return one is not None and one.state == State.IN_USE and one.keep_until > timezone.now()
