"""A question answered from the index. Loads tantivy; imported by `finding` when the first question comes."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import tantivy

from philoxenia.directory.words import Reading, read_query
from philoxenia_web.directory.search.asking import Asking
from philoxenia_web.directory.search.cells import cells_around, distance_km
from philoxenia_web.directory.search.documents import readable
from philoxenia_web.directory.search.index import NoIndexError, Reader
from philoxenia_web.directory.search.openings import Openings
from philoxenia_web.directory.search.place import index_root, zone
from philoxenia_web.directory.search.types import Found, Near, Query

# What a damaged or missing index raises; tantivy raises ValueError for all of its faults.
UNREADABLE = (NoIndexError, ValueError, OSError)
# How many of the best are put in order of distance.
_NEAREST_OF = 400
_RADII_KM = (1.0, 2.5, 6.0, 15.0, 60.0)
# A kilometre costs a service as much as half of its score.
_HALF_AT_KM = 2.0
_ENOUGH = 10
_FACETS = {"needs": "need", "spoken": "spoken", "marks": "mark", "districts": "district"}
_MOST_CODES = 300
_POINT = ("places", "latitude", "longitude")


class Engine:
    """The index of an installation with the hours of its services, as one process reads them."""

    def __init__(self, root: Path) -> None:
        self._reader = Reader(root)
        self._openings = Openings(zone())
        self._lock = Lock()

    def find(self, query: Query, near: Near | None) -> Found:
        """Answer from the index as it is now."""
        with self._lock:
            if self._reader.refresh():
                self._openings.read(self._reader.hours)
            searcher, schema = self._reader.searcher(), self._reader.schema
        asking = Asking(schema, searcher)
        reading = read_query(query.text, query.language, asking.known) if query.text.strip() else None
        filters = _filters(asking, query, self._open(query.open_at))
        looked = _Look(asking, searcher, reading, filters)
        ids, total, asked = looked.page(query, near)
        return Found(
            ids=tuple(ids),
            total=total,
            facets=readable(_facets(searcher, asked, query.facets)),
            read_as=reading.read_as if reading else "",
            other_words=reading.other_words if reading else (),
            near=near,
        )

    def _open(self, moment: datetime | None) -> list[str] | None:
        return None if moment is None else self._openings.open_at(moment)


@cache
def engine(root: Path) -> Engine:
    """The one engine of a process for an index."""
    return Engine(root)


def find(query: Query, near: Near | None) -> Found:
    """Answer from this installation's index. Raises one of UNREADABLE without one."""
    return engine(index_root()).find(query, near)


class _Look:
    """One question being answered."""

    def __init__(
        self,
        asking: Asking,
        searcher: tantivy.Searcher,
        reading: Reading | None,
        filters: Sequence[tantivy.Query],
    ) -> None:
        self._asking = asking
        self._searcher = searcher
        self._reading = reading
        self._filters = filters

    def page(self, query: Query, near: Near | None) -> tuple[list[str], int, tantivy.Query]:
        """Ids of a page, how many there are in all, and what was asked of the index in the end."""
        if near is not None:
            return self._page_near(query, near)
        first, last = query.bounds()
        by = None if self._reading else "checked"
        asked, result = self._asked([], limit=last - first, offset=first, order_by_field=by)
        return [self._id(address) for _, address in result.hits], int(result.count), asked

    def _asked(self, more: Sequence[tantivy.Query], **how: Any) -> tuple[tantivy.Query, Any]:
        """What to ask, strictly where that finds anything, and what it finds."""
        for about in self._ever_wider():
            asked = self._asking.narrowed(about, [*self._filters, *more])
            result = self._searcher.search(asked, count=True, **how)
            if result.count:
                break
        return asked, result

    def _ever_wider(self) -> Iterator[tantivy.Query]:
        if self._reading is None:
            yield tantivy.Query.all_query()
            return
        yield self._asking.text(self._reading, strict=True)
        yield self._asking.text(self._reading, strict=False)
        yield self._asking.related(self._reading)

    def _page_near(self, query: Query, near: Near) -> tuple[list[str], int, tantivy.Query]:
        """What is around a place, in the smallest circle that holds enough; nearer counts for more."""
        first, last = query.bounds()
        for radius in _RADII_KM:
            around = cells_around(near.latitude, near.longitude, radius)
            cells = [self._asking.any_of("cell", around)]
            asked, result = self._asked(cells, limit=max(_NEAREST_OF, last))
            if result.count >= max(_ENOUGH, last):
                break
        best = sorted(self._ranked(result.hits, near))[first:last]
        return [self._id(result.hits[place][1]) for _, place in best], int(result.count), asked

    def _ranked(
        self, hits: Sequence[tuple[float, tantivy.DocAddress]], near: Near
    ) -> list[tuple[float, int]]:
        """Each hit by its place among them, best first when sorted: the score less what the way costs."""
        addresses = [address for _, address in hits]
        fields = (self._searcher.fast_field_values(name, addresses) for name in _POINT)
        found = []
        for place, (count, *point) in enumerate(zip(*fields, strict=True)):
            points = [point] if count == 1 else self._points(addresses[place])
            far = distance_km(((one[0], one[1]) for one in points), near.latitude, near.longitude)
            found.append((-(hits[place][0] or 1.0) / (1.0 + far / _HALF_AT_KM), place))
        return found

    def _points(self, address: tantivy.DocAddress) -> list[list[float]]:
        return list(json.loads(self._searcher.doc(address).get_first("points") or "[]"))

    def _id(self, address: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("id"))


def _filters(asking: Asking, query: Query, open_hours: list[str] | None) -> list[tantivy.Query]:
    """Each narrowing as a query of its own."""
    found = [
        asking.any_of(field, values)
        for field, values in (("need", query.needs), ("term", query.terms))
        if values
    ]
    if query.spoken:
        found.append(asking.term("spoken", query.spoken.partition("-")[0].lower()))
    if query.organisation:
        found.append(asking.term("organisation", query.organisation))
    found += [asking.term("mark", mark) for mark in ("free", "wheelchair", "safe") if getattr(query, mark)]
    if query.nothing_to_bring:
        found.append(asking.without("mark", "brings"))
    if open_hours is not None:
        found.append(asking.any_of("hours", open_hours))
    return found


def _facets(
    searcher: tantivy.Searcher, asked: tantivy.Query, names: Sequence[str]
) -> dict[str, dict[str, int]]:
    """How many of all that was found have each code."""
    fields = {name: _FACETS[name] for name in names if name in _FACETS}
    if not fields:
        return {}
    wanted = {name: {"terms": {"field": field, "size": _MOST_CODES}} for name, field in fields.items()}
    counted = searcher.aggregate(asked, wanted)
    return {name: {one["key"]: one["doc_count"] for one in counted[name]["buckets"]} for name in fields}
