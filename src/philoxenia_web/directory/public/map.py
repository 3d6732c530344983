"""A map drawn on the server: districts, and a numbered spot for each place of the list. No tiles, no script.

Only places that records hold are drawn; a confidential site has none. Shapes are read once a process.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from typing import Any, NamedTuple

from philoxenia.report.names import clean
from philoxenia_web.directory.city import city
from philoxenia_web.directory.public.showing import Card

_WIDTH = 1000.0
# The least a map shows across, and the room around its spots, in its own units.
_LEAST, _ROOM = 130.0, 0.18
_TOLERANCE = 2.5
_MOST_NAMES = 6
_SPOT, _LETTER = 0.034, 0.034
# Half the width of a letter, as a share of its height.
_NARROW = 0.28


class Box(NamedTuple):
    """A part of the drawing."""

    left: float
    top: float
    width: float
    height: float

    def holds(self, x: float, y: float, letters: int) -> bool:
        """Whether a name of so many letters fits when its middle is here."""
        across, down = self.width * _LETTER * _NARROW * letters, self.height * 0.04
        return (
            self.left + across < x < self.left + self.width - across
            and self.top + down < y < self.top + self.height - down
        )

    def meets(self, other: "Box") -> bool:
        """Whether two parts overlap."""
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )


class Land(NamedTuple):
    """A district in the drawing."""

    name: str
    path: str
    box: Box
    x: float
    y: float


class Drawing(NamedTuple):
    """The districts, and how a longitude and latitude become a place in the drawing."""

    lands: tuple[Land, ...]
    west: float
    north: float
    squeeze: float
    scale: float

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Equirectangular with the cosine of the middle latitude."""
        return (longitude - self.west) * self.squeeze * self.scale, (self.north - latitude) * self.scale


@dataclass(frozen=True)
class Spot:
    """One place on the map, with the numbers of the list that lie there."""

    label: str
    names: str
    anchor: str
    x: str
    y: str


@dataclass(frozen=True)
class FoundMap:
    """What the page draws. `unplaced` counts the services of the list without a point."""

    box: str
    paths: list[str]
    names: list[tuple[str, str, str]]
    spots: list[Spot]
    unplaced: int
    radius: str
    letter: str
    stroke: str


def found_map(cards: Sequence[Card]) -> FoundMap | None:
    """A map of the places of a list; None where the city has no outlines or no service a point."""
    drawing = _drawing(city().outlines)
    grouped = _points(cards, drawing) if drawing else {}
    if drawing is None or not grouped:
        return None
    box = _around(list(grouped))
    lands = [land for land in drawing.lands if land.box.meets(box)]
    named = [land for land in lands if box.holds(land.x, land.y, len(land.name))]
    return FoundMap(
        box=" ".join(_short(value) for value in box),
        paths=[land.path for land in lands],
        names=[(land.name, _short(land.x), _short(land.y)) for land in _spread(named, box)],
        spots=[_spot(point, found) for point, found in grouped.items()],
        unplaced=len(cards) - sum(len(found) for found in grouped.values()),
        radius=_short(box.width * _SPOT),
        letter=_short(box.width * _LETTER),
        stroke=_short(box.width * 0.002),
    )


def _points(cards: Sequence[Card], drawing: Drawing) -> dict[tuple[float, float], list[Card]]:
    """Cards by the point they lie at."""
    grouped: dict[tuple[float, float], list[Card]] = {}
    for one in cards:
        place = one.spot.place if one.spot else None
        if place is None or place.latitude is None or place.longitude is None:
            continue
        x, y = drawing.place(place.longitude, place.latitude)
        grouped.setdefault((round(x, 1), round(y, 1)), []).append(one)
    return grouped


def _around(points: list[tuple[float, float]]) -> Box:
    """The part of the drawing that holds all points, with room around them."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width = max((max(xs) - min(xs)) * (1 + 2 * _ROOM), _LEAST)
    height = max((max(ys) - min(ys)) * (1 + 2 * _ROOM), width * 0.7)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    width = max(width, height * 0.75)
    return Box(middle_x - width / 2, middle_y - height / 2, width, height)


def _spread(lands: list[Land], box: Box) -> list[Land]:
    """Some districts whose names do not lie upon each other, the largest first."""
    kept: list[Land] = []
    for land in sorted(lands, key=lambda one: -one.box.width * one.box.height):
        apart = all(
            abs(land.x - one.x) > box.width * 0.3 or abs(land.y - one.y) > box.height * 0.07 for one in kept
        )
        if apart and len(kept) < _MOST_NAMES:
            kept.append(land)
    return kept


def _spot(point: tuple[float, float], found: list[Card]) -> Spot:
    first = found[0]
    label = str(first.number) + ("+" if len(found) > 1 else "")
    names = "; ".join(f"{one.number}. {clean(one.service.name.text)}" for one in found)
    return Spot(label, names, f"s{first.number}", _short(point[0]), _short(point[1]))


@cache
def _drawing(file: Path | None) -> Drawing | None:
    """The city's districts, simplified together so that neighbours still touch."""
    if file is None:
        return None
    # Heavy, and asked for by the map alone.
    import shapely  # noqa: PLC0415

    told = json.loads(file.read_text(encoding="utf-8"))["features"]
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in told])
    west, south, east, north = (float(value) for value in shapely.total_bounds(shapes))
    squeeze = cos(radians((south + north) / 2))
    drawing = Drawing((), west, north, squeeze, _WIDTH / max((east - west) * squeeze, 1e-9))
    names = list(city().districts.values())
    lands = _lands(shapely, shapes, drawing, names if len(names) == len(told) else [""] * len(told))
    return drawing._replace(lands=tuple(lands))


def _lands(shapely: Any, shapes: Any, drawing: Drawing, names: list[str]) -> list[Land]:
    def place(points: Any) -> Any:
        points[:, 0], points[:, 1] = drawing.place(points[:, 0], points[:, 1])
        return points

    placed = shapely.coverage_simplify(shapely.transform(shapes, place), _TOLERANCE)
    made = []
    for name, shape in zip(names, placed, strict=True):
        left, top, right, bottom = shape.bounds
        middle = shape.representative_point()
        made.append(
            Land(name, _path(shapely, shape), Box(left, top, right - left, bottom - top), middle.x, middle.y)
        )
    return made


def _path(shapely: Any, shape: Any) -> str:
    """Whole units, each step relative to the one before: the shortest text."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return "".join(_ring([(round(x), round(y)) for x, y in ring.coords]) for ring in rings)


def _ring(points: list[tuple[int, int]]) -> str:
    steps = [(x - left, y - top) for (left, top), (x, y) in pairwise(points[:-1]) if (x, y) != (left, top)]
    if len(steps) < 2:
        return ""
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z"


def _short(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
