"""Who speaks for a person: written down and ended at the desk, and offered where an agreement is asked.

They stand in the record (`guardians`), sealed. A parent or guardian speaks until the person is of age; a
representative until a day, so that what nobody ends ends too.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.registry.models import ConsentEvent
from philoxenia_web.registry.people import households, records
from philoxenia_web.registry.people.shapes import Guardian, Unspoken, plain, shaped
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import own
from philoxenia_web.registry.rights.consents import comes_of_age, is_minor, months_on
from philoxenia_web.registry.rights.policies import SERVE
from philoxenia_web.registry.rights.purposes import number

# How a form names one of them among the answers to "Who says it?".
_MARK = "speaker-"


@dataclass(frozen=True, repr=False)
class Speaker(Unspoken):
    """Somebody who speaks for the person, at a place of the list; `until` is their last day, if known."""

    place: int
    name: str
    kind: str
    resident_id: UUID | None
    until: date | None
    speaks: bool

    @property
    def by(self) -> str:
        """As events of consents call it."""
        of_kind = (
            ConsentEvent.By.REPRESENTATIVE if self.kind == "representative" else ConsentEvent.By.GUARDIAN
        )
        return str(of_kind)

    @property
    def choice(self) -> str:
        """The answer that names them."""
        return f"{_MARK}{self.place}"


def speakers_of(actor: Actor, resident_id: UUID) -> list[Speaker]:
    """Everybody who is written down, in the order of the record; `speaks` says who counts today."""
    told = _written_down(resident_id)
    of_age = comes_of_age(own.birth(resident_id))
    ids = [UUID(one.resident_id) for one in told if one.resident_id]
    names = records.briefs(actor, ids, "serving_now") if ids else {}
    return [
        Speaker(
            place,
            _name(one, names),
            one.kind,
            UUID(one.resident_id) if one.resident_id else None,
            last := _last_day(one, of_age),
            last is None or timezone.localdate() <= last,
        )
        for place, one in enumerate(told)
    ]


def _written_down(resident_id: UUID) -> tuple[Guardian, ...]:
    found: tuple[Guardian, ...] = shaped("guardians", own.opened(resident_id).details().get("guardians"))
    return found


def _last_day(one: Guardian, of_age: date | None) -> date | None:
    if one.kind != "representative":
        return of_age - timedelta(days=1) if of_age else None
    return date.fromisoformat(one.until) if one.until else None


def _name(one: Guardian, names: dict[UUID, records.shapes.Brief]) -> str:
    known = names.get(UUID(one.resident_id)) if one.resident_id else None
    return known.name if known else one.name or _("Somebody with a record of their own")


def choices_of(actor: Actor, resident_id: UUID) -> list[Speaker]:
    """Those who may speak for the person today."""
    return [one for one in speakers_of(actor, resident_id) if one.speaks]


def candidates(actor: Actor, resident_id: UUID) -> list[tuple[str, str]]:
    """People of the household who may be of age, to choose from: id and name."""
    grown = timezone.localdate().year - number("age_of_majority")
    return [
        (str(one.resident_id), one.name)
        for one in households.members(actor, resident_id)
        if one.resident_id != resident_id and (one.birth_year is None or one.birth_year <= grown)
    ]


def add(actor: Actor, resident_id: UUID, speaker: Guardian, based_on: int, key: UUID) -> int:
    """Write down who speaks for somebody; the record's new version. The same key again: the same.

    Raises `NotPossible` without a name or somebody of the household, or for a parent of somebody of age.
    """
    check_can(actor, SERVE)
    if bool(speaker.name.strip()) == bool(speaker.resident_id):
        raise NotPossible(_("Choose somebody of the household, or write one name."))
    if speaker.resident_id and speaker.resident_id not in dict(candidates(actor, resident_id)):
        raise NotPossible(_("Choose somebody of the household who is of age."))
    born = own.birth(resident_id)
    if speaker.kind != "representative" and born is not None and not is_minor(born, timezone.localdate()):
        raise NotPossible(_("This person is of age: they agree themselves, or a representative does."))
    if speaker.kind == "representative":
        last = months_on(timezone.localdate(), number("speaker_months"))
        speaker = replace(speaker, until=last.isoformat())
    new = [*plain(_written_down(resident_id)), plain(speaker)]
    return records.change(actor, resident_id, based_on, {"guardians": new}, key)


def end(actor: Actor, resident_id: UUID, place: int, based_on: int, key: UUID) -> int:
    """Somebody no longer speaks for the person; the record's new version."""
    check_can(actor, SERVE)
    told = list(plain(_written_down(resident_id)))
    if own.opened(resident_id).row.version != based_on or not 0 <= place < len(told):
        raise NotPossible(_("Somebody else changed this meanwhile. Look at it as it is now."))
    del told[place]
    return records.change(actor, resident_id, based_on, {"guardians": told}, key)
