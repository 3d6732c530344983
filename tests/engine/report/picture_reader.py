"""Reads amounts back out of a drawing: from the axis, what a place means; from the marks, where they lie."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from philoxenia.report.tokens import LIGHT

_NAMES = {value: name for name, value in LIGHT.items()}
_NUMBER = r"-?[\d.]+(?:e-?\d+)?"
_SHIFT = re.compile(rf"translate\(({_NUMBER})[ ,]+({_NUMBER})\)")


@dataclass(frozen=True)
class Mark:
    """One shape, line or word: its place in the drawing, its paint, its outline or how far it reaches."""

    x: float
    y: float
    kind: str
    fill: str = ""
    stroke: str = ""
    path: str = ""
    text: str = ""
    across: float = 0.0
    down: float = 0.0


def marks(svg: str) -> list[Mark]:
    """Every mark of a drawing, with all shifts added up."""
    return _walk(ElementTree.fromstring(svg), 0.0, 0.0)  # noqa: S314 (drawn by ourselves)


def _walk(node: ElementTree.Element, right: float, down: float) -> list[Mark]:
    shift = _SHIFT.search(node.get("transform", ""))
    if shift:
        right, down = right + float(shift[1]), down + float(shift[2])
    kind = node.tag.rpartition("}")[2]
    found = []
    if kind in ("path", "text", "line"):
        fill, stroke = (_NAMES.get(node.get(name, ""), "") for name in ("fill", "stroke"))
        reach = (float(node.get("x2", "0")), float(node.get("y2", "0")))
        found = [Mark(right, down, kind, fill, stroke, node.get("d", ""), "".join(node.itertext()), *reach)]
    return found + [mark for child in node for mark in _walk(child, right, down)]


@dataclass(frozen=True)
class Scale:
    """What a place across a drawing means, from two labels of its axis."""

    zero: float
    one: float

    def amount(self, x: float) -> float:
        """The amount in the unit of the axis."""
        return (x - self.zero) / (self.one - self.zero)


def axis(svg: str) -> Scale:
    """The scale across, from the labels of the lowest row of figures."""
    said = [(mark, _as_number(mark.text)) for mark in marks(svg) if mark.kind == "text"]
    known = [(mark, number) for mark, number in said if number is not None]
    lowest = max(mark.y for mark, _number in known)
    row = sorted((number, mark.x) for mark, number in known if abs(mark.y - lowest) < 1)
    (first, left), (last, right) = row[0], row[-1]
    slope = (right - left) / (last - first)
    zero = left - first * slope
    return Scale(zero, zero + slope)


def _as_number(text: str) -> float | None:
    try:
        return float(text.replace("−", "-").replace(",", ""))
    except ValueError:
        return None


def words(svg: str) -> list[str]:
    """Every text of a drawing."""
    return [mark.text for mark in marks(svg) if mark.kind == "text"]


def signs(svg: str, paint: str) -> list[Mark]:
    """Shapes outlined in a colour of the palette: dots, diamonds, squares."""
    return [mark for mark in marks(svg) if mark.kind == "path" and mark.stroke == paint and mark.path]


def spans(svg: str, paint: str) -> list[tuple[float, float]]:
    """Level lines of a colour, as the amounts they reach from and to, from top to bottom."""
    scale = axis(svg)
    level = [mark for mark in marks(svg) if mark.kind == "line" and mark.stroke == paint and mark.down == 0]
    ends = [
        (scale.amount(mark.x), scale.amount(mark.x + mark.across))
        for mark in sorted(level, key=lambda one: one.y)
    ]
    return [(min(pair), max(pair)) for pair in ends]
