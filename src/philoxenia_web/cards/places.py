"""Places of the status list that were given or withdrawn, kept outside the database as the keys are.

A restored backup knows neither of the cards given after it nor of those withdrawn: these two files do. Each
is a bit a place; they name nobody. What a transaction wrote and took back wastes a place and no more.
"""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from philoxenia.lake.files import flush_folder
from philoxenia_web.registry.key_files import CARDS
from philoxenia_web.registry.keys import keys_folder

GIVEN, WITHDRAWN = "given", "withdrawn"


def note(name: str, places: Iterable[int]) -> None:
    """Set bits; on the disk when this returns. Twice is once."""
    descriptor = os.open(_path(name), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for place in places:
            held = os.pread(descriptor, 1, place // 8) or b"\0"
            os.pwrite(descriptor, bytes([held[0] | 1 << place % 8]), place // 8)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    flush_folder(_path(name).parent)


def is_noted(name: str, place: int) -> bool:
    """Whether a bit is set."""
    held = _read(name, place // 8, 1)
    return bool(held and held[0] >> place % 8 & 1)


def noted(name: str, low: int = 0, high: int | None = None) -> list[int]:
    """Every place whose bit is set, from `low` (a whole byte) up to `high`."""
    held = _read(name, low // 8, -1 if high is None else (high - low) // 8)
    return [low + 8 * at + bit for at, byte in enumerate(held) if byte for bit in range(8) if byte >> bit & 1]


def stamp(name: str) -> tuple[int, int]:
    """Another one after every change."""
    try:
        found = _path(name).stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _read(name: str, start: int, size: int) -> bytes:
    try:
        with _path(name).open("rb") as file:
            file.seek(start)
            return file.read(size)
    except FileNotFoundError:
        return b""


def _path(name: str) -> Path:
    folder = keys_folder() / CARDS
    if not folder.is_dir():
        folder.mkdir(mode=0o700, exist_ok=True)
        flush_folder(folder.parent)
    return folder / name
