"""Taking cases along: which a person may, what a device gets of them, and that each was read."""

import datetime
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.reference import default_parameters
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.models import Person
from philoxenia_web.casework.city_time import today
from philoxenia_web.casework.models.appointments import Appointment
from philoxenia_web.casework.models.cases import Case, Note, Task
from philoxenia_web.casework.models.offline import OfflineDevice, TakenCase
from philoxenia_web.casework.offline import leaving, versions
from philoxenia_web.casework.offline.policies import check_desk, own_device
from philoxenia_web.casework.offline.syncing import Stopped
from philoxenia_web.casework.policies import desks_of
from philoxenia_web.casework.queries import Work, own_cases
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people import records, shapes
from philoxenia_web.registry.people.visits import visiting

NEWEST_NOTES = 5


def rule(name: str) -> float:
    """A parameter of offline work."""
    return default_parameters()[f"casework.offline_{name}"]


# --- choosing ---------------------------------------------------------------------------------------------


def for_today(actor: Actor) -> list[tuple[Case, bool, str]]:
    """The actor's live cases: (case, whether something is due today, why it cannot be taken along or '')."""
    mine = own_cases(actor).exclude(state=Case.State.CLOSED).filter(worker_id=actor.person_id)
    cases = list(mine.order_by("-opened_at")[:200])
    due = _due(actor, cases, today())
    told = [(one, one.pk in due, _("Restricted: not on devices") if one.restricted else "") for one in cases]
    return sorted(told, key=lambda one: not one[1])


def _due(actor: Actor, cases: list[Case], day: datetime.date) -> set[UUID]:
    ids = [one.pk for one in cases]
    tasks = Task.objects.filter(
        case__in=ids, state=Task.State.OPEN, due_on__lte=day, worker_id=actor.person_id
    )
    held = Appointment.objects.filter(
        case__in=ids, starts_at__date=day, worker_id=actor.person_id, state=Appointment.State.BOOKED
    )
    return {*tasks.values_list("case_id", flat=True), *held.values_list("case_id", flat=True)}


# --- taking -----------------------------------------------------------------------------------------------


def take(
    actor: Actor, kind: str, case_ids: Iterable[UUID], key: UUID
) -> tuple[OfflineDevice, list[dict[str, Any]]]:
    """A new device of the actor with copies of cases. The same `key` again gives the same device."""
    if kind not in OfflineDevice.Kind.values:
        raise NotPossible(_("Say what kind of device it is."))
    with visiting(actor):
        cases = _cases(actor, case_ids)
        device = _begin(actor, kind, cases[0].organisation_id, key)
        return device, _copies(actor, device, cases)


def take_again(
    actor: Actor, device_id: UUID, case_ids: Iterable[UUID]
) -> tuple[OfflineDevice, list[dict[str, Any]]]:
    """Fresh copies for a device that has sent everything, of those of its cases it may still hold.

    Raises `Stopped` for a device that may not send.
    """
    with visiting(actor):
        device = own_device(actor, device_id, lock=True)
        if device.state != OfflineDevice.State.IN_USE or device.keep_until < timezone.now():
            raise Stopped
        check_desk(actor)
        wanted = sorted(set(case_ids))[: int(rule("cases"))]
        mine = leaving.may_be_held().filter(pk__in=wanted, organisation__in=desks_of(actor))
        cases = list(mine.order_by("pk"))
        device.epoch = _epoch(actor)
        device.until, device.keep_until = _times()
        device.heard_at, device.version = timezone.now(), device.version + 1
        device.save()
        return device, _copies(actor, device, cases)


def _cases(actor: Actor, case_ids: Iterable[UUID]) -> list[Case]:
    wanted = sorted(set(case_ids))
    most = int(rule("cases"))
    if not 0 < len(wanted) <= most:
        raise NotPossible(_("Take along between 1 and %(most)s cases.") % {"most": most})
    check_desk(actor)
    found = list(own_cases(actor).filter(pk__in=wanted).select_related("resident").order_by("pk"))
    if len(found) != len(wanted):
        raise Http404
    if any(one.state == Case.State.CLOSED for one in found):
        raise NotPossible(_("One of these cases was closed meanwhile. Load the page again."))
    if any(one.restricted or one.resident.restricted for one in found):
        raise NotPossible(_("A restricted case stays at the desk. Leave it out."))
    return found


