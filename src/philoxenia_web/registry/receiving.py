"""Receives lists piece by piece; each piece is sealed before it touches the disk.

As `datasets.receiving`: create, send pieces at an offset, ask for the offset, finish. How much is here is
what whole sealed records the disk holds; one torn by a crash is cut off before the next is written.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.lake.files import flush_folder
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.registry import queries
from philoxenia_web.registry.checking import defer_check
from philoxenia_web.registry.models import PersonList
from philoxenia_web.registry.policies import HAND_IN, check_key
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.sealing import (
    HEAD_BYTES,
    MOST_PIECE_BYTES,
    PIECE_BYTES,
    Sealer,
    cipher_of,
    end_of,
    new_head,
    pieces_of,
    record,
    records_of,
    seal_file,
)
from philoxenia_web.registry.stores import incoming_path, original_path, registry_folder, sealed_name
from philoxenia_web.ui.pieces import WrongChecksum, WrongOffset, shown_name

MOST_BYTES = 500 * 1024 * 1024
SENT_BYTES = MOST_PIECE_BYTES
# Shorter pieces would make many records; only the last may be shorter.
LEAST_BYTES = 64 * 1024
SPARE_BYTES = 1024 * 1024 * 1024
LEFT_BEHIND_AFTER = timedelta(days=2)
MOST_OPEN = 10


@dataclass(frozen=True)
class Offered:
    """What a steward says of a list to be handed in."""

    agreement_id: UUID
    organisation_id: UUID
    name: str
    size: int | None
    request: UUID


def begin(actor: Actor, offered: Offered) -> PersonList:
    """Make room for a list. The same request of the same person gives the list it began before."""
    check_can(actor, HAND_IN, offered.organisation_id)
    with transaction.atomic():
        key = check_key(queries.key_of(offered.agreement_id))
        if offered.organisation_id not in key.organisation_ids:
            raise NotPossible(_("Your department does not take part in this agreement."))
        known = PersonList.objects.filter(person_id=actor.person_id, request=offered.request).first()
        if known is not None:
            return _same(known, offered)
        _check_size(offered.size)
        _check_room(actor, offered.size or 0)
        one = PersonList.objects.create(
            key=key,
            organisation_id=offered.organisation_id,
            person_id=actor.person_id,
            request=offered.request,
            file_name=shown_name(offered.name),
            size=offered.size,
        )
        after = {"agreement": str(key.pk), "size": offered.size}
        audit.record(actor, "registry.begin_list", one, after=after, organisation_id=one.organisation_id)
    return one


def begun(actor: Actor, agreement_id: UUID, request: UUID) -> PersonList | None:
    """The list that this request of the actor's began under the agreement, if it did."""
    return PersonList.objects.filter(key=agreement_id, person_id=actor.person_id, request=request).first()


def send(one: PersonList, content: bytes) -> None:
    """Seal a whole list that is in memory, piece by piece, as if it came from a browser."""
    at = offset_of(one)
    while at < len(content):
        piece = content[at : at + SENT_BYTES]
        at = receive_piece(one, at, piece, hashlib.sha256(piece).hexdigest())


def _same(known: PersonList, offered: Offered) -> PersonList:
    if known.state == PersonList.State.GIVEN_UP or known.key_id != offered.agreement_id:
        raise NotPossible(_("This upload was given up. Begin again."))
    if known.file_name != shown_name(offered.name) or known.size not in (None, offered.size):
        raise NotPossible(_("Another file was begun here. Reload the page, then choose this file."))
    return known


def _check_size(size: int | None) -> None:
    if size is not None and size <= 0:
        raise NotPossible(
            _("The file is empty. Export the table again, and look at it before you hand it in.")
        )
    if size is not None and size > MOST_BYTES:
        raise NotPossible(_("The file is larger than 500 MB. Save it as Parquet or pack it as .zip or .gz."))


def _check_room(actor: Actor, size: int) -> None:
    open_ = PersonList.objects.filter(person_id=actor.person_id, state=PersonList.State.RECEIVING)
    if open_.count() >= MOST_OPEN:
        raise NotPossible(_("You have many unfinished uploads. Go on with them or give them up first."))
    if shutil.disk_usage(registry_folder()).free < 2 * size + SPARE_BYTES:
        raise NotPossible(_("The server has no room for this file now. Nothing was kept; tell its operator."))


