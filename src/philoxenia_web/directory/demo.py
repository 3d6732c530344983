"""The city's own directory, as every demonstration shows it. Twice is once."""

import hashlib
from pathlib import Path
from uuid import UUID, uuid5

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.directory.actions import import_records
from philoxenia_web.directory.models import Import

_NAMESPACE = UUID("0c0f1c0a-5f0d-4a35-9a1e-6f6f2f3b7c11")


def make_demo_directory(folder: Path) -> Import | None:
    """Read what the city package declares as its directory; None where it declares none."""
    # Polars is loaded only where a directory is read.
    from philoxenia.workflows.directory.city import city_directory, has_directory  # noqa: PLC0415

    if not has_directory(folder):
        return None
    key = uuid5(_NAMESPACE, _fingerprint(folder))
    known = Import.objects.filter(key=key).first()
    if known is not None:
        return known
    return import_records(SYSTEM, city_directory(folder), feed=folder.name, whole=True, key=key)


def _fingerprint(folder: Path) -> str:
    """Of the files a directory is made of."""
    digest = hashlib.sha256(folder.name.encode())
    for path in sorted([*(folder / "directory").rglob("*"), *(folder / "tables").glob("*")]):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