def _times() -> tuple[datetime.datetime, datetime.datetime]:
    until = timezone.now() + datetime.timedelta(hours=rule("hours"))
    return until, until + datetime.timedelta(days=rule("keep_days"))


def _begin(actor: Actor, kind: str, organisation_id: UUID, key: UUID) -> OfflineDevice:
    """The device of this key, made once however often its form is sent."""
    until, keep_until = _times()
    told = {"organisation_id": organisation_id, "kind": kind, "until": until, "keep_until": keep_until}
    told |= {"heard_at": timezone.now(), "epoch": _epoch(actor)}
    device, made = OfflineDevice.objects.get_or_create(key=key, person_id=actor.person_id, defaults=told)
    if device.state != OfflineDevice.State.IN_USE:
        raise NotPossible(_("This cannot be done in the state it is in now. Load the page again."))
    if made:
        after = {"kind": kind, "until": until.isoformat()}
        audit.record(actor, "casework.begin_device", device, after=after, organisation_id=organisation_id)
    return device


def _epoch(actor: Actor) -> int | None:
    return Person.objects.filter(pk=actor.person_id).values_list("epoch", flat=True).first()


# --- copies -----------------------------------------------------------------------------------------------


def _copies(actor: Actor, device: OfflineDevice, cases: list[Case]) -> list[dict[str, Any]]:
    for case in cases:
        TakenCase.objects.update_or_create(
            device=device,
            case=case,
            defaults={
                "resident_id": case.resident_id,
                "organisation_id": case.organisation_id,
                "taken_at": timezone.now(),
            },
        )
        audit.record(
            actor,
            "casework.take_along",
            case,
            after={"device": str(device.pk)},
            organisation_id=case.organisation_id,
        )
    return [_copy(actor, case) for case in cases]


def _copy(actor: Actor, case: Case) -> dict[str, Any]:
    record = records.open_record(actor, case.resident_id, "serving_now", place=case.organisation_id)
    if record.restricted:
        raise NotPossible(_("A restricted case stays at the desk. Leave it out."))
    work = Work(actor, case)
    return {
        "id": str(case.pk),
        "number": case.shown_number,
        "name": record.name,
        "language": record.language,
        "interpreter": record.interpreter.language if record.interpreter else "",
        "birth_year": record.birth_year,
        "household_size": record.household_size,
        "access_needs": list(record.access_needs),
        "things": [
            _thing(case, kind, one, values, more) for kind, one, values, more in _things(work, record)
        ],
        "notes": [_note(work, one) for one in work.notes[:NEWEST_NOTES]],
    }


def _things(work: Work, record: shapes.Record) -> list[tuple[str, UUID, dict[str, Any], dict[str, Any]]]:
    needs = [
        ("need", one.pk, {"severity": one.severity, "state": one.state}, {"need": one.need})
        for one in work.needs
        if one.resident_id == work.case.resident_id
    ]
    tasks = [
        ("task", one.pk, {"state": one.state}, _of_task(work, one))
        for one in work.tasks
        if one.state == "open"
    ]
    contacts = {"contacts": shapes.plain(record.contacts)}
    return [*needs, *tasks, ("contact", work.case.resident_id, contacts, {})]


def _of_task(work: Work, one: Task) -> dict[str, Any]:
    words = work.words.get(one.text_id, "") if one.text_id else ""
    return {"task": one.kind, "due_on": one.due_on.isoformat(), "words": words}


def _note(work: Work, one: Note) -> dict[str, str]:
    return {"kind": one.kind, "at": one.at.isoformat(), "words": work.words.get(one.text_id, "")}


def _thing(
    case: Case, kind: str, object_id: UUID, values: dict[str, Any], more: dict[str, Any]
) -> dict[str, Any]:
    """An object as the device keeps it: values with their versions, and what is only shown."""
    made = versions.as_thing(case.pk, kind, object_id, values)
    return {
        "kind": kind,
        "id": str(object_id),
        "values": values,
        "versions": dict(made.versions),
        "version": made.version,
        "disputed": [],
        "shown": more,
    }
