"""A place in a visitor's words: a neighbourhood, stop, postal code or point; never where the visitor is.

Names come from the city's package: its districts, and its stops where it has that table (contract `stops`).
They are
found in any script and with typing errors.
"""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from philoxenia.directory.words import words
from philoxenia.directory.words.latin import key, loose, spelling
from philoxenia.directory.words.typing_errors import NearWords, distance
from philoxenia_web.directory.city import city
from philoxenia_web.directory.search.types import Near

_LONGEST = 120
_POINT = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
_POSTAL = re.compile(r"(?=.*\d)[A-Z0-9]{3,10}")
# Words of a stop's name that a visitor may leave out or add.
_KIND_WORDS = frozenset(
    {"station", "stop", "subway", "metro", "stn", "neighbourhood", "neighborhood", "near", "area"}
)
_LEAST_KEY = 3
_LEAST_SOUND = 5
_POSTAL_POINT = """
select avg(l.latitude), avg(l.longitude) from directory_address a join directory_location l on l.id =
a.location_id
where upper(replace(a.postal_code, ' ', '')) like %s and l.latitude is not null and not l.confidential
"""
_LEAST_POSTAL = 3


@dataclass(frozen=True)
class _Known:
    """A named place with the forms it is found by."""

    near: Near
    words: tuple[str, ...]
    key: str
    loose: str


def read_near(text: str) -> Near | None:
    """What a visitor's words for a place mean; None where they mean nothing here.

    "43.65,-79.38" is a point; "M5V" or "M5V 2T6" a postal code; anything else a name.
    """
    given = text.strip()[:_LONGEST]
    return _point(given) or _named(given, settings.ENVIRONMENT.city) or _postal(given)


def _point(given: str) -> Near | None:
    found = _POINT.fullmatch(given)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Near(f"{latitude:.3f}, {longitude:.3f}", "point", latitude, longitude)


def _postal(given: str) -> Near | None:
    """The middle of the places whose postal code begins so; shorter beginnings where there is none.

    Never remembered: a place that becomes confidential is forgotten here too.
    """
    code = re.sub(r"[\s-]", "", given.upper())
    if not _POSTAL.fullmatch(code):
        return None
    for length in (len(code), _LEAST_POSTAL):
        with connection.cursor() as cursor:
            cursor.execute(_POSTAL_POINT, [code[:length] + "%"])
            latitude, longitude = cursor.fetchone()
        if latitude is not None:
            return Near(code[:length], "postal code", float(latitude), float(longitude))
    return None


@lru_cache(maxsize=1 << 12)
def _named(given: str, folder: Path) -> Near | None:
    asked = tuple(word for word in words(given) if word not in _KIND_WORDS) or tuple(words(given))
    if not asked:
        return None
    known = _gazetteer(folder)
    for found in (
        [one for one in known if one.words == asked],
        [one for one in known if _begins(one.words, asked)],
        _by_key(known, asked, key, "key"),
        _by_typing(folder, asked),
        _by_key(known, asked, loose, "loose"),
        _by_sound(known, asked),
    ):
        if found:
            return min(found, key=lambda one: (len(one.words), len(one.near.name), one.near.name)).near
    return None


def _begins(name: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    """Whether each word asked for begins a word of the name."""
    return (
        all(any(one.startswith(word) for one in name) for word in asked if len(word) > 1)
        and max(len(word) for word in asked) >= _LEAST_KEY
    )


def _by_key(known: tuple[_Known, ...], asked: tuple[str, ...], form: object, field: str) -> list[_Known]:
    wanted = {callable(form) and form(spelling(word)) for word in asked}
    if not all(isinstance(one, str) and len(one) >= _LEAST_KEY for one in wanted):
        return []
    return [one for one in known if wanted <= set(getattr(one, field).split())]


def _by_sound(known: tuple[_Known, ...], asked: tuple[str, ...]) -> list[_Known]:
    """Names each of whose words asked for sounds alike but for one consonant: سكاربورو is Scarborough."""
    wanted = [loose(spelling(word)) for word in asked]
    if min(len(one) for one in wanted) < _LEAST_SOUND:
        return []
    return [
        one
        for one in known
        if all(any(distance(sound, other) <= 1 for other in one.loose.split()) for sound in wanted)
    ]


def _by_typing(folder: Path, asked: tuple[str, ...]) -> list[_Known]:
    whole = _whole_names(folder)
    found = whole.near(" ".join(asked))
    names = {name for errors, name in found if errors == found[0][0]}
    return [one for one in _gazetteer(folder) if " ".join(one.words) in names]


@cache
def _whole_names(folder: Path) -> NearWords:
    return NearWords(" ".join(one.words) for one in _gazetteer(folder))


@cache
def _gazetteer(folder: Path) -> tuple[_Known, ...]:
    """Every place of the city that has a name, with what it is found by."""
    return tuple(_known(near) for near in [*_districts(), *_stops(folder / "tables" / "stops.csv")])


def _known(near: Near) -> _Known:
    found = [word for word in words(near.name) if word not in _KIND_WORDS]
    spellings = [spelling(word) for word in found]
    return _Known(
        near, tuple(found), " ".join(key(one) for one in spellings), " ".join(loose(one) for one in spellings)
    )


def _districts() -> Iterator[Near]:
    facts = city()
    if facts.outlines is None:
        return
    for feature in json.loads(facts.outlines.read_text(encoding="utf-8"))["features"]:
        names = [facts.districts.get(str(value)) for value in feature.get("properties", {}).values()]
        name = next((one for one in names if one), None)
        middle = _middle(feature.get("geometry") or {})
        if name and middle:
            yield Near(name, "district", *middle)


def _middle(geometry: dict[str, object]) -> tuple[float, float] | None:
    """The middle of an outline's box: latitude, longitude."""
    points = list(_points(geometry.get("coordinates")))
    if not points:
        return None
    longitudes, latitudes = zip(*points, strict=True)
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2


def _points(nested: object) -> Iterator[tuple[float, float]]:
    if not isinstance(nested, list) or not nested:
        return
    if isinstance(nested[0], int | float):
        yield float(nested[0]), float(nested[1])
        return
    for one in nested:
        yield from _points(one)


def _stops(file: Path) -> Iterator[Near]:
    """Stops of the city's package, each name once."""
    if not file.is_file():
        return
    with file.open(encoding="utf-8", newline="") as rows:
        seen = set()
        for row in csv.DictReader(rows):
            if row["name"] not in seen:
                seen.add(row["name"])
                yield Near(row["name"], "stop", float(row["latitude"]), float(row["longitude"]))
