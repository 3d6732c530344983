"""Runs the check of a hand-in in the background, in a process of its own, as often as its answers change.

A check is named by the number of the answers it is for. Killed at any moment it is simply run again: its
result counts only once, and only if nobody answered anew meanwhile.
"""

import shutil
import uuid
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from philoxenia.exchange import contracts
from philoxenia.exchange.apart import Request, check_apart, rows_read
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.datasets.models import Version
from philoxenia_web.datasets.stores import checks_folder, original_path

CHECK, QUEUE = "datasets.check_version", "checks"
ALIVE = "alive"
# A check whose process said nothing for so long has died with its worker.
SILENT_SECONDS = 60


def defer_check(version: Version) -> None:
    """Ask for a check of a version's answers as they are; inside the transaction that changed them."""
    # By its name: the task itself needs the check.
    task = app.configure_task(CHECK, queue=QUEUE)
    task.defer(version_id=str(version.pk), wanted=version.wanted)


def check_result(version: Version) -> Path:
    """The folder with the result of the newest finished check."""
    return checks_folder(version.pk) / version.check_folder


def running_folder(version: Version) -> Path | None:
    """The folder of the check that runs now, None where none has begun."""
    folders = checks_folder(version.pk).glob(f"{version.wanted}-*")
    return max(folders, key=lambda folder: folder.stat().st_mtime, default=None)


def rows_so_far(version: Version) -> int:
    """How many rows the running check has read."""
    folder = running_folder(version)
    return rows_read(folder) if folder is not None else 0


def run_check(version_id: UUID, wanted: int) -> bool:
    """Check a file for the answers numbered `wanted`. False where nobody waits for that any more."""
    version = Version.objects.filter(pk=version_id, state=Version.State.CHECKING, wanted=wanted).first()
    if version is None or version.checked == wanted:
        return False
    folder = checks_folder(version.pk) / f"{wanted}-{uuid.uuid4().hex[:12]}"
    document = check_apart(_request(version), folder, lambda: _say_alive(folder))
    (folder / ALIVE).touch()
    return _keep(version_id, wanted, folder, document)


def _say_alive(folder: Path) -> None:
    (folder / ALIVE).touch()


def _request(version: Version) -> Request:
    said: dict[str, Any] = version.answers
    return Request(
        path=str(original_path(version.pk, version.file_name)),
        name=version.file_name,
        contract=said.get("contract", ""),
        city=str(settings.ENVIRONMENT.city),
        options={
            "sheet": said.get("sheet", ""),
            "member": said.get("member", ""),
            "dates": said.get("dates", ""),
            "not_status": said.get("not_status", {}),
            "decided_by": "the data steward who handed it in",
            "columns": said.get("columns", {}),
            "corrections": said.get("corrections", []),
        },
    )


def _keep(version_id: UUID, wanted: int, folder: Path, document: dict[str, Any]) -> bool:
    with transaction.atomic():
        version = Version.objects.select_for_update(no_key=True).get(pk=version_id)
        if version.state != Version.State.CHECKING or version.wanted != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            return False
        contract = document["contract"]
        if _is_about_people(document):
            document = _turned_away(document)
            transaction.on_commit(lambda: _delete(version))
        version.state, version.checked = Version.State.CHECKED, wanted
        version.check_folder, version.outcome = folder.name, document["outcome"]
        version.contract = contract["name"] if contract else ""
        version.rows, version.columns = document["rows"], [one["name"] for one in document["columns"]]
        version.report, version.checked_at = document, timezone.now()
        version.version += 1
        version.save()
        audit.record(
            SYSTEM,
            "datasets.check",
            version,
            after={"outcome": version.outcome, "rows": version.rows},
            organisation_id=version.organisation_id,
        )
    _tidy(version)
    return True


def _is_about_people(document: dict[str, Any]) -> bool:
    """Whether the file, or a table in it, is a list of persons: of a kind that is, or by its cells."""
    tables = [document, *document.get("parts", ())]
    kinds = {table["contract"]["name"] for table in tables if table.get("contract")}
    rules = {finding["rule"] for table in tables for finding in table["findings"]}
    return bool(kinds & about_people()) or "list_of_people" in rules


def about_people() -> set[str]:
    """Kinds of lists with a row each person: they are handed in under a linking agreement, never here."""
    known = contracts(settings.ENVIRONMENT.city).values()
    return {one.name for one in known if one.grain == "person"}


def _turned_away(document: dict[str, Any]) -> dict[str, Any]:
    """A report that keeps nothing of what a list of people said."""
    finding = {
        "rule": "list_of_people",
        "severity": "refused",
        "column": None,
        "header": None,
        "count": 1,
        "examples": [],
        "message": "This is a list of people, which no data set may be. The file was deleted here.",
        "remedy": "Hand it in under a linking agreement, where it is encrypted as it comes.",
    }
    kept = {**document, "outcome": "refused", "columns": [], "mends": [], "parts": [], "findings": [finding]}
    return kept | {"not_checked": []}


def _delete(version: Version) -> None:
    """Delete the file and everything the check made of it."""
    original_path(version.pk, version.file_name).unlink(missing_ok=True)
    shutil.rmtree(checks_folder(version.pk), ignore_errors=True)


def _tidy(version: Version) -> None:
    """Older checks of the same file are of no use to anybody."""
    for folder in checks_folder(version.pk).iterdir():
        if folder.name != version.check_folder:
            shutil.rmtree(folder, ignore_errors=True)


def resume_checks() -> int:
    """Ask again for the checks whose worker was killed. How many."""
    waiting = Version.objects.filter(state=Version.State.CHECKING)
    silent = [version for version in waiting if _is_silent(version)]
    for version in silent:
        defer_check(version)
    return len(silent)


def _is_silent(version: Version) -> bool:
    folder = running_folder(version)
    if folder is None:
        return (timezone.now() - version.created_at).total_seconds() > SILENT_SECONDS and version.checked == 0
    mark = folder / ALIVE
    since = mark.stat().st_mtime if mark.exists() else folder.stat().st_mtime
    return timezone.now().timestamp() - since > SILENT_SECONDS
