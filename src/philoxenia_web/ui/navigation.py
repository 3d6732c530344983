"""What the rail shows: each app names its pages when it starts; a page appears for those who may open it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

# The sections of the rail, top to bottom.
SECTIONS = {"front": _("Front door"), "plan": _("Plan"), "data": _("Data"), "city": _("City")}
# The menu under the person's name, in the top bar.
PERSON = "person"


@dataclass(frozen=True)
class Entry:
    """One line of the rail. `words` is a lazy translation; `shown` says whether this visitor may open it."""

    section: str
    url_name: str
    words: str
    shown: Callable[[HttpRequest], bool]
    order: int = 100


@dataclass(frozen=True)
class Line:
    """An entry as this visitor sees it: "page" is this page, "true" one this page lies below."""

    words: str
    address: str
    current: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the rail with its lines."""

    words: str
    entries: list[Line]


_ENTRIES: list[Entry] = []


def add_entry(entry: Entry) -> None:
    """Called in an app's `ready`; section "person" is the menu under the person's name."""
    if entry.section not in (*SECTIONS, PERSON):
        raise ValueError(
            f"There is no section {entry.section!r}; there are {', '.join((*SECTIONS, PERSON))}."
        )
    if entry not in _ENTRIES:
        _ENTRIES.append(entry)


def sections_for(request: HttpRequest) -> list[Section]:
    """The rail for this visitor, empty sections left out."""
    lines = {section: lines_of(section, request) for section in SECTIONS}
    here = _nearest([line.address for found in lines.values() for line in found], request.path)
    return [
        Section(words, [_marked(line, here, request.path) for line in lines[section]])
        for section, words in SECTIONS.items()
        if lines[section]
    ]


def home_for(request: HttpRequest) -> Line:
    """The first line of the rail: the city's own page."""
    address = _address("home")
    return _marked(Line("", address), address if request.path == address else "", request.path)


def lines_of(section: str, request: HttpRequest) -> list[Line]:
    """The entries of a section this visitor may open."""
    known = sorted((entry for entry in _ENTRIES if entry.section == section), key=lambda entry: entry.order)
    return [
        Line(entry.words, address)
        for entry in known
        if (address := _address(entry.url_name)) and entry.shown(request)
    ]


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _nearest(addresses: list[str], path: str) -> str:
    """The longest address the page lies at or below; the home page counts only for itself."""
    above = [one for one in addresses if path == one or (one != "/" and path.startswith(one))]
    return max(above, key=len, default="")


def _marked(line: Line, here: str, path: str) -> Line:
    current = ("page" if path == here else "true") if line.address == here else ""
    return Line(line.words, line.address, current)
