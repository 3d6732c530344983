"""Keys of agreements, in files of their own: outside the database, and outside the ordinary backup.

Each agreement has a random *data key*, which lies wrapped by a *master key* in `keys/agreements/`. Master
keys come from PHILOXENIA_REGISTRY_KEYS or the file `keys/master`, the current one first; older ones only
unwrap. A destroyed key is overwritten, unlinked and noted in `keys/destroyed`: a copy that comes back is
destroyed too.
"""

import base64
import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from philoxenia.lake.files import flush_folder, publish, unfinished_path
from philoxenia_web.registry.key_files import AGREEMENTS, DESTROYED, ENDING, MASTER
from philoxenia_web.registry.refusals import Damaged, KeyGone
from philoxenia_web.registry.sealing import NONCE_BYTES, derived

KEY_BYTES = 32
FORMAT = 1


@dataclass(frozen=True)
class Master:
    """A key that wraps others; `mark` names it without telling anything of it."""

    secret: bytes

    @property
    def mark(self) -> str:
        """Which key this is."""
        return hashlib.sha256(b"philoxenia master key" + self.secret).hexdigest()[:16]


def new_secret() -> str:
    """A new master key, as it is written in the environment or the file."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def masters() -> list[Master]:
    """The master keys, the current one first. The file is made at the first need."""
    told = settings.ENVIRONMENT.registry_keys
    written = told or tuple(_master_file().read_text(encoding="ascii").split())
    found = [master_of(one) for one in written]
    if not found:
        raise Damaged(_no_master())
    return found


def master_of(text: str) -> Master:
    """A master key as it is written. Raises `Damaged` where it is none."""
    return Master(_decoded(text))


def _decoded(text: str) -> bytes:
    try:
        secret = base64.b64decode(text, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise Damaged(_("A master key is not 32 bytes in base64. Put the right one back."))
    return secret


def keys_folder() -> Path:
    """Where keys are; only its owner may look into it."""
    folder: Path = settings.ENVIRONMENT.keys
    (folder / AGREEMENTS).mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def _master_file() -> Path:
    path = keys_folder() / MASTER
    if not path.is_file():
        if any((keys_folder() / AGREEMENTS).glob(f"*{ENDING}")):
            # A new one would open nothing, and be lost when the right one comes back.
            raise Damaged(_no_master())
        fresh = unfinished_path(path)
        _fill(fresh, f"{new_secret()}\n".encode())
        try:
            # Two processes may begin at once: the first one's key stays, whole.
            os.link(fresh, path)
            flush_folder(path.parent)
        except FileExistsError:
            pass
        finally:
            fresh.unlink(missing_ok=True)
    return path


def _no_master() -> str:
    return _("There is no master key in %(file)s. Put the file back from where you keep it.") % {
        "file": "keys/master"
    }


def write_masters(secrets: list[str]) -> None:
    """Replace the file of master keys; what stood there is overwritten, and what a killed process left."""
    path = keys_folder() / MASTER
    old = path.with_name(".master-before")
    if path.is_file():
        _tidy(path, old)
        os.link(path, old)
    _write(path, "".join(f"{one}\n" for one in secrets).encode())
    if old.exists():
        _shred(old)


def _tidy(path: Path, old: Path) -> None:
    for left in path.parent.glob(f".unfinished-*-{MASTER}"):
        _shred(left)
    if old.exists() and old.samefile(path):
        # Two names of one file: to overwrite it would destroy the only master key.
        old.unlink()
    else:
        _shred(old)


def path_of(agreement_id: UUID) -> Path:
    """Where the wrapped key of an agreement lies."""
    return keys_folder() / AGREEMENTS / f"{agreement_id}{ENDING}"


def make(agreement_id: UUID) -> bytes:
    """A new data key, kept wrapped; the one that is there already where this was done before."""
    with _alone():
        if is_destroyed(agreement_id):
            raise KeyGone(_("The key of this agreement was destroyed. Make a new agreement."))
        if path_of(agreement_id).is_file():
            return _load(agreement_id)
        key = os.urandom(KEY_BYTES)
        _wrap(agreement_id, key)
        return key


def load(agreement_id: UUID) -> bytes:
    """The data key. Raises `KeyGone` where it was destroyed or is not here, else `Damaged`."""
    if is_destroyed(agreement_id):
        # A copy that came back with somebody's old files is of no use to anybody.
        _shred(path_of(agreement_id))
        raise KeyGone(_("The key of this agreement was destroyed, so nothing kept under it can be read."))
    return _load(agreement_id)


def _load(agreement_id: UUID) -> bytes:
    try:
        kept = json.loads(path_of(agreement_id).read_text(encoding="ascii"))
        by_mark = {one.mark: one for one in masters()}
        nonce, wrapped = base64.b64decode(kept["nonce"]), base64.b64decode(kept["wrapped"])
        return AESGCM(by_mark[kept["master"]].secret).decrypt(nonce, wrapped, _bound(agreement_id))
    except FileNotFoundError as missing:
        raise KeyGone(
            _(
                "The key of this agreement is not on this server, so nothing kept under it can be read. "
                "An operator can put it back from where keys are kept."
            )
        ) from missing
    except KeyError as unknown:
        raise Damaged(
            _("The key of this agreement needs a master key that is not here. An operator can put it back.")
        ) from unknown
    except (ValueError, InvalidTag) as damage:
        raise Damaged(_("The key of this agreement is damaged. An operator can put it back.")) from damage


def _wrap(agreement_id: UUID, key: bytes) -> None:
    master, nonce = masters()[0], os.urandom(NONCE_BYTES)
    wrapped = AESGCM(master.secret).encrypt(nonce, key, _bound(agreement_id))
    kept = {
        "format": FORMAT,
        "master": master.mark,
        "nonce": base64.b64encode(nonce).decode(),
        "wrapped": base64.b64encode(wrapped).decode(),
    }
    _write(path_of(agreement_id), json.dumps(kept).encode())


def _bound(agreement_id: UUID) -> bytes:
    return b"philoxenia data key " + agreement_id.bytes


def fingerprint(key: bytes) -> str:
    """Tells one key from another, and nothing else: the database keeps it."""
    return hmac.new(derived(key, "philoxenia fingerprint"), b"", hashlib.sha256).hexdigest()[:32]


def destroy(agreement_id: UUID) -> None:
    """Overwrite and unlink a data key, and note that it is gone. Twice is once."""
    with _alone():
        if not is_destroyed(agreement_id):
            line = f"{agreement_id} {datetime.now(UTC).isoformat(timespec='seconds')}\n".encode()
            descriptor = os.open(_destroyed_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, line)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            flush_folder(keys_folder())
        _shred(path_of(agreement_id))


def is_destroyed(agreement_id: UUID) -> bool:
    """Whether the key was destroyed, as the folder of keys says."""
    path = _destroyed_file()
    return path.is_file() and str(agreement_id) in path.read_text(encoding="ascii").split()


def is_there(agreement_id: UUID) -> bool:
    """Whether a key lies here."""
    return path_of(agreement_id).is_file() and not is_destroyed(agreement_id)


Rewrap = Callable[[], int]
_REWRAPS: list[Rewrap] = []


def on_rotation(rewrap: Rewrap) -> None:
    """Called in an app's `ready`: `rewrap` wraps anew what else lies under master keys, and counts it."""
    if rewrap not in _REWRAPS:
        _REWRAPS.append(rewrap)


