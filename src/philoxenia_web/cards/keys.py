"""Keys that sign cards: made, rotated, given up. Private halves lie wrapped among the registry's keys."""

import base64
import hashlib
import uuid
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.cards.payload import KEY_ID_BYTES
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.cards.models import Card, SigningKey
from philoxenia_web.cards.policies import MANAGE
from philoxenia_web.cards.refusals import NotPossible
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


def signs(card: Card) -> SigningKey:
    """What a card is signed with at its next print: its own key, or the newest where that is no more."""
    own = card.signed_with
    return own if own.broken_at is None and keys.is_there(own.pk) else current()


def rotate(actor: Actor, kid: str) -> SigningKey:
    """A new key signs from now on, where `kid` signs still: the same form twice makes one key."""
    check_can(actor, MANAGE)
    with transaction.atomic():
        _alone()
        newest = _newest()
        if newest is not None and newest.kid != kid:
            return newest
        return _replaced(actor)


def doubt(actor: Actor, kid: str) -> SigningKey:
    """Say that a key, whichever it is, got into other hands; another supervisor decides. Twice is once."""
    check_can(actor, MANAGE)
    with transaction.atomic():
        key = _held(kid)
        if key.broken_at is None and key.doubted_by is None:
            key.doubted_by, key.doubted_at = actor.person_id, timezone.now()
            key.save(update_fields=["doubted_by", "doubted_at"])
            audit.record(actor, "cards.doubt_key", key, after={"kid": key.kid})
    return key


def keep(actor: Actor, kid: str) -> SigningKey:
    """The doubt was wrong: the key stays. Twice is once."""
    check_can(actor, MANAGE)
    with transaction.atomic():
        key = _held(kid)
        if key.broken_at is None and key.doubted_by is not None:
            key.doubted_by = key.doubted_at = None
            key.save(update_fields=["doubted_by", "doubted_at"])
            audit.record(actor, "cards.keep_key", key, after={"kid": key.kid})
    return key


def give_up(actor: Actor, kid: str) -> SigningKey:
    """A second supervisor agrees: no card of this key is good any more. Twice is once.

    Raises `NotPossible` where nobody said so before, or the same person did.
    """
    check_can(actor, MANAGE)
    with transaction.atomic():
        _alone()
        key = _held(kid)
        if key.broken_at is not None:
            return key
        if key.doubted_by is None or key.doubted_by == actor.person_id:
            raise NotPossible(_("Two supervisors give a key up: another one says so first."))
        key.broken_at = timezone.now()
        key.save(update_fields=["broken_at"])
        audit.record(actor, "cards.give_up_key", key, after={"kid": key.kid})
        if key.retired_at is None:
            _replaced(actor)
        transaction.on_commit(lambda: keys.destroy(key.pk))
    return key


def _held(kid: str) -> SigningKey:
    key = SigningKey.objects.select_for_update(no_key=True).filter(kid=kid).first()
    if key is None:
        raise Http404
    return key


def _replaced(actor: Actor) -> SigningKey:
    """A new key instead of those that sign now."""
    before = list(SigningKey.objects.filter(retired_at=None).values_list("kid", flat=True))
    SigningKey.objects.filter(retired_at=None).update(retired_at=timezone.now())
    fresh = _made()
    audit.record(actor, "cards.rotate_key", fresh, before={"before": before}, after={"kid": fresh.kid})
    return fresh


def agree() -> None:
    """Let database and folder of keys say the same, after a kill or a restored backup."""
    for key in SigningKey.objects.all():
        if key.broken_at is not None:
            keys.destroy(key.pk)
        elif keys.is_destroyed(key.pk):
            # It was given up after the backup.
            now = timezone.now()
            SigningKey.objects.filter(pk=key.pk).update(broken_at=now, retired_at=key.retired_at or now)


def trusted() -> list[SigningKey]:
    """Keys whose cards are good."""
    found = SigningKey.objects.filter(broken_at=None).order_by("made_at")
    return [one for one in found if not keys.is_destroyed(one.pk)]


def as_jwk(key: SigningKey) -> dict[str, Any]:
    """The public half as RFC 8037 writes it."""
    told = base64.urlsafe_b64encode(bytes(key.public)).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key.kid, "x": told}


def kid_of(public: bytes) -> str:
    """The name of a key on cards: the beginning of its hash."""
    return hashlib.sha256(public).digest()[:KEY_ID_BYTES].hex()


def _newest() -> SigningKey | None:
    found = SigningKey.objects.filter(retired_at=None, broken_at=None).order_by("-made_at").first()
    return None if found is None or keys.is_destroyed(found.pk) else found


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
