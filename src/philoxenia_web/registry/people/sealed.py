"""Each resident's own key, and values sealed with it, bound to their table, column and row.

A resident's key is random, wrapped by a master key (`registry/keys.py`) and kept beside the record. Erasing a
person destroys it and notes the id in the folder of keys, which no backup holds: a backup that comes back is
erased again, and until then the key is refused.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.registry import keys
from philoxenia_web.registry.key_files import ERASED, INDEX_KEY, MASTER
from philoxenia_web.registry.models import IndexKey, ResidentKey
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import Damaged, KeyGone
from philoxenia_web.registry.sealing import NONCE_BYTES, derived

_NUMBERS = "registry number"
# Who makes a key holds it with others, until it is committed; who forgets a master key holds it alone.
ROTATION_LOCK = 0x7068786B


class Key:
    """A resident's key, open: seals and opens values of that resident."""

    __slots__ = ("_cipher", "_resident")

    def __init__(self, resident_id: UUID, secret: bytes) -> None:
        self._resident, self._cipher = resident_id, AESGCM(secret)

    def seal(self, place: str, row: object, content: bytes) -> bytes:
        """Bytes that open for this `place` (table.column) and row alone."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, _bound(place, row))

    def open(self, place: str, row: object, content: bytes | memoryview) -> bytes:
        """What was sealed. Raises `Damaged` where a byte is not as it was, or of another place."""
        held = bytes(content)
        try:
            return self._cipher.decrypt(held[:NONCE_BYTES], held[NONCE_BYTES:], _bound(place, row))
        except InvalidTag as fault:
            raise Damaged(
                _("What is kept of this person is not as it was written. Tell the operator of this server.")
            ) from fault

    def seal_values(self, place: str, row: object, values: Any) -> bytes:
        """Plain values, sealed."""
        return self.seal(place, row, json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode())

    def open_values(self, place: str, row: object, content: bytes | memoryview) -> Any:
        """The values again."""
        return json.loads(self.open(place, row, content))


def _bound(place: str, row: object) -> bytes:
    return f"philoxenia {place} {row}".encode()


def new_key(resident_id: UUID) -> tuple[Key, ResidentKey]:
    """A key for a new resident, and the row that keeps it wrapped."""
    # Its file is locked at the first need: never while a rotation waits for us.
    index_secret()
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s)", [ROTATION_LOCK])
    return fresh_key(resident_id)


def fresh_key(resident_id: UUID) -> tuple[Key, ResidentKey]:
    """The same, for who holds `ROTATION_LOCK` already."""
    secret = os.urandom(keys.KEY_BYTES)
    mark, wrapped = wrap(resident_id, secret)
    return Key(resident_id, secret), ResidentKey(resident_id=resident_id, master=mark, wrapped=wrapped)


def wrap(resident_id: UUID, secret: bytes) -> tuple[str, bytes]:
    """A resident's key as it is kept: the mark of its master key, and the bytes."""
    mark, cipher = _ciphers()[0]
    nonce = os.urandom(NONCE_BYTES)
    return mark, nonce + cipher.encrypt(nonce, secret, _wrapping(resident_id))


def unwrap(row: ResidentKey) -> bytes:
    """The key of a resident. Raises `KeyGone` for one who was erased, `Damaged` for a wrong master key."""
    if row.pk in erased_ids():
        raise KeyGone(_("This person's record was erased, so nothing of it can be read."))
    known, held = dict(_ciphers()), bytes(row.wrapped)
    try:
        return known[row.master].decrypt(held[:NONCE_BYTES], held[NONCE_BYTES:], _wrapping(row.pk))
    except KeyError as unknown:
        raise Damaged(
            _("The key of this record needs a master key that is not here. An operator can put it back.")
        ) from unknown
    except InvalidTag as fault:
        raise Damaged(_("The key of this record is damaged. An operator can put it back.")) from fault


def _wrapping(resident_id: UUID) -> bytes:
    return b"philoxenia resident key " + resident_id.bytes


def key_of(resident_id: UUID) -> Key:
    """The key of a resident this visit sees. Raises `KeyGone` where there is none to see."""
    return keys_of([resident_id])[resident_id]


