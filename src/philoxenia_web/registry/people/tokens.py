"""The blind index: short keyed marks of pairs of things a person can be asked for.

A single name or year never stands in the index: only pairs (two names, a name and a year, a name and a phone
number), so that one look-up always asks two pieces, and a common name shows no frequency of its own. Tokens
are cut to 24 bits, so that many pairs share one and a token proves nothing of one person; candidates are
opened and compared. Left to see for who holds a copy of the database: that two people share several tokens.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

from philoxenia.linkage.names import read_words
from philoxenia_web.registry.people.shapes import Birth, Contact, Unspoken

BITS = 24
# Longer names are rare; pairs grow with the square.
MOST_WORDS = 8
_DIGITS = re.compile(r"\d")
# Trunk and country codes differ between writings of one number.
_PHONE_DIGITS = 9


@dataclass(frozen=True, repr=False)
class Pieces(Unspoken):
    """What is known or asked of a person, as keys that spellings share."""

    strong: tuple[str, ...]
    loose: tuple[str, ...]
    years: tuple[int, ...]
    phones: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many pieces these are."""
        return len(self.strong) + bool(self.years) + bool(self.phones)


@dataclass(frozen=True)
class Tokens:
    """Marks for the index: of exact keys, and of keys that similar spellings share."""

    strong: list[int]
    loose: list[int]


def pieces_of(names: Iterable[str], years: Iterable[int], phones: Iterable[str]) -> Pieces:
    """Pieces of all forms of a name together, each once."""
    words = [word for text in names for word in read_words(text)[:MOST_WORDS]]
    strong = tuple(dict.fromkeys(word.key for word in words))[:MOST_WORDS]
    loose = tuple(dict.fromkeys(word.loose for word in words))[:MOST_WORDS]
    return Pieces(strong, loose, tuple(years), tuple(dict.fromkeys(filter(None, map(phone_key, phones)))))


def phone_key(text: str) -> str:
    """The digits of a number that all its writings share; '' where they are too few."""
    digits = "".join(str(int(sign)) for sign in _DIGITS.findall(text))
    return digits[-_PHONE_DIGITS:] if len(digits) >= 7 else ""


def phones_of(contacts: Iterable[Contact]) -> list[str]:
    """Numbers among contacts."""
    return [one.value for one in contacts if one.kind in {"phone", "messenger"}]


def years_of(birth: Birth | None) -> list[int]:
    """The year of birth where one is told."""
    return [birth.known_year] if birth and birth.known_year else []


def tokens_of(pieces: Pieces, secret: bytes) -> Tokens:
    """Tokens of every pair of pieces."""
    return Tokens(
        _marks(_pairs("s", pieces.strong, pieces), secret), _marks(_pairs("l", pieces.loose, pieces), secret)
    )


def _pairs(sort: str, keys: tuple[str, ...], pieces: Pieces) -> list[str]:
    made = [f"{sort}n|{left}|{right}" for left, right in combinations(sorted(keys), 2)]
    made += [f"{sort}y|{key}|{year}" for key in keys for year in pieces.years]
    made += [f"{sort}p|{key}|{phone}" for key in keys for phone in pieces.phones]
    made += [f"{sort}q|{year}|{phone}" for year in pieces.years for phone in pieces.phones]
    return made


def _marks(pairs: list[str], secret: bytes) -> list[int]:
    return sorted({mark(pair, secret) for pair in pairs})


def mark(pair: str, secret: bytes) -> int:
    """One token: BLAKE2b keyed with the secret of the index, cut to `BITS`."""
    digest = blake2b(pair.encode(), key=secret, digest_size=4).digest()
    return int.from_bytes(digest) >> (32 - BITS)


def same_tokens(left: Iterable[int], right: Iterable[int]) -> bool:
    """Whether two have a token in common."""
    return bool(set(left) & set(right))
