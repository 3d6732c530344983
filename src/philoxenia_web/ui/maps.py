"""Maps of the city on a page: the engine's choropleth with links and zoom, and the same in words.

The outlines of all districts travel once, as a file whose name is the hash of what is in it, and stay
with the browser; each map then only says which district has which class.
"""

import gzip
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from philoxenia.report.geometry import Outlines
from philoxenia.report.maps import Choropleth, legend
from philoxenia.report.names import clean, safe_id
from philoxenia_web.ui.made import write_whole
from philoxenia_web.ui.tables import Table

_HATCH, _NO_DATA = "hatch", "no-data"
_A_YEAR = 365 * 24 * 3600
_NAME = re.compile(r"[0-9a-f]{20}")


@dataclass(frozen=True)
class District:
    """One district of a map: its name, what is said of it, and where it leads."""

    id: str
    name: str
    said: str
    href: str
    anchor: str


@dataclass(frozen=True)
class Swatch:
    """One class of the legend."""

    token: str
    words: str


@dataclass(frozen=True)
class CityMap:
    """A figure by district as a map. `links` holds the address of each district's page.

    `words` is the same in sentences; `table` the table a keyboard uses in place of the map. Without a
    table the districts stand in a folded list.
    """

    id: str
    choropleth: Choropleth
    outlines: Outlines
    links: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    words: str | Sequence[str] = ()
    source: str = ""
    table: Table | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same in words; at least what the map shows."""
        given = (self.words,) if isinstance(self.words, str) and self.words else tuple(self.words)
        return given or (self.choropleth.label,)

    @property
    def size(self) -> str:
        """The drawing's view box."""
        return f"0 0 {self.outlines.width:g} {self.outlines.height:g}"

    @property
    def file(self) -> str:
        """The address of the outlines."""
        return outlines_address(self.outlines)

    @property
    def groups(self) -> list[tuple[str, list[District]]]:
        """Districts by class, those that are drawn."""
        found: dict[str, list[District]] = {}
        for id_ in self.outlines.paths:
            found.setdefault(_token(self.choropleth, id_), []).append(self._district(id_))
        return sorted(found.items())

    @property
    def districts(self) -> list[District]:
        """All districts by name, for the list."""
        return sorted(
            (self._district(id_) for id_ in self.choropleth.names), key=lambda one: one.name.casefold()
        )

    @property
    def labels(self) -> list[tuple[int, float, float]]:
        """Numbers on the map and where they stand."""
        points = [
            self.outlines.points[id_] for id_ in self.choropleth.labelled if id_ in self.outlines.points
        ]
        return [(number, x, y) for number, (x, y) in enumerate(points, 1)]

    @property
    def legend_title(self) -> str:
        """What the classes count."""
        return _in_language(self.choropleth.scale.title)

    @property
    def swatches(self) -> list[Swatch]:
        """The classes with their numbers, in the language."""
        drawn = legend([self.choropleth]).swatches
        classes = class_words(self.choropleth)
        known = {_HATCH: _("too few to show"), _NO_DATA: _("no data")}
        return [Swatch(one.token, known.get(one.token) or classes[place]) for place, one in enumerate(drawn)]

    def _district(self, id_: str) -> District:
        name = clean(self.choropleth.names.get(id_, id_))
        return District(id_, name, _said(self.choropleth, id_), self.links.get(id_, ""), safe_id("d", id_))


def class_words(map_: Choropleth) -> list[str]:
    """The classes of a scale with their limits: "120 or less", "120 to 340", "over 340"."""
    scale = map_.scale
    limits = [scale.form(limit) for limit in scale.limits]
    if not limits:
        return [_("all districts")]
    between = [_("%(low)s to %(high)s") % {"low": low, "high": high} for low, high in pairwise(limits)]
    first = _("none") if scale.limits[0] == 0 else _("%(limit)s or less") % {"limit": limits[0]}
    return [first, *between, _("over %(limit)s") % {"limit": limits[-1]}]


def _token(map_: Choropleth, id_: str) -> str:
    return _HATCH if id_ in map_.too_few else map_.scale.token(map_.values.get(id_))


def _said(map_: Choropleth, id_: str) -> str:
    if id_ in map_.too_few:
        return _("too few to show")
    value = map_.values.get(id_)
    return _("no data") if value is None or not np.isfinite(value) else map_.form(value)


def _in_language(text: str) -> str:
    return _(text) if text else ""


def outlines_address(outlines: Outlines) -> str:
    """Where the browser finds the outlines; the file is written where it is missing."""
    name = _written(outlines.width, outlines.height, tuple(outlines.paths.items()))
    try:
        return reverse("outlines", args=[name])
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=8)
def _drawn(width: float, height: float, paths: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    shapes = "".join(f'<path id="{safe_id("d", id_)}" d="{path}"/>' for id_, path in paths)
    size = f'viewBox="0 0 {width:g} {height:g}"'
    content = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><defs>{shapes}</defs></svg>'
    return hashlib.sha256(content.encode()).hexdigest()[:20], content


def _written(width: float, height: float, paths: tuple[tuple[str, str], ...]) -> str:
    name, content = _drawn(width, height, paths)
    place = _folder() / f"{name}.svg"
    if not place.is_file():
        write_whole(place, content)
    return name


def _folder() -> Path:
    return Path(settings.ENVIRONMENT.var) / "outlines"


def show_outlines(request: HttpRequest, name: str) -> HttpResponse:
    """The outlines of a city; what has this name never changes."""
    place = _folder() / f"{name}.svg"
    if not _NAME.fullmatch(name) or not place.is_file():
        raise Http404
    content = place.read_bytes()
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(gzip.compress(content, mtime=0) if packed else content, "image/svg+xml")
    if packed:
        answer["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ["Accept-Encoding"])
    answer["Cache-Control"] = f"private, max-age={_A_YEAR}, immutable"
    return answer
