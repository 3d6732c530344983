"""The code on a card: what is written is read, and a slip is found."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from philoxenia.cards.payload import (
    TOKEN_BYTES,
    Claims,
    NotACardError,
    lettered,
    name_check,
    read_text,
    taken_apart,
    to_sign,
    written,
)

CLAIMS = Claims(b"\x01\x02\x03\x04", 123_456, date(2026, 11, 22), date(2031, 11, 21), b"abc")
TOKENS = some.binary(min_size=TOKEN_BYTES, max_size=TOKEN_BYTES)


@given(
    some.binary(min_size=4, max_size=4),
    some.integers(0, 2**32 - 1),
    some.dates(date(2020, 1, 1), date(2199, 1, 1)),
    some.binary(min_size=3, max_size=3),
)
def test_claims_are_read_as_written(key: bytes, index: int, day: date, check: bytes) -> None:
    claims = Claims(key, index, day, day, check)
    read, body, signature = taken_apart(claims.body() + bytes(64))
    assert (read, body, signature) == (claims, claims.body(), bytes(64))


@given(TOKENS)
def test_both_ways_of_writing_say_the_same(token: bytes) -> None:
    assert read_text(written(token)) == token
    assert read_text(f"https://city.example/card/#{written(token)}") == token
    assert read_text("\n".join(lettered(token))) == token
    assert read_text(" ".join(lettered(token)).lower().replace("0", "o").replace("1", "l")) == token


@given(TOKENS, some.integers(0, 131), some.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_letter_is_found_and_its_line_named(token: bytes, place: int, other: str) -> None:
    letters = "".join("".join(lettered(token)).split())
    if letters[place] == other:
        return
    with pytest.raises(NotACardError, match=f"Line {place // 33 + 1} "):
        read_text(letters[:place] + other + letters[place + 1 :])


@pytest.mark.parametrize(
    "text",
    ["", "#", "x" * 107, "é" * 107, "0" * 10_000_000, "javascript:alert(1)", "\u202e" * 107, "٣" * 132],
)
def test_what_is_no_code_gets_a_sentence(text: str) -> None:
    with pytest.raises(NotACardError, match="card"):
        taken_apart(read_text(text))


def test_another_version_is_not_read() -> None:
    with pytest.raises(NotACardError):
        taken_apart(b"\x02" + CLAIMS.body()[1:] + bytes(64))


def test_what_is_signed_says_what_it_is_for() -> None:
    assert to_sign(CLAIMS.body()) == b"philoxenia city card 1\0" + CLAIMS.body()


def test_a_name_is_one_however_it_is_typed() -> None:
    assert name_check("  Zoë  D'Ávila ", 7) == name_check("zoe davila", 7)
    assert name_check("zoe davila", 7) != name_check("zoe davila", 8)
    assert name_check("zoe davila", 7) != name_check("zoe davile", 7)
    assert len(name_check("نور", 1)) == 3
