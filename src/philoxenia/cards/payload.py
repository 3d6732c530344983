"""The code on a card: 16 bytes of claims and a signature of 64, as text for a QR sign or for typing.

The claims name nobody: key, place in the status list, first and last day, and three bytes with which
somebody who holds the card can check that the name printed on it is the one that was signed.
"""

import base64
import binascii
import hashlib
import struct
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from philoxenia.vocabulary import PhiloxeniaError

VERSION = 1
EPOCH = date(2020, 1, 1)
KEY_ID_BYTES, NAME_CHECK_BYTES, SIGNATURE_BYTES = 4, 3, 64
_BODY = struct.Struct(f">B{KEY_ID_BYTES}sIHH{NAME_CHECK_BYTES}s")
BODY_BYTES = _BODY.size
TOKEN_BYTES = BODY_BYTES + SIGNATURE_BYTES
# Signed before the claims, so that no signature made for anything else can be taken for a card's.
CONTEXT = b"philoxenia city card 1\0"
_NAME_CONTEXT = b"philoxenia card name 1\0"
# Crockford's alphabet: no I, L, O, U.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LINE, _GROUP = 32, 4
_TYPED = TOKEN_BYTES * 8 // 5
_LONGEST_TEXT = 2000


class NotACardError(PhiloxeniaError):
    """A text or bytes that are not a card's code; the message says what to look at."""


@dataclass(frozen=True)
class Claims:
    """What is signed. `index` is the card's place in the status list; both days are included."""

    key_id: bytes
    index: int
    valid_from: date
    valid_until: date
    name_check: bytes

    def body(self) -> bytes:
        """The claims as 16 bytes, big-endian; days are counted from the first of 2020."""
        days = [(one - EPOCH).days for one in (self.valid_from, self.valid_until)]
        return _BODY.pack(VERSION, self.key_id, self.index, *days, self.name_check)


def to_sign(body: bytes) -> bytes:
    """What the signature is over."""
    return CONTEXT + body


def taken_apart(token: bytes) -> tuple[Claims, bytes, bytes]:
    """Claims, the bytes they were read from, and the signature, unchecked. Raises `NotACardError`."""
    if len(token) != TOKEN_BYTES or token[0] != VERSION:
        raise NotACardError("This is not the code of a city card, or of a kind that is not known here.")
    body, signature = token[:BODY_BYTES], token[BODY_BYTES:]
    _, key_id, index, first, last, check = _BODY.unpack(body)
    claims = Claims(key_id, index, EPOCH + timedelta(first), EPOCH + timedelta(last), check)
    return claims, body, signature


def name_check(name: str, index: int) -> bytes:
    """Three bytes of SHA-512 over the place in the list and the folded name.

    Few enough that many names share them: they confirm a name that is on the card, and tell none.
    """
    folded = folded_name(name).encode()
    return hashlib.sha512(_NAME_CONTEXT + struct.pack(">I", index) + folded).digest()[:NAME_CHECK_BYTES]


def folded_name(name: str) -> str:
    """Letters and digits alone, small, without marks: however it is typed, it is one name."""
    plain = unicodedata.normalize("NFKD", name).lower()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LN")


def written(token: bytes) -> str:
    """As it follows the # of the address in the QR sign: base64url without padding."""
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def lettered(token: bytes) -> list[str]:
    """As it is printed for typing: four lines of 32 letters, each with a check letter, in groups of four."""
    number = int.from_bytes(token, "big")
    letters = "".join(_LETTERS[(number >> 5 * place) & 31] for place in reversed(range(_TYPED)))
    lines = [letters[start : start + _LINE] for start in range(0, _TYPED, _LINE)]
    return [_grouped(line + _LETTERS[_remainder(line + "0", 1)]) for line in lines]


def read_text(text: str) -> bytes:
    """The token in an address, a code or typed lines. Raises `NotACardError` naming the line with a slip."""
    code = text[:_LONGEST_TEXT].rsplit("#", 1)[-1].strip()
    try:
        if len(code) == len(written(bytes(TOKEN_BYTES))):
            return base64.b64decode(code + "=", altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        pass
    return _typed(code)


def _typed(code: str) -> bytes:
    letters = "".join(code.upper().replace("-", "").split()).translate(_READ_AS)
    lines = [letters[start : start + _LINE + 1] for start in range(0, len(letters), _LINE + 1)]
    if len(letters) != _TYPED + _TYPED // _LINE or set(letters) - set(_LETTERS):
        raise NotACardError("This is not the code of a city card. Scan it again, or type all four lines.")
    for number, line in enumerate(lines, start=1):
        if _remainder(line, 0):
            raise NotACardError(f"Line {number} of the code has a slip. Compare it with the card.")
    value = 0
    for letter in "".join(line[:-1] for line in lines):
        value = value << 5 | _LETTERS.index(letter)
    return value.to_bytes(TOKEN_BYTES, "big")


def _remainder(line: str, making: int) -> int:
    """Luhn's sum for 32 letters (Luhn mod N): finds one wrong letter, and most two that changed places."""
    total = 0
    for place, letter in enumerate(reversed(line)):
        value = _LETTERS.index(letter) * (1 + place % 2)
        total += value // 32 + value % 32
    return -total % 32 if making else total % 32


def _grouped(line: str) -> str:
    return " ".join(line[start : start + _GROUP] for start in range(0, len(line), _GROUP))
