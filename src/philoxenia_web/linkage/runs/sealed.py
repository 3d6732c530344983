"""The result of a run on disk: a few files, each sealed with the agreement's key before it is written.

When that key is destroyed they are noise. Frames are Parquet, the rest is JSON.
"""

import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
from django.conf import settings
from django.http import Http404

from philoxenia.lake.files import write_whole
from philoxenia_web.linkage.models.runs import Run
from philoxenia_web.registry import actions as registry

# links: source, record, person. people: a person each. cells: people by group and needs. The others: see
# `figures`.
FRAMES = ("links", "people", "cells", "quality", "weights")
FIGURES = "figures"
# Sealed pairs for the queue, on their way from the process to the database.
REVIEW = "review.json"


def runs_folder(run_id: UUID) -> Path:
    """Everything on disk that belongs to a run."""
    return Path(settings.ENVIRONMENT.var) / "linkage" / str(run_id)


def keep_frame(run: Run, folder: Path, name: str, frame: pl.DataFrame) -> int:
    """Seal a frame into the folder; bytes written."""
    content = io.BytesIO()
    frame.write_parquet(content)
    return _keep(run, folder, name, content.getvalue())


def keep_figures(run: Run, folder: Path, figures: dict[str, Any]) -> int:
    """Seal what is no frame into the folder; bytes written."""
    return _keep(run, folder, FIGURES, json.dumps(figures, sort_keys=True).encode())


def frame_of(run: Run, name: str) -> pl.DataFrame:
    """A frame of a finished run. Raises `KeyGone` after the agreement's end, `Http404` where there is
    none.
    """
    return pl.read_parquet(io.BytesIO(_read(run, name)))


def figures_of(run: Run) -> dict[str, Any]:
    """What is no frame of a finished run. Raises as `frame_of`."""
    return dict(json.loads(_read(run, FIGURES)))


def _keep(run: Run, folder: Path, name: str, content: bytes) -> int:
    sealed = registry.seal(run.agreement_id, content, name=_place(run, name))
    write_whole(folder / f"{name}.sealed", lambda path: path.write_bytes(sealed))
    return len(sealed)


def _read(run: Run, name: str) -> bytes:
    if not run.result:
        raise Http404
    try:
        sealed = (runs_folder(run.pk) / run.result / f"{name}.sealed").read_bytes()
    except FileNotFoundError as missing:
        # Files of an agreement that ended are deleted as well: then the key's end is the reason.
        registry.derive(run.agreement_id, "is it open")
        raise Http404 from missing
    return registry.unseal(run.agreement_id, sealed, name=_place(run, name))


def _place(run: Run, name: str) -> str:
    """Binds bytes to their place: those of another run or of another name do not open here."""
    return f"linkage/run/{run.pk}/{name}"
