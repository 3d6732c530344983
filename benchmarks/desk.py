"""200 caseworkers and 20 partners at once at the front desk: how long they wait for each answer.

A caseworker, signed in, asks who is here, searches for a person, opens the record with a reason and writes a
note; then refers a need to a partner, books an appointment, or gives out a number in the waiting room: one in
eight sits at a counter there and serves the next number instead. A partner looks into its inbox, opens a
referral and accepts it. Each thinks some seconds before each click (exponential, mean --think). Server,
database, worker and this program share the machine. Nothing else does this job.

Fails where the 95th percentile over all answers is 300 ms or more, where an answer is an error, and where
fewer than nine in ten of the writes that were begun arrived (or were refused for a reason: somebody was
faster, a child cannot agree), or none of a kind.

Usage: python benchmarks/desk.py --var FOLDER [--people 200] [--seconds 120] [--think 8]
FOLDER is that of an earlier demonstration (`philoxenia demo`), which holds the residents.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from browsing import Form, Seen, Visitor, form
from pages import SETTINGS, environment, running

ROOT = Path(__file__).resolve().parent.parent
PORT, BOUND, LEAST = 8393, 300.0, 0.9
_WRITES = ("note", "referral", "appointment", "number", "call", "accept")
_COUNTERS = 8
_UUID = "[0-9a-f-]{36}"
_PREPARE = """
import json, sys
from contextlib import suppress
from datetime import time
from uuid import uuid4
import django
django.setup()
from django.conf import settings
from django.test import Client
from philoxenia_web.accounts.access import SYSTEM, actor_for
from philoxenia_web.accounts.actions import make_person
from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.casework.models import Case, CaseNeed, Queue, SharingAgreement
from philoxenia_web.casework.models.appointments import Hours
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import consents

place = Organisation.objects.get(name="Demo department")

def sessions(kind, count, organisation, role):
    for number in range(count):
        email = f"{kind}-{number}@example.org"
        person = Person.objects.filter(email=email).first()
        person = person or make_person(email, f"{kind} {number}", password=None)
        Membership.objects.get_or_create(person=person, organisation=organisation, role=role)
        client = Client(headers={"host": "localhost"})
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        yield person, client.cookies[settings.SESSION_COOKIE_NAME].value

desk = list(sessions("desk", int(sys.argv[1]), place, "caseworker"))
with visiting(SYSTEM):
    signed = SharingAgreement.objects.filter(giver=place, taker__kind="partner", state="in_force")
    signed = signed.order_by("needs").first()
    queue = Queue.objects.filter(organisation=place).first()
    Hours.objects.filter(resource_id__in=[one.pk for one, _session in desk]).delete()
    Hours.objects.bulk_create(
        Hours(organisation=place, resource_id=one.pk, weekday=day, begins=time(8), ends=time(18))
        for one, _session in desk for day in range(5))
    lacking = CaseNeed.objects.filter(state="open", case__organisation=place, case__state="open")
    lacking = lacking.filter(case__restricted=False)
    known = dict(lacking.values_list("case__resident_id", "case_id")[:800])
    # A need may be that of somebody of the household, who agrees for themselves; for a child a parent would.
    others = lacking.filter(case_id__in=known.values(), resident_id__isnull=False)
    asked = set(others.values_list("resident_id", flat=True))
    briefs = records.briefs(SYSTEM, list(known), "quality").values()
    named = [one for one in briefs if one.birth_year and " " in one.name]
actor = actor_for(desk[0][0])
for one in asked | {one.id for one in named}:
    with visiting(actor), suppress(NotPossible):
        if consents.consent(one, "referral", place.pk) is None:
            consents.give(actor, one, "referral", place.pk, consents.Said(), uuid4())
