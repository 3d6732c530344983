"""Writing that is whole or not there: temporary file, fsync, rename; exclusive claims by hard link.

Owns durability of single files; ignores what they hold.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4


def unfinished_path(final: Path) -> Path:
    """A name of its own beside `final`, which readers ignore because it starts with a dot."""
    return final.with_name(f".unfinished-{uuid4().hex}-{final.name}")


def flush_to_disk(path: Path) -> None:
    """Ask the system to put a file's bytes on the disk before the name is given to it."""
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def flush_folder(folder: Path) -> None:
    """Put a folder's entries on the disk. Windows has no such call and keeps its own journal."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def publish(unfinished: Path, final: Path) -> None:
    """Give a finished file its name, replacing what had it: a reader sees the old or the new, whole."""
    flush_to_disk(unfinished)
    unfinished.replace(final)
    flush_folder(final.parent)


def write_whole(final: Path, write: Callable[[Path], object]) -> Path:
    """Let `write` fill a file that gets its name only when it is finished; nothing unfinished is left."""
    unfinished = unfinished_path(final)
    try:
        write(unfinished)
        publish(unfinished, final)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return final


def claim(final: Path, content: bytes) -> bool:
    """Write `content` under a name nobody has yet; False where another writer was first.

    A hard link fails when the name is taken, which a rename does not, and needs no lock that a killed
    process could leave behind.
    """
    unfinished = unfinished_path(final)
    try:
        unfinished.write_bytes(content)
        flush_to_disk(unfinished)
        try:
            os.link(unfinished, final)
        except FileExistsError:
            return False
        flush_folder(final.parent)
        return True
    finally:
        unfinished.unlink(missing_ok=True)


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
