"""Results on disk: a folder for each attempt, one of which is given its name and becomes the run's."""

import base64
import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from philoxenia.lake.files import flush_folder, flush_to_disk
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.linkage.models.runs import Run
from philoxenia_web.linkage.review import queue
from philoxenia_web.linkage.runs.sealed import REVIEW, runs_folder

_UNFINISHED = "unfinished-"


def unfinished_folder(run_id: UUID, lease: UUID) -> Path:
    """Where one attempt writes; nobody else reads it."""
    return runs_folder(run_id) / f"{_UNFINISHED}{lease}"


def publish(run_id: UUID, lease: UUID, attempt: int) -> str:
    """Give an attempt's folder its name, while the run's row is locked; asked twice it is done once."""
    name = f"result-{attempt}-{lease.hex[:8]}"
    final = runs_folder(run_id) / name
    if not final.is_dir():
        unfinished = unfinished_folder(run_id, lease)
        for file in unfinished.iterdir():
            flush_to_disk(file)
        flush_folder(unfinished)
        unfinished.rename(final)
        flush_folder(final.parent)
    return name


def discard(run_id: UUID, lease: UUID) -> None:
    """Throw away what an attempt wrote."""
    shutil.rmtree(unfinished_folder(run_id, lease), ignore_errors=True)


def discard_all(run_id: UUID) -> None:
    """Throw away what attempts before left behind, for whoever holds the run's row."""
    with suppress(FileNotFoundError):
        for entry in runs_folder(run_id).iterdir():
            if entry.name.startswith(_UNFINISHED):
                shutil.rmtree(entry, ignore_errors=True)


def record(run: Run, name: str, summary: dict[str, Any], found: list[dict[str, Any]]) -> None:
    """Write down that a run is done and fill the queue, in the transaction of the caller."""
    Run.objects.filter(pk=run.pk).update(
        state=Run.State.DONE,
        lease=None,
        heartbeat=None,
        finished_at=Now(),
        result=name,
        result_hash=summary["hash"],
        engine_version=summary["version"],
        engine_fingerprint=summary["fingerprint"],
        records=summary["records"],
        people=summary["people"],
        doubtful=summary["doubtful"],
        decisions=summary["decisions"],
        found=found,
        fault="",
        version=F("version") + 1,
    )
    queue.fill(run, _asked(runs_folder(run.pk) / name / REVIEW))
    audit.record(
        SYSTEM,
        "linkage.run_finish",
        run,
        after={"state": Run.State.DONE, "result_hash": summary["hash"], "attempt": run.attempt},
    )


def _asked(path: Path) -> list[queue.Asked]:
    return [
        queue.Asked(UUID(one["id"]), base64.b64decode(one["sealed"]), one["worth"], one["state"])
        for one in json.loads(path.read_bytes())
    ]
