"""Nothing that names a person stands in the database, its dump, the trail, the logs or the folder of keys."""

import logging
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from philoxenia_web.accounts.access import Actor
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import finding, records, texts
from philoxenia_web.registry.people.shapes import Contact

Write = Callable[..., Resident]
# Nobody is called so, nor has such a number or says such a word.
NAMES, PHONE, WORD = "Zyxwvutka Quuxovna", "+1 416 555 0199", "Plughish"
SIGNS = ("Zyxwvutka", "Quuxovna", "zyxwvutka", "5550199", "555 0199", WORD, "1987-03-05")


def in_the_clear(content: str) -> list[str]:
    """What must not be there, as text or as bytes that a dump writes in hexadecimal."""
    return [sign for sign in SIGNS if sign in content or sign.encode().hex() in content]


@pytest.fixture
def lived(worker: Actor, write_down: Write, caplog: pytest.LogCaptureFixture) -> str:
    """Somebody is written down, searched for, opened, changed, written about; the number they got."""
    caplog.set_level(logging.DEBUG)
    place = next(iter(worker.organisations))
    one = write_down(worker, NAMES, contacts=[Contact("phone", PHONE, note=WORD)])
    finding.find(worker, finding.Question(NAMES, "1987-03-05", PHONE), "serving_now")
    texts.keep_text(worker, one.pk, "note", f"{NAMES} said {WORD}", place)
    texts.keep_file(worker, one.pk, "photo", f"{NAMES} {WORD}".encode(), "image/png", place)
    records.change(worker, one.pk, 1, {"contacts": [Contact("phone", "+1 416 555 0100")]}, uuid4())
    return records.open_record(worker, one.pk, "serving_now", f"{WORD} {NAMES}").number


def test_no_row_of_any_table_names_a_person(lived: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('philoxenia.system', 'yes', true)")
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        held = []
        for table in tables:
            cursor.execute(f"select coalesce(string_agg(t::text, chr(10)), '') from \"{table}\" t")  # noqa: S608
            held.append(cursor.fetchone()[0])
    content = "\n".join(held)
    assert content.count("registry.read_resident") == 1
    assert in_the_clear(content) == []
    assert lived not in content and lived.replace("-", "") not in content


def test_a_table_with_a_name_would_be_noticed() -> None:
    assert in_the_clear("1\t\\x" + b"of Quuxovna".hex()) == ["Quuxovna"]


def test_no_log_and_no_file_names_a_person(
    lived: str, caplog: pytest.LogCaptureFixture, own_folder: Path
) -> None:
    assert in_the_clear(caplog.text) == []
    written = [path.read_bytes() for path in own_folder.rglob("*") if path.is_file()]
    assert written and in_the_clear("\n".join(one.decode("latin-1") for one in written)) == []
