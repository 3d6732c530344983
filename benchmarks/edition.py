"""Bytes and seconds of an offline edition of 5,000 made-up services, in English and Arabic.

Prose is a chain of words learnt from this repository's documents and its Arabic translations: no two
descriptions are alike, as in a real directory. Fails where an edition is over 2 MB on the wire.

Usage: python benchmarks/edition.py [SERVICES]
"""

import os
import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
MOST_BYTES = 2_000_000
SERVICES = 5000
CHANGED = 50
_DAYS = ("MO,TU,WE,TH,FR", "MO,WE,FR", "TU,TH", "SA", "MO,TU,WE,TH,FR,SA,SU", "SA,SU")
_TIMES = ("08:00", "08:30", "09:00", "09:30", "10:00", "12:00", "13:00")
_ENDS = ("15:30", "16:00", "16:30", "17:00", "18:00", "19:30", "20:00", "21:00")
_LANGUAGES = ("en", "fr", "es", "ar", "fa", "uk", "ti", "so", "zh", "ta", "ur", "pt", "tl", "bn")
_NEEDS = ("housing", "food", "health", "income", "work", "language", "school", "information")
_STREETS = ("Queen St W", "Danforth Ave", "Finch Ave E", "Jane St", "Bloor St W", "Kipling Ave", "Keele St")


class Prose:
    """Sentences with the words of a language in the order in which they follow each other."""

    def __init__(self, text: str, seed: int) -> None:
        self.random = random.Random(seed)
        self._next: dict[tuple[str, str], list[str]] = defaultdict(list)
        words = text.split()
        for one, two, three in zip(words, words[1:], words[2:], strict=False):
            self._next[one, two].append(three)
        self._starts = sorted(self._next)

    def words(self, characters: int) -> str:
        """About so many characters."""
        pair = self.random.choice(self._starts)
        found = [*pair]
        while sum(map(len, found)) + len(found) < characters:
            following = self._next.get(pair)
            pair = (pair[1], self.random.choice(following)) if following else self.random.choice(self._starts)
            found.append(pair[1])
        return " ".join(found)[:characters].strip()


def prose(language: str) -> Prose:
    """English from the documents, other languages from the translations of the interface."""
    if language == "en":
        text = " ".join(place.read_text(encoding="utf-8") for place in sorted((ROOT / "docs").rglob("*.md")))
        return Prose(re.sub(r"[^A-Za-z',.;\s]+", " ", text), 1)
    import polib

    catalogue = polib.pofile(str(ROOT / f"src/philoxenia_web/ui/locale/{language}/LC_MESSAGES/django.po"))
    text = " ".join(re.sub(r"%\(\w+\)s|<[^>]+>", " ", entry.msgstr) for entry in catalogue)
    return Prose(text, 1)


