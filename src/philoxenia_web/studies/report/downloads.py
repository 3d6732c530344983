"""Tables of a finished study as files."""

from pathlib import Path

from django.http import FileResponse, Http404

_KINDS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


def tables_in(folder: Path) -> list[str]:
    """The names of the tables a result holds."""
    return sorted(path.stem for path in (folder / "tables").glob("*.csv"))


def table_file(folder: Path, name: str, form: str) -> FileResponse:
    """The file. `Http404` for a name or form that is not there: only names that exist are opened."""
    if form not in _KINDS or name not in tables_in(folder):
        raise Http404
    path = folder / "tables" / f"{name}.{form}"
    if not path.is_file():
        raise Http404
    answer = FileResponse(path.open("rb"), content_type=_KINDS[form], as_attachment=True, filename=path.name)
    answer["Cache-Control"] = "private, no-cache"
    return answer
