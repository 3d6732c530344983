"""A made-up HSDS package of 100,000 services read, checked and stripped, beside `frictionless validate`.

The package holds 40,000 organisations, 100,000 services at as many places, with phones, hours, languages
and terms;
one service in two hundred is a hidden site. Frictionless checks the same files against their
datapackage.json: types,
keys and links, which is a part of what the engine does. Fails where the engine takes more than 60 s or lets
one
hidden address through.

Usage: python benchmarks/directory.py [SERVICES] [--alone]
"""

import argparse
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import polars as pl
from peers import peer_python

from philoxenia.exchange.hsds import About, Records, package_files, read_records, write_package

ENVIRONMENT = Path(__file__).resolve().parent.parent / ".venv-directory"
MOST_SECONDS = 60
HIDDEN_EVERY = 200
_KINDS = (
    "Food bank",
    "Legal clinic",
    "English class",
    "Job search help",
    "Dental clinic",
    "Housing help",
    "Tax clinic",
)
_STREETS = ("Queen St W", "Danforth Ave", "Finch Ave E", "Jane St", "Bloor St W", "Kipling Ave", "Keele St")
_PEER = """
import sys, time
from frictionless import Package
began = time.perf_counter()
report = Package(sys.argv[1]).validate()
print(f"{time.perf_counter() - began:.1f} {report.valid}")
"""


def ids(count: int, seed: int) -> Iterator[str]:
    """UUIDs that are the same in each run."""
    chance = random.Random(seed)
    for _ in range(count):
        yield str(UUID(int=chance.getrandbits(128), version=4))


def made_up(services: int) -> dict[str, pl.DataFrame]:
    """Tables of a package with so many services."""
    chance = random.Random(7)
    organisations = list(ids(max(services * 2 // 5, 1), 1))
    own, places, links = list(ids(services, 2)), list(ids(services, 3)), list(ids(services, 4))
    kinds = [chance.choice(_KINDS) for _ in own]
    hidden = [number % HIDDEN_EVERY == 0 for number in range(services)]
    names = ["Women's shelter" if hide else kind for hide, kind in zip(hidden, kinds, strict=True)]
    streets = [
        f"{900_000 + number if hide else number % 4000 + 1} {chance.choice(_STREETS)}"
        for number, hide in enumerate(hidden)
    ]
    terms = list(ids(len(_KINDS), 9))
    numbers = range(services)
    linked = {"service_id": own, "location_id": places}
    fixed = {"city": "Made Up", "state_province": "ON", "postal_code": "M1M 1M1", "country": "CA"}
    hours = {"freq": "WEEKLY", "byday": "MO,TU,WE", "opens_at": "09:00", "closes_at": "17:00"}
    spoken = [chance.choice(["en", "ar", "uk", "fa"]) for _ in own]
    chosen = [terms[_KINDS.index(kind)] for kind in kinds]
    tables: dict[str, dict[str, object]] = {
        "organizations": {"id": organisations, "description": "Made up."}
        | {"name": [f"Organisation {n}" for n in range(len(organisations))]},
        "services": {"id": own, "organization_id": [chance.choice(organisations) for _ in own]}
        | {"name": [f"{name} {n}" for n, name in enumerate(names)], "status": "active"}
        | {"description": "Help for people who live in the city, in person or by phone."},
        "locations": {"id": places, "location_type": "physical"}
        | {"latitude": [43.6 + n / services / 5 for n in numbers]}
        | {"longitude": [-79.6 + (n * 7919 % services) / services / 2 for n in numbers]},
        "service_at_location": {"id": links} | linked,
        "addresses": {"id": list(ids(services, 5)), "location_id": places, "address_1": streets}
        | {"address_type": "physical"}
        | fixed,
        "phones": {"id": list(ids(services, 6)), "service_id": own}
        | {"number": [f"416-555-{n % 10_000:04d}" for n in numbers]},
        "schedules": {"id": list(ids(services, 7)), "service_at_location_id": links} | hours,
        "languages": {"id": list(ids(services, 8)), "service_id": own, "code": spoken},
        "taxonomy_terms": {"id": terms, "name": list(_KINDS), "description": "Made up."},
        "attributes": {"id": list(ids(services, 10)), "link_id": own, "link_entity": "service"}
        | {"taxonomy_term_id": chosen},
    }
    return {name: pl.DataFrame(columns) for name, columns in tables.items()}


def packed(tables: dict[str, pl.DataFrame], folder: Path) -> Path:
    """The tables as a zip archive without a datapackage.json, as many exports are."""
    path = folder / "package.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, frame in tables.items():
            archive.writestr(f"{name}.csv", frame.write_csv())
    return path


def leaks(records: Records) -> int:
    """How many files of the engine's own package still name a hidden street."""
    street = re.compile(rb"9\d{5} (?:" + b"|".join(re.escape(one.encode()) for one in _STREETS) + b")")
    return sum(street.search(content) is not None for content in package_files(records).values())


def beside(records: Records, folder: Path) -> None:
    """The same tables, as the engine writes them, validated by frictionless in an environment of its own."""
    package = folder / "peer"
    package.mkdir()
    write_package(records, package)
    python = peer_python(ENVIRONMENT, "frictionless>=5.18")
    done = subprocess.run(
        [python, "-c", _PEER, str(package / "datapackage.json")], capture_output=True, text=True, check=True
    )
    seconds, valid = done.stdout.split()
    says = "valid" if valid == "True" else "NOT valid"
    print(f"frictionless validate: {seconds} s, says the package is {says}")


def main() -> int:
    """Make, read, write, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", nargs="?", type=int, default=100_000)
    parser.add_argument("--alone", action="store_true", help="without frictionless")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = packed(made_up(arguments.services), folder)
        began = time.perf_counter()
        records = read_records(path, About(source="made up", language="en"))
        read = time.perf_counter() - began
        began = time.perf_counter()
        write_package(records, folder / "out.zip")
        written = time.perf_counter() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        hidden, found = int(records.tables["service"]["confidential"].sum()), leaks(records)
        size = path.stat().st_size / 1e6
        print(f"{records.count('service'):,} services, {size:.0f} MB: read in {read:.1f} s")
        print(f"written in {written:.1f} s, {memory:,.0f} MiB")
        print(f"{hidden:,} hidden sites found; files that still name one of their streets: {found}")
        if not arguments.alone:
            beside(records, folder)
    return int(read > MOST_SECONDS or found > 0 or hidden < arguments.services // HIDDEN_EVERY)


if __name__ == "__main__":
    sys.exit(main())
