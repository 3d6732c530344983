"""200 caseworkers at once at the front desk: how long they wait for each answer. Nothing else does this job.

Each, signed in, asks who is here, searches for a person, opens the record with a reason, and writes a note,
with some seconds of thought before each (exponential, mean --think). Server, database, worker and this
program share the machine. Fails where the 95th percentile over all answers is 300 ms or more, or where an
answer is an error.

Usage: python benchmarks/desk.py --var FOLDER [--people 200] [--seconds 120] [--think 8]
FOLDER is that of an earlier demonstration (`philoxenia demo`), which holds the residents.
"""

import argparse
import http.client
import json
import random
import re
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from pages import SETTINGS, environment, running

ROOT = Path(__file__).resolve().parent.parent
PORT, BOUND = 8393, 300.0
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_NOTE = re.compile(rb'action="(/front/cases/[0-9a-f-]{36}/add/note/)"')
_PREPARE = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.test import Client
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.actions import make_person
from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.casework.models import Case
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.visits import visiting
place = Organisation.objects.get(name="Demo department")
known = []
for number in range(int(sys.argv[1])):
    email = f"desk-{number}@example.org"
    person = Person.objects.filter(email=email).first() or make_person(email, f"Desk {number}", password=None)
    Membership.objects.get_or_create(person=person, organisation=place, role="caseworker")
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    known.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
with visiting(SYSTEM):
    cases = Case.objects.filter(organisation=place, state="open")
    ids = list(cases.values_list("resident_id", flat=True)[:800])
    briefs = records.briefs(SYSTEM, ids, "quality").values()
    named = [one for one in briefs if one.birth_year and " " in one.name]
    people = [(str(one.id), one.name, one.birth_year) for one in named]
print(json.dumps([settings.SESSION_COOKIE_NAME, known, people]))
"""


@dataclass
class Seen:
    """Milliseconds by kind of answer, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)


class Caseworker(threading.Thread):
    """One at a desk, until told that the day is over."""

    def __init__(self, cookie: str, people: list[tuple[str, str, int]], think: float, seen: Seen) -> None:
        super().__init__(daemon=True)
        self.cookie, self.people, self.think, self.seen = cookie, people, think, seen
        self.over = threading.Event()
        self.chance = random.Random(cookie)
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)

    def run(self) -> None:
        """Round after round."""
        self.over.wait(self.chance.uniform(0, self.think * 2))
        while not self.over.is_set():
            self._round()

    def _round(self) -> None:
        resident, name, born = self.chance.choice(self.people)
        page = self._ask("GET", "desk", "/front/")
        if (token := _TOKEN.search(page)) is None:
            return
        asked = {"names": name, "birth": born, "phone": "", "number": "", "reason": "serving_now"}
        self._ask("POST", "search", "/front/find/", token[1], asked)
        page = self._ask("GET", "record", f"/front/people/{resident}/?reason=serving_now")
        place = _NOTE.search(page)
        if place and (token := _TOKEN.search(page)):
            said = {"kind": "at_the_desk", "words": "SYNTHETIC: a note.", "key": str(uuid.uuid4())}
            self._ask("POST", "note", place[1].decode(), token[1], said)

    def _ask(
        self, method: str, kind: str, path: str, token: bytes = b"", form: dict[str, object] | None = None
    ) -> bytes:
        """One answer, after some thought; its time counts from the click to the last byte."""
        self.over.wait(self.chance.expovariate(1 / self.think))
        if self.over.is_set():
            return b""
        headers = {"Cookie": self.cookie, "Host": f"localhost:{PORT}", "Accept-Encoding": "identity"}
        body = None
        if form is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://localhost:{PORT}",
            }
            body = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": token.decode()})
        began = time.perf_counter()
        try:
            answer = self._sent(method, path, body, headers)
            content = answer.read()
        except (OSError, http.client.HTTPException) as fault:
            # At the end of the day the server goes while some still ask.
            if not self.over.is_set():
                self.seen.wrong.append(f"{kind}: {type(fault).__name__}")
            self.connection.close()
            return b""
        self.seen.times[kind].append((time.perf_counter() - began) * 1000)
        self._keep(answer)
        if answer.status >= 400:
            self.seen.wrong.append(f"{kind}: {answer.status}")
        return content

    def _sent(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """As browsers do: a connection that was closed while nobody asked is opened again."""
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        for one in answer.headers.get_all("Set-Cookie") or ():
            name = one.partition("=")[0]
            others = [part for part in self.cookie.split("; ") if not part.startswith(f"{name}=")]
            self.cookie = "; ".join([*others, one.partition(";")[0]])


def prepare(var: Path, people: int) -> tuple[str, list[str], list[tuple[str, str, int]]]:
    """Caseworkers with a session each, and residents to look for."""
    env = environment(var) | {"DJANGO_SETTINGS_MODULE": SETTINGS, "PHILOXENIA_DEMO": "1"}
    command = [sys.executable, "-c", _PREPARE, str(people)]
    told = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    name, sessions, residents = json.loads(told.splitlines()[-1])
    return name, sessions, residents


def percentile(values: list[float], share: float) -> float:
    """The value that so many stay under."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main() -> int:
    """Serve, work, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--var", type=Path, required=True)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--think", type=float, default=8.0)
    told = parser.parse_args()
    serve = [sys.executable, "-m", "philoxenia", "serve", "--port", str(PORT)]
    env = environment(told.var) | {
        "PHILOXENIA_DEMO": "1",
        "PHILOXENIA_CITY": str(ROOT / "cities" / "toronto"),
    }
    with running(serve, env, PORT, told.var / "desk-benchmark.log", ""):
        name, sessions, residents = prepare(told.var, told.people)
        seen = Seen()
        workers = [Caseworker(f"{name}={one}", residents, told.think, seen) for one in sessions]
        for one in workers:
            one.start()
        # The first answers fill caches; they are not counted.
        time.sleep(told.think * 2)
        seen.times.clear()
        time.sleep(told.seconds)
        for one in workers:
            one.over.set()
        for one in workers:
            one.join(timeout=10)
    return show(seen, told.people, told.seconds)


def show(seen: Seen, people: int, seconds: int) -> int:
    """What each kind of answer took."""
    every = [one for values in seen.times.values() for one in values]
    if not every:
        print("Nothing was answered.", *seen.wrong[:5], sep="\n")
        return 1
    print(f"{people} caseworkers, {len(every) / seconds:.1f} answers a second")
    for kind, values in [*sorted(seen.times.items()), ("all", every)]:
        middle, late, last = (percentile(values, share) for share in (0.5, 0.95, 0.99))
        told = f"50th {middle:6.0f} ms  95th {late:6.0f} ms  99th {last:6.0f} ms"
        print(f"{kind:8} {len(values):6} answers  {told}")
    if seen.wrong:
        print(f"{len(seen.wrong)} errors, such as {sorted(set(seen.wrong))[:5]}")
    return int(bool(seen.wrong) or percentile(every, 0.95) >= BOUND)


if __name__ == "__main__":
    sys.exit(main())
