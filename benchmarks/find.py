"""Search of the directory at 100,000 services beside PostgreSQL's own full-text search, asked concurrently.

Services are made: names and texts from the words that services use, three thousand different hours, places
over a
city, languages, marks. Questions are those of tests/engine/directory/queries.csv, every third with a filter,
every
seventh near a place. Ours answers from the index in two processes of four threads, as the web server does;
PostgreSQL answers from a GIN index on a stored tsvector through eight connections, ranked, with the total.

Usage: python benchmarks/find.py [--services 100000] [--questions 4000] [--without-peer]
"""

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "tests" / "engine" / "directory" / "queries.csv"
PROCESSES, THREADS, BOUND_MS = 2, 4, 50.0
HOURS, ORGANISATIONS = 3000, 5000
LANGUAGES = ("en", "fr", "ar", "uk", "el", "es", "fa", "so", "ti", "zh", "ta", "pt")
MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)


def set_up(var: Path) -> None:
    import django

    os.environ |= {
        "PHILOXENIA_VAR": str(var),
        "PHILOXENIA_CITY": str(ROOT / "cities" / "toronto"),
        "PHILOXENIA_SECRET_KEY": "for a benchmark",
        "DATABASE_URL": "postgres://nobody@localhost/nothing",
        "DJANGO_SETTINGS_MODULE": "philoxenia_web.config.settings",
    }
    django.setup()


def made_hours(chance: random.Random) -> list[dict[str, Any]]:
    opens, lasts = chance.randrange(6, 20), chance.randrange(3, 13)
    days = chance.sample(["MO", "TU", "WE", "TH", "FR", "SA", "SU"], chance.randrange(2, 8))
    minute = chance.choice([0, 15, 30, 45])
    return [
        {
            "freq": "WEEKLY",
            "byday": ",".join(sorted(days)),
            "opens_at": f"{opens:02}:{minute:02}",
            "closes_at": f"{(opens + lasts) % 24:02}:{minute:02}",
        }
    ]


def made_services(count: int) -> Iterator[Any]:
    """Services whose names and texts are what services of a few topics call themselves."""
    from philoxenia.directory.words import synonyms
    from philoxenia_web.directory.shown import ShownPlace, ShownService, Text

    chance = random.Random(20)
    rows = [row for row in synonyms() if row.use != "asked" and row.language == "en"]
    known = [
        word.strip(" .,-()").title()
        for row in csv.reader((ROOT / "cities/toronto/tables/schools.csv").open())
        for word in row[1].split()[:1]
    ]
    hours = [made_hours(chance) for _ in range(HOURS)]
    fields = ShownService.__dataclass_fields__
    for number in range(count):
        about = chance.sample(rows, chance.choice([1, 1, 2, 3, 6]))
        place = ShownPlace(
            id=f"p{number}",
            name=Text(f"{chance.choice(known)} centre", "en"),
            address=[],
            city="Toronto",
            postal_code="",
            district_id=f"{chance.randrange(1, 175):03}",
            latitude=43.58 + 0.27 * chance.random(),
            longitude=-79.63 + 0.5 * chance.random(),
            schedules=chance.choice(hours),
            phones=[],
            wheelchair=chance.choice(["yes", "no", "unknown"]),
            accessibility=[],
            transport=None,
        )
        given: dict[str, Any] = dict.fromkeys(fields)
        given |= dict.fromkeys(("phones", "costs", "documents", "schedules"), ())
        given |= {
            "id": f"{number:032x}",
            "version": 1,
            "name": Text(f"{chance.choice(known)} {about[0].word}", "en"),
            "organisation_id": str(chance.randrange(ORGANISATIONS)),
            "organisation": Text(f"{chance.choice(known)} {chance.choice(known)} society", "en"),
            "description": Text(
                ". ".join(f"We offer {row.word} in {chance.choice(known)}" for row in about), "en"
            ),
            "languages": chance.sample(LANGUAGES, 2),
            "free": chance.choice([True, False, None]),
            "status": "active",
            "terms": [("own", row.topic, Text(row.word, "en")) for row in about],
            "needs": [],
            "places": [place],
            "asks_status": "unknown",
            "safe_without_papers": chance.choice(["yes", "unknown"]),
            "synthetic": True,
        }
        yield ShownService(**given)


def build(var: Path, count: int) -> dict[str, float]:
    from philoxenia_web.directory.search import index
    from philoxenia_web.directory.search.documents import document
    from philoxenia_web.directory.search.place import index_root

    start = time.perf_counter()
    index.rebuild(index_root(), (document(one) for one in made_services(count)), 1)
    seconds = time.perf_counter() - start
    size = sum(file.stat().st_size for file in index_root().rglob("*") if file.is_file())
    start = time.perf_counter()
    index.update(index_root(), (document(one) for one in made_services(100)), [], 2)
    return {"build_s": seconds, "update_100_s": time.perf_counter() - start, "index_mb": size / 2**20}


