"""The list of withdrawn cards."""

import base64
import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from philoxenia.cards.status_list import LEAST_BITS, BadListError, credential, is_withdrawn, packed, unpacked


@settings(max_examples=20)
@given(some.sets(some.integers(0, LEAST_BITS - 1), max_size=50), some.integers(0, LEAST_BITS - 1))
def test_the_set_bits_are_the_withdrawn_ones(withdrawn: set[int], asked: int) -> None:
    bits = unpacked(packed(withdrawn, LEAST_BITS))
    assert is_withdrawn(bits, asked) == (asked in withdrawn)
    assert sum(byte.bit_count() for byte in bits) == len(withdrawn)


def test_the_first_bit_is_the_highest_of_the_first_byte() -> None:
    """As the standard says (Bitstring Status List 1.0, 3.1)."""
    assert unpacked(packed([0, 9], LEAST_BITS))[:2] == b"\x80\x40"


def test_a_place_outside_is_no_answer() -> None:
    with pytest.raises(BadListError):
        is_withdrawn(unpacked(packed([], LEAST_BITS)), LEAST_BITS)
    with pytest.raises(ValueError, match="outside"):
        packed([LEAST_BITS], LEAST_BITS)
    with pytest.raises(ValueError, match="131072"):
        packed([], 8)


def multibase(content: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(content).decode().rstrip("=")


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "zabc",
        "u!!!",
        multibase(b"no gzip"),
        multibase(gzip.compress(bytes(10), mtime=0)),
        # A bomb: 32 MB of zeros in 32 KB.
        multibase(gzip.compress(bytes(2**25), mtime=0)),
        multibase(gzip.compress(bytes(2**14), mtime=0)[:-12]) + "A",
    ],
    ids=["empty", "another base", "other signs", "no gzip", "short", "bomb", "cut off"],
)
def test_what_is_no_list_gets_a_sentence(encoded: str) -> None:
    with pytest.raises(BadListError):
        unpacked(encoded)


def test_the_credential_says_how_long_it_holds() -> None:
    made, until = datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 11, 22, 13, tzinfo=UTC)
    told = credential("https://c.example/card/status/0", "https://c.example/card/", "uX", made, until)
    assert told["credentialSubject"]["ttl"] == 3_600_000
    assert told["validFrom"] == "2026-11-22T12:00:00+00:00"
