"""Child processes: as another user where we are root, and never outliving us."""

import ctypes
import os
import pwd
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_NAME = "philoxenia"
_PR_SET_PDEATHSIG = 1
# Every child we started: others that end below us are orphans handed to us.
started: set[int] = set()
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class User:
    """An account of the operating system."""

    uid: int
    gid: int


@cache
def database_user() -> User | None:
    """Who runs the database: ourselves (None), but where we are root a user of its own, made when missing."""
    if os.geteuid() != 0:
        return None
    for name in (_NAME, "postgres", "nobody"):
        if name == _NAME and not _known(name):
            _make_user(name)
        if _known(name):
            entry = pwd.getpwnam(name)
            return User(entry.pw_uid, entry.pw_gid)
    return None


def _known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _make_user(name: str) -> None:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program:
        flags = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        subprocess.run([program, *flags, "--shell", "/bin/false", name], capture_output=True, check=False)


def as_user(user: User | None) -> dict[str, Any]:
    """The arguments of `subprocess` that make a child run as somebody else."""
    return {} if user is None else {"user": user.uid, "group": user.gid, "extra_groups": []}


def keep_to_ourselves() -> None:
    """What this process and its children write is for their own user alone: uploads, lake, logs, backups.

    After a crash no picture of their memory is left on a disk: it may hold a name a reviewer looked at.
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def give(path: Path, user: User | None) -> None:
    """Hand a file over."""
    if user is not None:
        os.chown(path, user.uid, user.gid)


def start(
    command: Sequence[str],
    *,
    output: Any = None,
    user: User | None = None,
    env: Mapping[str, str] | None = None,
    dies_with_us: signal.Signals | None = signal.SIGKILL,
    niceness: int = 0,
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own: a Ctrl-C in the terminal reaches us first, not it.

    `dies_with_us` is the signal it gets when we are killed. Must be called from the main thread: the kernel
    watches the thread that starts a child, not the process.
    """
    child = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=dict(env) if env is not None else None,
        process_group=0,
        preexec_fn=_before_running(dies_with_us, niceness),  # noqa: PLW1509 (we have one thread)
        **as_user(user),
    )
    started.add(child.pid)
    return child


def _before_running(dies_with_us: signal.Signals | None, niceness: int) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        if niceness:
            os.nice(niceness)
        if dies_with_us is not None:
            die_with_parent(dies_with_us, parent)

    return prepare


def die_with_parent(how: signal.Signals, parent: int | None = None) -> None:
    """Have the kernel end this process when its parent ends."""
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(how))
    # The parent may have ended before the kernel was asked.
    if parent is not None and os.getppid() != parent:
        os._exit(1)
