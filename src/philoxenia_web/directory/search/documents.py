"""A service as the index holds it: words, topics, marks, places and hours. Plain values, no database."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from philoxenia.directory.words import topics_in, words
from philoxenia.directory.words.latin import latin_keys
from philoxenia.directory.words.stemming import languages_of_script, stem
from philoxenia.exchange.scripts import script_of
from philoxenia_web.directory.search.cells import cell
from philoxenia_web.directory.shown import ShownPlace, ShownService, Text

# What a schedule says of hours; the rest of a row is words.
_OF_HOURS = (
    *("valid_from", "valid_to", "dtstart", "until", "count", "wkst", "freq", "interval"),
    *(
        "byday",
        "byweekno",
        "bymonthday",
        "byyearday",
        "opens_at",
        "closes_at",
        "closed",
        "description",
        "notes",
    ),
)
_MOST_NAMED = 4
_NOTHING = frozenset({"none", "nothing", "no documents", "no documents required", "not required", "n a"})


@dataclass(frozen=True)
class Document:
    """One service in the index. Lists hold words or codes; `hours` are rows by their signature."""

    id: str
    name: list[str]
    body: list[str]
    latin: list[str]
    topics_named: list[str]
    topics: list[str]
    topics_aside: list[str]
    needs: set[str]
    terms: set[str]
    spoken: set[str]
    marks: set[str]
    districts: set[str]
    organisation: str
    cells: set[str]
    points: list[tuple[float, float]]
    hours: Mapping[str, list[dict[str, Any]]]
    checked: int


@dataclass(frozen=True)
class Translated:
    """Texts of a service in other languages than those shown: of its name, and of all the rest."""

    names: list[Text] = field(default_factory=list)
    others: list[Text] = field(default_factory=list)


def document(service: ShownService, translated: Translated | None = None) -> Document:
    """What the index keeps of a service."""
    more = translated or Translated()
    names = [*_texts(service.name, service.alternate_name), *more.names]
    terms = [name for _, _, name in service.terms]
    others = [*_described(service), *more.others]
    return Document(
        id=service.id,
        name=_words([*names, *terms]),
        body=_words([*names, *terms, service.organisation, *others]),
        latin=_latin(service, names),
        topics_named=_topics(names),
        topics=_topics([*names, *terms]),
        topics_aside=_topics([service.organisation, *others]),
        needs=set(service.needs),
        terms={code for _, code, _ in service.terms}
        | {f"{taxonomy}:{code}" for taxonomy, code, _ in service.terms},
        spoken=_spoken(service),
        marks=_marks(service),
        districts={place.district_id for place in service.places if place.district_id},
        organisation=service.organisation_id,
        cells={cell(*point) for point in _points(service.places)},
        points=_points(service.places),
        hours=dict(_hours(service)),
        checked=service.checked_on.toordinal() if service.checked_on else 0,
    )


def _texts(*texts: Text | None) -> list[Text]:
    return [text for text in texts if text is not None and text.text]


def _described(service: ShownService) -> list[Text]:
    places = [text for place in service.places for text in _texts(place.name, place.transport)]
    cities = [Text(place.city, "") for place in service.places if place.city]
    own = _texts(
        service.description,
        service.eligibility,
        service.interpretation,
        service.application,
        service.status_statement,
    )
    return [*own, *places, *cities, *service.costs, *service.documents]


def _words(texts: Iterable[Text]) -> list[str]:
    """Every word as it is and its stems; in the language of its text, else in those of its script."""
    return [word for text in texts for word in _words_of(text.text, text.language.partition("-")[0])]


@lru_cache(maxsize=1 << 14)
def _words_of(text: str, code: str) -> tuple[str, ...]:
    found: list[str] = []
    for word in words(text):
        languages = [code] if code else languages_of_script(script_of(word))
        found += [word, *({stem(word, language) for language in languages} - {word})]
    return tuple(found)


def _latin(service: ShownService, names: list[Text]) -> list[str]:
    """Latin keys of what has a name: the service, who gives it, where."""
    places = [text for place in service.places for text in _texts(place.name)]
    cities = {place.city for place in service.places}
    named = [text.text for text in [*names, service.organisation, *places]]
    return list(dict.fromkeys(one for text in [*named, *cities] for one in latin_keys(text)))


def _topics(texts: Iterable[Text]) -> list[str]:
    """Each topic as often as it is named, up to what says no more."""
    counted = sum((topics_in(text.text, text.language) for text in texts), Counter[str]())
    return [topic for topic, count in sorted(counted.items()) for _ in range(min(count, _MOST_NAMED))]


def _spoken(service: ShownService) -> set[str]:
    own = [*service.languages, *(code for phone in service.phones for code in phone.languages)]
    there = [code for place in service.places for phone in place.phones for code in phone.languages]
    return {code.partition("-")[0].lower() for code in [*own, *there] if code}


def _marks(service: ShownService) -> set[str]:
    """What filters ask: each only where the record says so."""
    brings = [text for text in service.documents if " ".join(words(text.text)) not in _NOTHING]
    found = {
        "free": service.free is True,
        "wheelchair": any(place.wheelchair == "yes" for place in service.places),
        "safe": service.safe_without_papers == "yes",
        "brings": bool(brings),
    }
    return {mark for mark, holds in found.items() if holds}


def _points(places: Iterable[ShownPlace]) -> list[tuple[float, float]]:
    return [
        (place.latitude, place.longitude)
        for place in places
        if place.latitude is not None and place.longitude is not None
    ]


def _hours(service: ShownService) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Hours of the service, or of each place where they are the place's: rows by signature."""
    for schedules in [service.schedules, *(place.schedules for place in service.places)]:
        rows = [{key: row[key] for key in _OF_HOURS if row.get(key) not in (None, "")} for row in schedules]
        if rows:
            told = json.dumps(rows, sort_keys=True, default=str)
            yield hashlib.sha256(told.encode()).hexdigest()[:16], json.loads(told)


# What is asked but not shown.
_HIDDEN = frozenset({"brings"})


def readable(facets: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Facets without the marks that are only asked."""
    return {
        name: {code: count for code, count in codes.items() if code not in _HIDDEN}
        for name, codes in facets.items()
    }
