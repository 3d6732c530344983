"""Pages kept ready: what a page says and shows is made once a study, language and address, then only sent.

A result never changes, so what was made from it holds until the study's own words or the program change.
Kept in memory up to a limit; pages with charts also on disk, since drawing them takes a second.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from philoxenia.lake.files import publish, unfinished_path
from philoxenia_web.accounts.access import Actor
from philoxenia_web.studies.models import Study

_ROOM_BYTES = 48 * 1024 * 1024
_WEB = Path(__file__).resolve().parents[2]
# What a page is made of besides the findings.
_SOURCES = ("studies/report/*.py", "studies/templates/studies/report/*.html", "studies/foresight/*.py",
            "studies/home.py", "studies/templates/studies/foresight/*.html", "ui/*.py",
            "ui/templates/ui/parts/*.html", "ui/locale/*/LC_MESSAGES/*.mo")  # fmt: skip


_NONE = SafeString("")


@dataclass(frozen=True)
class Page:
    """What stands between the frame of a page: safe markup, but for the title of the window."""

    title: SafeString
    lead: SafeString
    body: SafeString
    sources: SafeString = _NONE

    @property
    def weight(self) -> int:
        """Roughly how many bytes of memory it takes."""
        return 2 * (len(self.title) + len(self.lead) + len(self.body) + len(self.sources))


class Shelf:
    """Pages in memory, the least used put away when there is no room."""

    def __init__(self, room: int = _ROOM_BYTES) -> None:
        self._room, self._used = room, 0
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Page | None:
        """The page, where it is here."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: str, page: Page) -> None:
        """Keep a page; one heavier than all the room is not kept."""
        if page.weight > self._room:
            return
        with self._lock:
            self._used += page.weight - (self._pages[key].weight if key in self._pages else 0)
            self._pages[key] = page
            self._pages.move_to_end(key)
            while self._used > self._room:
                self._used -= self._pages.popitem(last=False)[1].weight

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._pages.clear()
            self._used = 0


shelf = Shelf()


def key_of(study: Study, request: HttpRequest) -> str:
    """What a page depends on: the study's result and words, the address, the language and the program."""
    parts = [_program(), str(study.pk), study.result, study.result_hash, study.title, study.question]
    parts += [str(study.version), get_language() or "", request.path, request.GET.urlencode()]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def kept_page(key: str, make: Callable[[], Page], on_disk: bool = False) -> Page:
    """The page from memory, from disk, or made now."""
    page = shelf.get(key)
    if page is None:
        page = (_read(key) if on_disk else None) or make()
        shelf.put(key, page)
        if on_disk:
            _write(key, page)
    return page


def etag_of(key: str, actor: Actor, request: HttpRequest, notices: Sequence[str] = ()) -> str:
    """A tag for this page as this person sees it: their roles, token and notices are in its frame."""
    roles = sorted(f"{organisation} {role}" for organisation, role in actor.memberships)
    cookies = [request.COOKIES.get(name, "") for name in ("csrftoken", "appearance")]
    frame = [str(bool(getattr(request, "htmx", False))), *notices]
    parts = [key, str(actor.person_id), actor.name, *roles, *cookies, *frame]
    return f'"{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:32]}"'


def title_of(text: str) -> SafeString:
    """A name from people as a title, isolated."""
    return mark_safe(f"<bdi>{escape(text)}</bdi>")  # noqa: S308 (escaped)


@cache
def _program() -> str:
    """A hash of our own code, templates and words: another version never shows an old page."""
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(_WEB.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _path(key: str) -> Path:
    return Path(settings.ENVIRONMENT.var) / "pages" / key[:2] / f"{key}.json"


def _read(key: str) -> Page | None:
    try:
        found = json.loads(_path(key).read_text(encoding="utf-8"))
        return Page(**{name: mark_safe(found[name]) for name in ("title", "lead", "body", "sources")})  # noqa: S308
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(key: str, page: Page) -> None:
    path = _path(key)
    # Without room on the disk the page is made again next time.
    with suppress(OSError):
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = unfinished_path(path)
            unfinished.write_text(json.dumps(asdict(page)), encoding="utf-8")
            publish(unfinished, path)
