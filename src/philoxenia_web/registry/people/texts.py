"""Texts and files about residents, sealed under the resident's key; rows only ever hold codes and sizes."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db.models.functions import Now
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.registry.models import KeptFile, KeptText
from philoxenia_web.registry.models.shared import Kept
from philoxenia_web.registry.people import reading
from philoxenia_web.registry.people.sealed import key_of, keys_there
from philoxenia_web.registry.people.visits import only_reading, visiting
from philoxenia_web.registry.refusals import Conflict, NotPossible

MOST_LETTERS = 20_000
MOST_BYTES = 10 * 2**20
_TEXT, _FILE = "registry_kepttext.content", "registry_keptfile.content"


def keep_text(
    actor: Actor,
    resident_id: UUID,
    kind: str,
    text: str,
    organisation_id: UUID,
    shared_with: Iterable[UUID] = (),
) -> UUID:
    """Seal a text about a resident, for an organisation of the actor's. `NotPossible` when too long."""
    _check_length(text)
    with visiting(actor):
        number = uuid4()
        KeptText.objects.create(
            pk=number,
            resident_id=resident_id,
            kind=kind,
            organisation_id=organisation_id,
            shared_with=sorted(set(shared_with)),
            content=key_of(resident_id).seal(_TEXT, number, text.encode()),
            made_by=actor.person_id,
        )
    return number


def replace_text(actor: Actor, text_id: UUID, based_on: int, text: str) -> int:
    """Write a text anew; its new version. Raises `Conflict` where somebody else did since `based_on`."""
    _check_length(text)
    with visiting(actor):
        one = _own(text_id)
        if one.version != based_on:
            raise Conflict(_("Somebody else changed this text meanwhile. Look at theirs, then decide."))
        one.content = key_of(one.resident_id).seal(_TEXT, one.pk, text.encode())
        one.version += 1
        one.changed_at = Now()
        one.save(update_fields=["content", "version", "changed_at"])
        return one.version


def read_texts(actor: Actor, text_ids: Iterable[UUID], reason: str) -> dict[UUID, str]:
    """Texts the visit may see, by number; the others are left out. Each read is written down."""
    with only_reading(actor):
        found = list(KeptText.objects.filter(pk__in=set(text_ids)))
        opened = keys_there(one.resident_id for one in found)
        found = [one for one in found if one.resident_id in opened]
        texts = {one.pk: opened[one.resident_id].open(_TEXT, one.pk, one.content).decode() for one in found}
        for place, some in _by_place(actor, found).items():
            ids, kinds = {one.resident_id for one in some}, {one.kind for one in some}
            reading.note(actor, "registry.read_texts", ids, reason, kinds, place=place)
    return texts


def _by_place(actor: Actor, found: Iterable[Kept]) -> dict[UUID | None, list[Kept]]:
    """Texts and files by who keeps them, where the actor works there; None where somebody shared them."""
    several: dict[UUID | None, list[Kept]] = {}
    for one in found:
        place = one.organisation_id if reading.works_at(actor, one.organisation_id) else None
        several.setdefault(place, []).append(one)
    return several


def versions_of(actor: Actor, text_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The version of each text the visit may see, for `replace_text`."""
    with visiting(actor):
        return dict(KeptText.objects.filter(pk__in=set(text_ids)).values_list("pk", "version"))


def share_text(actor: Actor, text_id: UUID, organisation_id: UUID) -> None:
    """Let another organisation read a text. Twice is once."""
    with visiting(actor):
        one = _own(text_id)
        if organisation_id not in one.shared_with:
            one.shared_with = [*one.shared_with, organisation_id]
            one.save(update_fields=["shared_with"])
            audit.record(actor, "registry.share_text", one, organisation_id=organisation_id)


def drop_text(actor: Actor, text_id: UUID) -> None:
    """Delete a text for ever."""
    with visiting(actor):
        one = _own(text_id)
        audit.record(actor, "registry.drop_text", one, organisation_id=one.organisation_id)
        one.delete()


def keep_file(
    actor: Actor,
    resident_id: UUID,
    kind: str,
    content: bytes,
    media_type: str,
    organisation_id: UUID,
) -> UUID:
    """Seal a file about a resident. The caller has looked at what it holds; `NotPossible` over 10 MB."""
    if len(content) > MOST_BYTES:
        raise NotPossible(_("This file is too large; at most 10 MB are kept."))
    with visiting(actor):
        number = uuid4()
        KeptFile.objects.create(
            pk=number,
            resident_id=resident_id,
            kind=kind,
            organisation_id=organisation_id,
            content=key_of(resident_id).seal(_FILE, number, content),
            media_type=media_type,
            size=len(content),
            made_by=actor.person_id,
        )
    return number


def read_file(actor: Actor, file_id: UUID, reason: str) -> tuple[bytes, str]:
    """A file's content and media type. Raises `Http404` for one the visit does not see."""
    with visiting(actor):
        one = KeptFile.objects.filter(pk=file_id).first()
        if one is None:
            raise Http404
        content = key_of(one.resident_id).open(_FILE, one.pk, one.content)
        place = next(iter(_by_place(actor, [one])))
        reading.note(actor, "registry.read_file", [one.resident_id], reason, [one.kind], place=place)
    return content, one.media_type


def share_file(actor: Actor, file_id: UUID, organisation_id: UUID) -> None:
    """Let another organisation open a file. Twice is once."""
    with visiting(actor):
        one = KeptFile.objects.select_for_update(no_key=True).filter(pk=file_id).defer("content").first()
        if one is None:
            raise Http404
        if organisation_id not in one.shared_with:
            one.shared_with = [*one.shared_with, organisation_id]
            one.save(update_fields=["shared_with"])
            audit.record(actor, "registry.share_file", one, organisation_id=organisation_id)


def drop_file(actor: Actor, file_id: UUID) -> None:
    """Delete a file for ever."""
    with visiting(actor):
        one = KeptFile.objects.select_for_update(no_key=True).filter(pk=file_id).defer("content").first()
        if one is None:
            raise Http404
        audit.record(actor, "registry.drop_file", one, organisation_id=one.organisation_id)
        one.delete()


def hand_over(text_ids: Iterable[UUID], file_ids: Iterable[UUID], organisation_id: UUID) -> None:
    """Texts and files of a case that moves are its new team's, and no longer its old one's.

    Within a visit of the application itself; whoever moves the case has asked who may, and writes the trail.
    """
    for model, ids in ((KeptText, text_ids), (KeptFile, file_ids)):
        model._default_manager.filter(pk__in=set(ids)).update(organisation_id=organisation_id)


def _own(text_id: UUID) -> KeptText:
    one = KeptText.objects.select_for_update(no_key=True).filter(pk=text_id).first()
    if one is None:
        raise Http404
    return one


def _check_length(text: str) -> None:
    if len(text) > MOST_LETTERS:
        raise NotPossible(
            _("This text is too long; at most %(most)s letters are kept.") % {"most": MOST_LETTERS}
        )
