"""Everything a finished study wrote, for download."""

import json
import re
from dataclasses import dataclass
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.studies import queries
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import READ
from philoxenia_web.studies.result_names import EVERYTHING, MANIFEST

_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".zip": "application/zip",
}


@dataclass(frozen=True)
class Kept:
    """One file of a result."""

    path: str
    bytes: int
    sha256: str = ""


@access(READ)
@require_safe
def downloads(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """What can be downloaded, with sizes and hashes."""
    study = queries.study_for(actor_of(request), study_id)
    if not study.is_done:
        return redirect("study-status", study.pk)
    files = kept_files(study)
    told = {
        "study": study,
        "everything": Kept(EVERYTHING, _size(study, EVERYTHING)),
        "reports": [one for one in files if one.path in ("report.html", "report.pdf", "case.pdf", MANIFEST)],
        "tables": [one for one in files if one.path.startswith("tables/")],
    }
    return render(request, "studies/download.html", told)


def kept_files(study: Study) -> list[Kept]:
    """Every file of a result that may be asked for: those the manifest names, and the manifest."""
    manifest = queries.result_folder(study) / MANIFEST
    try:
        listed = json.loads(manifest.read_bytes())["files"]
    except (OSError, ValueError, KeyError) as fault:
        raise Http404(_("The result is not on the disk any more. Run a copy of the study.")) from fault
    return [
        *(Kept(**one) for one in listed),
        Kept(MANIFEST, _size(study, MANIFEST)),
    ]


def _size(study: Study, name: str) -> int:
    try:
        return (queries.result_folder(study) / name).stat().st_size
    except OSError:
        return 0


@access(READ)
@require_safe
def download(request: HttpRequest, study_id: UUID, name: str) -> HttpResponse | FileResponse:
    """One file. The name is looked up among those there are; it never becomes part of a path unseen."""
    study = queries.study_for(actor_of(request), study_id)
    if not study.is_done:
        raise Http404
    known = {one.path for one in kept_files(study)} | {EVERYTHING}
    if name not in known:
        raise Http404
    tag = f'"{study.result_hash[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    path = queries.result_folder(study) / name
    answer = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=_file_name(study, name),
        content_type=_KINDS.get(path.suffix, "application/octet-stream"),
    )
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, max-age=0, must-revalidate"
    # A page of the report that somebody opens from here may run nothing and reach nothing.
    answer["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    return answer


def _file_name(study: Study, name: str) -> str:
    """A name that tells the study apart in a folder of downloads, made of plain letters."""
    words = re.sub(r"[^\w]+", "-", study.title.casefold()).strip("-")[:50] or "study"
    return f"{words}-{str(study.pk)[:8]}-{name.replace('/', '-')}"
