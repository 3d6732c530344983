"""Where things lie in a picture of foresight: axes, rows, signs and words, as layers of Vega-Lite.

Owns places and sizes in pixels; ignores what is shown. Amounts run from left to right in every language;
words begin where the reader's lines begin. Padding is fixed, so that a mark's place says its amount.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor, isfinite, log10

from philoxenia.report.charts import Rows, Spec, configured, drawn_picture
from philoxenia.report.document import Picture
from philoxenia.report.foresight.view import View
from philoxenia.report.tokens import LIGHT

# From this width on, words stand beside their row and not above it.
WIDE = 480
_BESIDE = 0.38
_MARGIN, _TOP, _AXIS = 12, 6, 34
_SIGN_PX = 5.5
_LINE = 15.0
_UNITS = ((1e6, "unit.million"), (1e3, "unit.thousand"), (1.0, "unit.one"))
_TICKS = {True: 6, False: 5}


@dataclass(frozen=True)
class Axis:
    """Amounts from `low` to `high` in units of `step`, called `unit`, with round ticks."""

    low: float
    high: float
    step: float
    unit: str
    ticks: tuple[float, ...]


def money_axis(amounts: Sequence[float], view: View, *, zero: bool = True) -> Axis:
    """The axis that holds all finite amounts of money, and zero where nothing else is asked."""
    known = [float(amount) for amount in amounts if isfinite(amount)]
    known = [0.0, *known] if zero or not known else known
    largest = max(abs(amount) for amount in known)
    step, unit = next((one for one in _UNITS if largest >= one[0]), _UNITS[-1])
    ticks = round_ticks(min(known), max(known), _TICKS[view.width >= WIDE])
    return _with_room(ticks, known, step, view.text(unit, currency=view.currency).strip())


def plain_axis(amounts: Sequence[float], view: View, unit: str) -> Axis:
    """The axis that holds all finite amounts of any other kind, with or without zero."""
    known = [float(amount) for amount in amounts if isfinite(amount)] or [0.0, 1.0]
    ticks = round_ticks(min(known), max(known), _TICKS[view.width >= WIDE])
    return _with_room(ticks, known, 1.0, unit)


def _with_room(ticks: tuple[float, ...], known: Sequence[float], step: float, unit: str) -> Axis:
    room = 0.02 * (ticks[-1] - ticks[0])
    return Axis(min(*known, ticks[0]) - room, max(*known, ticks[-1]) + room, step, unit, ticks)


def round_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """About `most` round numbers, from at or below `low` to at or above `high`."""
    span = high - low if high > low else max(abs(high), 1.0)
    rough = span / max(most - 1, 1)
    power = 10.0 ** floor(log10(rough))
    step = next(part * power for part in (1, 2, 2.5, 5, 10, 20) if part * power >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return tuple(step * place for place in range(first, max(last, first + 1) + 1))


@dataclass
class Canvas:
    """Layers of a picture: amounts across, pixels down unless `down` is an axis of its own."""

    view: View
    across: Axis
    height: float
    label: str
    down: Axis | None = None
    words_beside: bool = True
    ruled: bool = True
    top: float = 0.0
    layers: list[Spec] = field(default_factory=list)

    @property
    def beside(self) -> float:
        """Room for the words of rows at their side; none where they stand above."""
        return self.view.width * _BESIDE if self.words_beside and self.view.width >= WIDE else 0.0

    @property
    def plot(self) -> float:
        """Width of the plot in pixels."""
        return self.view.width - self.beside - 2 * _MARGIN - self._scale_room

    @property
    def _scale_room(self) -> float:
        return 44.0 if self.down else 0.0

    @property
    def room(self) -> float:
        """Pixels for the words of a row."""
        return (self.beside or self.view.width) - _MARGIN

    def per_pixel(self) -> float:
        """How much a pixel is across."""
        return (self.across.high - self.across.low) / max(self.plot, 1.0)

    def text(
        self, said: str, down: float, *, size: float = 11, paint: str = "ink", bold: bool = False
    ) -> None:
        """Words that begin where lines begin, cut to the room there is."""
        self._begin(fitting(said, self.room, size), down, size, paint, bold)

    def _begin(self, said: str, down: float, size: float, paint: str, bold: bool = False) -> None:
        right = self.view.right_to_left
        edge = (
            self.plot + self.beside + _MARGIN / 2 if right else -self.beside - self._scale_room - _MARGIN / 2
        )
        mark = _words(size, paint, bold, "right" if right else "left")
        encoding: Spec = {"text": {"field": "s"}, "x": {"value": edge}}
        if self.down:
            # Its rows are amounts: a legend lies above the plot instead.
            encoding["y"] = {"value": down + _TOP - self._above}
        self._add([{"y": down, "s": self.view.together(said)}], mark, encoding)

    def heading(self, said: str, down: float, *, size: float = 11.5, bold: bool = False) -> None:
        """The name of a row: in two lines where it stands beside its row and is long."""
        lines = wrapped(said, self.room, size)[: 2 if self.beside else 1]
        if len(lines) > 1:
            rest = said.removeprefix(lines[0]).strip()
            self.text(lines[0], down - 6.5, size=size, bold=bold)
            self.text(rest, down + 6.5, size=size, bold=bold)
        else:
            self.text(said, down, size=size, bold=bold)

    def legend(self, parts: Sequence[str]) -> None:
        """What the signs mean, on top, over the whole width."""
        for place, line in enumerate(legend_lines(parts, self.view)):
            self._begin(line, 4 + _LINE * place, 10, "ink-soft")

    def note(self, said: str, amount: float, down: float, *, align: str = "center", above: float = 0.0,
             paint: str = "ink", size: float = 10.5, bold: bool = False) -> None:  # fmt: skip
        """Words at an amount, some pixels above it."""
        mark = _words(size, paint, bold, align) | {"dy": -above}
        self._add([{"x": amount, "y": down, "s": self.view.together(said)}], mark, {"text": {"field": "s"}})

    def rule(self, low: float, high: float, down: float, paint: str, width: float = 2.0) -> None:
        """A line from one amount to another."""
        mark = {"type": "rule", "stroke": LIGHT[paint], "strokeWidth": width}
        self._add([{"x": low, "x2": high, "y": down}], mark, {"x2": {"field": "x2"}})

    def stroke(self, amount: float, top: float, bottom: float, paint: str, width: float = 1.0) -> None:
        """An upright line at an amount."""
        mark = {"type": "rule", "stroke": LIGHT[paint], "strokeWidth": width}
        self._add([{"x": amount, "y": top, "y2": bottom}], mark, {"y2": {"field": "y2"}})

    def box(self, across: tuple[float, float], down: tuple[float, float], fill: str, edge: str = "") -> None:
        """A filled rectangle."""
        mark: Spec = {"type": "rect", "fill": LIGHT[fill]}
        mark |= {"stroke": LIGHT[edge], "strokeWidth": 1.2} if edge else {}
        row = {"x": across[0], "x2": across[1], "y": down[0], "y2": down[1]}
        self._add([row], mark, {"x2": {"field": "x2"}, "y2": {"field": "y2"}})

    def line(self, points: Sequence[tuple[float, float]], paint: str, width: float = 2.0) -> None:
        """A line through points (across, down)."""
        mark = {"type": "line", "stroke": LIGHT[paint], "strokeWidth": width, "strokeJoin": "round"}
        self._add([{"x": x, "y": y} for x, y in points], mark, {})

    def band(self, points: Sequence[tuple[float, float, float]], paint: str) -> None:
        """The ground between a low and a high along the way across."""
        mark = {"type": "area", "fill": LIGHT[paint], "line": False}
        self._add([{"x": x, "y": low, "y2": high} for x, low, high in points], mark, {"y2": {"field": "y2"}})

    def signs(self, points: Sequence[tuple[float, float]], shape: str, paint: str, size: float,
              filled: bool = True) -> None:  # fmt: skip
        """Signs of one shape at (amount, down); hollow ones have the colour of the paper inside."""
        if points:
            fill = LIGHT[paint] if filled else LIGHT["paper"]
            mark = {"type": "point", "shape": shape, "size": size, "fill": fill, "stroke": LIGHT[paint]}
            rows: Rows = [{"x": x, "y": y} for x, y in points]
            self._add(rows, mark | {"strokeWidth": 1.3, "opacity": 1}, {})

    def picture(self, title: str = "") -> Picture:
        """What was drawn."""
        right = self.beside if self.view.right_to_left else 0.0
        left = self.beside - right + self._scale_room
        bottom = _AXIS if self.ruled else _TOP
        spec = {
            "width": self.plot,
            "height": self.height,
            "autosize": {"type": "none"},
            "padding": {
                "left": left + _MARGIN,
                "right": right + _MARGIN,
                "top": self._above,
                "bottom": bottom,
            },
            "encoding": {"x": self._scale(self.across, "x"), "y": self._upright()},
            "layer": self.layers,
        }
        return drawn_picture(configured(spec), self.label, title)

    @property
    def _above(self) -> float:
        return self.top + (28.0 if self.down else _TOP)

    def _scale(self, axis: Axis, place: str) -> Spec:
        domain = {"domain": [axis.low, axis.high], "nice": False, "zero": False}
        if not self.ruled:
            return {"field": place, "type": "quantitative", "axis": None, "scale": domain}
        said = [self.view.number(tick / axis.step) for tick in axis.ticks]
        words = f"{json.dumps(said, ensure_ascii=False)}[round(datum.index*{max(len(said) - 1, 1)})]"
        drawn: Spec = {"title": self.view.together(axis.unit), "values": list(axis.ticks), "labelExpr": words}
        if place == "y":
            drawn |= {"titleAngle": 0, "titleAlign": "left", "titleX": -self._scale_room, "titleY": -12}
        return {"field": place, "type": "quantitative", "axis": drawn | {"grid": True}, "scale": domain}

    def _upright(self) -> Spec:
        if self.down:
            return self._scale(self.down, "y")
        scale = {"domain": [self.height, 0], "nice": False, "zero": False}
        return {"field": "y", "type": "quantitative", "axis": None, "scale": scale}

    def _add(self, rows: Rows, mark: Spec, encoding: Spec) -> None:
        self.layers.append({"data": {"values": rows}, "mark": mark, "encoding": encoding})


def _words(size: float, paint: str, bold: bool, align: str) -> Spec:
    style = {"type": "text", "baseline": "middle", "fontSize": size, "fill": LIGHT[paint], "align": align}
    return style | ({"fontWeight": "bold"} if bold else {})


def legend_lines(parts: Sequence[str], view: View) -> list[str]:
    """Parts of a legend in as few lines as hold them."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}  ·  {part}" if lines else part
        if lines and len(longer) * _SIGN_PX * 10 / 11 <= view.width - _MARGIN:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def legend_height(parts: Sequence[str], view: View) -> float:
    """Pixels a legend takes, with a gap below it."""
    return _LINE * len(legend_lines(parts, view)) + 6.0


def wrapped(said: str, room: float, size: float = 11) -> list[str]:
    """Words in lines no wider than the room."""
    lines: list[str] = []
    for word in said.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and len(longer) * _SIGN_PX * size / 11 <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fitting(said: str, room: float, size: float = 11) -> str:
    """Words cut to a width in pixels; the whole of them is in the sentences beside the picture."""
    most = max(int(room / (_SIGN_PX * size / 11)), 4)
    return said if len(said) <= most else said[: most - 1].rstrip() + "…"