partners = sessions("partner", max(int(sys.argv[1]) // 10, 1), signed.taker, "partner")
print(json.dumps({
    "cookie": settings.SESSION_COOKIE_NAME,
    "desk": [(str(person.pk), session) for person, session in desk],
    "partners": [session for _person, session in partners],
    "people": [(str(one.id), str(known[one.id]), one.name, one.birth_year) for one in named],
    "agreement": str(signed.pk), "queue": str(queue.pk)}))
"""


@dataclass(frozen=True)
class Place:
    """What there is to work with: people with a case and a need, an agreement, a waiting room."""

    people: list[tuple[str, str, str, int]]
    agreement: str
    queue: str


class Caseworker(Visitor):
    """One at a desk."""

    def __init__(self, place: Place, number: int, person: str, *told: Any) -> None:
        super().__init__(*told)
        self.place, self.person, self.counter = place, person, number // _COUNTERS + 1
        line = self._give_number if number % _COUNTERS else self._serve_number
        self.further = (self._refer, self._book, line)

    def round(self) -> None:
        """Who is here, the record, a note, and something more."""
        resident, case, name, born = self.chance.choice(self.place.people)
        search = form(self.look("desk", "/front/"), "/front/find/")
        if search is not None:
            asked = [("names", name), ("birth", str(born)), ("reason", "serving_now")]
            self.submit("search", "/front/", search, asked)
        path = f"/front/people/{resident}/?reason=serving_now"
        page = self.look("record", path)
        said = [("kind", "at_the_desk"), ("words", "SYNTHETIC: a note.")]
        self._write("note", path, form(page, f"{_UUID}/add/note/"), said)
        self.chance.choice(self.further)(resident, case)

    def _write(self, kind: str, path: str, one: Form | None, said: Any, button: str = "") -> None:
        """Send what changes something; it arrived where the answer leads on."""
        arrived = one is not None and self.submit(kind, path, one, said, button)[0] == 302
        self.seen.begun[kind] += 1
        self.seen.written[kind] += int(arrived)

    def _refer(self, _resident: str, case: str) -> None:
        choose = self.look("choose", f"/front/referrals/new/{case}/").decode()
        asks = re.findall(f"/front/referrals/new/{case}/{self.place.agreement}/{_UUID}/", choose)
        if not asks:
            # All that this person lacks was asked for already.
            return
        write = form(self.look("write", asks[0]), "", "do")
        if write is None:
            self.seen.begun["referral"] += 1
            return
        fields = [("message", "SYNTHETIC: a referral."), ("urgency", "soon")]
        preview = self.submit("preview", asks[0], write, fields, "do")[1]
        sends = form(preview, "", "do")
        self._write("referral", asks[0], sends, [("shown", "yes")], "do")

    def _book(self, resident: str, _case: str) -> None:
        path = f"/front/appointments/for/{resident}/"
        look = form(self.look("times", path), "^$")
        if look is None:
            self.seen.begun["appointment"] += 1
            return
        day = date.today() + timedelta(days=self.chance.randrange(3, 25))
        asked = [("purpose", "next_talk"), ("minutes", "30"), ("way", "phone"), ("worker", self.person)]
        asked += [("day", day.isoformat()), ("interpreting", ""), ("language", "")]
        page = self.submit("times", path, look, asked)[1]
        slots = form(page, "", "slot")
        self._write("appointment", path, slots, [], "slot")

    def _give_number(self, _resident: str, _case: str) -> None:
        path = f"/front/queue/{self.place.queue}/"
        self._write("number", path, form(self.look("queue", path), "/number/"), [("language", "")])

    def _serve_number(self, _resident: str, _case: str) -> None:
        path = f"/front/queue/{self.place.queue}/"
        page = self.look("queue", path)
        sits = form(page, "/sit/")
        if sits is not None:
            self.submit("sit", path, sits, [("desk", str(self.counter))])
            page = self.look("queue", path)
        calls = form(page, "/call/")
        if calls is not None:
            self._write("call", path, calls, [])
        for verb in ("begin", "finish"):
            step = form(self.look("queue", path), f"/numbers/{_UUID}/step/", "verb")
            if step is not None:
                self.submit("step", path, step, [("verb", verb)])


class Partner(Visitor):
    """Somebody of an organisation that is asked to help."""

    def round(self) -> None:
        """The inbox, and the first referrals of it that wait."""
        inbox = self.look("inbox", "/front/referrals/inbox/").decode()
        found = sorted(set(re.findall(f'href="(/front/referrals/{_UUID}/)[?"]', inbox)))
        if not found:
            return
        path = self.chance.choice(found)
        accept = form(self.look("referral page", path), "/accept/")
        if accept is None:
            return
        arrived = self.submit("accept", path, accept, [])[0] == 302
        self.seen.begun["accept"] += 1
        self.seen.written["accept"] += int(arrived)


def prepare(var: Path, people: int) -> dict[str, Any]:
    """Caseworkers and partners with a session each, and residents to look for."""
    env = environment(var) | {"DJANGO_SETTINGS_MODULE": SETTINGS, "PHILOXENIA_DEMO": "1"}
    command = [sys.executable, "-c", _PREPARE, str(people)]
    told = subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    known: dict[str, Any] = json.loads(told.splitlines()[-1])
    return known


def visitors(known: dict[str, Any], think: float, seen: Seen) -> list[Visitor]:
    """Everybody, each with a cookie of their own."""
    place = Place([tuple(one) for one in known["people"]], known["agreement"], known["queue"])
    desk = [
        Caseworker(place, number, person, PORT, f"{known['cookie']}={session}", think, seen)
        for number, (person, session) in enumerate(known["desk"])
    ]
    return desk + [Partner(PORT, f"{known['cookie']}={one}", think, seen) for one in known["partners"]]


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
    seen = Seen()
    with running(serve, env, PORT, told.var / "desk-benchmark.log", ""):
        everybody = visitors(prepare(told.var, told.people), told.think, seen)
        for one in everybody:
            one.start()
        # The first answers fill caches; they are not counted.
        time.sleep(told.think * 2)
        seen.clear()
        time.sleep(told.seconds)
        for one in everybody:
            one.over.set()
        for one in everybody:
            one.join(timeout=10)
    return show(seen, told.people, told.seconds)


def show(seen: Seen, people: int, seconds: int) -> int:
    """What each kind of answer took, and what was written."""
    every = [one for values in seen.times.values() for one in values]
    if not every:
        print("Nothing was answered.", *seen.wrong[:5], sep="\n")
        return 1
    print(f"{people} caseworkers, {len(every) / seconds:.1f} answers a second")
    for kind, values in [*sorted(seen.times.items()), ("all", every)]:
        middle, late, last = (percentile(values, share) for share in (0.5, 0.95, 0.99))
        told = f"50th {middle:6.0f} ms  95th {late:6.0f} ms  99th {last:6.0f} ms"
        print(f"{kind:14} {len(values):6} answers  {told}")
    lost = [
        one for one in _WRITES if seen.written[one] < max(LEAST * (seen.begun[one] - seen.refused[one]), 1)
    ]
    print("written: " + ", ".join(f"{one} {seen.written[one]} of {seen.begun[one]}" for one in _WRITES))
    print("refused: " + ", ".join(f"{kind} {count}" for kind, count in seen.refused.items()))
    if lost:
        print(f"too few of: {', '.join(lost)}")
    if seen.wrong:
        print(f"{len(seen.wrong)} errors, such as {sorted(set(seen.wrong))[:5]}")
    return int(bool(seen.wrong or lost) or percentile(every, 0.95) >= BOUND)


if __name__ == "__main__":
    sys.exit(main())
