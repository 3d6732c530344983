"""Two records of one person become one, and two again where that was a mistake. Nothing is copied or lost.

The record that is kept answers for both: it is found by the names of either, and its page names the other.
The other stays as it was, with its cases, texts and readings.
"""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import indexing
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible


def merge(actor: Actor, kept_id: UUID, merged_id: UUID) -> None:
    """Let one record answer for two of the same person. Twice is once.

    Raises `Http404` for whom the visit does not see, `NotPossible` where one of them is merged already or
    only one of them is restricted.
    """
    with visiting(actor):
        kept, merged = _two(kept_id, merged_id)
        if merged.merged_into_id == kept.pk:
            return
        if kept.pk == merged.pk or kept.merged_into_id or merged.merged_into_id or merged.merged.exists():
            raise NotPossible(_("One of these records was merged already. Undo that first."))
        if (kept.restricted, kept.restricted and kept.organisation_id) != (
            merged.restricted,
            merged.restricted and merged.organisation_id,
        ):
            raise NotPossible(_("Only one of these records is restricted: merging would show what it hides."))
        merged.merged_into = kept
        merged.save(update_fields=["merged_into"])
        indexing.reindex(kept)
        after = {"merged": str(merged.pk)}
        audit.record(
            actor, "registry.merge_residents", kept, after=after, organisation_id=kept.organisation_id
        )


def unmerge(actor: Actor, merged_id: UUID) -> None:
    """Make two records of one again. Twice is once."""
    with visiting(actor):
        merged = Resident.objects.select_for_update(no_key=True).filter(pk=merged_id, erased_at=None).first()
        if merged is None:
            raise Http404
        kept, merged.merged_into = merged.merged_into, None
        if kept is None:
            return
        merged.save(update_fields=["merged_into"])
        indexing.reindex(kept)
        indexing.reindex(merged)
        after = {"merged": str(merged.pk)}
        audit.record(
            actor, "registry.unmerge_residents", kept, after=after, organisation_id=kept.organisation_id
        )


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


def _two(kept_id: UUID, merged_id: UUID) -> tuple[Resident, Resident]:
    rows = Resident.objects.select_for_update(no_key=True).filter(pk__in=[kept_id, merged_id], erased_at=None)
    found = {row.pk: row for row in rows.order_by("pk")}
    if kept_id not in found or merged_id not in found:
        raise Http404
    return found[kept_id], found[merged_id]
