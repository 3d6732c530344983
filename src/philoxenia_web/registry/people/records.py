"""One record a person: written down, opened for a reason, changed field by field, never browsed."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.registry import refusals
from philoxenia_web.registry.models import Resident, ResidentVersion
from philoxenia_web.registry.people import (
    erasing,
    finding,
    grants,
    households,
    indexing,
    limits,
    reading,
    shapes,
    texts,
    values,
)
from philoxenia_web.registry.people.numbers import new_number, read_number, shown
from philoxenia_web.registry.people.permissions import FIND_PEOPLE, desks_of
from philoxenia_web.registry.people.sealed import Key, erased_ids, key_of, keys_there, new_key, number_token
from philoxenia_web.registry.people.visits import only_reading, visiting
from philoxenia_web.registry.people.writing import (
    BEFORE,
    DETAILS,
    Opened,
    birth_of,
    brief_of,
    brief_values,
    open_row,
    seal_into,
    tokens_of_brief,
)

# Of a thousand million numbers a million are taken: one in a thousand is drawn again.
_TRIES = 8


class Conflict(refusals.Conflict):
    """The same fields were changed meanwhile: {name: (base, theirs, mine)}, plain. Nothing was written."""

    def __init__(self, fields: dict[str, tuple[Any, Any, Any]], version: int) -> None:
        super().__init__(_("Somebody else changed the same meanwhile. Look at both, then decide."))
        self.fields, self.version = fields, version


# --- writing down -----------------------------------------------------------------------------------------


def create(actor: Actor, draft: shapes.Draft, mark: str, key: UUID) -> Resident:
    """A new record. `mark` proves that its duplicates were proposed; the same `key` again gives the same.

    Raises `Denied`, or `NotPossible` where a mark is missing or old or a value cannot be.
    """
    check_can(actor, FIND_PEOPLE)
    told = values.checked({name: getattr(draft, name) for name in shapes.FIELDS})
    with visiting(actor):
        if (made := Resident.objects.filter(key=key).first()) is not None:
            return made
        row = Resident(
            key=key,
            organisation_id=draft.organisation_id or _only_desk(actor),
            restricted=draft.restricted,
            synthetic=draft.synthetic,
            made_by=actor.person_id,
        )
        sealing, wrapped = new_key(row.pk)
        tokens = tokens_of_brief(brief_of(told, ""))
        finding.check_mark(actor, mark, tokens)
        made = _insert(row, sealing, told)
        if made is not row:
            return made
        wrapped.save(force_insert=True)
        indexing.write(row.pk, tokens)
        if draft.household_id:
            households.join(actor, row.pk, draft.household_id, draft.relation)
        after = {"restricted": draft.restricted, "synthetic": draft.synthetic}
        audit.record(actor, "registry.create_resident", row, after=after, organisation_id=row.organisation_id)
    return row


def _insert(row: Resident, sealing: Key, told: dict[str, Any]) -> Resident:
    """The row with a number nobody has; or the one that the same form, sent twice at once, made first."""
    for _try in range(_TRIES):
        number = new_number()
        seal_into(row, sealing, told, number)
        row.number_token = number_token(number)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
            return row
        except IntegrityError:
            if (made := Resident.objects.filter(key=row.key).first()) is not None:
                return made
    raise RuntimeError("No free number was found for a new record.")


def _only_desk(actor: Actor) -> UUID:
    desks = desks_of(actor)
    if len(desks) != 1:
        raise refusals.NotPossible(_("Say for which department this record is made."))
    return next(iter(desks))


# --- reading ----------------------------------------------------------------------------------------------


def briefs(
    actor: Actor, resident_ids: Iterable[UUID], reason: str, place: UUID | None = None
) -> dict[UUID, shapes.Brief]:
    """Lines of a list, for those this visit sees; all in one row of the trail."""
    with only_reading(actor, place):
        opened = open_rows(resident_ids)
        sizes = households.sizes(opened)
        desks = desks_of(actor)
        allowed = grants.fields_of_each(actor, [one.row for one in opened.values()], desks)
        found = {number: _line(one, sizes.get(number, 1), allowed[number]) for number, one in opened.items()}
        reading.note(actor, "registry.read_briefs", found, reason, ["name", "number", "language"])
    return found


def facts(actor: Actor, resident_ids: Iterable[UUID], reason: str) -> dict[UUID, shapes.Facts]:
    """What counts are made of: no names, so one row of the trail tells how many were counted."""
    with visiting(actor):
        opened = open_rows(resident_ids)
        found = {number: _facts(one) for number, one in opened.items()}
        after = {"residents": len(found)}
        audit.record(actor, "registry.read_facts", after=after, reason=reading.check_reason(reason))
    return found


def _facts(one: Opened) -> shapes.Facts:
    birth, told = birth_of(one.brief), one.brief
    year = birth.known_year if birth else None
    return shapes.Facts(told.get("l", ""), told.get("d", ""), year, told.get("s", ""), told.get("h") or 1)


def open_rows(resident_ids: Iterable[UUID]) -> dict[UUID, Opened]:
    """The rows of those this visit sees and who were not erased, open; two queries however many."""
    rows = Resident.objects.filter(pk__in=set(resident_ids), erased_at=None)
    found = {row.pk: row for row in rows}
    return {number: open_row(found[number], key) for number, key in keys_there(found).items()}


def open_record(
    actor: Actor, resident_id: UUID, reason: str, words: str = "", place: UUID | None = None
) -> shapes.Record:
    """The record, as far as the actor may see its fields; who opened it, for whom (`place`) and why is kept.

    `words` is the reason in the actor's own words, sealed. Raises `Http404` for whom the visit does not see.
    """
    with only_reading(actor, place):
        row = Resident.objects.filter(pk=resident_id, erased_at=None).first()
        allowed = grants.fields_of(actor, row, desks_of(actor)) if row else frozenset()
        if row is None or not allowed:
            raise Http404
        limits.check_openings(actor)
        if (key := keys_there([resident_id]).get(resident_id)) is None:
            raise Http404
        opened = open_row(row, key)
        text_id = _reason_words(actor, row, words)
        reading.note(actor, "registry.read_resident", [resident_id], reason, allowed, text_id)
        return _record(actor, opened, allowed)


def _reason_words(actor: Actor, row: Resident, words: str) -> UUID | None:
    if not words.strip():
        return None
    place = reading.place_of(actor, row.organisation_id) or row.organisation_id
    return texts.keep_text(actor, row.pk, "reading_reason", values.text(words, 1000), place)


def _record(actor: Actor, opened: Opened, allowed: frozenset[str]) -> shapes.Record:
    told = opened.details()
    named = {name: shapes.shaped(name, told.get(name)) for name in shapes.FIELDS if name in allowed}
    home = households.household_of(opened.row.pk) if "household" in allowed else None
    members = households.members_of(home) if home else ()
    line = brief_values(opened.row, opened.brief, len(members))
    if "interpreter" in named:
        line["interpreter"] = named.pop("interpreter") or shapes.Interpreter()
    named.pop("household_size", None)
    named.pop("district_id", None)
    line["number"] = shown(line["number"])
    return shapes.Record(
        **_reduced(line, allowed),
        **named,
        household_id=home,
        household=members,
        synthetic=opened.row.synthetic,
        version=opened.row.version,
        organisation_id=opened.row.organisation_id,
        merged_ids=tuple(opened.row.merged.values_list("pk", flat=True)),
        merged_into=opened.row.merged_into_id,
    )


_OF_LINE = {
    "number": ({"number"}, ""),
    "name": ({"names"}, ""),
    "language": ({"languages", "interpreter"}, ""),
    "interpreter": ({"interpreter"}, shapes.Interpreter()),
    "household_size": ({"household_size", "household"}, 0),
    "birth_year": ({"birth_year", "birth"}, None),
    "district_id": ({"district_id"}, ""),
}


def _reduced(line: dict[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    """What of a line the grants let through; the rest is empty."""
    return {
        name: value if name not in _OF_LINE or allowed & _OF_LINE[name][0] else _OF_LINE[name][1]
        for name, value in line.items()
    }


def _line(opened: Opened, size: int, allowed: frozenset[str]) -> shapes.Brief:
    """A line for a list; outsiders see of it what was granted."""
    line = brief_values(opened.row, opened.brief, size)
    line["number"] = shown(line["number"])
    return shapes.Brief(**_reduced(line, allowed))


def number_of(resident_id: UUID) -> str:
    """A resident's number as it is shown, within a visit; '' for whom it does not see."""
    found = open_rows([resident_id])
    return shown(found[resident_id].brief.get("#", "")) if found else ""


