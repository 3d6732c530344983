"""Which cards were withdrawn: a bit a card, packed, after W3C Bitstring Status List 1.0 (2025).

The first bit is the highest of the first byte. The list tells nothing of a card to who does not hold it.
"""

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np

from philoxenia.vocabulary import PhiloxeniaError

# The least the standard allows: 16 KB, in which one card does not stand out.
LEAST_BITS = 131_072
_BASE64URL = "u"
_CONTEXT = "https://www.w3.org/ns/credentials/v2"


class BadListError(PhiloxeniaError):
    """A status list that cannot be read."""


def packed(withdrawn: Iterable[int], size: int) -> str:
    """`encodedList`: multibase base64url of gzip of `size` bits, those in `withdrawn` set.

    Raises `ValueError` for a list below the least size or a place outside of it.
    """
    if size < LEAST_BITS or size % 8:
        raise ValueError(f"A status list has {LEAST_BITS} bits or more, in whole bytes; not {size}.")
    bits = np.zeros(size, dtype=np.uint8)
    places = np.fromiter(withdrawn, dtype=np.int64)
    if places.size and not (places.min() >= 0 and places.max() < size):
        raise ValueError("A place lies outside of the list.")
    bits[places] = 1
    content = gzip.compress(np.packbits(bits).tobytes(), 9, mtime=0)
    return _BASE64URL + base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unpacked(encoded: str, most_bytes: int = 2**24) -> bytes:
    """The bits of an `encodedList`. Raises `BadListError` for what is none, or would be too large."""
    if not encoded.startswith(_BASE64URL):
        raise BadListError("This status list is not written in base64url.")
    try:
        content = base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4))
        # 31: gzip with its head; a small file may not become an endless one.
        reader = zlib.decompressobj(wbits=31)
        bits = reader.decompress(content, most_bytes)
    except (ValueError, binascii.Error, zlib.error) as fault:
        raise BadListError("This status list cannot be read.") from fault
    if reader.unconsumed_tail or len(bits) * 8 < LEAST_BITS:
        raise BadListError("This status list is larger or smaller than one may be.")
    return bits


def is_withdrawn(bits: bytes, place: int) -> bool:
    """Whether a bit is set. Raises `BadListError` for a place that the list does not have."""
    if not 0 <= place < len(bits) * 8:
        raise BadListError("The card has no place in this status list.")
    return bool(bits[place // 8] >> (7 - place % 8) & 1)


def credential(address: str, issuer: str, encoded: str, made: datetime, until: datetime) -> dict[str, Any]:
    """The list as the credential that is signed. Times are in UTC."""
    seconds = int((until - made).total_seconds())
    return {
        "@context": [_CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": made.isoformat(timespec="seconds"),
        "validUntil": until.isoformat(timespec="seconds"),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded,
            "ttl": seconds * 1000,
        },
    }