def questions(count: int) -> list[dict[str, Any]]:
    rows = list(csv.DictReader(QUESTIONS.read_text(encoding="utf-8").splitlines()))
    chance = random.Random(7)
    filters: list[dict[str, Any]] = [
        {"free": True},
        {"spoken": "ar"},
        {"open": True},
        {"wheelchair": True},
        {"safe": True},
        {"open": True, "spoken": "uk", "free": True},
        {"needs": ("health", "food")},
    ]
    found = []
    for number in range(count):
        row = chance.choice(rows)
        more = chance.choice(filters) if number % 3 == 0 else {}
        near = {"near": "Kensington-Chinatown"} if number % 7 == 0 else {}
        found.append({"text": row["query"], "language": row["language"], **more, **near})
    return found


def percentiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        f"p{share}": 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))]
        for share in (50, 95, 99)
    }


def asked(
    answer: Callable[[dict[str, Any]], int], asking: list[dict[str, Any]], threads: int
) -> dict[str, Any]:
    def timed(one: dict[str, Any]) -> tuple[float, int]:
        start = time.perf_counter()
        found = answer(one)
        return time.perf_counter() - start, found

    for one in asking[:200]:
        answer(one)
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        told = list(pool.map(timed, asking))
    whole = time.perf_counter() - start
    return {
        "seconds": [seconds for seconds, _ in told],
        "a_second": len(told) / whole,
        "answered": sum(found > 0 for _, found in told) / len(told),
    }


def ask_ours(var: Path, count: int, part: int) -> dict[str, Any]:
    from philoxenia_web.directory.search import Query, find

    def answer(one: dict[str, Any]) -> int:
        open_at = MONDAY + timedelta(minutes=part) if one.get("open") else None
        rest = {name: value for name, value in one.items() if name != "open"}
        return find(Query(open_at=open_at, size=10, **rest)).total

    return asked(answer, questions(count)[part::PROCESSES], THREADS)


TABLE = """
create table services as select * from unnest(%s::text[], %s::text[], %s::bool[]) as t(id, words, free);
alter table services add tsv tsvector generated always as (to_tsvector('english', words)) stored;
create index on services using gin (tsv); analyze services"""
# Any of the words, as ours; ranked; with how many there are in all.
LOOK = """
with q as (select replace(plainto_tsquery('english', %s)::text, '&', '|')::tsquery as q)
select id, ts_rank(tsv, q) as rank, count(*) over () from services, q
where tsv @@ q and (not %s or free) order by rank desc, id limit 10"""


def ask_postgres(var: Path, services: int, count: int) -> dict[str, Any]:
    from psycopg_pool import ConnectionPool

    from philoxenia_web.config import postgres

    place = postgres.place_of(var)
    postgres.ensure_running(place)
    made = list(made_services(services))
    words = [f"{one.name.text} {one.organisation.text} {one.description.text}" for one in made]
    columns = [[one.id for one in made], words, [bool(one.free) for one in made]]
    threads = PROCESSES * THREADS
    with ConnectionPool(postgres.address(place, postgres.OWNER), min_size=threads, max_size=threads) as pool:
        with pool.connection() as connection:
            for number, statement in enumerate(TABLE.split(";")):
                connection.execute(statement, columns if not number else None)

        def answer(one: dict[str, Any]) -> int:
            with pool.connection() as connection:
                found = connection.execute(LOOK, [one["text"], bool(one.get("free"))]).fetchall()
            return found[0][2] if found else 0

        return asked(answer, questions(count), threads)


def in_processes(var: Path, given: argparse.Namespace, sides: list[str]) -> list[dict[str, Any]]:
    command = [sys.executable, __file__, "--var", str(var), "--services", str(given.services)]
    command += ["--questions", str(given.questions), "--side"]
    running = [subprocess.Popen([*command, side], stdout=subprocess.PIPE) for side in sides]
    return [json.loads(one.communicate()[0].splitlines()[-1]) for one in running]


def compare(given: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        built = in_processes(var, given, ["build"])[0]
        print(", ".join(f"{name} {value:.1f}" for name, value in built.items()))
        parts = in_processes(var, given, [str(part) for part in range(PROCESSES)])
        ours = percentiles([one for part in parts for one in part["seconds"]])
        told(f"ours, {PROCESSES} x {THREADS} at once", ours, parts)
        if not given.without_peer:
            peer = in_processes(var, given, ["postgres"])
            theirs = percentiles(peer[0]["seconds"])
            told(f"PostgreSQL, {PROCESSES * THREADS} at once", theirs, peer)
            print(f"ratio of p95, PostgreSQL to ours: {theirs['p95'] / ours['p95']:.1f}")
    if ours["p95"] > BOUND_MS:
        print(f"p95 is over {BOUND_MS:g} ms.")
    return int(ours["p95"] > BOUND_MS)


def told(name: str, found: dict[str, float], parts: list[dict[str, Any]]) -> None:
    times = ", ".join(f"{share} {value:.1f} ms" for share, value in found.items())
    rate, answered = (sum(one[key] for one in parts) for key in ("a_second", "answered"))
    print(f"{name}: {times}; {rate:.0f} a second; {answered / len(parts):.0%} of questions find something")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=4000)
    parser.add_argument("--without-peer", action="store_true")
    parser.add_argument("--var", type=Path)
    parser.add_argument("--side")
    given = parser.parse_args()
    if not given.side:
        return compare(given)
    set_up(given.var)
    if given.side == "build":
        found: dict[str, Any] = build(given.var, given.services)
    elif given.side == "postgres":
        found = ask_postgres(given.var, given.services, given.questions)
    else:
        found = ask_ours(given.var, given.questions, int(given.side))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
