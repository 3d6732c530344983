"""What the rail shows: each app names its pages when it starts; a page appears for those who may open it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

# The sections of the rail, top to bottom.
SECTIONS = ("plan", "data", "city")


@dataclass(frozen=True)
class Entry:
    """One line of the rail. `words` is a lazy translation; `shown` says whether this visitor may open it."""

    section: str
    url_name: str
    words: str
    shown: Callable[[HttpRequest], bool]
    order: int = 100


_ENTRIES: list[Entry] = []


def add_entry(entry: Entry) -> None:
    """Called in an app's `ready`."""
    if entry not in _ENTRIES:
        _ENTRIES.append(entry)


def entries_for(request: HttpRequest) -> dict[str, list[Entry]]:
    """The entries this visitor may open, by section."""
    ordered = sorted(_ENTRIES, key=lambda entry: entry.order)
    return {
        section: shown
        for section in SECTIONS
        if (shown := [one for one in ordered if one.section == section and one.shown(request)])
    }
