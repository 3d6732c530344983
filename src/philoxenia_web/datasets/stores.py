"""Where files of uploads, checks and tables lie, under the installation's own folder. All names are ours."""

import uuid
from pathlib import Path

from django.conf import settings

# Endings the reader needs to know apart; everything else is told by the first bytes.
_ENDINGS = (
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xls",
    ".ods",
    ".zip",
    ".parquet",
    ".geojson",
    ".json",
    ".kml",
    ".gz",
)


def _folder(name: str) -> Path:
    folder = Path(settings.ENVIRONMENT.var) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def lake_folder() -> Path:
    """Where the lake is."""
    return _folder("lake")


def upload_path(upload_id: uuid.UUID) -> Path:
    """The bytes of an upload, whole or not."""
    return _folder("uploads") / f"{upload_id}.part"


def ending(name: str) -> str:
    """The ending of a file's name where it is one we know, else ''."""
    lowered = name.lower()
    return next((one for one in _ENDINGS if lowered.endswith(one)), "")


def original_path(version_id: uuid.UUID, name: str) -> Path:
    """The file as it was handed in, byte for byte."""
    return _folder("originals") / f"{version_id}{ending(name)}"


def checks_folder(version_id: uuid.UUID) -> Path:
    """The folder with one folder for each check of a version."""
    folder = _folder("checks") / str(version_id)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def differences_folder() -> Path:
    """Comparisons that were computed once; they can be deleted at any time."""
    return _folder("differences")
