"""`philoxenia serve`: database, web and worker under one process that keeps them running."""

import argparse
import errno
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from philoxenia.vocabulary import PhiloxeniaError
from philoxenia_web.config import postgres, processes
from philoxenia_web.config.environment import Environment, environment
from philoxenia_web.config.supervisor import Child, Supervisor

_MOST_WORKERS = 8
_FAILED_STARTS = 4
_PATIENCE_SECONDS = 60.0


class ServeError(PhiloxeniaError):
    """It cannot serve."""

    exit_code = 5


def add_serve(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia serve`."""
    parser = subparsers.add_parser(
        "serve",
        help="run the city's application",
        description="Run the city's application: database, pages and background work, until Ctrl-C.",
        epilog="Everything it keeps is in the folder named by PHILOXENIA_VAR (default: var). "
        "docs/how-to/operate.md names the other settings.",
    )
    add_serving_options(parser)
    parser.set_defaults(run=_serve)


def add_serving_options(parser: argparse.ArgumentParser) -> None:
    """Where and how wide to serve."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1, this machine only)")
    add("--port", type=int, default=8000, help="port to listen on (default: 8000)")
    add("--workers", type=int, default=cores(), help="web processes (default: one a core)")


def cores() -> int:
    """The processors this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, _MOST_WORKERS)


def _serve(arguments: argparse.Namespace) -> int:
    with serving(arguments.host, arguments.port, arguments.workers) as (supervisor, url):
        if not supervisor.stopping:
            say(f"Philoxenia is at {url}  (Ctrl-C stops it)")
        supervisor.tend_until(lambda: False)
        say("Stopping ...")
    return 0


def say(sentence: str) -> None:
    """One line for whoever watches, at once also where output is a file."""
    print(sentence, flush=True)  # noqa: T201


@contextmanager
def serving(host: str, port: int, workers: int, log: Path | None = None) -> Iterator[tuple[Supervisor, str]]:
    """Everything running, answering at the address given; all stopped at the end."""
    processes.keep_to_ourselves()
    known = environment()
    _check_port(host, port)
    url = os.environ.get("PHILOXENIA_URL") or f"http://{_named(host)}:{port}"
    with only_one(known.var, url):
        supervisor = Supervisor(say)
        try:
            _start_all(supervisor, known, (host, port, max(workers, 1)), url, log)
            yield supervisor, url
        finally:
            supervisor.stop()


def _start_all(
    supervisor: Supervisor, known: Environment, where: tuple[str, int, int], url: str, log: Path | None
) -> None:
    for folder in ("tmp", "metrics", "static"):
        (known.var / folder).mkdir(exist_ok=True)
    # What a killed server left: counts of dead processes, uploads nobody took.
    for folder in ("metrics", "tmp"):
        for left in (known.var / folder).iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    _start_database(supervisor, known)
    env = child_environment(known, url)
    _prepare(supervisor, known, env)
    host, port, workers = where
    web = ["-m", "philoxenia_web.config.web", "--host", host, "--port", str(port), "--workers", str(workers)]
    pool = {"PHILOXENIA_POOL": str(_connections())}
    metrics = {"PROMETHEUS_MULTIPROC_DIR": str(known.var / "metrics")}
    _add_python(supervisor, "web server", web, env | pool | metrics, log, 0)
    worker = ["-m", "philoxenia_web.config.worker"]
    slow = {"PHILOXENIA_STATEMENT_TIMEOUT_SECONDS": "600"}
    # Pages come before background work when both want the processor.
    _add_python(supervisor, "worker", worker, env | slow, log, 5)
    _wait_for_pages(supervisor, host, port)


def _connections() -> int:
    from philoxenia_web.config.web import THREADS  # noqa: PLC0415 (Granian takes a while to load)

    return THREADS


def _start_database(supervisor: Supervisor, known: Environment) -> None:
    if known.database_url or known.database_owner_url:
        if not known.database_url:
            raise ServeError(
                "DATABASE_OWNER_URL is set and DATABASE_URL is not. Name the application's own role in "
                "DATABASE_URL: it may not own the tables, so that the audit trail stays whole."
            )
        return
    place = postgres.place_of(known.var)
    postgres.prepare(place)
    postgres.stop_left_behind(place)
    supervisor.add(Child("database", partial(postgres.start, place), signal.SIGINT, patience_seconds=30))
    _wait(supervisor, partial(postgres.is_ready, place), f"The database does not start; see {place.log}.")
    if not supervisor.stopping:
        postgres.make_database(place)


def child_environment(known: Environment, url: str) -> dict[str, str]:
    """What web and worker are told: the application's address of the database, never the owner's."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "philoxenia_web.config.settings",
        "PHILOXENIA_VAR": str(known.var),
        "PHILOXENIA_URL": url,
        "PHILOXENIA_SUPERVISED": "1",
        "PHILOXENIA_AS_OWNER": "",
        "PHILOXENIA_SECRET_KEY": known.secret_key,
        "PYTHONUNBUFFERED": "1",
    }


def _prepare(supervisor: Supervisor, known: Environment, env: Mapping[str, str]) -> None:
    owner: dict[str, str] = {}
    if known.database_owner_url or not known.database_url:
        owner = {"PHILOXENIA_AS_OWNER": "1", "DATABASE_OWNER_URL": known.database_owner_url}
    run_python(supervisor, ["-m", "philoxenia_web.config.prepare"], {**env, **owner})


def run_python(supervisor: Supervisor, arguments: list[str], env: Mapping[str, str]) -> None:
    """Run a program to its end while the children are looked after."""
    if supervisor.stopping:
        return
    process = processes.start([sys.executable, *arguments], env=env)
    supervisor.tend_until(lambda: process.poll() is not None)
    if process.poll() is None:
        process.terminate()
    if process.wait() != 0 and not supervisor.stopping:
        raise ServeError("The start was given up for the reason above. Nothing was lost.")


def _add_python(
    supervisor: Supervisor,
    name: str,
    arguments: list[str],
    env: Mapping[str, str],
    log: Path | None,
    niceness: int,
) -> None:
    def begin() -> subprocess.Popen[bytes]:
        command = [sys.executable, *arguments]
        if log is None:
            return processes.start(command, env=env, niceness=niceness)
        with log.open("ab") as output:
            return processes.start(command, env=env, niceness=niceness, output=output)

    if not supervisor.stopping:
        supervisor.add(Child(name, begin))


def _wait_for_pages(supervisor: Supervisor, host: str, port: int) -> None:
    _wait(
        supervisor,
        lambda: _answers(_shown(host), port),
        "The web server does not start; its reason is above.",
    )


def _wait(supervisor: Supervisor, happened: Callable[[], bool], otherwise: str) -> None:
    supervisor.tend_until(
        lambda: happened() or any(child.deaths >= _FAILED_STARTS for child in supervisor.children)
    )
    if not supervisor.stopping and not happened():
        raise ServeError(otherwise)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _shown(host: str) -> str:
    """An address under which this machine reaches what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)  # noqa: S104


def _named(host: str) -> str:
    """How people are told where it is: on this machine by name, since passkeys belong to names."""
    shown = _shown(host)
    return "localhost" if shown in ("127.0.0.1", "[::1]", "::1") else shown


def _check_port(host: str, port: int) -> None:
    """A sentence now, rather than two servers that share a port or an error from deep below."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(found[0], found[1]) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(found[4])
    except (OSError, OverflowError) as problem:
        raise ServeError(_why_no_port(host, port, problem)) from problem


def _why_no_port(host: str, port: int, problem: Exception) -> str:
    code = getattr(problem, "errno", None)
    if code == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken by another program. Choose another with --port {port + 1}."
    if code == errno.EACCES:
        return f"Port {port} is kept for the system's administrator. Choose one above 1023 with --port 8000."
    return f"Nothing can listen on {host}, port {port} ({problem}). Check --host and --port (0 to 65535)."


@contextmanager
def only_one(var: Path, url: str) -> Iterator[None]:
    """The lock ends with the process, however it ends; the file says who holds it."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        file = (var / "serve.pid").open("a+")
    except OSError as problem:
        raise ServeError(
            f"{var} cannot be written to ({problem.strerror}). Name another folder in PHILOXENIA_VAR."
        ) from problem
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            file.seek(0)
            pid, _, place = file.read().strip().partition(" ")
            raise ServeError(
                f"Philoxenia already serves {var}: process {pid} at {place}. Stop it first, or name another "
                "folder in PHILOXENIA_VAR."
            ) from taken
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()} {url}\n")
        file.flush()
        yield