def by_number(actor: Actor, text: str) -> UUID | None:
    """Whose number this is, as far as the actor sees them. Counted as a search."""
    with visiting(actor):
        number = read_number(text)
        limits.check_searches(actor)
        finding.count(actor, "serving_now", 0)
        if not number:
            return None
        there = Resident.objects.filter(number_token=number_token(number), erased_at=None)
        row = there.exclude(pk__in=erased_ids()).first()
        return (row.merged_into_id or row.pk) if row else None


# --- changing ---------------------------------------------------------------------------------------------


def change(actor: Actor, resident_id: UUID, based_on: int, new: dict[str, Any], key: UUID) -> int:
    """Change some fields, as seen in version `based_on`; the new version. The same `key` again: the same.

    Fields that nobody else changed meanwhile are merged. Raises `Conflict` for those that differ,
    `NotPossible` for values that cannot be, `Http404` for whom the visit does not see.
    """
    wanted = values.checked(dict(new))
    with visiting(actor):
        row = Resident.objects.select_for_update(no_key=True).filter(pk=resident_id, erased_at=None).first()
        if row is None:
            raise Http404
        done = ResidentVersion.objects.filter(resident=row, key=key).first()
        if done is not None:
            return done.version
        sealing = key_of(row.pk)
        told = sealing.open_values(DETAILS, row.pk, row.details)
        _check_conflicts(row, sealing, told, wanted, based_on)
        changed = {name: value for name, value in wanted.items() if told.get(name) != value}
        if not changed:
            return row.version
        _write(actor, row, sealing, told, changed, key)
    return row.version