def upload_for(actor: Actor, agreement_id: UUID, list_id: UUID) -> PersonList:
    """A list this very person is handing in. Raises `Http404` for everybody else's."""
    one = queries.own_list(actor, agreement_id, list_id)
    if one.person_id != actor.person_id:
        raise queries.Http404(_("There is no such upload."))
    return one


def unfinished(actor: Actor, agreement_id: UUID) -> list[tuple[PersonList, int]]:
    """Uploads of this person that can be gone on with, and how much of each is here."""
    found = queries.all_lists_of(agreement_id).filter(
        person_id=actor.person_id, state=PersonList.State.RECEIVING
    )
    return [(one, offset_of(one)) for one in found if one.size]


def offset_of(one: PersonList) -> int:
    """How many bytes of a list are here, as the sealed records on the disk say."""
    if one.state != PersonList.State.RECEIVING:
        return one.size or 0
    path = original_path(one.pk)
    if not path.is_file():
        return 0
    with path.open("rb") as stream:
        return end_of(list(records_of(stream)))[1]


@contextmanager
def _held(one: PersonList) -> Iterator[int]:
    """The open sealed file, held so that two pieces at once are written one after the other."""
    descriptor = os.open(original_path(one.pk), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def receive_piece(one: PersonList, offset: int, piece: bytes, sha256: str) -> int:
    """Seal a piece at the offset and give the new one. A piece that is here already changes nothing.

    Raises `WrongOffset` for a gap, `WrongChecksum` for a piece changed on its way, `NotPossible` for one of
    another length than announced.
    """
    if one.state != PersonList.State.RECEIVING:
        raise WrongOffset(offset_of(one))
    if not piece:
        return offset_of(one)
    size = one.size or 0
    last = offset + len(piece) == size
    if len(piece) > SENT_BYTES or offset + len(piece) > size:
        raise NotPossible(_("More was sent than was announced. Nothing of this piece was kept."))
    if len(piece) < LEAST_BYTES and not last:
        raise NotPossible(_("Pieces must be larger than 64 KB. Nothing of this piece was kept."))
    if hashlib.sha256(piece).hexdigest() != sha256.lower():
        raise WrongChecksum(_("This piece was changed on its way. Send it again."))
    key = queries.live_key(one.key_id)
    with _held(one) as descriptor:
        here = _append(descriptor, key, sealed_name(original_path(one.pk)), offset, piece, last)
    PersonList.objects.filter(pk=one.pk).update(touched_at=timezone.now())
    return here


def _append(descriptor: int, key: bytes, name: str, offset: int, piece: bytes, last: bool) -> int:
    with os.fdopen(os.dup(descriptor), "rb") as stream:
        records = list(records_of(stream))
        stream.seek(0)
        head = stream.read(HEAD_BYTES)
    end, here = end_of(records)
    if offset > here or offset < here < offset + len(piece):
        raise WrongOffset(here)
    if offset < here:
        return here
    if len(head) < HEAD_BYTES:
        head = new_head()
        _write(descriptor, 0, head)
    _write(descriptor, end, record(cipher_of(key, head, name), len(records), piece, last))
    return here + len(piece)


def _write(descriptor: int, at: int, content: bytes) -> None:
    """The whole record, on the disk, and nothing after it; or nothing of it."""
    try:
        os.ftruncate(descriptor, at)
        written = 0
        while written < len(content):
            written += os.pwrite(descriptor, content[written:], at + written)
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, at)
        raise


def finish(actor: Actor, agreement_id: UUID, list_id: UUID) -> PersonList:
    """Have a complete list checked. Twice changes nothing. Raises `WrongOffset` where bytes are missing."""
    with transaction.atomic():
        upload_for(actor, agreement_id, list_id)
        one = PersonList.objects.select_for_update(no_key=True, of=("self",)).get(pk=list_id)
        check_can(actor, HAND_IN, one.organisation_id)
        if one.state != PersonList.State.RECEIVING:
            return one
        if not one.size or offset_of(one) != one.size:
            raise WrongOffset(offset_of(one))
        _received(actor, one)
    return one


