"""An import in two steps for a person: read and report, then accept. Between them only what has passed the
rules of confidential sites lies on the disk; the file itself is gone when the request is over.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.directory.actions import import_records
from philoxenia_web.directory.editing.policies import LOOK_AFTER
from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.directory.models import StagedImport
from philoxenia_web.directory.refusals import NotPossible as ImportRefused
from philoxenia_web.ui.late import Late

if TYPE_CHECKING:
    from philoxenia.exchange.hsds.records import Records

_hsds = Late("philoxenia.exchange.hsds")
_records = Late("philoxenia.exchange.hsds.records")
_reading = Late("philoxenia.workflows.directory.reading")
_polars = Late("polars")
_problems = Late("philoxenia.vocabulary")
# Larger directories are read by an operator: the command line has no browser that waits.
MOST_BYTES = 40 * 2**20
ENDINGS = (".csv", ".zip", ".json", ".ndjson", ".jsonl", ".tsv", ".txt", ".xlsx", ".gz")
_MOST_NOTES = 200
State = StagedImport.State


@dataclass(frozen=True)
class Asked:
    """What a person says of a file. `feed` is its name here, the same at every import of it."""

    file_name: str
    feed: str
    source: str
    licence: str
    language: str
    whole: bool
    key: UUID


def stage(actor: Actor, asked: Asked, pieces: Iterable[bytes]) -> StagedImport:
    """Read a file, strip it, try the import, keep what it would do. Raises `NotPossible` with the reason."""
    check_can(actor, LOOK_AFTER)
    known = StagedImport.objects.filter(key=asked.key).first()
    if known is not None:
        return known
    records = _read(asked, pieces)
    tried = _tried(actor, asked, records)
    with transaction.atomic():
        staged = StagedImport.objects.create(
            key=asked.key,
            file_name=asked.file_name[-200:],
            source=asked.feed,
            licence=asked.licence,
            whole=asked.whole,
            counts=tried,
            notes=_notes(asked, records),
            made_by_id=actor.person_id,
        )
        _keep(staged.pk, records)
        after = {"feed": asked.feed, "services": records.count("service")}
        audit.record(actor, "directory.stage_import", staged, after=after)
    return staged


def _read(asked: Asked, pieces: Iterable[bytes]) -> "Records":
    ending = next((one for one in ENDINGS if asked.file_name.lower().endswith(one)), None)
    if ending is None:
        raise NotPossible(
            _("This kind of file is not read here. Hand in CSV, Excel, JSON or an HSDS package.")
        )
    about = _hsds.About(source=asked.source, licence=asked.licence, language=asked.language)
    with TemporaryDirectory(dir=_folder()) as made:
        path = Path(made) / f"directory{ending}"
        with path.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        try:
            found = _reading.read_directory(path, about, settings.ENVIRONMENT.city)
            read: Records = _hsds.stripped(found)
        except _problems.PhiloxeniaError as fault:
            raise NotPossible(str(fault).replace(f"directory{ending}", asked.file_name)) from fault
    if read.refused:
        raise NotPossible(" ".join(one.message for one in read.told if one.severity == "refused"))
    return read


def _tried(actor: Actor, asked: Asked, records: "Records") -> dict[str, Any]:
    try:
        tried = import_records(
            actor,
            records,
            feed=asked.feed,
            source=asked.source,
            licence=asked.licence,
            whole=asked.whole,
            dry_run=True,
        )
    except ImportRefused as refusal:
        raise NotPossible(str(refusal)) from refusal
    return dict(tried.counts)


def _notes(asked: Asked, records: "Records") -> list[dict[str, Any]]:
    """What was found, and how the file was described: accepted later with the same words."""
    told = {"kind": "asked", "source": asked.source, "licence": asked.licence, "language": asked.language}
    return [told, *(one.as_dict() for one in records.told[:_MOST_NOTES])]


def accept(actor: Actor, staged_id: UUID) -> StagedImport:
    """Import what was staged, all or nothing. Accepted twice it is imported once."""
    check_can(actor, LOOK_AFTER)
    with transaction.atomic():
        staged = StagedImport.objects.select_for_update(no_key=True).get(pk=staged_id)
        if staged.state == State.ACCEPTED:
            return staged
        if staged.state == State.DISCARDED:
            raise NotPossible(_("This import was discarded. Hand the file in again."))
        asked = staged.notes[0]
        try:
            staged.result = import_records(
                actor,
                _kept(staged),
                feed=staged.source,
                source=asked["source"],
                licence=staged.licence,
                whole=staged.whole,
                key=staged.key,
            )
        except ImportRefused as refusal:
            raise NotPossible(str(refusal)) from refusal
        staged.state, staged.decided_at = State.ACCEPTED, timezone.now()
        staged.save()
        audit.record(actor, "directory.accept_import", staged)
    _drop(staged.pk)
    return staged


def discard(actor: Actor, staged_id: UUID) -> None:
    """Give it up; nothing of it stays."""
    check_can(actor, LOOK_AFTER)
    _discard(actor, staged_id)


def _discard(actor: Actor, staged_id: UUID) -> None:
    with transaction.atomic():
        staged = StagedImport.objects.select_for_update(no_key=True).get(pk=staged_id)
        if staged.state == State.ACCEPTED:
            raise NotPossible(_("This import was accepted already."))
        staged.state, staged.decided_at = State.DISCARDED, timezone.now()
        staged.save()
        audit.record(actor, "directory.discard_import", staged)
    _drop(staged_id)


def forget_waiting(actor: Actor) -> None:
    """Discard what waits: it may say where a place is that has just become confidential."""
    for staged_id in StagedImport.objects.filter(state=State.CHECKED).values_list("pk", flat=True):
        _discard(actor, staged_id)


def _folder() -> Path:
    folder = Path(settings.ENVIRONMENT.var) / "directory" / "staged"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _keep(staged_id: UUID, records: "Records") -> None:
    folder = _folder() / str(staged_id)
    folder.mkdir()
    for name, frame in records.tables.items():
        if frame.height:
            frame.write_parquet(folder / f"{name}.parquet")


def _kept(staged: StagedImport) -> "Records":
    folder = _folder() / str(staged.pk)
    if not folder.is_dir():
        raise NotPossible(_("What was read is no longer kept. Hand the file in again."))
    frames = {one.stem: _polars.read_parquet(one) for one in sorted(folder.glob("*.parquet"))}
    kept: Records = _records.Records(_records.whole(frames))
    return kept


def _drop(staged_id: UUID) -> None:
    shutil.rmtree(_folder() / str(staged_id), ignore_errors=True)
