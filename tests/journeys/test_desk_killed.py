"""kill -9 of a part while the desk works: what was answered is there, nothing twice, nothing half.

Then nothing of what was written stands in the clear in any file of the installation, its database and logs
included, in a backup or in a dump.
"""

import hashlib
import mmap
import os
import re
import signal
import tarfile
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.journeys.demonstration import JOURNEY, Demonstration
from tests.journeys.served import Served, philoxenia, until
from tests.journeys.visitor import Form, Visitor, form_of, links

from philoxenia_web.config import postgres

pytestmark = JOURNEY
PARTS = {
    "web": "philoxenia_web.config.web",
    "worker": "philoxenia_web.config.worker",
    "database": "postgres",
}
NOTES, ROWS, LIST = 6, 40, "killed"
NAME, PHONE, EMAIL = "Quorvantha Zyxomel", "+1 416 555 0183", "threndal@example.org"
# A note, what a receiver is told, a document's number, names of a list: words nothing else holds.
WORDS, MESSAGE, NUMBER, LISTED = "Threndalope came.", "Vorstellinqua waits.", "QX-8830417-Z", "Brimquoldar"
SECRETS = [b"Quorvantha", b"Zyxomel", b"416 555 0183", b"4165550183", b"threndal@", b"Threndalope"]
SECRETS += [b"Vorstellinqua", NUMBER.encode(), LISTED.encode()]
LETTER = f"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%{NUMBER}\ntrailer<</Root 1 0 R>>\n%%EOF\n".encode()


@dataclass
class Person:
    """Somebody who came: their page, case, and a page to refer each of some needs."""

    page: str
    id: str
    case_id: str
    referrals: list[str]


@pytest.fixture(scope="module")
def served(demo: Demonstration) -> Served:
    """The processes, which only who started them may kill."""
    if demo.served is None:
        pytest.skip("this demonstration was started by somebody else")
    return demo.served


@pytest.fixture(scope="module")
def desk(demo: Demonstration) -> Visitor:
    """The caseworker."""
    return Visitor(demo, "caseworker")


@pytest.fixture(scope="module")
def person(demo: Demonstration, served: Served, desk: Visitor) -> Person:
    """Somebody new with a case, a letter, a need for each part that is killed, who agrees to be referred."""
    hits = desk.post(desk.form("/front/", "names"), names=NAME, birth="1983")
    begun = desk.post(form_of(hits, "/front/find/", "mark"))
    new = form_of(begun, "/front/people/new/", "born_in")
    page = desk.send(new, phone=PHONE, email=EMAIL, language="en", do="save").partition("#")[0]
    case_id = re.findall(r"/front/cases/([0-9a-f-]{36})/add/note/", desk.page(page))[0]
    letter = {"file": ("letter.pdf", LETTER)}
    add = f"/front/cases/{case_id}/"
    desk.send(desk.form(page, add + "documents/"), letter, kind="letter", no_identity="on")
    agreed = f"/front/rights/people/{page.split('/')[-2]}/agreements/referral/"
    desk.send(desk.form(agreed, "give"), do="give")
    for (need,) in demo.ask(REFERRED):
        desk.send(desk.form(page, add + "add/need/"), need=need, severity="3")
    asked = links(desk.page(f"/front/referrals/new/{case_id}/"), r"/front/referrals/new/[0-9a-f/-]{110,}")
    by_need = {one.split("/")[-2]: one for one in asked}
    assert len(by_need) == len(PARTS)
    return Person(page, page.split("/")[-2], case_id, list(by_need.values()))


REFERRED = """
    select distinct r.need_code from casework_referral r join accounts_organisation o on o.id = r.sender_id
    where o.name = 'Demo department' and r.need_code <> '' order by 1 limit 3"""