def _received(actor: Actor, one: PersonList) -> None:
    one.state, one.checking_at, one.version = PersonList.State.CHECKING, timezone.now(), one.version + 1
    one.save()
    after = {"agreement": str(one.key_id), "size": one.size}
    audit.record(actor, "registry.receive_list", one, after=after, organisation_id=one.organisation_id)
    defer_check(one)


def give_up(actor: Actor, agreement_id: UUID, list_id: UUID) -> None:
    """Delete what is here of an upload."""
    with transaction.atomic():
        one = upload_for(actor, agreement_id, list_id)
        changed = PersonList.objects.filter(pk=one.pk, state=PersonList.State.RECEIVING).update(
            state=PersonList.State.GIVEN_UP, ended_at=timezone.now()
        )
        if changed:
            audit.record(actor, "registry.give_up_list", one, organisation_id=one.organisation_id)
            transaction.on_commit(lambda: original_path(one.pk).unlink(missing_ok=True))


# --- a whole file from a form -----------------------------------------------------------------------------


class SealedUpload(UploadedFile):
    """A file of a form that was sealed while it came; there is nothing to read from it."""

    def __init__(self, name: str, size: int, mark: str, key: bytes) -> None:
        super().__init__(file=None, name=name, size=size)
        self.mark, self.key = mark, key


class SealingHandler(FileUploadHandler):
    """Seals what a form brings as it comes, so that Django spools nothing in plain."""

    def __init__(self, agreement_id: UUID) -> None:
        super().__init__()
        self._key = queries.live_key(agreement_id)
        self._marks: list[str] = []
        self.chunk_size = PIECE_BYTES

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin a sealed file under a name of our own."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        mark = uuid4().hex
        self._marks.append(mark)
        path = incoming_path(mark)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._sealer = Sealer(self._file, self._key, sealed_name(path))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal it; nothing is passed on to another handler."""
        if start + len(raw_data) > MOST_BYTES:
            raise StopUpload(connection_reset=True)
        self._sealer.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        """The end of one file."""
        self._sealer.finish()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return SealedUpload(shown_name(self.file_name or ""), file_size, self._marks[-1], self._key)

    def forget(self) -> None:
        """Delete what nobody took."""
        for mark in self._marks:
            incoming_path(mark).unlink(missing_ok=True)


class LeavingHandler(FileUploadHandler):
    """Keeps nothing of what a form brings, where nothing may be handed in."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Read on to its end without looking."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never reached."""

    def file_complete(self, file_size: int) -> None:
        """Never reached."""

    def forget(self) -> None:
        """There is nothing."""


def receive_whole(actor: Actor, offered: Offered, file: SealedUpload) -> PersonList:
    """A whole list from a form, for those who send it without a script."""
    one = begin(actor, offered)
    if one.state != PersonList.State.RECEIVING:
        return one
    _check_size(file.size)
    with transaction.atomic():
        one = PersonList.objects.select_for_update(no_key=True, of=("self",)).get(pk=one.pk)
        if one.state == PersonList.State.RECEIVING:
            _reseal(one, file)
            one.size = file.size
            _received(actor, one)
    return one


def _reseal(one: PersonList, file: SealedUpload) -> None:
    """Seal it anew for its own place, a piece in memory at a time."""
    path, incoming = original_path(one.pk), incoming_path(file.mark)
    path.unlink(missing_ok=True)
    with incoming.open("rb") as stream:
        seal_file(path, file.key, sealed_name(path), pieces_of(stream, file.key, sealed_name(incoming)))
    flush_folder(path.parent)


def clean_up() -> int:
    """Delete uploads nobody went on with, and sealed files that belong to no list. How many files."""
    before = timezone.now() - LEFT_BEHIND_AFTER
    PersonList.objects.filter(state=PersonList.State.RECEIVING, touched_at__lt=before).update(
        state=PersonList.State.GIVEN_UP, ended_at=timezone.now()
    )
    gone = 0
    living = {
        str(one)
        for one in PersonList.objects.exclude(
            state__in=[PersonList.State.GIVEN_UP, PersonList.State.REPLACED, PersonList.State.WITHDRAWN]
        )
        .filter(key__destroyed_at=None)
        .values_list("pk", flat=True)
    }
    for path in registry_folder().iterdir():
        old = path.stat().st_mtime < before.timestamp()
        if path.name[:36] not in living and old:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
