"""Pages under load beside the same application on gunicorn: requests a second, and the slowest of twenty.

50 connections ask for the home page, a district's page and a list of the interface, signed in, on the
demonstration's data. Peer: gunicorn with threads, the server most Django sites run on, with as many processes
and threads and the same pool of connections. Needs wrk (apt-get install wrk).

Usage: python benchmarks/pages.py [--seconds 10] [--var FOLDER]
"""

import argparse
import http.cookiejar
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-gunicorn"
PEER_PACKAGE = "gunicorn==23.0.0"
CONNECTIONS, THREADS = 50, 8
OURS, THEIRS = 8390, 8391
START_SECONDS = 300
# wrk itself prints no 95th percentile.
TELL = """
done = function(summary, latency, requests)
  local wrong = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  print(string.format("TOLD %f %f %f %d", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, wrong))
end
"""


class Visitor:
    """Somebody signed in."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.cookies = http.cookiejar.CookieJar()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies)).open

    def get(self, path: str) -> str:
        """A page."""
        with self._open(self.url + path) as answer:
            return answer.read().decode()

    def sign_in(self, email: str, password: str) -> None:
        """By the form, as everybody does."""
        page = self.get("/account/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        form = {"csrfmiddlewaretoken": token, "login": email, "password": password}
        request = urllib.request.Request(  # noqa: S310 (our own address)
            self.url + "/account/login/", urllib.parse.urlencode(form).encode(), {"Referer": self.url}
        )
        with self._open(request) as answer:
            assert "/login" not in answer.url, "signing in failed"

    @property
    def cookie(self) -> str:
        """As a header."""
        return "; ".join(f"{one.name}={one.value}" for one in self.cookies)


def environment(var: Path) -> dict[str, str]:
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PHILOXENIA_", "DATABASE_"))
    }
    # One visitor is everybody here: the interface would otherwise ask her to wait.
    return clean | {"PHILOXENIA_VAR": str(var), "PHILOXENIA_API_REQUESTS_PER_MINUTE": "100000000"}


@contextmanager
def running(command: list[str], env: dict[str, str], port: int, log: Path, sign: str) -> Iterator[int]:
    """A server until it answers and has said `sign`, and no longer than the block."""
    with log.open("w") as output:
        process = subprocess.Popen(command, env=env, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not (answers(port) and sign in log.read_text()):
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()[-2000:]
            time.sleep(0.5)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def answers(port: int) -> bool:
    with suppress(OSError):
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live").status == 200
    return False


def load(url: str, cookie: str, seconds: int) -> tuple[float, float, float]:
    """Requests a second, the 50th and 95th percentile in milliseconds; every answer must be a good one."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(TELL)
        script.flush()
        command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "20s", "-s", script.name]
        command += ["-H", f"Cookie: {cookie}", "-H", "Accept-Encoding: gzip", url]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate, middle, late, wrong = map(float, told.split("TOLD ")[1].split())
    assert wrong == 0, f"{url}: {wrong:.0f} answers were errors"
    return rate, middle, late


def pages(visitor: Visitor) -> dict[str, str]:
    """What is asked for."""
    study = re.search(r"/studies/[0-9a-f-]{36}/", visitor.get("/") + visitor.get("/studies/"))[0]
    district = re.search(rf'{study}districts/[^"/]+/', visitor.get(f"{study}today/"))[0]
    return {"home": "/", "district": district, "API list": "/api/v1/datasets"}


def gunicorn(var: Path) -> tuple[list[str], dict[str, str]]:
    """The peer's command and environment, installed the first time."""
    if not (PEER / "gunicorn").is_dir():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(PEER), PEER_PACKAGE]
        subprocess.run(pip, check=True)
    cores = len(os.sched_getaffinity(0))
    flags = ["--workers", str(cores), "--threads", str(THREADS), "--bind", f"127.0.0.1:{THEIRS}"]
    command = [sys.executable, "-m", "gunicorn", *flags, "philoxenia_web.config.wsgi:application"]
    ours = {
        "PHILOXENIA_URL": f"http://127.0.0.1:{OURS}",
        "PHILOXENIA_SUPERVISED": "1",
        "PHILOXENIA_DEMO": "1",
    }
    more = {"PYTHONPATH": str(PEER), "PHILOXENIA_POOL": str(THREADS), "DJANGO_SETTINGS_MODULE": SETTINGS}
    return command, environment(var) | ours | more


SETTINGS = "philoxenia_web.config.settings"


def measure(
    port: int, server: int, asked: dict[str, str], cookie: str, seconds: int
) -> dict[str, tuple[float, ...]]:
    """For each page: requests a second, percentiles, and milliseconds of the processor a request takes."""
    found = {}
    for name, path in asked.items():
        url = f"http://127.0.0.1:{port}{path}"
        load(url, cookie, 5)
        before, began = processor_seconds(server), time.perf_counter()
        rate, middle, late = load(url, cookie, seconds)
        requests = max(rate * (time.perf_counter() - began), 1)
        found[name] = (rate, middle, late, (processor_seconds(server) - before) / requests * 1000)
    return found


def processor_seconds(pid: int) -> float:
    """Used by the web server and its workers so far."""
    ticks = 0
    for one in descendants(pid):
        started = Path(f"/proc/{one}/cmdline").read_bytes()
        if b"config.web" in started or b"gunicorn" in started:
            used = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:13]
            ticks += sum(map(int, used))
    return ticks / os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> list[int]:
    """A process and all below it."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return [pid, *(below for child in children for below in descendants(child))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument(
        "--var", type=Path, help="the folder of an earlier demonstration (default: a new one)"
    )
    told = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("This needs wrk: apt-get install wrk")
    with tempfile.TemporaryDirectory(prefix="philoxenia-pages-") as folder:
        var = told.var or Path(folder) / "var"
        demo = [sys.executable, "-m", "philoxenia", "demo", "--port", str(OURS)]
        with running(
            demo, environment(var), OURS, Path(folder) / "demo.log", "planner@example.org"
        ) as server:
            visitor = Visitor(OURS)
            people = (var / "demo-people.txt").read_text().split()
            visitor.sign_in(people[1], people[2])
            asked = pages(visitor)
            ours = measure(OURS, server, asked, visitor.cookie, told.seconds)
            command, env = gunicorn(var)
            with running(command, env, THEIRS, Path(folder) / "gunicorn.log", "") as peer:
                theirs = measure(THEIRS, peer, asked, visitor.cookie, told.seconds)
    show(ours, theirs)
    return 0


def show(ours: dict[str, tuple[float, ...]], theirs: dict[str, tuple[float, ...]]) -> None:
    print(f"{CONNECTIONS} connections, signed in; milliseconds at the 50th and 95th percentile, and of the")
    print("processor a request. Other work on the machine moves all but the last; compare ratios.\n")
    head = ("req/s", "p50", "p95", "cpu ms")
    print(f"{'':<10}{'Granian':>32}{'gunicorn':>32}   ratio of req/s, cpu")
    print(f"{'':<10}{''.join(f'{word:>8}' for word in head * 2)}")
    for name, mine in ours.items():
        peer = theirs[name]
        cells = "".join(f"{row[0]:>8.0f}{row[1]:>8.0f}{row[2]:>8.0f}{row[3]:>8.1f}" for row in (mine, peer))
        print(f"{name:<10}{cells}{mine[0] / max(peer[0], 0.1):>14.2f}{mine[3] / peer[3]:>7.2f}")


if __name__ == "__main__":
    sys.exit(main())