def services(language: str, count: int) -> list[dict[str, Any]]:
    """What `ShownService.as_dict()` gives, three services an organisation on average."""
    told = prose(language)
    chance = told.random

    def text(characters: int) -> dict[str, str]:
        return {"text": told.words(characters), "language": language, "status": "human"}

    def identity() -> str:
        return str(UUID(int=chance.getrandbits(128), version=4))

    def phone() -> dict[str, Any]:
        number = f"+1 416-{chance.randrange(200, 999)}-{chance.randrange(10000):04}"
        return {"number": number, "extension": "", "kind": "voice", "description": None, "languages": []}

    def place() -> dict[str, Any]:
        day = {"freq": "WEEKLY", "byday": chance.choice(_DAYS)}
        return {
            "id": identity(),
            "name": text(20),
            "address": [f"{chance.randrange(1, 4000)} {chance.choice(_STREETS)}"],
            "city": "Toronto",
            "postal_code": f"M{chance.randrange(1, 10)}{chance.choice('ABCEGHJKLM')} "
            f"{chance.randrange(10)}{chance.choice('ABCEGHJKLM')}{chance.randrange(10)}",
            "district_id": f"{chance.randrange(1, 175):03}",
            "latitude": chance.uniform(43.58, 43.85),
            "longitude": chance.uniform(-79.63, -79.12),
            "schedules": [{**day, "opens_at": chance.choice(_TIMES), "closes_at": chance.choice(_ENDS)}],
            "phones": [],
            "wheelchair": chance.choice(("yes", "no", "unknown")),
            "accessibility": [],
            "transport": None,
        }

    bodies = [(identity(), text(32)) for _ in range(max(1, count // 3))]
    terms = [text(24) for _ in range(300)]
    found = []
    for _ in range(count):
        body = chance.choice(bodies)
        found.append(
            {
                "id": identity(),
                "version": 1,
                "name": text(chance.randrange(18, 60)),
                "organisation_id": body[0],
                "organisation": body[1],
                "description": text(min(1500, int(chance.lognormvariate(5.8, 0.5)))),
                "url": f"https://example.org/{chance.randrange(10**6)}",
                "email": f"info{chance.randrange(10**4)}@example.org",
                "status": "active",
                "phones": [phone() for _ in range(chance.choice((1, 1, 2)))],
                "languages": chance.sample(_LANGUAGES, chance.randrange(1, 5)),
                "free": chance.choice((True, False, None)),
                "eligibility": text(70) if chance.random() < 0.7 else None,
                "documents": [text(30)] if chance.random() < 0.5 else [],
                "application": text(60) if chance.random() < 0.7 else None,
                "asks_status": "unknown",
                "safe_without_papers": chance.choice(("yes", "unknown")),
                "terms": [("t", "c", one) for one in chance.sample(terms, 2)],
                "needs": chance.sample(_NEEDS, chance.choice((1, 1, 2))),
                "places": [place() for _ in range(chance.choice((1, 1, 1, 2)))],
                "schedules": [],
                "checked_on": "2026-10-01",
                "source": "Benchmark",
                "licence": "",
            }
        )
    return found


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PHILOXENIA_VAR": folder, "DJANGO_SETTINGS_MODULE": "philoxenia_web.config.settings"}
        os.environ.setdefault("DATABASE_URL", "postgresql://nowhere/none")
        import django

        django.setup()
        return max(_measure(language, count, Path(folder) / language) for language in ("en", "ar"))


def _measure(language: str, count: int, folder: Path) -> int:
    from philoxenia.reference import default_parameters
    from philoxenia_web.directory.offline import gathering, making
    from philoxenia_web.directory.offline.edition import Shelf, line
    from philoxenia_web.directory.offline.rows import Rows

    told = services(language, count)
    rows = Rows(language, int(default_parameters()["directory.offline_longest_text"]), "America/Toronto")
    began = time.perf_counter()
    lines = [line(f"s {one['organisation_id']} {one['id']}", rows.service(one)) for one in told]
    words = gathering.words(language)
    shelf = Shelf(folder)
    first = shelf.publish(lines, words, {"language": language}, making.limits())
    seconds = time.perf_counter() - began
    plain = sum(len(one.text.encode()) + 1 for one in lines)
    print(f"{language}: {count} services, {seconds:.1f} s to make")
    print(f"  rows {plain / 1e6:.2f} MB, on the wire {first['bytes'] / 1e6:.2f} MB (gzip)", end="")
    if find_spec("brotli"):
        print(f", {sum(place.stat().st_size for place in folder.glob('*.br')) / 1e6:.2f} MB (brotli)", end="")
    print(f", {first['bytes'] / max(1, count):.0f} bytes a service")
    largest = max(size for _, size, _ in first["parts"])
    print(f"  {len(first['parts'])} parts, the largest {largest / 1e3:.0f} kB")
    print(f"  tables for search {first['words'][1] / 1e3:.0f} kB")
    for one in told[:CHANGED]:
        one["phones"] = told[-1]["phones"]
    lines = [line(f"s {one['organisation_id']} {one['id']}", rows.service(one)) for one in told[1:]]
    began = time.perf_counter()
    second = shelf.publish(lines, words, {"language": language}, making.limits())
    size = second["differences"][str(first["number"])][1]
    print(f"  difference for {CHANGED} changes: {size / 1e3:.1f} kB, {time.perf_counter() - began:.1f} s")
    return int(count <= SERVICES and first["bytes"] > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SERVICES))
