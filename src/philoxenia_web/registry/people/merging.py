"""Two records of one person become one, and two again where that was a mistake. Nothing is copied or lost.

The record that is kept answers for both: it is found by the names of either, and its page names the other.
The other stays as it was, with its cases, texts and readings.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia.linkage.dates import read_birth
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.accounts.models import AuditEntry
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import comparing, indexing, records
from philoxenia_web.registry.people.permissions import desks_of
from philoxenia_web.registry.people.sealed import key_of
from philoxenia_web.registry.people.shapes import Brief, Unspoken
from philoxenia_web.registry.people.visits import only_reading, visiting
from philoxenia_web.registry.people.writing import birth_of, open_row, pieces_of_brief
from philoxenia_web.registry.refusals import Conflict, NotPossible

# The version of each record somebody looked at before they decided.
Versions = Mapping[UUID, int]
Hook = Callable[[Actor, UUID, bool], None]
_HOOKS: list[Hook] = []
_JOIN = "registry.merge_residents"


def on_merged(hook: Hook) -> None:
    """Called in an app's `ready`: `hook(actor, resident_id, joined)` for each record joined or parted.

    The actor may see less after it, so a hook visits as SYSTEM.
    """
    if hook not in _HOOKS:
        _HOOKS.append(hook)


@dataclass(frozen=True, repr=False)
class Side(Unspoken):
    """One of two records beside each other: who it says, which version, and who holds it."""

    brief: Brief
    version: int
    organisation_id: UUID


@dataclass(frozen=True, repr=False)
class Pair(Unspoken):
    """Two records and what agrees in them, as codes of `finding.WHY`; `joined` where they are one already."""

    kept: Side
    other: Side
    why: list[str]
    joined: bool


def look(actor: Actor, kept_id: UUID, other_id: UUID) -> Pair:
    """Both records beside each other; both people are told.

    Raises `Http404` for whom the visit does not see, `NotPossible` where they cannot be one.
    """
    with visiting(actor):
        rows = {row.pk: row for row in Resident.objects.filter(pk__in=[kept_id, other_id], erased_at=None)}
        if len(rows) < 2:
            raise Http404
        joined = rows[other_id].merged_into_id == kept_id
        if not joined:
            _check_pair(rows[kept_id], rows[other_id])
        briefs = records.briefs(actor, rows, "quality")
        sides = [
            Side(briefs[one], rows[one].version, rows[one].organisation_id) for one in (kept_id, other_id)
        ]
        return Pair(*sides, _what_agrees(rows[kept_id], rows[other_id]), joined)


def _what_agrees(kept: Resident, other: Resident) -> list[str]:
    """The one is asked for as the other is written."""
    held, brief = (open_row(row, key_of(row.pk)).brief for row in (kept, other))
    birth = birth_of(brief)
    born = read_birth(birth.date or str(birth.known_year or "")) if birth else None
    return comparing.compared(pieces_of_brief(brief), born, held)[1]


def merge(actor: Actor, kept_id: UUID, merged_id: UUID, looked_at: Versions | None = None) -> None:
    """Let one record answer for two of the same person. Twice is once.

    The caller has asked who may. Raises `Http404` for whom the visit does not see, `NotPossible` where one of
    them is merged already or only one of them is restricted, `Conflict` where one is not as it was looked at.
    """
    with visiting(actor):
        kept, merged = _two(kept_id, merged_id)
        if merged.merged_into_id == kept.pk:
            return
        _check_versions(looked_at, kept, merged)
        _check_pair(kept, merged)
        merged.merged_into = kept
        merged.save(update_fields=["merged_into"])
        indexing.reindex(kept)
        _trail(actor, _JOIN, kept, merged)
        if not _all_held_by(desks_of(actor), (kept, merged)):
            # What opened one would open what others hold of the other.
            _follow(actor, kept, merged, joined=True)


def unmerge(actor: Actor, merged_id: UUID, looked_at: Versions | None = None) -> None:
    """Make two records of one again. Twice is once. The caller has asked who may."""
    with visiting(actor):
        merged = Resident.objects.select_for_update(no_key=True).filter(pk=merged_id, erased_at=None).first()
        if merged is None:
            raise Http404
        kept, merged.merged_into = merged.merged_into, None
        if kept is None:
            return
        _check_versions(looked_at, kept, merged)
        merged.save(update_fields=["merged_into"])
        indexing.reindex(kept)
        indexing.reindex(merged)
        _trail(actor, "registry.unmerge_residents", kept, merged)
        _follow(actor, kept, merged, joined=False)


def _follow(actor: Actor, *rows: Resident, joined: bool) -> None:
    for row in rows:
        for hook in _HOOKS:
            hook(actor, row.pk, joined)


def joined_alone(actor: Actor, resident_ids: Collection[UUID], places: Collection[UUID]) -> bool:
    """Whether the actor joined any of these records, where not all are held by `places`, the actor's own.

    Nobody gets a right over what others hold by joining it: a colleague, or its holder, has it.
    """
    with only_reading(SYSTEM):
        if _all_held_by(places, Resident.objects.filter(pk__in=resident_ids)):
            return False
    ids = [str(one) for one in resident_ids]
    made = AuditEntry.objects.filter(
        object_type=Resident._meta.label_lower, object_id__in=ids, action=_JOIN, after__merged__in=ids
    )
    return actor.person_id is not None and made.filter(person_id=actor.person_id).exists()


def _all_held_by(places: Collection[UUID], rows: Iterable[Resident]) -> bool:
    return all(row.organisation_id in places for row in rows)


def _check_pair(kept: Resident, merged: Resident) -> None:
    if kept.pk == merged.pk or kept.merged_into_id or merged.merged_into_id or merged.merged.exists():
        raise NotPossible(_("One of these records was merged already. Undo that first."))
    if (kept.restricted, kept.restricted and kept.organisation_id) != (
        merged.restricted,
        merged.restricted and merged.organisation_id,
    ):
        raise NotPossible(_("Only one of these records is restricted: merging would show what it hides."))


def _check_versions(looked_at: Versions | None, *rows: Resident) -> None:
    if looked_at is not None and any(looked_at.get(row.pk) != row.version for row in rows):
        raise Conflict(_("One of these records was changed meanwhile. Look at both again."))


def _trail(actor: Actor, action: str, kept: Resident, merged: Resident) -> None:
    """In the trail of each organisation that holds one of them."""
    after = {"kept": str(kept.pk), "merged": str(merged.pk)}
    for place, row in {merged.organisation_id: merged, kept.organisation_id: kept}.items():
        audit.record(actor, action, row, after=after, organisation_id=place)


def same_person(resident_id: UUID) -> list[UUID]:
    """Every record of this person that the visit sees, the one that is kept first."""
    one = Resident.objects.filter(pk=resident_id).first()
    if one is None:
        return []
    kept = one.merged_into_id or one.pk
    return [
        kept,
        *Resident.objects.filter(merged_into_id=kept).order_by("made_at").values_list("pk", flat=True),
    ]


def kept_of(resident_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The record that is kept for each of these people, by every record of theirs. Two queries."""
    with only_reading(SYSTEM):
        named = Resident.objects.filter(pk__in=set(resident_ids)).values_list("pk", "merged_into_id")
        kept = {one: into or one for one, into in named}
        joined = Resident.objects.filter(merged_into_id__in=set(kept.values()))
        kept |= dict(joined.values_list("pk", "merged_into_id"))
    return kept | {one: one for one in kept.values()}


def _two(kept_id: UUID, merged_id: UUID) -> tuple[Resident, Resident]:
    rows = Resident.objects.select_for_update(no_key=True).filter(pk__in=[kept_id, merged_id], erased_at=None)
    found = {row.pk: row for row in rows.order_by("pk")}
    if kept_id not in found or merged_id not in found:
        raise Http404
    return found[kept_id], found[merged_id]
