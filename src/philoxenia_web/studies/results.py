"""Results on disk: a folder for each attempt, one of which is given its name and becomes the study's."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse

from philoxenia.lake.files import flush_folder
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.datasets import actions as datasets
from philoxenia_web.studies import inputs, queries
from philoxenia_web.studies.models import Study, StudyInput

STEPS = "steps"


def steps_folder(study_id: UUID) -> Path:
    """Where finished steps wait for the next attempt."""
    return queries.study_folder(study_id) / STEPS


def unfinished_folder(study_id: UUID, lease: UUID) -> Path:
    """Where one attempt writes; nobody else reads it."""
    return queries.study_folder(study_id) / f"unfinished-{lease}"


def publish(study_id: UUID, lease: UUID, attempt: int) -> str:
    """Give an attempt's folder its name, while the study's row is locked; asked twice it is done once."""
    name = f"result-{attempt}-{lease.hex[:8]}"
    final = queries.study_folder(study_id) / name
    if not final.is_dir():
        unfinished_folder(study_id, lease).rename(final)
        flush_folder(final.parent)
    return name


def discard(study_id: UUID, lease: UUID) -> None:
    """Throw away what an attempt wrote."""
    shutil.rmtree(unfinished_folder(study_id, lease), ignore_errors=True)


def tidy(study_id: UUID, name: str) -> None:
    """Leave nothing of a finished study but its result."""
    for entry in queries.study_folder(study_id).iterdir():
        if entry.name != name:
            with suppress(OSError):
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def record(study: Study, name: str, summary: dict[str, Any], found: list[dict[str, Any]]) -> None:
    """Write down what the run was made of and that it is done, in the transaction of the caller."""
    Study.objects.filter(pk=study.pk).update(
        state=Study.State.DONE,
        lease=None,
        heartbeat=None,
        finished_at=Now(),
        result=name,
        result_hash=summary["hash"],
        headline=summary["headline"],
        engine_version=summary["version"],
        engine_fingerprint=summary["fingerprint"],
        city_fingerprint=summary["city"],
        found=found,
        fault="",
        version=F("version") + 1,
    )
    _record_inputs(study, summary["inputs"])
    audit.record(
        SYSTEM,
        "studies.finish",
        study,
        after={"state": Study.State.DONE, "result_hash": summary["hash"], "attempt": study.attempt},
        organisation_id=study.organisation_id,
    )


def _record_inputs(study: Study, told: list[dict[str, Any]]) -> None:
    study.inputs.all().delete()
    StudyInput.objects.bulk_create(
        StudyInput(
            study=study,
            table=one["table"],
            dataset_version_id=one["version_id"] or None,
            title=one["title"][:300],
            content_hash=one["sha256"],
            rows=one["rows"],
            date=one["date"][:100],
        )
        for one in told
    )
    used = [UUID(one["version_id"]) for one in told if one["version_id"]]
    if used:
        address = reverse("study-settings", args=[study.pk])
        datasets.record_use(inputs.acting_for(study), used, "study", str(study.pk), study.title, address)
