"""What the rows of datasets.csv open: a data set with two open versions, a checked draft, an upload begun."""

import hashlib
from typing import Any
from uuid import uuid4

import polars as pl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from philoxenia.lake import Provenance
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.datasets import queries
from philoxenia_web.datasets.checking import check_result
from philoxenia_web.datasets.models import Agreement, Dataset, Purpose, Upload, Version
from philoxenia_web.datasets.stores import original_path


def _version(organisation: Organisation, dataset: Dataset | None, **fields: Any) -> Version:
    return Version.objects.create(
        organisation=organisation,
        dataset=dataset,
        file_name="flow.csv",
        contract="shelter_flow",
        checked=1,
        outcome="accepted",
        **fields,
    )


def _published(dataset: Dataset, number: int) -> Version:
    table = pl.DataFrame({"month": ["2026-01"], "group": ["all"], "active": [number]})
    provenance = Provenance("Test", "internal", "shelter_flow", "1.0", "")
    stored = queries.lake().put(dataset.lake_table, table, provenance)
    made = _version(
        dataset.organisation,
        dataset,
        number=number,
        state=Version.State.PUBLISHED,
        lake_number=stored.number,
        content_hash=stored.content_hash,
        rows=1,
        columns=table.columns,
        published_at=timezone.now(),
    )
    Agreement.objects.create(
        of=made,
        number=1,
        everybody=True,
        purposes=Purpose.values,
        valid_from=timezone.localdate(),
        licence="internal",
    )
    return made


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """Objects that belong to the organisation."""
    dataset = Dataset.objects.create(
        organisation=organisation,
        contract="shelter_flow",
        title="Test flow",
        lake_table=f"shelter_flow_{uuid4().hex[:12]}",
    )
    older, newer = _published(dataset, 1), _published(dataset, 2)
    draft = _version(organisation, None, state=Version.State.CHECKED)
    pl.DataFrame({"month": ["2026-01"]}).write_parquet(check_result(draft) / "table.parquet")
    original_path(draft.pk, draft.file_name).write_bytes(b"month,group\n")
    upload = Upload.objects.create(
        person_id=people["data_steward"].pk, organisation=organisation, name="flow.csv", size=10, key=uuid4()
    )
    whole = Upload.objects.create(
        person_id=people["data_steward"].pk,
        organisation=organisation,
        name="flow.csv",
        size=10,
        key=uuid4(),
        state=Upload.State.COMPLETE,
    )
    _version(organisation, None, upload=whole, state=Version.State.CHECKED)
    checked, shown = {"version_id": draft.pk}, {"version_id": newer.pk}
    agreed = {
        "everybody": "on",
        "purposes": ["planning"],
        "valid_from": "2026-01-01",
        "licence": "internal",
        "based_on": 1,
    }
    answers = ("choose", "columns", "not-status", "correct", "take-back", "accept", "discard")
    pages = ("check", "report-csv", "report-json", "original", *answers)
    nothing = hashlib.sha256(b"").hexdigest()
    begun = {"key": str(uuid4()), "organisation": str(organisation.pk)}

    def file() -> dict[str, Any]:
        # Of the sender's own organisation, so that one rule is tried at a time.
        content = SimpleUploadedFile("flow.csv", b"month,group\n2026-01,all\n")
        return {**begun, "key": str(uuid4()), "file": content}

    return {
        **{f"version-{page}": (checked, {"version": 1}) for page in pages},
        **{f"version-{page}": (shown, {}) for page in ("rows-csv", "rows-parquet")},
        "version": (shown, {}),
        "version-compare": ({"version_id": newer.pk, "other_id": older.pk}, {}),
        "data-set": ({"dataset_id": dataset.pk}, {}),
        "data-set-describe": ({"dataset_id": dataset.pk}, {"version": 1, "title": "Test flow"}),
        "POST data-hand-in": ({}, file),
        "upload-begin": ({}, {**begun, "name": "flow.csv", "size": 10}),
        "upload": ({"upload_id": upload.pk}, {}, {"Upload-Offset": "0", "Upload-Checksum": nothing}),
        "upload-finish": ({"upload_id": whole.pk}, {}),
        "upload-give-up": ({"upload_id": upload.pk}, {}),
        "POST version-publish": (checked, {**agreed, "version": 1, "title": "Another flow"}),
        "version-publish": (checked, {}),
        "POST version-agreement": (shown, agreed),
        "version-agreement": (shown, {}),
        "POST version-withdraw": (shown, {"version": 1, "reason": "The counts were doubled."}),
        "version-withdraw": (shown, {}),
    }
