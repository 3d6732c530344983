"""Where sealed files lie, under the installation's own folder. All names are ours; all content is sealed."""

from pathlib import Path
from uuid import UUID

from django.conf import settings


def registry_folder() -> Path:
    """Sealed lists of people."""
    folder = Path(settings.ENVIRONMENT.var) / "registry"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def original_path(list_id: UUID) -> Path:
    """A list as it was handed in, whole or on its way."""
    return registry_folder() / f"{list_id}.original"


def table_path(list_id: UUID, check: int) -> Path:
    """The checked table of a list."""
    return registry_folder() / f"{list_id}-{check}.table"


def incoming_path(name: str) -> Path:
    """A file that a form brings, before it is known whose list it is."""
    return registry_folder() / f"{name}.incoming"


def sealed_name(path: Path) -> str:
    """The place a file is sealed for: moved under another name, it does not open."""
    return f"registry/{path.name}"
