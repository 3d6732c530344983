"""The engine's own source as a hash: what was made by another version is told from what this one would make.

Owns this hash; ignores what is kept under it. Light to import, so that pages need not load the capabilities.
"""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def engine_fingerprint() -> str:
    """A hash of the engine's own source and tables: a changed engine never reuses an old outcome."""
    digest = hashlib.sha256()
    for name, content in sorted(_sources(files("philoxenia"), "")):
        digest.update(name.encode())
        digest.update(content)
    return digest.hexdigest()


def _sources(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            found += _sources(entry, f"{prefix}{entry.name}/")
        elif entry.is_file() and not entry.name.endswith(".pyc"):
            found.append((prefix + entry.name, entry.read_bytes()))
    return found
