"""What is asked of search and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

_MOST_A_PAGE = 100
_LAST_PAGE = 500


@dataclass(frozen=True)
class Near:
    """A place named in words, and what it was taken for: district, stop, place, postal code or point."""

    name: str
    kind: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Query:
    """A question to the directory; what is left out does not narrow it.

    `needs` and `terms` ask for any of theirs; `open_at` is a moment, `spoken` a language's code, `near` the
    visitor's own words for a place. `nothing_to_bring` leaves out services that list a document. Pages count
    from 1.
    """

    text: str = ""
    language: str = "en"
    needs: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    open_at: datetime | None = None
    spoken: str = ""
    free: bool = False
    wheelchair: bool = False
    safe: bool = False
    nothing_to_bring: bool = False
    near: str = ""
    organisation: str = ""
    page: int = 1
    size: int = 20
    # What is counted over all that is found: needs, spoken, marks, districts. Each takes its time.
    facets: tuple[str, ...] = ("spoken",)

    def bounds(self) -> tuple[int, int]:
        """From which to which result its page goes; what nobody can mean becomes the nearest that one can."""
        size = min(max(self.size, 1), _MOST_A_PAGE)
        first = (min(max(self.page, 1), _LAST_PAGE) - 1) * size
        return first, first + size


@dataclass(frozen=True)
class Found:
    """Ids of one page, best first, and how many there are in all.

    `facets`: needs, spoken, districts, marks (free, wheelchair, safe), each code with how many. `read_as` is
    what misspelt words were taken for ('' where nothing was); `other_words` is what services call it.
    `complete`
    is false where the index was missing and the database was searched plainly instead.
    """

    ids: tuple[str, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    read_as: str = ""
    other_words: tuple[str, ...] = ()
    near: Near | None = None
    complete: bool = True
