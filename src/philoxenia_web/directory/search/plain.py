"""The obvious slow search in the database, for when there is no index: same filters, plainer words.

Also what tests hold the index against.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from philoxenia.directory.hours import Hours
from philoxenia.directory.words import Reading, read_query, synonyms, topics
from philoxenia_web.directory import queries
from philoxenia_web.directory.search.cells import distance_km
from philoxenia_web.directory.search.documents import Document, document, readable
from philoxenia_web.directory.search.place import zone
from philoxenia_web.directory.search.types import Found, Near, Query

# Records looked at more closely; the rest of a very wide question is left out.
_MOST = 1000
_MOST_PATTERNS = 60
_LEAST_PATTERN = 3
_FAR_KM = 15.0
_FACETS = ("needs", "spoken", "marks", "districts")
_TOPIC, _ASIDE, _NEED = 4, 2, 1
_LIKE = f"""
select s.id from directory_service s where {queries.IS_SHOWN} and (s.name ilike any(%(like)s)
  or s.description ilike any(%(like)s) or s.needs::text[] && %(needs)s::text[]
  or exists (select from directory_organization o where o.id = s.organization_id and o.name ilike
  any(%(like)s))
  or exists (select from directory_translation t where t.record_id = s.id and t.text ilike any(%(like)s)))
order by s.name ilike any(%(like)s) desc, s.id limit %(most)s"""  # noqa: S608
_ALL = f"""
select id from directory_service where {queries.IS_SHOWN}
order by checked_on desc nulls last, id limit %s"""  # noqa: S608


def find(query: Query, near: Near | None) -> Found:
    """Answer from the database alone. Of very many services it looks at the first thousand."""
    reading = read_query(query.text, query.language) if query.text.strip() else None
    ranked = []
    for one in _documents(_candidates(reading), query.language):
        score = _score(one, reading)
        if score > 0 and holds(one, query):
            far = distance_km(one.points, near.latitude, near.longitude) if near else 0.0
            if far <= _FAR_KM:
                ranked.append((-score / (1 + far), -one.checked, one.id, one))
    ranked.sort(key=lambda found: found[:3])
    first, last = query.bounds()
    return Found(
        ids=tuple(one.id for *_, one in ranked[first:last]),
        total=len(ranked),
        facets=readable(_facets((one for *_, one in ranked), query.facets)),
        read_as=reading.read_as if reading else "",
        other_words=reading.other_words if reading else (),
        near=near,
        complete=False,
    )


def _documents(ids: Sequence[object], language: str) -> Iterable[Document]:
    return (document(service) for service in queries.shown_many([str(one) for one in ids], language))


def _candidates(reading: Reading | None) -> list[object]:
    with connection.cursor() as cursor:
        if reading is None:
            cursor.execute(_ALL, [_MOST])
        else:
            needs = [topics()[topic].need for topic in reading.topics]
            cursor.execute(_LIKE, {"like": _patterns(reading), "needs": needs, "most": _MOST})
        return [one for (one,) in cursor.fetchall()]


def _patterns(reading: Reading) -> list[str]:
    """Texts to look for: the words, what they stand for, and what services call the topics."""
    asked = [form for one in reading.words for form in (*one.forms, *(guess.word for guess in one.guesses))]
    called = [row.word for row in synonyms() if row.topic in reading.topics and row.use != "asked"]
    kept = [one for one in dict.fromkeys([*asked, *called]) if len(one) >= _LEAST_PATTERN]
    escaped = [one.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for one in kept]
    return [f"%{one}%" for one in escaped[:_MOST_PATTERNS]]


def _score(one: Document, reading: Reading | None) -> float:
    if reading is None:
        return 1.0
    about = sum(
        weight
        * (
            _TOPIC * ((topic in one.topics) + (topic in one.topics_named))
            + _ASIDE * (topic in one.topics_aside)
            + _NEED * (topics()[topic].need in one.needs)
        )
        for topic, weight in reading.topics.items()
    )
    body, name = set(one.body), set(one.name)
    return about + sum(
        (not body.isdisjoint(asked.forms)) + (not name.isdisjoint(asked.forms)) for asked in reading.words
    )


def holds(one: Document, query: Query) -> bool:
    """Whether a service satisfies every filter of a question but the place."""
    asked = [mark for mark in ("free", "wheelchair", "safe") if getattr(query, mark)]
    return (
        set(asked) <= one.marks
        and not (query.nothing_to_bring and "brings" in one.marks)
        and (not query.needs or not one.needs.isdisjoint(query.needs))
        and (not query.terms or not one.terms.isdisjoint(query.terms))
        and (not query.spoken or query.spoken.partition("-")[0].lower() in one.spoken)
        and (not query.organisation or query.organisation == one.organisation)
        and (query.open_at is None or is_open(one, query.open_at))
    )


def is_open(one: Document, moment: datetime) -> bool:
    """Whether any hours of a service are open at a moment."""
    return any(Hours(rows, zone()).open_at(moment) for rows in one.hours.values())


def _facets(found: Iterable[Document], names: Sequence[str]) -> dict[str, dict[str, int]]:
    counts = {name: Counter[str]() for name in names if name in _FACETS}
    for one in found:
        for name, counter in counts.items():
            counter.update(getattr(one, name))
    return {name: dict(counter) for name, counter in counts.items()}
