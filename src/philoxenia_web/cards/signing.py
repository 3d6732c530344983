"""Codes of cards and lists of withdrawn ones, signed; and what a code is worth."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from philoxenia.cards.payload import Claims, NotACardError, read_text, taken_apart, to_sign


def signed_token(claims: Claims, private: Ed25519PrivateKey) -> bytes:
    """The 80 bytes of a card's code."""
    body = claims.body()
    return body + private.sign(to_sign(body))


@dataclass(frozen=True)
class Checked:
    """What a code says: `verdict` is good, early, expired, withdrawn or forged."""

    verdict: str
    claims: Claims


def checked(
    text: str, publics: Mapping[str, Ed25519PublicKey], today: date, withdrawn: "Mapping[int, Any] | set[int]"
) -> Checked:
    """Look at a code as the page without a network does. Raises `NotACardError` for a text that is none."""
    claims, body, signature = taken_apart(read_text(text))
    public = publics.get(claims.key_id.hex())
    try:
        if public is None:
            return Checked("forged", claims)
        public.verify(signature, to_sign(body))
    except InvalidSignature:
        return Checked("forged", claims)
    if claims.index in withdrawn:
        return Checked("withdrawn", claims)
    if today > claims.valid_until:
        return Checked("expired", claims)
    return Checked("early" if today < claims.valid_from else "good", claims)


def signed_list(credential: Mapping[str, Any], kid: str, private: Ed25519PrivateKey) -> str:
    """A credential as a JWS in compact form (RFC 7515), signed with EdDSA (RFC 8037)."""
    head = {"alg": "EdDSA", "kid": kid, "typ": "vc+jwt"}
    signed = f"{_coded(head)}.{_coded(credential)}"
    return f"{signed}.{_base64url(private.sign(signed.encode()))}"


def _coded(told: Mapping[str, Any]) -> str:
    return _base64url(json.dumps(told, separators=(",", ":"), sort_keys=True).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


__all__ = ["Checked", "NotACardError", "checked", "signed_list", "signed_token"]
