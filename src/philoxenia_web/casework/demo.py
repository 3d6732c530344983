"""The front door of a demonstration: SYNTHETIC residents and half a year of work with them.

Everything goes through the actions the pages use; afterwards times are set back, because a desk that was busy
for half a minute shows nothing of waiting, months or outcomes. Twice is once.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from philoxenia.exchange import City
from philoxenia_web.accounts import queries as accounts
from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for
from philoxenia_web.accounts.actions import demo_accounts
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions import cases, needs, notes, plans
from philoxenia_web.casework.models.cases import Case, CaseNeed, Note, Task
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.shapes import Birth, Contact, Draft, Interpreter, Language, NameForm
from philoxenia_web.registry.people.visits import visiting

_KEY = UUID("0f4d7c8a-6b1e-4f0a-9c59-5a3d2b7e8c11")
PEOPLE, SPARE = 1000, 4
_SEED, _MONTHS = 7, 6
# One transaction for so many households: a commit each would take most of the time.
_AT_ONCE = 40
# Parts that other files make, in their order: module and function, each called with a `Front`.
_PARTS = (
    ("philoxenia_web.casework.demo_referrals", "make_demo_referrals"),
    ("philoxenia_web.casework.appointments.demo", "make_demo_appointments"),
    ("philoxenia_web.casework.queue.demo", "make_demo_queue"),
    ("philoxenia_web.casework.offline.demo", "make_demo_offline"),
    ("philoxenia_web.cards.demo", "make_demo_cards"),
    ("philoxenia_web.registry.rights.demo", "make_demo_rights"),
    ("philoxenia_web.casework.demo_protected", "make_demo_protected"),
    ("philoxenia_web.casework.office.demo", "make_demo_office"),
)
_NOTES = (
    "SYNTHETIC: came to the desk, asked how to find a home that the family can pay.",
    "SYNTHETIC: telephoned; the school has answered, the child begins on Monday.",
    "SYNTHETIC: brought a letter; we read it together and wrote the answer.",
    "SYNTHETIC: wants to work as before; asked how to have a certificate recognised.",
)
_GOALS = ("SYNTHETIC: a home of our own by the summer.", "SYNTHETIC: a job as an electrician again.")
_SEVERITY = (1, 2, 2, 3, 3, 3, 4, 4, 5)


@dataclass(frozen=True)
class Front:
    """What the parts of a demonstration are made for: who works where, and the cases there are."""

    worker: Actor
    supervisor: Actor
    partner: Actor
    organisation_id: UUID
    partner_id: UUID
    now: datetime
    cases: list[Case] = field(default_factory=list)
    # People nobody has written down yet.
    spare: list[Draft] = field(default_factory=list)
    # Code and number of the slip of one of them.
    own_page: dict[str, str] = field(default_factory=dict)

    def key(self, *parts: object) -> UUID:
        """The same key for the same thing, so that twice is once."""
        return uuid5(_KEY, " ".join(str(one) for one in parts))


def make_demo_front(city: City, people: int = PEOPLE) -> tuple[int, dict[str, str]]:
    """Residents, cases, referrals, appointments, queue and figures.

    How many residents there are now, and at the first start code and number of a slip to an own page.
    """
    front = _front()
    rows = _rows(city, people + SPARE, front.now)
    rows, spare = rows[:-SPARE], rows[-SPARE:]
    for batch in _batches(rows):
        with visiting(SYSTEM):
            for household in batch:
                _household(front, household)
    front.spare.extend(_draft(front, row, 1, random.Random(_SEED)) for row in spare)  # noqa: S311
    _parts(front)
    return len(rows), front.own_page


def _front() -> Front:
    emails = dict(demo_accounts())
    actors = {
        role: actor_for(next(one for one in accounts.people_holding(role) if one.email == emails[role]))
        for role in (Role.CASEWORKER, Role.SUPERVISOR, Role.PARTNER)
    }
    places = {
        role: next(place for place, held in actor.memberships if held == role)
        for role, actor in actors.items()
    }
    return Front(
        actors[Role.CASEWORKER],
        actors[Role.SUPERVISOR],
        actors[Role.PARTNER],
        places[Role.CASEWORKER],
        places[Role.PARTNER],
        timezone.now(),
    )


def _rows(city: City, people: int, now: datetime) -> list[dict[str, Any]]:
    # Polars and NumPy are not loaded when the web process starts.
    from philoxenia.synth.newcomers import newcomers_of  # noqa: PLC0415

    return newcomers_of(city, people, _SEED, now.date().isoformat()).to_dicts()


def _batches(rows: list[dict[str, Any]]) -> Iterator[list[list[dict[str, Any]]]]:
    households: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        households.setdefault(row["household"], []).append(row)
    whole = list(households.values())
    for start in range(0, len(whole), _AT_ONCE):
        yield whole[start : start + _AT_ONCE]


def _household(front: Front, members: list[dict[str, Any]]) -> None:
    """Everybody of a household; a case with its head where somebody lacks something."""
    number = members[0]["household"]
    drawn = random.Random(f"{_SEED} {number}")  # noqa: S311 (a demonstration, not a secret)
    made = [_resident(front, row, len(members), drawn) for row in members]
    if len(made) > 1 and records.household_for is not None:
        shared = records.household_for(SYSTEM, made[0])
        for resident_id, row in zip(made[1:], members[1:], strict=True):
            records.join_household(SYSTEM, resident_id, shared, _relation(row))
    wanted = {need: at for at, row in enumerate(members) for need in row["needs"].split(";") if need}
    if wanted:
        _case(front, number, made, wanted, drawn)


def _relation(row: dict[str, Any]) -> str:
    return "child" if row["birth_date"] > "2008" else "partner" if row["position"] == 1 else "other"


def _resident(front: Front, row: dict[str, Any], size: int, drawn: random.Random) -> UUID:
    key = front.key("resident", row["household"], row["position"])
    return records.create(SYSTEM, _draft(front, row, size, drawn), "", key).pk


def _draft(front: Front, row: dict[str, Any], size: int, drawn: random.Random) -> Draft:
    names = [NameForm(f"{row['given']} {row['family']}".strip(), "Latn", kind="official")]
    if row["own_given"]:
        first, second = ("own_family", "own_given") if row["script"] in ("Hans", "Hang") else _WESTERN
        order = "family" if first == "own_family" else "given"
        text = f"{row[first]} {row[second]}".strip()
        names.append(NameForm(text, row["script"], row["language"], "usual", order))
    grown = row["birth_date"] < "2010"
    speaks_only = row["language"] not in ("en", "und") and drawn.random() < 0.45
    spoken = row["language"] if row["language"] != "und" else "en"
    languages = [Language(spoken)]
    if not speaks_only and spoken != "en":
        languages.append(Language("en", "basic" if drawn.random() < 0.6 else "good"))
    unsure = row["papers_date"] != row["birth_date"] or drawn.random() < 0.05
    return Draft(
        names=names,
        birth=Birth(row["papers_date"], certainty="conventional_january_1" if unsure else "exact"),
        contacts=[Contact("phone", row["phone"], safe=drawn.random() < 0.85)] if grown else [],
        languages=languages,
        interpreter=Interpreter(grown and speaks_only, row["language"] if speaks_only else ""),
        access_needs=["step_free"] if drawn.random() < 0.03 else [],
        district_id=row["district_id"],
        household_size=size,
        here_since=row["since"],
        synthetic=True,
        organisation_id=front.organisation_id,
    )


_WESTERN = ("own_given", "own_family")


def _case(front: Front, number: int, made: list[UUID], wanted: dict[str, int], drawn: random.Random) -> None:
    """A case from some day of the last half year, with its needs, plan, notes and an end for some."""
    days = drawn.randrange(1, _MONTHS * 31)
    began = _working_time(front.now - timedelta(days=days), drawn)
    worker = front.worker if drawn.random() < 0.6 else front.supervisor
    one = cases.open_case(
        SYSTEM,
        made[0],
        front.organisation_id,
        front.key("case", number),
        worker_id=worker.person_id,
    )
    front.cases.append(one)
    if one.version > 1 or one.opened_at < front.now - timedelta(hours=1):
        return
    for need, at in wanted.items():
        noted = needs.note_need(
            SYSTEM, one.pk, need, drawn.choice(_SEVERITY), front.key(number, need), resident_id=made[at]
        )
        _later(noted, began, front.now, drawn)
    _work(front, number, one, began, drawn)
    Case.objects.filter(pk=one.pk).update(opened_at=began, changed_at=began)
    if days > 45 and drawn.random() < 0.45:
        _end(front, one, began, drawn)


def _working_time(day: datetime, drawn: random.Random) -> datetime:
    day -= timedelta(days=max(0, day.weekday() - 4))
    clock = time(drawn.randrange(13, 21), drawn.randrange(0, 60, 5))
    return datetime.combine(day.date(), clock, tzinfo=day.tzinfo)


def _later(noted: CaseNeed, began: datetime, now: datetime, drawn: random.Random) -> None:
    """Set a need back to its day; what was noted long ago is met for many."""
    age = (now - began).days
    chance = drawn.random()
    if age > 20 and chance < 0.4:
        needs.step_need(SYSTEM, noted.pk, noted.version, "meet")
        until = began + timedelta(days=drawn.randrange(5, max(6, age)))
        CaseNeed.objects.filter(pk=noted.pk).update(noted_at=began, met_at=until)
        return
    if chance < 0.7:
        needs.step_need(SYSTEM, noted.pk, noted.version, "take_in_hand")
    CaseNeed.objects.filter(pk=noted.pk).update(noted_at=began)


def _work(front: Front, number: int, one: Case, began: datetime, drawn: random.Random) -> None:
    if drawn.random() < 0.6:
        written = notes.write_note(
            SYSTEM, one.pk, "at_the_desk", drawn.choice(_NOTES), front.key("note", number), at=began
        )
        Note.objects.filter(pk=written.pk).update(made_at=began)
    if drawn.random() < 0.25:
        plans.set_goal(SYSTEM, one.pk, drawn.choice(_GOALS), front.key("goal", number))
    if drawn.random() < 0.3:
        due = front.now.date() + timedelta(days=drawn.randrange(-2, 15))
        plans.add_task(SYSTEM, one.pk, drawn.choice(("call", "ask", "check")), due, front.key("task", number))


def _end(front: Front, one: Case, began: datetime, drawn: random.Random) -> None:
    for task in Task.objects.filter(case=one, state="open"):
        plans.step_task(SYSTEM, task.pk, task.version, "finish")
    outcome = drawn.choice(("met", "met", "met", "moved_on", "left", "no_contact"))
    closed = cases.close(SYSTEM, one.pk, Case.objects.get(pk=one.pk).version, outcome)
    days = drawn.randrange(30, max(31, (front.now - began).days))
    Case.objects.filter(pk=closed.pk).update(closed_at=min(began + timedelta(days=days), front.now))


def _parts(front: Front) -> None:
    for module, name in _PARTS:
        getattr(import_module(module), name)(front)
