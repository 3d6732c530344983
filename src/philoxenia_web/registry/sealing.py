"""Seals bytes with AES-256-GCM, in pieces of bounded size, so that any change of them is noticed.

A sealed file is a mark, a random salt, and records of (length, nonce, ciphertext with tag). Each file has a
key of its own, derived (HKDF-SHA-256, RFC 5869) from the agreement's key, the salt and the file's place:
moved elsewhere, it does not open. Each record is bound to its number and to whether it is the last, so that
records swapped, left out or cut off are noticed (as in STREAM, Hoang et al. 2015). Nonces are random,
because a piece torn by a crash is sealed again under the same number.
"""

import io
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext as _

from philoxenia_web.registry.refusals import Damaged

MARK = b"PHXSEAL1"
SALT_BYTES, NONCE_BYTES, TAG_BYTES = 32, 12, 16
HEAD_BYTES = len(MARK) + SALT_BYTES
# What is in memory at once while a file is sealed or opened.
PIECE_BYTES = 2**20
# A piece of an upload is one record.
MOST_PIECE_BYTES = 4 * 2**20
_LENGTH = struct.Struct("<I")
_BEFORE = _LENGTH.size + NONCE_BYTES


def derived(key: bytes, use: str, salt: bytes = b"") -> bytes:
    """A key of 32 bytes for one use; it says nothing of the key it comes from."""
    return HKDF(SHA256(), 32, salt, use.encode()).derive(key)


def new_head() -> bytes:
    """The beginning of a new sealed file."""
    return MARK + os.urandom(SALT_BYTES)


def cipher_of(key: bytes, head: bytes, name: str) -> AESGCM:
    """The cipher of one file. Raises `Damaged` where it does not begin as one."""
    if len(head) != HEAD_BYTES or not head.startswith(MARK):
        raise _damaged()
    return AESGCM(derived(key, f"philoxenia seal 1 {name}", head[len(MARK) :]))


def record(cipher: AESGCM, number: int, piece: bytes, last: bool) -> bytes:
    """One piece, sealed."""
    nonce = os.urandom(NONCE_BYTES)
    return _LENGTH.pack(len(piece)) + nonce + cipher.encrypt(nonce, piece, _bound(number, last))


def _bound(number: int, last: bool) -> bytes:
    return struct.pack("<Q?", number, last)


def _damaged() -> Damaged:
    return Damaged(
        _(
            "What is kept here is not as it was written: it was changed, cut off or moved, or its key is "
            "another. Nothing of it was used. Tell the operator of this server."
        )
    )


class Sealer:
    """Seals what is written to it onto a stream; the last piece is known only when it is closed."""

    def __init__(self, stream: BinaryIO, key: bytes, name: str) -> None:
        head = new_head()
        stream.write(head)
        self._stream, self._cipher = stream, cipher_of(key, head, name)
        self._held, self._number = bytearray(), 0

    def write(self, content: bytes | memoryview) -> None:
        """Take any number of bytes; no more than a piece of them is held back."""
        self._held += content
        while len(self._held) > PIECE_BYTES:
            self._put(bytes(self._held[:PIECE_BYTES]), last=False)
            del self._held[:PIECE_BYTES]

    def finish(self) -> None:
        """Seal what is left as the last piece."""
        self._put(bytes(self._held), last=True)
        self._held.clear()

    def _put(self, piece: bytes, last: bool) -> None:
        self._stream.write(record(self._cipher, self._number, piece, last))
        self._number += 1


def sealed(key: bytes, content: bytes, name: str) -> bytes:
    """Bytes sealed for the place `name`."""
    stream = io.BytesIO()
    sealer = Sealer(stream, key, name)
    sealer.write(content)
    sealer.finish()
    return stream.getvalue()


def opened(key: bytes, content: bytes, name: str) -> bytes:
    """What was sealed. Raises `Damaged` where a byte is not as it was, or for another place or key."""
    return b"".join(pieces_of(io.BytesIO(content), key, name))


@dataclass(frozen=True)
class _Record:
    """Where a record begins in the file, where its content begins in the whole, and how long that is."""

    at: int
    begins: int
    length: int


def records_of(stream: BinaryIO) -> Iterator[_Record]:
    """The whole records of a sealed stream, by their lengths alone; one torn at the end is left out."""
    size = stream.seek(0, io.SEEK_END)
    at, begins = HEAD_BYTES, 0
    while at + _BEFORE <= size:
        stream.seek(at)
        (length,) = _LENGTH.unpack(stream.read(_LENGTH.size))
        after = at + _BEFORE + length + TAG_BYTES
        if length > MOST_PIECE_BYTES or after > size:
            return
        yield _Record(at, begins, length)
        at, begins = after, begins + length


def end_of(records: list[_Record]) -> tuple[int, int]:
    """Where the next record begins in the file, and how many bytes of content are before it."""
    if not records:
        return HEAD_BYTES, 0
    last = records[-1]
    return last.at + _BEFORE + last.length + TAG_BYTES, last.begins + last.length


class SealedFile(io.RawIOBase):
    """A sealed file read as if it were open; one piece is in memory. Raises `Damaged` unless it is whole."""

    def __init__(self, stream: BinaryIO, key: bytes, name: str) -> None:
        super().__init__()
        self._stream = stream
        stream.seek(0)
        self._cipher = cipher_of(key, stream.read(HEAD_BYTES), name)
        self._records = list(records_of(stream))
        end, self.size = end_of(self._records)
        if not self._records or end != stream.seek(0, io.SEEK_END):
            raise _damaged()
        self._place, self._number, self._piece = 0, -1, b""
        # The last record alone says that the file is whole.
        self._load(len(self._records) - 1)

    def _load(self, number: int) -> None:
        if number == self._number:
            return
        one = self._records[number]
        self._stream.seek(one.at + _LENGTH.size)
        nonce, content = self._stream.read(NONCE_BYTES), self._stream.read(one.length + TAG_BYTES)
        bound = _bound(number, number == len(self._records) - 1)
        try:
            self._piece, self._number = self._cipher.decrypt(nonce, content, bound), number
        except InvalidTag as fault:
            raise _damaged() from fault

    def pieces(self) -> Iterator[bytes]:
        """The content, a piece at a time."""
        for number in range(len(self._records)):
            self._load(number)
            yield self._piece

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the content."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        self._place = max(0, origin + offset)
        return self._place

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """The bytes at this place, up to the end of their piece."""
        if self._place >= self.size or not len(buffer):
            return 0
        self._load(self._at(self._place))
        begins = self._place - self._records[self._number].begins
        found = self._piece[begins : begins + len(buffer)]
        buffer[: len(found)] = found
        self._place += len(found)
        return len(found)

    def _at(self, place: int) -> int:
        low, high = 0, len(self._records) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._records[middle].begins <= place else (low, middle - 1)
        return low


def pieces_of(stream: BinaryIO, key: bytes, name: str) -> Iterator[bytes]:
    """The content of a sealed stream, a piece at a time."""
    return SealedFile(stream, key, name).pieces()


def seal_file(path: Path, key: bytes, name: str, content: Iterable[bytes]) -> int:
    """Seal pieces into a new file that only its owner may read, on the disk when this returns; their size."""
    size = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        sealer = Sealer(stream, key, name)
        for piece in content:
            sealer.write(piece)
            size += len(piece)
        sealer.finish()
        stream.flush()
        os.fsync(stream.fileno())
    return size
