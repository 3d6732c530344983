"""From a study's settings to the folder of its result: what the study's own process does."""

import hashlib
import json
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections
from django.http import Http404

from philoxenia import __version__
from philoxenia.exchange import City
from philoxenia.lake.files import flush_folder, flush_to_disk
from philoxenia.lake.source import engine_fingerprint
from philoxenia.workflows.run import city_fingerprint
from philoxenia.workflows.steps import frame_fingerprint
from philoxenia_web.attempts.inside import Tell
from philoxenia_web.studies import inputs, results
from philoxenia_web.studies.kinds import Kind
from philoxenia_web.studies.models import Study, StudyParameter
from philoxenia_web.studies.result_names import EVERYTHING, MANIFEST
from philoxenia_web.studies.steps import READ, pack_step, report_step

# What computes each kind of study. Loaded when it is wanted: each brings its own part of the engine.
_RUNS = {
    Kind.PRESSURE: "philoxenia_web.studies.pressure_run",
    Kind.FORESIGHT: "philoxenia_web.studies.foresight_run",
}
# The first moment a ZIP can tell: equal results have equal bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def compute(study_id: UUID, lease: UUID, tell: Tell) -> dict[str, Any]:
    """Compute the study and write its result into the attempt's folder; what the worker is to write down."""
    study = Study.objects.filter(pk=study_id, lease=lease).first()
    if study is None:
        raise Http404
    kind = Kind(study.kind)
    tell(READ, 0.0, {})
    city, used = _city(study)
    changed = list(study.parameters.all())
    connections.close_all()
    tell(READ, 1.0, {"tables": len(city.tables), "districts": city.districts.height})
    found = import_module(_RUNS[kind]).find(study, city, results.steps_folder(study_id), tell)
    folder = results.unfinished_folder(study_id, lease)
    manifest = _manifest(study, city, used, changed) | found.settings
    tell(report_step(kind), 0.0, {})
    found.write(folder)
    files = sum(1 for file in folder.rglob("*") if file.is_file())
    tell(report_step(kind), 1.0, {"files": files})
    tell(pack_step(kind), 0.0, {})
    hashed = pack(folder, manifest)
    tell(pack_step(kind), 1.0, {"bytes": (folder / EVERYTHING).stat().st_size})
    return {
        "hash": hashed,
        "headline": found.headline,
        "version": __version__,
        "fingerprint": engine_fingerprint(),
        "city": city_fingerprint(city),
        "inputs": used,
    }


def _city(study: Study) -> tuple[City, list[dict[str, Any]]]:
    """The city as the study wants it, and what each of its tables is."""
    city, behind = inputs.city_of(study)
    changes = {one.name: one.value for one in study.parameters.all()}
    changed = city.with_parameters(changes) if changes else city
    return changed, [_told(changed, table, behind) for table in sorted(changed.tables)]


def _told(city: City, table: str, behind: dict[str, UUID]) -> dict[str, Any]:
    source = city.sources.get(table)
    return {
        "table": table,
        "version_id": str(behind.get(table, "")),
        "title": source.title if source else "",
        "owner": source.owner if source else "",
        "licence": source.licence if source else "",
        "date": source.date if source else "",
        "rows": city.tables[table].height,
        "sha256": frame_fingerprint(city.tables[table]),
    }


def _manifest(
    study: Study, city: City, used: list[dict[str, Any]], changed: list[StudyParameter]
) -> dict[str, Any]:
    """Everything that made the result, and nothing else: equal manifests mean equal results."""
    return {
        "city": {"id": city.id, "name": city.name, "fingerprint": city_fingerprint(city)},
        "engine": {"version": __version__, "fingerprint": engine_fingerprint()},
        "seed": study.seed,
        "horizon_months": study.horizon,
        "purpose": study.purpose,
        "inputs": used,
        "changed_parameters": [
            {
                "name": one.name,
                "value": one.value,
                "default": one.default,
                "unit": city.parameters.row(one.name).unit,
                "reason": one.reason,
            }
            for one in changed
        ],
        "parameters": {name: city.parameters[name] for name in sorted(city.parameters)},
    }


def pack(folder: Path, manifest: dict[str, Any]) -> str:
    """Add the manifest with every file's hash, and one ZIP of it all; the hash of the manifest."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    listed = [
        {
            "path": file.relative_to(folder).as_posix(),
            "bytes": file.stat().st_size,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        }
        for file in files
    ]
    text = json.dumps(manifest | {"files": listed}, indent=1, ensure_ascii=False, sort_keys=True).encode()
    (folder / MANIFEST).write_bytes(text)
    with zipfile.ZipFile(folder / EVERYTHING, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in [*files, folder / MANIFEST]:
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes())
    flush(folder)
    return hashlib.sha256(text).hexdigest()


def flush(folder: Path) -> None:
    """Put all on the disk before the result gets its name: after a power cut it is whole or not there."""
    for entry in sorted(folder.rglob("*")):
        flush_folder(entry) if entry.is_dir() else flush_to_disk(entry)
    flush_folder(folder)
