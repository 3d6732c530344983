"""Keys that sign cards: made, rotated, given up. Private halves lie wrapped among the registry's keys."""

import base64
import hashlib
import uuid
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection, transaction
from django.utils import timezone

from philoxenia.cards.payload import KEY_ID_BYTES
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.cards.models import SigningKey
from philoxenia_web.cards.policies import MANAGE
from philoxenia_web.registry import keys
from philoxenia_web.registry.sealing import derived

_USE = "philoxenia card signing 1"


def private_of(key: SigningKey) -> Ed25519PrivateKey:
    """What signs. Raises `KeyGone` where it is not on this server."""
    return Ed25519PrivateKey.from_private_bytes(derived(keys.load(key.pk), _USE))


def public_of(key: SigningKey) -> Ed25519PublicKey:
    """What checks."""
    return _public(bytes(key.public))


@lru_cache(maxsize=64)
def _public(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def current() -> SigningKey:
    """The key that signs now; made at the first need."""
    found = _newest()
    if found is not None:
        return found
    with transaction.atomic():
        _alone()
        return _newest() or _made()


def rotate(actor: Actor, broken: bool = False) -> SigningKey:
    """A new key signs from now on. With `broken`, cards signed with the one before are not good any more."""
    check_can(actor, MANAGE)
    with transaction.atomic():
        _alone()
        now = timezone.now()
        before = list(SigningKey.objects.filter(retired_at=None))
        SigningKey.objects.filter(retired_at=None).update(
            retired_at=now, **({"broken_at": now} if broken else {})
        )
        fresh = _made()
        told = {"before": [one.kid for one in before], "broken": broken}
        audit.record(actor, "cards.rotate_key", fresh, before=told, after={"kid": fresh.kid})
        if broken:
            transaction.on_commit(lambda: [keys.destroy(one.pk) for one in before] and None)
    return fresh


def trusted() -> list[SigningKey]:
    """Keys whose cards are good."""
    return list(SigningKey.objects.filter(broken_at=None).order_by("made_at"))


def as_jwk(key: SigningKey) -> dict[str, Any]:
    """The public half as RFC 8037 writes it."""
    told = base64.urlsafe_b64encode(bytes(key.public)).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key.kid, "x": told}


def kid_of(public: bytes) -> str:
    """The name of a key on cards: the beginning of its hash."""
    return hashlib.sha256(public).digest()[:KEY_ID_BYTES].hex()


def _newest() -> SigningKey | None:
    return SigningKey.objects.filter(retired_at=None).order_by("-made_at").first()


def _made() -> SigningKey:
    fresh = SigningKey(pk=uuid.uuid4())
    keys.make(fresh.pk)
    fresh.public = private_of(fresh).public_key().public_bytes_raw()
    fresh.kid = kid_of(fresh.public)
    fresh.save(force_insert=True)
    return fresh


def _alone() -> None:
    """Two processes that begin at once make one key."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('philoxenia_cards_key'))")