@pytest.mark.parametrize("part", list(PARTS))
def test_what_was_under_way_is_there_once(
    part: str, demo: Demonstration, served: Served, desk: Visitor, person: Person
) -> None:
    chief, turn = Visitor(demo, "supervisor"), list(PARTS).index(part)
    before = count(demo, "select count(*) from registry_resident")
    place = chief.send(
        chief.form("/front/rights/imports/", "organisation"), {"file": ("people.csv", listed(turn))}
    )
    batch = place.split("/")[-2]
    until(lambda: state_of(demo, batch) == "checked")
    note = desk.form(person.page, f"/front/cases/{person.case_id}/add/note/")
    keys = [str(uuid.uuid4()) for _ in range(NOTES)]
    referral, appointment = to_send(desk, person, turn), to_book(desk, person, turn)

    with ThreadPoolExecutor(max_workers=4) as hands:
        under_way = [hands.submit(chief.send, chief.form(place, "take in"), do="take in")]
        under_way += [
            hands.submit(desk.send, note, kind="visit", words=WORDS, key=key) for key in keys[: NOTES // 2]
        ]
        until(lambda: count(demo, TAKEN, batch) or part == "web")
        under_way += [
            hands.submit(desk.send, referral, shown="yes", do="send"),
            hands.submit(desk.send, appointment, slot=appointment.buttons[0][1]),
        ]
        under_way += [
            hands.submit(desk.send, note, kind="visit", words=WORDS, key=key) for key in keys[NOTES // 2 :]
        ]
        until(lambda: under_way[1].done())
        kill(served, PARTS[part])
        for one in under_way:
            assert one.result()
    until(lambda: state_of(demo, batch) not in ("", "checked", "running"))
    assert state_of(demo, batch) == "done"
    assert count(demo, "select count(*) from casework_note where key = any(%s::uuid[])", keys) == NOTES
    assert count(demo, SENT, key_of(referral)) == 1
    assert count(demo, "select count(*) from casework_appointment where key = %s", key_of(appointment)) == 1
    # Each row is one person, whole: with a key, and to be found.
    assert count(demo, WHOLE, batch) == ROWS
    assert count(demo, "select count(*) from registry_resident") == before + ROWS


TAKEN = "select count(*) from registry_importrow where batch_id = %s and state <> 'waits'"
# With what its receiver may see, and for how long.
SENT = """
    select count(*) from casework_referral r join registry_grant g on g.source_id = r.id where r.key = %s"""
WHOLE = """
    select count(distinct r.resident_id) from registry_importrow r
    join registry_residentkey k on k.resident_id = r.resident_id
    join registry_peopleindex i on i.resident_id = r.resident_id
    where r.batch_id = %s and r.state = 'made' and r.content is null"""


def test_nothing_of_it_is_in_the_clear(
    demo: Demonstration, served: Served, desk: Visitor, person: Person, tmp_path: Path
) -> None:
    number = re.findall(r"\b\d{3}-\d{3}-\d{3}-\d\b", desk.page(person.page))[0]
    secrets = [*SECRETS, number.encode(), number.replace("-", "").encode()]
    backup, dump = tmp_path / "kept.tar.gz", tmp_path / "dump.sql"
    said = philoxenia(demo.var, "backup", str(backup))
    assert said.returncode == 0, said.stderr
    assert str(demo.var / "keys") in said.stdout and "records of residents" in said.stdout
    with tarfile.open(backup) as archive:
        archive.extractall(tmp_path / "backup", filter="data")
    url = postgres.address(postgres.place_of(demo.var), postgres.OWNER)
    postgres.run_client(url, "pg_dump", f"--file={dump}")
    # What waits in memory of the database stands in its journal already.
    files = [served.said, *all_files(demo.var), *all_files(tmp_path)]
    assert len(files) > 100
    # A dump writes bytes as hexadecimal numbers.
    assert [one for file in files for one in found(file, secrets)] == []
    assert list(found(dump, [one.hex().encode() for one in secrets])) == []


def to_send(desk: Visitor, person: Person, turn: int) -> Any:
    """A referral of one need, looked at, that only has to be sent."""
    path = person.referrals[turn]
    preview = desk.post(desk.form(path, "urgency"), message=MESSAGE, urgency="routine")
    return form_of(preview, path, "send")


def to_book(desk: Visitor, person: Person, turn: int) -> Any:
    """A free time that only has to be chosen."""
    day = date.today() + timedelta(days=3 + 2 * turn)
    asked = f"purpose=next_talk&minutes=30&way=phone&day={day}"
    return desk.form(f"/front/appointments/for/{person.id}/?{asked}", "slot")


def key_of(form: Form) -> str:
    """What makes a form one, however often it is sent."""
    return form.values["key"][0]


def listed(turn: int) -> bytes:
    """A department's list of people of whom no two have names that sound alike."""
    rows = [
        f"{LIST}-{turn}-{row},{sound(turn, row, 'given')},{sound(turn, row, 'family')}" for row in range(ROWS)
    ]
    rows[0] = f"{LIST}-{turn}-0,{LISTED},{sound(turn, 0, 'family')}"
    return "\n".join(["record_id,given_name,family_name", *rows]).encode()


def sound(*seed: object) -> str:
    """A name of consonants that no spelling confuses, always the same for a seed."""
    signs = hashlib.sha256(repr((LIST, *seed)).encode()).digest()[:5]
    return "".join("mnlrsfkt"[one % 8] + "aeio"[one // 8 % 4] for one in signs).capitalize()


def kill(served: Served, sign: str) -> None:
    """kill -9 of every process of a part."""
    pids = served.pids(sign)
    assert pids, sign
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def count(demo: Demonstration, question: str, *values: Any) -> int:
    """A number of the database; none while it is down."""
    with suppress(psycopg.Error):
        return int(demo.ask(question, *values)[0][0])
    return 0


def state_of(demo: Demonstration, batch: str) -> str:
    """Of a list that comes in."""
    with suppress(psycopg.Error):
        return str(demo.ask("select state from registry_peopleimport where id = %s", batch)[0][0])
    return ""


def all_files(folder: Path) -> Iterator[Path]:
    """Every file below."""
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def found(path: Path, secrets: list[bytes]) -> Iterator[str]:
    """Which of them a file holds, by its name."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        if os.fstat(file.fileno()).st_size:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                yield from (f"{path}: {one!r}" for one in secrets if content.find(one) >= 0)
