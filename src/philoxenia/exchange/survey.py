"""The first pass over a text file: its hash, its size, whether it is UTF-8, and what encoding it is if not.

Nothing is kept in memory but a sample of the lines that hold letters beyond ASCII.
"""

import codecs
import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from philoxenia.exchange.ahead import ahead
from philoxenia.exchange.encodings import Encoding, by_letters, by_mark
from philoxenia.exchange.limits import limit
from philoxenia.exchange.problems import UnreadableFileError

# The error handler that reads single foreign bytes in a UTF-8 file as Windows-1252.
MIXED = "philoxenia_mixed"


def _as_western(fault: UnicodeError) -> tuple[str, int]:
    # A few foreign bytes in a UTF-8 file nearly always come from rows pasted out of a Windows program.
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return fault.object[fault.start : fault.end].decode("cp1252", errors="replace"), fault.end


codecs.register_error(MIXED, _as_western)


@dataclass(frozen=True)
class Survey:
    """What one look at every byte tells."""

    sha256: str
    size: int
    start: bytes
    valid_utf8: bool
    newlines: bool
    returns: bool
    nulls: int
    high_sample: bytes
    broken_share: float


def blocks(name: str, open_stream: Callable[[], BinaryIO]) -> Iterator[bytes]:
    """The file in pieces. Raises `UnreadableFileError` where it is too large or damaged."""
    seen = 0
    try:
        with open_stream() as stream:
            while block := stream.read(8_000_000):
                seen += len(block)
                if seen > limit("file", "bytes"):
                    raise UnreadableFileError(
                        f"{name} is larger than {limit('file', 'bytes'):,} bytes. Split it by year or by "
                        f"month."
                    )
                yield block
    except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error) as fault:
        raise UnreadableFileError(
            f"{name} is damaged: it cannot be unpacked. Export or download it again."
        ) from fault


def survey_file(name: str, open_stream: Callable[[], BinaryIO]) -> Survey:
    """Look at every byte once."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    size = nulls = 0
    newlines = returns = False
    start, high, valid = b"", b"", True
    for block in ahead(_hashing(blocks(name, open_stream), digest)):
        start = start or block[: limit("reading", "head_bytes")]
        size += len(block)
        newlines = newlines or b"\n" in block
        returns = returns or b"\r" in block
        nulls += block.count(b"\0")
        plain = block.isascii()
        if not plain and len(high) < 400_000:
            high += _around_high_bytes(block)
        if valid and not (plain and decoder.getstate()[0] == b""):
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                valid = False
    if valid:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            valid = False
    return Survey(digest.hexdigest(), size, start, valid, newlines, returns, nulls, high, _broken_share(high))


def _hashing(pieces: Iterator[bytes], digest: "hashlib._Hash") -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def _around_high_bytes(block: bytes) -> bytes:
    """The lines that hold bytes above 127, up to a limit: all a code page can be judged by."""
    positions = np.flatnonzero(np.frombuffer(block, np.uint8) > 127)
    lines, end = [], -1
    for position in positions[:: max(1, len(positions) // 4000)].tolist():
        if position > end:
            begin = block.rfind(b"\n", 0, position) + 1
            end = block.find(b"\n", position)
            end = len(block) if end < 0 else end
            lines.append(block[max(begin, position - 400) : min(end, position + 400)])
    return b"\n".join(lines)


def _broken_share(sample: bytes) -> float:
    """Of the sequences that could be UTF-8, the share that is not."""
    if not sample:
        return 0.0
    text = sample.decode("utf-8", errors="replace")
    broken = text.count("�")
    fine = sum(ord(character) > 127 for character in text) - broken
    return broken / (broken + fine) if broken + fine else 0.0


def encoding_of(survey: Survey, name: str) -> tuple[Encoding, bool]:
    """The encoding, and whether it is UTF-8 with some damaged bytes."""
    if (marked := by_mark(survey.start)) is not None:
        return marked, False
    if survey.nulls > survey.size / 1000:
        raise UnreadableFileError(
            f"{name} is not a text table: it holds {survey.nulls:,} zero bytes, as programs and pictures do. "
            "Export the table as CSV (UTF-8) or XLSX and hand that in."
        )
    if survey.valid_utf8:
        return Encoding("utf_8", True), False
    # One-byte text hardly ever looks like UTF-8 by chance.
    if survey.broken_share <= 0.5:
        return Encoding("utf_8", False), True
    return by_letters(survey.high_sample), False


def looks_binary(text: str) -> bool:
    """Whether a text is full of control characters, as programs and pictures are."""
    controls = sum(ord(character) < 32 and character not in "\t\n\r\f" for character in text[:20_000])
    return controls > len(text[:20_000]) / 100


def damaged_rows(name: str, open_stream: Callable[[], BinaryIO]) -> tuple[list[tuple[int, str]], int]:
    """Rows of a UTF-8 file that hold bytes of another encoding: the first ones with their text, and how
    many.
    """
    found: list[tuple[int, str]] = []
    count, row, rest = 0, 0, b""
    for block in blocks(name, open_stream):
        lines = (rest + block).split(b"\n")
        rest = lines.pop()
        for line in lines:
            row += 1
            if not line.isascii() and not _is_utf8(line):
                count += 1
                if len(found) < limit("report", "cells_kept"):
                    found.append((row, _damaged_part(line)))
    return found, count


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _damaged_part(line: bytes) -> str:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as fault:
        start = max(0, fault.start - 15)
        return line[start : fault.end + 15].decode("utf-8", errors=MIXED).strip()
    return ""
