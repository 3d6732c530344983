"""What goes into an edition: every service that may be shown, guides, the tables a phone searches with."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language_info

from philoxenia.directory.words import fold_table
from philoxenia.directory.words.tables import stop_words, synonyms, topics
from philoxenia.exchange.scripts import tables as scripts
from philoxenia.exchange.settings import read_settings
from philoxenia.reference import default_parameters
from philoxenia_web.directory import queries
from philoxenia_web.directory.guides.queries import all_guides
from philoxenia_web.directory.offline.edition import Line, line
from philoxenia_web.directory.offline.rows import Rows
from philoxenia_web.directory.public.words import NEEDS

_SCRIPTS = ("arabic", "cyrillic", "cyrillic_ukrainian", "greek", "latin")
_STAGES = (("script", "arabic"), ("script", "greek"), ("skeleton", "latin"))
_DECIMALS = 4


def lines(language: str) -> Iterator[Line]:
    """Each service as a line, ordered by organisation, so that what is alike lies together and packs well."""
    made = rows(language)
    for shown in queries.each_shown(language):
        yield line(f"s {shown.organisation_id} {shown.id}", made.service(shown.as_dict()))
    for guide in all_guides(language):
        yield line(f"g {guide['id']}", made.guide(guide))


def rows(language: str) -> Rows:
    """What makes rows of this city in a language."""
    longest = int(default_parameters()["directory.offline_longest_text"])
    return Rows(language, longest, city_zone(Path(settings.ENVIRONMENT.city)))


def words(language: str) -> dict[str, Any]:
    """The tables a phone folds, romanises and widens a search with, and the names it shows."""
    with translation.override(language):
        needs = {code: str(need.name) for code, need in NEEDS.items()}
    return {
        "needs": needs,
        "letters": {script: _letters(script) for script in _SCRIPTS},
        "rewrites": {f"{stage} {script}": _rewrites(stage, script) for stage, script in _STAGES},
        "same": dict(fold_table()),
        "stop": sorted(stop_words()),
        "topics": topic_words(),
        "districts": districts(Path(settings.ENVIRONMENT.city)),
    }


def about(language: str, change: int) -> dict[str, Any]:
    """What an edition says of itself."""
    parameters = default_parameters()
    city = read_settings(Path(settings.ENVIRONMENT.city))
    return {
        "language": language,
        "direction": "rtl" if get_language_info(language)["bidi"] else "ltr",
        "city": city.name,
        "zone": city.timezone or "UTC",
        "change": change,
        "stale_days": int(parameters["directory.offline_stale_days"]),
        "check_hours": parameters["directory.offline_check_hours"],
    }


def topic_words() -> dict[str, list[Any]]:
    """Of each topic its need, and words in all languages: for both uses, only asked, only offered."""
    uses = ("both", "asked", "offered")
    found: dict[str, list[Any]] = {code: [topic.need, [], [], []] for code, topic in topics().items()}
    for one in synonyms():
        found[one.topic][1 + uses.index(one.use)].append(one.word)
    return found


@cache
def city_zone(city: Path) -> str:
    """The city's time zone; UTC where its package names none."""
    return read_settings(city).timezone or "UTC"


@cache
def districts(city: Path) -> list[list[Any]]:
    """Identity, name, latitude and longitude of a point within each district, by name."""
    # Shapely takes a second to load: only the job that makes editions needs it.
    from shapely.geometry import shape  # noqa: PLC0415

    told = read_settings(city).districts
    place = city / str(told.get("file", "districts.geojson"))
    if not place.is_file():
        return []
    found = []
    for feature in json.loads(place.read_text(encoding="utf-8"))["features"]:
        point = shape(feature["geometry"]).representative_point()
        named = feature["properties"]
        found.append(
            [
                str(named[told.get("id", "district_id")]),
                str(named[told.get("name", "name")]),
                round(point.y, _DECIMALS),
                round(point.x, _DECIMALS),
            ]
        )
    return sorted(found, key=lambda one: (one[1], one[0]))


def _letters(script: str) -> dict[str, str]:
    return {chr(point): latin for point, latin in scripts.letters(script).items()}


def _rewrites(stage: str, script: str) -> list[list[str]]:
    """Patterns mean the same to Python and to a browser; only a group is named otherwise."""
    return [
        [rule.pattern.pattern, rule.replacement.replace("\\1", "$1")]
        for rule in scripts.rewrites(stage, script)
    ]
