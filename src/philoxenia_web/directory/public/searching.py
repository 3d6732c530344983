"""From what was asked to services in the language of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from philoxenia.directory.words import fold
from philoxenia_web.directory import queries
from philoxenia_web.directory.public.asked import Asked
from philoxenia_web.directory.shown import ShownService

SIZE = 10


@dataclass(frozen=True)
class Result:
    """Services of one page of a search.

    `read_as` is what the words were corrected to, `near` the place that was understood.
    """

    services: list[ShownService]
    total: int
    read_as: str = ""
    other_words: tuple[str, ...] = ()
    near: Any = None
    complete: bool = True
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // SIZE))


def search(asked: Asked, language: str) -> Result:
    """Ask the index; the list holds what it names, without what was withdrawn since."""
    # The index is heavy: it is loaded by the first search.
    from philoxenia_web.directory.search import Query, find  # noqa: PLC0415

    found = find(
        Query(
            text=asked.text,
            language=language,
            needs=(asked.need,) if asked.need else (),
            open_at=timezone.now() if asked.open else None,
            spoken=asked.spoken,
            free=asked.free,
            wheelchair=asked.wheelchair,
            safe=asked.safe,
            nothing_to_bring=asked.nothing,
            near=asked.near,
            page=asked.page,
            size=SIZE,
        )
    )
    said = {fold(asked.text), fold(found.read_as)}
    return Result(
        queries.shown_many(found.ids, language),
        found.total,
        found.read_as,
        tuple(one for one in found.other_words if fold(one) not in said),
        found.near,
        found.complete,
        found.facets,
    )
