"""What the scripts of the kept pages work out on a device is what the engine works out."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.journeys.browser import browser, chromium

from philoxenia.directory.hours import Hours
from philoxenia.directory.words import fold_table, words
from philoxenia.directory.words.latin import key, spelling
from philoxenia.directory.words.tables import stop_words
from philoxenia_web.directory.offline import gathering
from philoxenia_web.directory.offline.edition import difference, line
from philoxenia_web.directory.offline.rows import schedules

SCRIPTS = Path(__file__).resolve().parents[2] / "src/philoxenia_web/directory/static/directory/offline"
ZONE = "America/Toronto"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.skipif(not chromium(), reason="Chromium is not on this machine"),
]
TEXT = (
    "Škoda أحمد допомога їжа житло безкоштовно лікар τρόφιμα στέγη γιατρός مأوى طعام مجاني طبيب "
    "المساعدة پناهگاه niños straße п'ять об’єкт women's 3amal 7akim food L'école ΓΙΑΤΡΟΣ сім'я زهرة كرة "
    "Über ١٢٣ école français"
)
RULES: list[list[dict[str, Any]]] = [
    [{"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}],
    [{"freq": "WEEKLY", "byday": "FR", "opens_at": "20:00", "closes_at": "02:00"}],
    [{"freq": "DAILY", "opens_at": "00:00", "closes_at": "23:59"}],
    [{"freq": "MONTHLY", "byday": "1SA,-1SU", "opens_at": "10:00", "closes_at": "12:30"}],
    [{"freq": "MONTHLY", "bymonthday": "1,-1", "opens_at": "10:00", "closes_at": "12:30"}],
    [
        {
            "freq": "WEEKLY",
            "interval": 2,
            "dtstart": "2026-11-02",
            "byday": "MO",
            "opens_at": "09:00",
            "closes_at": "10:00",
        }
    ],
    [{"freq": "DAILY", "interval": 3, "dtstart": "2026-11-01", "opens_at": "08:00", "closes_at": "09:00"}],
    [
        {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"},
        {"freq": "DAILY", "valid_from": "2026-11-25", "valid_to": "2026-11-26", "description": "closed"},
    ],
    [{"freq": "WEEKLY", "byday": "WE", "valid_to": "2026-11-25", "opens_at": "09:00", "closes_at": "10:00"}],
    [{"description": "by appointment"}],
]


@pytest.fixture(scope="module")
def device() -> Iterator[Page]:
    """An empty page with the scripts that need no page."""
    with browser() as started:
        page = started.new_page()
        for name in ("text", "hours", "finding", "edition"):
            page.add_script_tag(path=str(SCRIPTS / f"{name}.js"))
        yield page
        page.close()


@pytest.fixture(scope="module")
def tables() -> dict[str, Any]:
    """The tables of an edition."""
    return {
        "needs": {"food": "Food", "health": "Doctor", "language": "Learn the language"},
        "letters": {script: gathering._letters(script) for script in gathering._SCRIPTS},
        "rewrites": {f"{a} {b}": gathering._rewrites(a, b) for a, b in gathering._STAGES},
        "same": dict(fold_table()),
        "stop": sorted(stop_words()),
        "topics": gathering.topic_words(),
        "districts": [["1", "Harbour", 43.65, -79.38], ["2", "Hill", 43.75, -79.38]],
    }


def test_words_are_folded_as_the_engine_folds_them(device: Page, tables: dict[str, Any]) -> None:
    found = device.evaluate("([tables, text]) => new philoxenia.Letters(tables).words(text)", [tables, TEXT])
    assert found == words(TEXT)


def test_spellings_share_their_bones_as_in_the_engine(device: Page, tables: dict[str, Any]) -> None:
    asked = words(TEXT)
    found = device.evaluate(
        "([tables, words]) => { const letters = new philoxenia.Letters(tables);"
        " return words.map((word) => letters.bones(word)); }",
        [tables, asked],
    )
    assert dict(zip(asked, found, strict=True)) == {word: key(spelling(word)) for word in asked}


@pytest.mark.parametrize("rows", RULES, ids=range(len(RULES)))
def test_hours_are_those_of_the_engine(device: Page, rows: list[dict[str, Any]]) -> None:
    hours = Hours(rows, ZONE)
    days = [date(2026, 11, 20) + timedelta(days=ahead) for ahead in range(45)]
    midnight = [datetime(one.year, one.month, one.day, tzinfo=hours.zone) for one in days]
    expected = [
        [[_minutes(start, opens), _minutes(start, closes)] for opens, closes in hours.on(day)]
        for day, start in zip(days, midnight, strict=True)
    ]
    asked = [[day.isoformat(), minute] for day in days[2:20] for minute in (0, 61, 545, 660, 1300, 1439)]
    is_open = [
        hours.open_at(datetime.fromisoformat(f"{day}T{minute // 60:02}:{minute % 60:02}"))
        for day, minute in asked
    ]
    found = device.evaluate(
        "([rules, days, asked]) => { const hours = new philoxenia.Hours(rules); const { dayOf } = philoxenia;"
        " return [days.map((day) => hours.on(dayOf(day))),"
        " asked.map(([day, minute]) => hours.until(dayOf(day), minute) !== null)]; }",
        [schedules(rows, hours.zone), [day.isoformat() for day in days], asked],
    )
    assert found == [expected, is_open]


def _minutes(midnight: datetime, moment: datetime) -> int:
    # By the clock on the wall, as doors are.
    return round((moment.replace(tzinfo=None) - midnight.replace(tzinfo=None)).total_seconds() / 60)


def test_a_difference_is_followed_on_the_device(device: Page) -> None:
    old = [line(f"s {number:02}", {"i": str(number), "n": f"Service {number}"}) for number in range(40)]
    new = [one for number, one in enumerate(old) if number not in (0, 7, 39)]
    new[5] = line(new[5].key, {"i": "5", "n": "Renamed"})
    new = sorted([*new, line("s 50", {"i": "50", "n": "New"})], key=lambda one: one.key)
    told = difference([one.mark for one in old], new)
    text = "\n".join([json.dumps({"rows": len(new), **told.head}), *told.put])
    found = device.evaluate(
        "([old, text]) => philoxenia.edition.changed(old, text)", [[one.text for one in old], text]
    )
    assert found == [one.text for one in new]
    with pytest.raises(Exception, match="broken"):
        device.evaluate(
            "([old, text]) => philoxenia.edition.changed(old, text)", [[one.text for one in old[:9]], text]
        )


ROWS: list[dict[str, Any]] = [
    {"i": "bank", "oi": "a", "n": "بنك الطعام", "o": ["Harbour Centre", "en"], "ne": ["food"], "f": 1,
     "d": ["Free groceries", "en"], "pl": [{"g": [43.74, -79.38], "h": [{"f": "DAILY", "o": 0, "c": 1440}]}]},
    {"i": "kitchen", "oi": "a", "n": ["Community kitchen", "en"], "o": ["Harbour Centre", "en"],
     "ne": ["food"], "l": ["ar"], "pl": [{"g": [43.651, -79.38]}]},
    {"i": "clinic", "oi": "b", "n": ["Walk-in clinic", "en"], "o": ["Hill Clinics", "en"], "ne": ["health"],
     "d": ["See a physician without appointment", "en"], "sp": 1, "do": ["A paper"]},
    {"i": "lessons", "oi": "b", "n": "Уроки англійської", "o": ["Hill Clinics", "en"], "ne": ["language"]},
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "kitchen"}, ["kitchen"]),
        ({"q": "kichten"}, ["kitchen"]),
        ({"q": "الطعام"}, ["bank", "kitchen"]),
        ({"q": "طعام"}, ["bank", "kitchen"]),
        ({"q": "food bank"}, ["bank", "kitchen"]),
        ({"q": "uroky"}, ["lessons"]),
        ({"q": "doctor"}, ["clinic"]),
        ({"q": "лікар"}, ["clinic"]),
        ({"need": "food", "near": "1"}, ["kitchen", "bank"]),
        ({"need": "food", "near": "2"}, ["bank", "kitchen"]),
        ({"free": 1}, ["bank"]),
        ({"safe": 1}, ["clinic"]),
        ({"nothing": 1, "need": "health"}, []),
        ({"nothing": 1, "need": "food"}, ["kitchen", "bank"]),
        ({"spoken": "ar"}, ["kitchen"]),
        ({"open": 1}, ["bank"]),
        ({"q": "zzxqv"}, []),
    ],
)
def test_a_search_on_the_device_finds(
    device: Page, tables: dict[str, Any], asked: dict[str, Any], expected: list[str]
) -> None:
    found = device.evaluate(
        "([rows, tables, asked]) => new philoxenia.Finder(rows, tables, 'America/Toronto')"
        ".find(asked).found.map(({ row }) => row.i)",
        [ROWS, tables, asked],
    )
    assert found[: len(expected)] == expected
    assert bool(found) == bool(expected)
