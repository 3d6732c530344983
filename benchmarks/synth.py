"""Test people by us and, row by row, by Faker: seconds and memory for lists of the same size.

Each side runs in a process of its own. Faker gives names, dates of birth, addresses and telephones in the
languages it has; it knows no districts, households, needs, lists, errors or truth: the ratio favours it.
The peer lives in an environment of its own (.venv-faker), made here the first time.

Usage: python benchmarks/synth.py [--people 1000000] [--slow-rows 20000]
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from peers import peer_python

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-faker"
PEER_PACKAGES = ("faker>=37,<38",)
LIMIT_SECONDS = 120.0
LOCALES = ("en_US", "fr_CA", "zh_CN", "es_MX", "fa_IR", "ar_AA", "ru_RU", "uk_UA", "el_GR", "ta_IN", "tr_TR")


def ours(people: int) -> dict[str, float]:
    """Read the city, make the people and their lists, write them."""
    from philoxenia.exchange import read_city
    from philoxenia.synth import synthesise, write_people

    city = read_city(ROOT / "cities" / "toronto")
    started = time.perf_counter()
    made = synthesise(city, people)
    with tempfile.TemporaryDirectory() as folder:
        write_people(made, Path(folder), "parquet")
    return _measured(started, made.records.height)


def theirs(rows: int) -> dict[str, float]:
    """One record after another, each in one of the locales."""
    import csv

    from faker import Faker

    started = time.perf_counter()
    fakers = [Faker(locale) for locale in LOCALES]
    with tempfile.TemporaryFile("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        for row in range(rows):
            fake = fakers[row % len(fakers)]
            born = fake.date_of_birth(maximum_age=100).isoformat()
            writer.writerow(
                [row, fake.first_name(), fake.last_name(), born, fake.address(), fake.phone_number()]
            )
    return _measured(started, rows)


def _measured(started: float, rows: int) -> dict[str, float]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": time.perf_counter() - started, "rows": rows, "mib": peak}


def _side(python: str, side: str, number: int) -> dict[str, float]:
    asked = [python, __file__, "--side", side, "--people", str(number)]
    answer = subprocess.run(asked, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found


def main() -> int:
    """Run both sides and print them beside each other; 1 where we are too slow."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--slow-rows", type=int, default=20_000)
    parser.add_argument("--side", choices=["ours", "theirs"], help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        print(json.dumps((ours if asked.side == "ours" else theirs)(asked.people)))
        return 0
    mine = _side(sys.executable, "ours", asked.people)
    peer = _side(str(peer_python(PEER, *PEER_PACKAGES)), "theirs", asked.slow_rows)
    for name, side in (("ours", mine), ("Faker", peer)):
        print(f"{name:<6} {side['seconds']:8.1f} s {side['mib']:7.0f} MiB {side['rows']:>10,.0f} records")
    each = (peer["seconds"] / peer["rows"]) / (mine["seconds"] / mine["rows"])
    print(f"a record takes Faker {each:.0f} times as long")
    return 0 if mine["seconds"] < LIMIT_SECONDS else 1


if __name__ == "__main__":
    raise SystemExit(main())