def keys_of(resident_ids: Iterable[UUID]) -> dict[UUID, Key]:
    """The keys of these residents. Raises `KeyGone` unless each is to be seen."""
    wanted = set(resident_ids)
    found = keys_there(wanted)
    if wanted - found.keys():
        raise KeyGone(_("This person's record was erased, so nothing of it can be read."))
    return found


def keys_there(resident_ids: Iterable[UUID]) -> dict[UUID, Key]:
    """The keys of those among them who were not erased: what a list shows leaves the others out."""
    wanted = set(resident_ids) - erased_ids()
    return {row.pk: Key(row.pk, unwrap(row)) for row in ResidentKey.objects.filter(pk__in=wanted)}


# --- master keys and the key of the index -----------------------------------------------------------------


def _ciphers() -> tuple[tuple[str, AESGCM], ...]:
    """Master keys by mark, the current one first; read again when their file changes."""
    folder: Path = settings.ENVIRONMENT.keys
    return _read_masters(folder, _stamp(folder / MASTER), settings.ENVIRONMENT.registry_keys)


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0, 0)
    return found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=8)
def _read_masters(
    folder: Path, stamp: tuple[int, int, int], told: tuple[str, ...]
) -> tuple[tuple[str, AESGCM], ...]:
    return tuple((one.mark, AESGCM(one.secret)) for one in keys.masters())


def current_mark() -> str:
    """The mark of the master key that wraps now."""
    return _ciphers()[0][0]


def index_secret() -> bytes:
    """What tokens of the blind index are keyed with. It outlives the rotation of master keys."""
    return _index_secret(settings.ENVIRONMENT.keys)


@lru_cache(maxsize=8)
def _index_secret(folder: Path) -> bytes:
    return derived(_index_key(), "philoxenia people index")


def _index_key() -> bytes:
    """The key that wrote the index; made where nobody is written down yet, never instead of another."""
    known = IndexKey.objects.first()
    if known is None and not _is_anybody():
        return take_index_key()
    try:
        key = keys.load(INDEX_KEY)
    except KeyGone as gone:
        raise Damaged(_other_index()) from gone
    if known is None:
        return take_index_key()
    if known.fingerprint != keys.fingerprint(key):
        raise Damaged(_other_index())
    return key


def _is_anybody() -> bool:
    with visiting(SYSTEM):
        return ResidentKey.objects.exists()


def take_index_key() -> bytes:
    """The key that lies here, made where there is none, noted as the one of the index."""
    key = keys.make(INDEX_KEY)
    IndexKey.objects.update_or_create(pk=1, defaults={"fingerprint": keys.fingerprint(key)})
    return key


def _other_index() -> str:
    return _(
        "The key of the search is not here, or it is another one: nobody would be found, and people would be "
        "written down twice. Put the folder of keys back. Only if it is lost for ever, run "
        "philoxenia web reindex_people and start the server again."
    )


def number_token(number: str) -> bytes:
    """What stands for a resident's number in the database."""
    secret = derived_once(settings.ENVIRONMENT.keys, _NUMBERS)
    return hmac.new(secret, number.encode(), hashlib.sha256).digest()[:16]


@lru_cache(maxsize=16)
def derived_once(folder: Path, use: str) -> bytes:
    """A secret for one use, made from that of the index."""
    return derived(_index_secret(folder), use)


def derived_anew() -> None:
    """Forget in this process what was derived from a key of the index before."""
    _index_secret.cache_clear()
    derived_once.cache_clear()


# --- who was erased ---------------------------------------------------------------------------------------


def erased_ids() -> frozenset[UUID]:
    """Residents whose key was destroyed, as the folder of keys says."""
    path = Path(settings.ENVIRONMENT.keys) / ERASED
    return _read_erased(path, _stamp(path))


@lru_cache(maxsize=4)
def _read_erased(path: Path, stamp: tuple[int, int, int]) -> frozenset[UUID]:
    if not path.is_file():
        return frozenset()
    lines = path.read_text(encoding="ascii").splitlines()
    return frozenset(UUID(line.split()[0]) for line in lines if line.strip())
