"""Receives files piece by piece, so that a lost connection or a killed server loses nothing already written.

In the spirit of tus 1.0: create, send pieces at an offset, ask for the offset, finish. How much is here is
what the disk holds; every piece is on the disk before it is answered for.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.datasets import queries
from philoxenia_web.datasets.checking import defer_check
from philoxenia_web.datasets.models import Upload, Version
from philoxenia_web.datasets.policies import HAND_IN
from philoxenia_web.datasets.refusals import NotPossible
from philoxenia_web.datasets.stores import checks_folder, original_path, upload_path
from philoxenia_web.ui.pieces import WrongChecksum, WrongOffset, shown_name

MOST_BYTES = 500 * 1024 * 1024
# Small enough that a worker is free again soon, and that a lost piece costs little.
PIECE_BYTES = 4 * 1024 * 1024
# What one person may have on its way or waiting to be published, and how many uploads at once.
QUOTA_BYTES = 2 * 1024 * 1024 * 1024
QUOTA_UPLOADS = 20
# Room that must be left on the disk after an upload.
SPARE_BYTES = 1024 * 1024 * 1024
LEFT_BEHIND_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Handed:
    """What a person says of a file to be handed in."""

    name: str
    size: int | None
    key: UUID
    organisation_id: UUID
    dataset_id: UUID | None = None
    contract: str = ""


def begin(actor: Actor, handed: Handed) -> Upload:
    """Make room for a file. The same key of the same person gives the upload it gave before."""
    check_can(actor, HAND_IN, handed.organisation_id)
    with transaction.atomic():
        known = Upload.objects.filter(person_id=actor.person_id, key=handed.key).first()
        if known is not None:
            return _same(known, handed)
        _check_size(handed.size)
        _check_room(actor, handed.size or 0)
        if handed.dataset_id is not None:
            _check_dataset(actor, handed)
        upload, made = Upload.objects.get_or_create(
            person_id=actor.person_id,
            key=handed.key,
            defaults={
                "organisation_id": handed.organisation_id,
                "dataset_id": handed.dataset_id,
                "contract": handed.contract,
                "name": shown_name(handed.name),
                "size": handed.size,
            },
        )
        if made:
            after = {"size": handed.size}
            audit.record(
                actor, "datasets.begin_upload", upload, after=after, organisation_id=handed.organisation_id
            )
        return upload


def _same(known: Upload, handed: Handed) -> Upload:
    """The upload begun before, if it is of the same file and can be gone on with."""
    if known.state == Upload.State.GIVEN_UP:
        raise NotPossible(_("This upload was given up. Begin again."))
    if known.name != shown_name(handed.name) or known.size not in (None, handed.size):
        raise NotPossible(_("Another file was begun here. Reload the page, then choose this file."))
    return known


def _check_dataset(actor: Actor, handed: Handed) -> None:
    own = queries.own_datasets(actor).filter(pk=handed.dataset_id, organisation_id=handed.organisation_id)
    if not own.exists():
        raise NotPossible(
            _("There is no such data set of your organisation. Choose one, or begin a new one.")
        )


def _check_size(size: int | None) -> None:
    if size is not None and size <= 0:
        raise NotPossible(
            _("The file is empty. Export the table again, and look at it before you hand it in.")
        )
    if size is not None and size > MOST_BYTES:
        raise NotPossible(
            _("The file is larger than 500 MB. Pack it as .zip or .gz, save it as Parquet, or split it.")
        )


def _check_room(actor: Actor, size: int) -> None:
    open_ = Upload.objects.filter(person_id=actor.person_id, state=Upload.State.RECEIVING)
    if open_.count() >= QUOTA_UPLOADS:
        raise NotPossible(_("You have many unfinished uploads. Go on with them or give them up first."))
    waiting = Version.objects.filter(
        created_by=actor.person_id, state__in=[Version.State.CHECKING, Version.State.CHECKED]
    )
    taken = sum(upload.size or 0 for upload in open_) + sum(version.size for version in waiting)
    if taken + size > QUOTA_BYTES:
        raise NotPossible(
            _("Your unpublished files would take more than 2 GB. Publish or discard some of them first.")
        )
    if shutil.disk_usage(upload_path(UUID(int=0)).parent).free < size + SPARE_BYTES:
        raise NotPossible(_("The server has no room for this file now. Nothing was kept; tell its operator."))


def offset_of(upload: Upload) -> int:
    """How many bytes of an upload are here, as the disk says."""
    if upload.state == Upload.State.COMPLETE:
        return upload.size or 0
    path = upload_path(upload.pk)
    return path.stat().st_size if path.is_file() else 0


@contextmanager
def _held(path: Path) -> Iterator[int]:
    """The open file of an upload, held so that two pieces at once are written one after the other."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def receive_piece(upload: Upload, offset: int, piece: bytes, sha256: str) -> int:
    """Add a piece at the offset and give the new one. A piece that is here already changes nothing.

    Raises `WrongOffset` for a gap, `WrongChecksum` for a piece changed on its way, `NotPossible` for one too
    large for what was announced.
    """
    if upload.state != Upload.State.RECEIVING:
        raise WrongOffset(offset_of(upload))
    if len(piece) > PIECE_BYTES or offset + len(piece) > (upload.size or 0):
        raise NotPossible(_("More was sent than was announced. Nothing of this piece was kept."))
    if hashlib.sha256(piece).hexdigest() != sha256.lower():
        raise WrongChecksum(_("This piece was changed on its way. Send it again."))
    with _held(upload_path(upload.pk)) as descriptor:
        here = os.fstat(descriptor).st_size
        if offset > here or offset < here < offset + len(piece):
            raise WrongOffset(here)
        if offset < here:
            return here
        _write(descriptor, offset, piece)
    Upload.objects.filter(pk=upload.pk).update(touched_at=timezone.now())
    return offset + len(piece)


