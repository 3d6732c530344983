"""A process of its own: rotates master keys and is killed at each step in turn, until one rotation ends.

Run by `test_people_rotation.py` with a database and an empty folder. After each kill every record must open.
"""

import base64
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection  # noqa: E402 (the settings are told by the environment)

from philoxenia_web.accounts.access import SYSTEM  # noqa: E402
from philoxenia_web.registry import keys  # noqa: E402
from philoxenia_web.registry.models import Resident, ResidentKey  # noqa: E402
from philoxenia_web.registry.people import rewrapping, sealed  # noqa: E402
from philoxenia_web.registry.people.visits import visiting  # noqa: E402

MOST = 400
PEOPLE = 3


def write_down(organisation_id: UUID) -> None:
    """Records under the master key that is current."""
    for _each in range(PEOPLE):
        row = Resident(organisation_id=organisation_id, synthetic=True, details=b"")
        with visiting(SYSTEM):
            key, wrapped = sealed.new_key(row.pk)
            row.brief = key.seal("registry_resident.brief", row.pk, b"told")
            row.save(force_insert=True)
            wrapped.save(force_insert=True)


def all_open() -> None:
    """Every record, with the keys that lie here now; and the key of the index."""
    keys.load(sealed.INDEX_KEY)
    with visiting(SYSTEM):
        rows = list(Resident.objects.all())
        opened = sealed.keys_of(row.pk for row in rows)
        told = {opened[row.pk].open("registry_resident.brief", row.pk, row.brief) for row in rows}
    assert len(rows) >= PEOPLE and told == {b"told"}


@contextmanager
def with_one_more() -> Iterator[None]:
    """While the others were wrapped, one came by a process that still knew the oldest master key."""
    with visiting(SYSTEM):
        row = ResidentKey.objects.order_by("pk")[0]
        secret, oldest = sealed.unwrap(row), keys.masters()[-1]
        row.master, row.wrapped = oldest.mark, _wrapped(oldest, row.pk, secret)
        row.save()
    with rewrapping.nobody_wraps():
        yield


def _wrapped(master: keys.Master, resident_id: UUID, secret: bytes) -> bytes:
    cipher, nonce = sealed.AESGCM(master.secret), os.urandom(sealed.NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, secret, sealed._wrapping(resident_id))


def killed_before(step: int) -> None:
    """From here on the process dies at its so many-th step that changes a disk or a database."""
    left = [step]

    def dying(act: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return act(*args, **kwargs)

        return instead

    for name in ("link", "rename", "replace", "unlink", "fsync"):
        setattr(os, name, dying(getattr(os, name)))
    connection.commit = dying(connection.commit)  # type: ignore[method-assign]


def rotated(step: int) -> bool:
    """Whether a rotation in a process of its own came to its end."""
    connection.close()
    child = os.fork()
    if not child:
        killed_before(step)
        keys.rotate(make_new=True, alone=with_one_more)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status == 0


def main() -> None:
    """Prints at how many steps it was killed."""
    write_down(UUID(sys.argv[1]))
    all_open()
    first = keys.masters()[0].mark
    for step in range(MOST):
        if rotated(step):
            break
        all_open()
    all_open()
    folder = keys.keys_folder()
    written = (folder / "master").read_text().split()
    assert len(written) == 1 and keys.master_of(written[0]).mark != first
    with visiting(SYSTEM):
        assert set(ResidentKey.objects.values_list("master", flat=True)) == {keys.masters()[0].mark}
    left = {one.name for one in folder.iterdir()} - {"master", "agreements", ".lock"}
    assert not left, left
    assert base64.b64decode(written[0]) == keys.masters()[0].secret
    sys.stdout.write(f"killed {step} times\n")


if __name__ == "__main__":
    main()