def rotate(make_new: bool, alone: Callable[[], AbstractContextManager[None]] = nullcontext) -> int:
    """Wrap every key anew with the current master key and forget older ones; how many were wrapped.

    With `make_new` a new master key is made first, where they are kept in the file. Within `alone` nobody
    else wraps a key: what was wrapped with the old one until then is found before the old one goes.
    """
    with _alone():
        _master_now = masters()
        if make_new:
            write_masters([new_secret(), *(base64.b64encode(one.secret).decode() for one in _master_now)])
        found = [UUID(path.stem) for path in sorted((keys_folder() / AGREEMENTS).glob(f"*{ENDING}"))]
        for agreement_id in found:
            _wrap(agreement_id, _load(agreement_id))
        others = sum(rewrap() for rewrap in _REWRAPS)
        if not settings.ENVIRONMENT.registry_keys:
            with alone():
                # Until none is left after a commit: no key may need a master key that goes.
                while late := sum(rewrap() for rewrap in _REWRAPS):
                    others += late
                write_masters([base64.b64encode(masters()[0].secret).decode()])
    return len(found) + others


def _destroyed_file() -> Path:
    return keys_folder() / DESTROYED


def _write(path: Path, content: bytes) -> None:
    fresh = unfinished_path(path)
    _fill(fresh, content)
    publish(fresh, path)


def _fill(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _shred(path: Path) -> None:
    """Overwrite what lies there, on the disk, then take its name away."""
    try:
        with path.open("r+b") as file:
            size = os.fstat(file.fileno()).st_size
            file.write(os.urandom(size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
    flush_folder(path.parent)


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time changes keys; a killed one holds nothing."""
    descriptor = os.open(keys_folder() / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
