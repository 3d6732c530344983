"""What somebody asks the directory, as an address: every choice is a link or a plain form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from philoxenia.report.names import clean
from philoxenia_web.directory.public import words

LONGEST = 200
# Names in the address and what they narrow to, in words of the page.
_SWITCHES = ("open", "free", "wheelchair", "safe", "nothing")
_LAST_PAGE = 500


@dataclass(frozen=True)
class Asked:
    """One search. `view` is list or map; `page` counts from 1."""

    text: str = ""
    need: str = ""
    near: str = ""
    spoken: str = ""
    open: bool = False
    free: bool = False
    wheelchair: bool = False
    safe: bool = False
    nothing: bool = False
    view: str = "list"
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything but words and a need was asked for."""
        return bool(self.near or self.spoken or any(getattr(self, name) for name in _SWITCHES))

    @property
    def anything(self) -> bool:
        """Whether anything at all was asked for."""
        return bool(self.text or self.need or self.narrowed)

    def address(self, **changes: Any) -> str:
        """The query of an address that asks this, with changes; "?" where it asks nothing."""
        new = replace(self, **({"page": 1} | changes))
        kept = {
            "q": new.text,
            "need": new.need,
            "near": new.near,
            "spoken": new.spoken,
            **{name: "1" for name in _SWITCHES if getattr(new, name)},
            "view": "map" if new.view == "map" else "",
            "page": str(new.page) if new.page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    def chips(self) -> list[tuple[str, str]]:
        """Each narrowing in words, with the address of the same search without it."""
        found = []
        if self.need:
            found.append((str(words.NEEDS[self.need].name), self.address(need="")))
        if self.near:
            found.append((_("Near %(place)s") % {"place": f"\u2068{self.near}\u2069"}, self.address(near="")))
        if self.spoken:
            found.append((words.language_name(self.spoken), self.address(spoken="")))
        found += [
            (said, self.address(**{name: False})) for name, said in switches().items() if getattr(self, name)
        ]
        return found


def switches() -> dict[str, str]:
    """Each filter that is on or off, in words."""
    return {
        "open": _("Open now"),
        "free": _("Free of charge"),
        "safe": _("Safe without papers"),
        "nothing": _("Nothing to bring"),
        "wheelchair": _("By wheelchair"),
    }


def read(given: Mapping[str, str]) -> Asked:
    """What an address asks; what it cannot mean is left out, nothing raises."""
    need, view, page = given.get("need", ""), given.get("view", ""), given.get("page", "")
    return Asked(
        text=_words(given.get("q", "")),
        need=need if need in words.NEEDS else "",
        near=_words(given.get("near", "")),
        spoken=_words(given.get("spoken", ""))[:40],
        **{name: given.get(name) == "1" for name in _SWITCHES},
        view="map" if view == "map" else "list",
        page=min(int(page[:6]), _LAST_PAGE) if page.isascii() and page.isdigit() and int(page[:6]) else 1,
    )


def _words(given: str) -> str:
    return clean(" ".join(given.split()))[:LONGEST].strip()