def _write(descriptor: int, offset: int, piece: bytes) -> None:
    """The whole piece, on the disk; or nothing of it."""
    try:
        written = 0
        while written < len(piece):
            written += os.pwrite(descriptor, piece[written:], offset + written)
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, offset)
        raise


def receive_whole(actor: Actor, handed: Handed, pieces: Iterable[bytes]) -> Version:
    """A whole file from a form, for those who send it without a script."""
    upload = begin(actor, handed)
    if upload.state == Upload.State.COMPLETE:
        return upload.handed_in
    with _held(upload_path(upload.pk)) as descriptor:
        os.ftruncate(descriptor, 0)
        written = 0
        for piece in pieces:
            if written + len(piece) > MOST_BYTES:
                raise NotPossible(_("The file is larger than 500 MB."))
            _write(descriptor, written, piece)
            written += len(piece)
    Upload.objects.filter(pk=upload.pk).update(size=written)
    return finish(actor, upload.pk)


def finish(actor: Actor, upload_id: UUID) -> Version:
    """Turn a complete upload into a hand-in and have it checked. Twice gives the same hand-in.

    Raises `WrongOffset` where bytes are still missing.
    """
    upload = queries.upload_for(actor, upload_id)
    check_can(actor, HAND_IN, upload.organisation_id)
    path = upload_path(upload.pk)
    digest = _digest(path) if upload.state == Upload.State.RECEIVING and path.is_file() else ""
    with transaction.atomic():
        upload = (
            Upload.objects.select_for_update(no_key=True, of=("self",))
            .select_related("dataset")
            .get(pk=upload_id)
        )
        if upload.state == Upload.State.COMPLETE:
            return upload.handed_in
        if upload.state == Upload.State.GIVEN_UP or not digest or offset_of(upload) != upload.size:
            raise WrongOffset(offset_of(upload))
        upload.state, upload.sha256 = Upload.State.COMPLETE, digest
        upload.save()
        version = _hand_in(actor, upload)
        # The name is given inside the transaction: if it is undone, the file is still found under both names.
        _keep(path, original_path(version.pk, upload.name))
        audit.record(
            actor,
            "datasets.hand_in",
            version,
            after={"size": version.size, "sha256": digest},
            organisation_id=version.organisation_id,
        )
        defer_check(version)
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return version


def _hand_in(actor: Actor, upload: Upload) -> Version:
    contract = upload.dataset.contract if upload.dataset else upload.contract
    return Version.objects.create(
        organisation_id=upload.organisation_id,
        dataset=upload.dataset,
        upload=upload,
        file_name=upload.name,
        size=upload.size,
        sha256=upload.sha256,
        answers={"contract": contract} if contract else {},
        created_by=actor.person_id,
    )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _keep(path: Path, final: Path) -> None:
    os.link(path, final)
    descriptor = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def give_up(actor: Actor, upload_id: UUID) -> None:
    """Delete what is here of an upload."""
    with transaction.atomic():
        upload = queries.upload_for(actor, upload_id)
        changed = Upload.objects.filter(pk=upload.pk, state=Upload.State.RECEIVING).update(
            state=Upload.State.GIVEN_UP
        )
        if changed:
            audit.record(actor, "datasets.give_up_upload", upload, organisation_id=upload.organisation_id)
    if changed:
        upload_path(upload.pk).unlink(missing_ok=True)


def clean_up() -> int:
    """Delete uploads nobody went on with, files of discarded hand-ins, and bytes that belong to no upload."""
    before = timezone.now() - LEFT_BEHIND_AFTER
    Upload.objects.filter(state=Upload.State.RECEIVING, touched_at__lt=before).update(
        state=Upload.State.GIVEN_UP
    )
    receiving = set(Upload.objects.filter(state=Upload.State.RECEIVING).values_list("pk", flat=True))
    gone = 0
    for path in upload_path(UUID(int=0)).parent.glob("*.part"):
        old = path.stat().st_mtime < before.timestamp()
        if UUID(path.stem) not in receiving and old:
            path.unlink(missing_ok=True)
            gone += 1
    return gone + sum(map(_forget_files, Version.objects.filter(state=Version.State.DISCARDED)))


def _forget_files(version: Version) -> int:
    """Delete what lies on the disk of a hand-in that was given up."""
    shutil.rmtree(checks_folder(version.pk), ignore_errors=True)
    original = original_path(version.pk, version.file_name)
    there = original.is_file()
    original.unlink(missing_ok=True)
    return int(there)
