"""Who prints a slip, and that the person learns of it: a slip opens all that the city keeps of somebody.

Whoever prints a slip might type a number of their own. So the department prints that holds the record, or one
where somebody else began to work with the person; once a day, then a supervisor; and every slip stands on the
person's own page and among who read of them.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM, Actor, can, check_can
from philoxenia_web.registry.models import Resident, Slip
from philoxenia_web.registry.people import reading
from philoxenia_web.registry.people.merging import joined_alone, same_person
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import parts
from philoxenia_web.registry.rights.policies import DECIDE, SERVE, places
from philoxenia_web.registry.rights.purposes import number
from philoxenia_web.registry.rights.slips import LIVE, check_pin, end_one, trail, write_code


def print_slip(actor: Actor, resident_id: UUID, pin: str, language: str, key: UUID) -> tuple[Slip, str]:
    """A new slip and its code, shown once; earlier slips end. The same key again: a new code for it.

    Raises `NotPossible` where another department prints it or one was printed today, `Http404` for whom the
    visit does not see.
    """
    check_can(actor, SERVE)
    check_pin(pin)
    _hold_still(resident_id)
    place = place_to_print(actor, resident_id)
    if place is None:
        raise NotPossible(_not_here())
    with visiting(SYSTEM):
        ids = same_person(resident_id)
        row = Resident.objects.get(pk=ids[0])
        slip = Slip.objects.select_for_update(no_key=True).filter(key=key).first()
        _check_again(slip, ids, actor)
        if slip is None:
            _check_today(actor, ids, place)
            slip = Slip(resident=row, organisation_id=place, made_by=actor.person_id, key=key)
            for earlier in Slip.objects.select_for_update(no_key=True).filter(
                resident__in=ids, state__in=LIVE
            ):
                end_one(actor, earlier, Slip.Because.NEWER)
        code = write_code(slip, pin)
        slip.language, slip.tries_left = language, number("slip_tries")
        slip.expires_at = timezone.now() + timedelta(days=number("slip_valid_days"))
        slip.save()
        trail(actor, "registry.print_slip", slip)
    reading.note(actor, "registry.slip_for", [row.pk], "slip_printed", ["own_page"], place=place)
    return slip, code


def _hold_still(resident_id: UUID) -> None:
    """Of two forms at once the second finds the slip of the first; who protects or parts them waits."""
    with visiting(SYSTEM):
        held = Resident.objects.select_for_update(no_key=True).filter(pk__in=same_person(resident_id))
        list(held.order_by("pk").values_list("pk"))


def place_to_print(actor: Actor, resident_id: UUID) -> UUID | None:
    """For which of the actor's departments they may print this person's slip; None where for none."""
    if not Resident.objects.filter(pk=resident_id, erased_at=None).exists():
        raise Http404
    mine = places(actor, SERVE)
    with visiting(SYSTEM):
        ids = same_person(resident_id)
        rows = Resident.objects.filter(pk__in=ids).values_list("organisation_id", "restricted")
        hold = {place for place, _restricted in rows}
        # A case is begun in a minute: one's own gives no right to this. Protected, only the holder prints.
        work = {one.organisation_id for one in parts.teams(ids) if one.live and _by_another(one, actor)}
        if any(restricted for _place, restricted in rows):
            work = set()
    found = [one for one in mine if one in hold] or [one for one in mine if one in work]
    return found[0] if found and not joined_alone(actor, ids, mine) else None


def may_end(actor: Actor, resident_id: UUID) -> bool:
    """Whether the actor may end a slip of this person: of a protected one the holder alone."""
    row = Resident.objects.filter(pk=resident_id, erased_at=None).first()
    return row is not None and (not row.restricted or row.organisation_id in places(actor, SERVE))


def check_place(actor: Actor, resident_id: UUID) -> str:
    """Why the actor may not print this person's slip, '' where they may."""
    return "" if place_to_print(actor, resident_id) else _not_here()


def _not_here() -> str:
    return _(
        "A slip is printed by the department that keeps the record, or by one where a colleague of yours "
        "works with the person already: it opens what all departments keep."
    )


def _by_another(team: parts.Team, actor: Actor) -> bool:
    return team.begun_by is not None and team.begun_by != actor.person_id


def _check_again(slip: Slip | None, ids: Sequence[UUID], actor: Actor) -> None:
    if slip is None:
        return
    if slip.resident_id not in ids or slip.made_by != actor.person_id:
        raise NotPossible(_("This page is old. Open it again, then send the form."))
    if slip.state != Slip.State.PRINTED:
        raise NotPossible(_("This slip was opened already. Print another one."))


def _check_today(actor: Actor, ids: Sequence[UUID], place: UUID) -> None:
    """A lost slip is printed again by a supervisor: two people know of it."""
    today = timezone.now() - timedelta(days=1)
    made = Slip.objects.filter(resident__in=ids, made_at__gt=today).count()
    if made >= number("slips_a_day") and not can(actor, DECIDE, place):
        raise NotPossible(
            _("A slip was printed for this person within a day. A supervisor of your desk prints another.")
        )
