"""Checks lists of people in the background. What is in plain is in memory alone: a crash leaves nothing."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.registry import queries
from philoxenia_web.registry.child import NO_MEMORY, SECONDS
from philoxenia_web.registry.models import PersonList
from philoxenia_web.registry.refusals import Damaged, KeyGone
from philoxenia_web.registry.sealing import PIECE_BYTES, pieces_of, seal_file
from philoxenia_web.registry.stores import original_path, registry_folder, sealed_name, table_path

CHECK, QUEUE = "registry.check_list", "checks"
# A check that is not done by then has died with its worker.
LONGEST = timedelta(seconds=SECONDS + 60)


def defer_check(one: PersonList) -> None:
    """Ask for a check of a list's answers as they are; inside the transaction that changed them."""
    app.configure_task(CHECK, queue=QUEUE).defer(list_id=str(one.pk), wanted=one.wanted)


def run_check(list_id: UUID, wanted: int) -> bool:
    """Check a list for the answers numbered `wanted`. False where nobody waits for that any more."""
    found = PersonList.objects.select_related("key")
    one = found.filter(pk=list_id, state=PersonList.State.CHECKING, wanted=wanted).first()
    if one is None:
        return False
    try:
        key = queries.live_key(one.key_id)
        with in_memory("list") as file, in_memory("table") as table:
            _decrypt(one, key, file)
            report = _checked(one, file, table)
            path = table_path(one.pk, wanted)
            path.unlink(missing_ok=True)
            seal_file(path, key, sealed_name(path), _pieces(table))
    except (KeyGone, FileNotFoundError):
        # The agreement ended, or the list was given up, while it was checked.
        return False
    except Damaged as damage:
        report = _broken(str(damage))
    return _keep(list_id, wanted, report)


@contextmanager
def in_memory(name: str) -> Iterator[int]:
    """A file that exists in memory alone, and ends with the processes that hold it."""
    descriptor = os.memfd_create(name)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _decrypt(one: PersonList, key: bytes, descriptor: int) -> None:
    path = original_path(one.pk)
    with path.open("rb") as stream, os.fdopen(os.dup(descriptor), "wb") as target:
        for piece in pieces_of(stream, key, sealed_name(path)):
            target.write(piece)


def _pieces(descriptor: int) -> Iterator[bytes]:
    with os.fdopen(os.dup(descriptor), "rb") as stream:
        stream.seek(0)
        while piece := stream.read(PIECE_BYTES):
            yield piece


def _checked(one: PersonList, file: int, table: int) -> dict[str, Any]:
    """The report on a list, by a process of its own."""
    said: dict[str, Any] = one.answers
    request = {
        "file": file,
        "table": table,
        "name": one.file_name,
        "city": str(settings.ENVIRONMENT.city),
        "needs": one.key.needs,
        "options": {
            "sheet": said.get("sheet", ""),
            "member": said.get("member", ""),
            "dates": said.get("dates", ""),
            "columns": said.get("columns", {}),
            "not_status": said.get("not_status", {}),
        },
    }
    return apart(request)


def apart(request: dict[str, Any]) -> dict[str, Any]:
    """What the process of its own says, or a report on how it ended."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "philoxenia_web.registry.child"],
            input=json.dumps(request).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(request["file"], request["table"]),
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _broken("Reading this list took longer than 15 minutes and was stopped.")
    if done.returncode == 0:
        report: dict[str, Any] = json.loads(done.stdout)
        return report
    if done.returncode in (NO_MEMORY, -9, -6):
        return _broken("Reading this list needed more memory than a check may use, and was stopped.")
    return _broken("Reading this list broke the program that reads it, so the file is damaged or hostile.")


def _broken(what: str) -> dict[str, Any]:
    finding = {
        "rule": "unreadable",
        "severity": "refused",
        "column": "",
        "header": "",
        "count": 1,
        "rows": [],
        "says": "",
        "values": {},
        "message": what,
        "remedy": "Export the table again from its source as CSV (UTF-8), and hand that in.",
    }
    return {"outcome": "unreadable", "rows": 0, "columns": [], "findings": [finding], "mends": []}


def _keep(list_id: UUID, wanted: int, report: dict[str, Any]) -> bool:
    with transaction.atomic():
        one = PersonList.objects.select_for_update(no_key=True, of=("self",)).get(pk=list_id)
        if one.state != PersonList.State.CHECKING or one.wanted != wanted:
            table_path(list_id, wanted).unlink(missing_ok=True)
            return False
        one.state, one.checked, one.checked_at = PersonList.State.CHECKED, wanted, timezone.now()
        one.outcome, one.rows = report["outcome"], report.get("kept", report["rows"])
        one.columns = [column["name"] for column in report["columns"]]
        one.synthetic, one.report = report.get("synthetic", False), report
        one.version += 1
        one.save()
        audit.record(
            SYSTEM,
            "registry.check_list",
            one,
            after={"outcome": one.outcome, "rows": one.rows},
            organisation_id=one.organisation_id,
        )
    for path in registry_folder().glob(f"{list_id}-*.table"):
        if path != table_path(list_id, wanted):
            path.unlink(missing_ok=True)
    return True


def resume_checks() -> int:
    """Ask again for the checks whose worker was killed. How many."""
    before = timezone.now() - LONGEST
    silent = PersonList.objects.filter(state=PersonList.State.CHECKING, checking_at__lt=before)
    for one in silent:
        PersonList.objects.filter(pk=one.pk).update(checking_at=timezone.now())
        defer_check(one)
    return len(silent)