def _check_conflicts(
    row: Resident, sealing: Key, told: dict[str, Any], wanted: dict[str, Any], based_on: int
) -> None:
    if based_on > row.version or based_on < 1:
        raise refusals.NotPossible(_("This page is of another version of the record. Open the record again."))
    before: dict[str, Any] = {}
    for one in ResidentVersion.objects.filter(resident=row, version__gt=based_on).order_by("-version"):
        before |= sealing.open_values(BEFORE, f"{row.pk} {one.version}", one.before)
    fields = {
        name: (before[name], told.get(name), wanted[name])
        for name in sorted(before.keys() & wanted.keys())
        if wanted[name] != told.get(name) and before[name] != told.get(name)
    }
    if fields:
        raise Conflict(fields, row.version)


def _write(
    actor: Actor, row: Resident, sealing: Key, told: dict[str, Any], changed: dict[str, Any], key: UUID
) -> None:
    row.version += 1
    number = open_row(row, sealing).brief["#"]
    ResidentVersion.objects.create(
        resident=row,
        version=row.version,
        fields=sorted(changed),
        before=sealing.seal_values(
            BEFORE, f"{row.pk} {row.version}", {name: told.get(name) for name in changed}
        ),
        key=key,
        person_id=actor.person_id,
        organisation_id=reading.place_of(actor, row.organisation_id),
    )
    seal_into(row, sealing, told | changed, number)
    row.changed_at = Now()
    row.save(update_fields=["brief", "details", "version", "changed_at"])
    if changed.keys() & {"names", "birth", "contacts"}:
        indexing.reindex(row)
    after = {"fields": sorted(changed), "version": row.version}
    place = reading.place_of(actor, row.organisation_id)
    audit.record(actor, "registry.change_resident", row, after=after, organisation_id=place)


# --- what other modules do, under the name of the record ----------------------------------------------------

household_for = households.begin
join_household = households.join
leave_household = households.leave
RELATIONS = households.RELATIONS
erase = erasing.erase
