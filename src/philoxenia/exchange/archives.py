"""Zip archives, opened without trust: sizes are counted while unpacking, nothing is ever written to disk."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from philoxenia.exchange.limits import limit
from philoxenia.exchange.problems import UnreadableFileError

_STEP = 1 << 20
_HIDDEN = ("__MACOSX", ".")


def open_zip(path: Path) -> zipfile.ZipFile:
    """An archive whose members, names and declared sizes are within limits.

    Raises `UnreadableFileError` where it is damaged, encrypted, a bomb, or has member names that point
    outside it.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as fault:
        raise UnreadableFileError(
            f"{path.name} begins like a zip archive but its table of contents is missing or damaged: the "
            f"file was "
            "probably cut off while it was copied or downloaded. Export or download it again."
        ) from fault
    _check_members(path.name, archive)
    return archive


def _check_members(name: str, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > limit("archive", "members"):
        raise UnreadableFileError(
            f"{name} holds {len(entries):,} files; at most {limit('archive', 'members'):,} are opened. "
            "Hand in only the tables, in smaller archives."
        )
    for entry in entries:
        if (
            entry.filename.startswith(("/", "\\"))
            or ".." in PurePosixPath(entry.filename.replace("\\", "/")).parts
        ):
            raise UnreadableFileError(
                f"{name} holds a file named {entry.filename!r}, a path that points outside the archive. "
                "Nothing was unpacked. Make a new archive from plain files."
            )
        if entry.flag_bits & 0x1:
            raise UnreadableFileError(
                f"{name} is protected by a password. Hand in a copy without one, over a channel you trust."
            )
        _check_size(name, entry.file_size, entry.compress_size)


def _check_size(name: str, unpacked: int, packed: int) -> None:
    too_large = unpacked > limit("archive", "unpacked_bytes")
    blown_up = unpacked > limit("archive", "ratio_from_bytes") and unpacked > packed * limit(
        "archive", "ratio"
    )
    if too_large or blown_up:
        raise UnreadableFileError(
            f"{name} would grow from {packed:,} to {unpacked:,} bytes when unpacked, which is more than is "
            "opened (a so-called zip bomb looks like this). Hand in the table itself, or split it by year."
        )


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    seen = 0
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(_STEP):
                seen += len(piece)
                # The declared size may lie; only what really comes out counts.
                _check_size(name, seen, entry.compress_size)
                yield piece
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as fault:
        raise UnreadableFileError(
            f"{name} is damaged: its part {entry.filename!r} cannot be unpacked. Export or download the "
            f"file again."
        ) from fault


def read_member(archive: zipfile.ZipFile, member: str, name: str) -> bytes:
    """One member's bytes, counted while they come out.

    Raises `UnreadableFileError` for a damaged member or a bomb.
    """
    return b"".join(_chunks(archive, archive.getinfo(member), name))


def verify_members(
    archive: zipfile.ZipFile, name: str, see: Callable[[str, bytes], None] = lambda member, piece: None
) -> None:
    """Unpack every member once, keeping nothing, so that a reader that trusts declared sizes is safe.

    `see` is shown every piece that comes out, with the name of its member.
    """
    total = 0
    for entry in archive.infolist():
        for piece in _chunks(archive, entry, name):
            total += len(piece)
            if total > limit("archive", "unpacked_bytes"):
                _check_size(name, total, 1)
            see(entry.filename, piece)


def check_packed(name: str, stream: BinaryIO, packed: int) -> None:
    """Count what comes out of a packed stream. Raises `UnreadableFileError` for a bomb or damage."""
    seen = 0
    try:
        while piece := stream.read(_STEP):
            seen += len(piece)
            _check_size(name, seen, packed)
    except (EOFError, OSError, zlib.error) as fault:
        raise UnreadableFileError(
            f"{name} is damaged: it cannot be unpacked. Export or download it again."
        ) from fault


def members(archive: zipfile.ZipFile) -> list[str]:
    """Names of the real files inside, without folders and the hidden files some systems add."""
    return [
        entry.filename
        for entry in archive.infolist()
        if entry.filename
        and not entry.is_dir()
        and not entry.filename.startswith(_HIDDEN[0])
        and not PurePosixPath(entry.filename).name.startswith(_HIDDEN[1])
    ]
