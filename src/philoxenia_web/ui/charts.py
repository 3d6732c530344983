"""Charts on a page: drawn on the server, read point by point with a pointer or the arrow keys.

Vega itself (0.9 MB) is not sent to the browser. Its drawing holds where each point of a line lies; this
module takes those places out of the drawing and pairs them with sentences, and a few lines of script do
the rest.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any
from xml.etree import ElementTree

import vl_convert
from django.utils.html import json_script

from philoxenia.report.document import Picture
from philoxenia.report.names import plain
from philoxenia.report.tokens import with_tokens

_NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
_POINT = re.compile(rf"[ML]({_NUMBER}),({_NUMBER})")
_SHIFT = re.compile(rf"translate\(({_NUMBER})[ ,]+({_NUMBER})\)")
_Line = list[tuple[float, float]]


@dataclass(frozen=True)
class Readable:
    """A picture whose points can be read: where each lies in the drawing and what is said there."""

    picture: Picture
    points: tuple[dict[str, Any], ...]
    top: float = 0.0
    bottom: float = 0.0

    @property
    def inline(self) -> str:
        """The drawing for the page."""
        return self.picture.inline

    @property
    def label(self) -> str:
        """The drawing in words."""
        return self.picture.label

    @property
    def title(self) -> str:
        """The finding."""
        return self.picture.title

    @property
    def data(self) -> str:
        """The points for the script, as a block that is no script."""
        known = {"points": self.points, "top": self.top, "bottom": self.bottom}
        return json_script(known)


def readable(picture: Picture, lines: Sequence[Sequence[str]]) -> Readable:
    """The picture with what is said at each point of its lines, from left to right.

    A line of the drawing is known by its number of points; said that fits none is left out, so that
    nothing is ever read out at a wrong place.
    """
    drawn = _lines(picture.inline)
    points = []
    for said in lines:
        place = next((index for index, line in enumerate(drawn) if len(line) == len(said)), None)
        if place is not None:
            points += [
                {"x": x, "y": y, "said": words} for (x, y), words in zip(drawn.pop(place), said, strict=True)
            ]
    heights = [y for line in _lines(picture.inline) for _x, y in line] or [0.0]
    ordered = tuple(sorted(points, key=lambda point: point["x"]))
    return Readable(picture, ordered, min(heights), max(heights))


@lru_cache(maxsize=256)
def _found(svg: str) -> tuple[tuple[tuple[float, float], ...], ...]:
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 (drawn by ourselves)
    except ElementTree.ParseError:
        return ()
    return tuple(tuple(line) for line in _walk(root, 0.0, 0.0))


def _lines(svg: str) -> list[_Line]:
    return [list(line) for line in _found(svg)]


def _walk(node: ElementTree.Element, right: float, down: float) -> list[_Line]:
    shift = _SHIFT.search(node.get("transform", ""))
    if shift:
        right, down = right + float(shift[1]), down + float(shift[2])
    found = []
    path = node.get("d", "")
    # Lines are stroked and open; areas are filled and closed.
    if node.get("stroke") and "Z" not in path and "h" not in path:
        line = [(round(float(x) + right, 2), round(float(y) + down, 2)) for x, y in _POINT.findall(path)]
        found += [line] if len(line) > 1 else []
    return found + [line for child in node for line in _walk(child, right, down)]


def drawn(spec: dict[str, Any], label: str, title: str = "") -> Picture:
    """A Vega-Lite spec in the colours of `tokens.LIGHT`, as a picture that follows dark mode."""
    svg = _svg(json.dumps(spec, sort_keys=True))
    opening = f'<svg class="chart" role="img" aria-label="{escape(plain(label))}" '
    page = with_tokens(svg).replace("<svg ", opening, 1)
    return Picture(page, svg, label, title)


# Marks describe themselves to readers of the drawing; the figure around it says the same in fewer words.
_NOISE = re.compile(
    r' (?:role|aria-[a-z]+|class|pointer-events|font-family|xmlns:xlink|version|style)="[^"]*"'
)
_SIZE = re.compile(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"')


@lru_cache(maxsize=256)
def _svg(spec: str) -> str:
    return _SIZE.sub(r"\1", _NOISE.sub("", vl_convert.vegalite_to_svg(json.loads(spec))), count=1)
