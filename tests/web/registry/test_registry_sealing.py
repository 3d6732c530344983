"""Sealed bytes open whole and unchanged, with their key and in their place, or not at all."""

import io
import os
import struct
from pathlib import Path

import pytest

from philoxenia_web.registry.refusals import Damaged
from philoxenia_web.registry.sealing import (
    HEAD_BYTES,
    NONCE_BYTES,
    PIECE_BYTES,
    TAG_BYTES,
    SealedFile,
    opened,
    seal_file,
    sealed,
)

KEY = bytes(range(32))
CONTENT = os.urandom(2 * PIECE_BYTES + 1000)
_BEFORE = 4 + NONCE_BYTES
_RECORD = _BEFORE + PIECE_BYTES + TAG_BYTES


@pytest.fixture(scope="module")
def whole() -> bytes:
    """Three records."""
    return sealed(KEY, CONTENT, "place")


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, PIECE_BYTES + 1])
def test_what_is_sealed_opens(size: int) -> None:
    content = CONTENT[:size]
    closed = sealed(KEY, content, "place")
    assert opened(KEY, closed, "place") == content
    # One byte may stand in any ciphertext.
    assert size < 64 or content[:64] not in closed


def test_the_same_bytes_are_never_sealed_the_same(whole: bytes) -> None:
    assert sealed(KEY, CONTENT, "place") != whole


def test_another_key_or_place_does_not_open(whole: bytes) -> None:
    for key, name in ((bytes(32), "place"), (KEY, "elsewhere")):
        with pytest.raises(Damaged):
            opened(key, whole, name)


@pytest.mark.parametrize("at", [0, 10, HEAD_BYTES, HEAD_BYTES + 5, HEAD_BYTES + _BEFORE, _RECORD, -1])
def test_one_changed_byte_is_noticed(whole: bytes, at: int) -> None:
    changed = bytearray(whole)
    changed[at] ^= 1
    with pytest.raises(Damaged):
        opened(KEY, bytes(changed), "place")


def test_swapped_repeated_and_missing_records_are_noticed(whole: bytes) -> None:
    head, one, two = whole[:HEAD_BYTES], *(whole[HEAD_BYTES + i * _RECORD :][:_RECORD] for i in (0, 1))
    rest = whole[HEAD_BYTES + 2 * _RECORD :]
    for spoiled in (head + two + one + rest, head + one + one + rest, head + one + rest, head + rest):
        with pytest.raises(Damaged):
            opened(KEY, spoiled, "place")


@pytest.mark.parametrize("cut", [1, 500, TAG_BYTES + _BEFORE + 1000, 2 * _RECORD])
def test_a_cut_off_file_is_noticed(whole: bytes, cut: int) -> None:
    # The third cut takes exactly the last record away: what is left are whole records.
    with pytest.raises(Damaged):
        opened(KEY, whole[:-cut], "place")


def test_a_record_that_claims_to_be_huge_takes_no_memory(whole: bytes) -> None:
    spoiled = bytearray(whole)
    spoiled[HEAD_BYTES : HEAD_BYTES + 4] = struct.pack("<I", 2**32 - 1)
    with pytest.raises(Damaged):
        opened(KEY, bytes(spoiled), "place")


def test_any_part_is_read_without_the_rest(whole: bytes) -> None:
    file = SealedFile(io.BytesIO(whole), KEY, "place")
    for at, count in ((0, 10), (PIECE_BYTES - 5, 10), (2 * PIECE_BYTES, 1000), (len(CONTENT) - 3, 10)):
        file.seek(at)
        read = io.BufferedReader(file, 1).read(count)
        assert read == CONTENT[at : at + count]
        file = SealedFile(io.BytesIO(whole), KEY, "place")


def test_a_file_is_for_its_owner_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "list"
    assert seal_file(path, KEY, "list", iter([b"a" * 10, b"b"])) == 11
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        seal_file(path, KEY, "list", iter([b"c"]))
