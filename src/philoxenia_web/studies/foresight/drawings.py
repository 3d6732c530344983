"""Small drawings of plans, made on the server from classes of the style sheet: no inline style.

Each is decoration beside figures that say the same, but for `Plot`s, which carry a label of their own.
Drawings without words follow the direction of the page; those with words read from left to right.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from philoxenia_web.ui import numbers

Point = tuple[float, float]
# From values to places in a drawing.
Place = Callable[[float, float], Point]

_STRIP, _HIGH, _EDGE = 160.0, 18.0, 5.0
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def work_bar(start: int, lead: int, ramp: int, end: int, months: int) -> SafeString:
    """When an action is prepared, grows and works: months from 0 on a line of all months, years ruled off."""
    ready = min(start + lead, months)
    full = min(ready + ramp, end)
    years = "".join(f"M{month} 0V10" for month in range(0, months + 1, 12))
    return format_html(
        '<svg class="work-bar" viewBox="0 0 {} 10" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false">'
        '<path class="rule" d="{}"/><path class="preparing" d="M{} 3H{}V7H{}z"/>'
        '<path class="working" d="M{} 7.5L{} 2H{}V8H{}z"/></svg>',
        months, years, start, ready, start, ready, full, max(end, full), ready,
    )  # fmt: skip


def cost_bar(mean: float, high: float, budget: float | None, top: float) -> SafeString:
    """What is spent on average, in nine of ten futures at most, and the budget it is held against."""
    end, tick = _along(mean, 0.0, top), _along(high, 0.0, top)
    limit = SafeString("")
    if budget is not None:
        limit = format_html('<path class="limit" d="M{} 1V17"/>', _along(budget, 0.0, top))
    over = budget is not None and mean > budget * (1 + 1e-9)
    return format_html(
        '{}<path class="{}" d="M{} 5H{}V13H{}z"/><path class="reach" d="M{} 9H{}"/>{}</svg>',
        _strip("cost-bar"), "over" if over else "spent", _EDGE, max(end, _EDGE + 0.5), _EDGE,
        end, max(tick, end), limit,
    )  # fmt: skip


def share_bar(share: float, kind: str = "share") -> SafeString:
    """A share of 0 to 1 as a bar in its frame."""
    return format_html(
        '{}<path class="frame" d="M5 4H155V14H5z"/><path class="{}" d="M5 4H{}V14H5z"/></svg>',
        _strip("share-bar"), kind, _along(min(max(share, 0.0), 1.0), 0.0, 1.0),
    )  # fmt: skip


def range_strip(low: float, high: float, least: float, most: float) -> SafeString:
    """The part from `low` to `high` of all that was tried."""
    start, end = _along(low, least, most), _along(high, least, most)
    return format_html(
        '{}<path class="whole" d="M5 9H155"/><path class="part" d="M{} 9H{}"/></svg>',
        _strip("range-strip"),
        start,
        max(end, start + 1),
    )


def spark_with_limit(values: Sequence[float], limit: float, kind: str) -> SafeString:
    """Records month by month, and the threshold they are watched for."""
    if len(values) < 2:
        return SafeString("")
    top = max([*values, limit]) * 1.08 or 1.0
    places = [
        (round(2 + 236 * n / (len(values) - 1), 1), _down(value, top)) for n, value in enumerate(values)
    ]
    return format_html(
        '<svg class="watch-spark watch-{}" viewBox="0 0 240 64" preserveAspectRatio="none" '
        'aria-hidden="true" focusable="false"><path class="limit" d="M0 {}H240"/>'
        '<path class="line" d="M{}"/></svg>',
        kind,
        _down(limit, top),
        _joined(places),
    )


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers that cover a range."""
    if not high > low:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** floor(log10(rough))
    step = next(power * one for one in _STEPS if power * one >= rough * 0.999)
    first = floor(low / step + 1e-9)
    found = [round(step * count, 10) for count in range(first, first + most + 3)]
    last = next((place for place, tick in enumerate(found) if tick >= high - 1e-9 * step), len(found) - 1)
    return found[: last + 1]


@dataclass(frozen=True)
class Mark:
    """A point of a plot: where it is, its label, and where a click on it leads."""

    x: float
    y: float
    label: str = ""
    address: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Plot:
    """Marks over two axes, with a line and a band through them. `across` and `up`: ticks with their words."""

    label: str
    marks: Sequence[Mark]
    across: Sequence[tuple[float, str]]
    up: Sequence[tuple[float, str]]
    across_title: str
    up_title: str
    line: Sequence[Point] = ()
    band: Sequence[tuple[float, float, float]] = ()
    clouds: Sequence[tuple[str, Sequence[Point]]] = ()
    frame: tuple[float, float, float, float] | None = None
    width: int = 640
    height: int = 300
    edges: tuple[int, int, int, int] = field(default=(18, 20, 46, 64))

    @property
    def wide(self) -> SafeString:
        """For windows with room."""
        return self.drawn(self.width, self.height)

    @property
    def narrow(self) -> SafeString:
        """For telephones."""
        return self.drawn(340, 270)

    def drawn(self, width: int, height: int) -> SafeString:
        """The drawing at a size; its words are as large at each."""
        top, right, bottom, left = self.edges
        x0, x1 = self.across[0][0], self.across[-1][0]
        y0, y1 = self.up[0][0], self.up[-1][0]

        def place(x: float, y: float) -> Point:
            right_of = (x - x0) / (x1 - x0) if x1 > x0 else 0.5
            above = (y - y0) / (y1 - y0) if y1 > y0 else 0.5
            return (
                round(left + right_of * (width - left - right), 1),
                round(height - bottom - above * (height - top - bottom), 1),
            )

        few = width < 400 and len(self.across) > 5
        parts = [
            self._opening(width, height),
            self._up(place, left, width - right),
            self._across(place, height - bottom, 2 if few else 1),
            self._titles(left, width - right, height),
            self._filled(place),
            *(self._mark(mark, *place(mark.x, mark.y)) for mark in self.marks),
            mark_safe("</svg>"),
        ]
        return _safely(parts)

    def _opening(self, width: int, height: int) -> SafeString:
        # What holds links may not be one picture; the links stand in a table as well.
        if any(mark.address for mark in self.marks):
            return format_html('<svg class="plot" viewBox="0 0 {} {}" aria-hidden="true">', width, height)
        return format_html(
            '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">', width, height, self.label
        )

    def _up(self, place: Place, left: int, right: int) -> SafeString:
        x = self.across[0][0]
        rows = [(place(x, y)[1], "zero" if y == 0 else "rule", words) for y, words in self.up]
        return format_html_join(
            "",
            '<path class="{}" d="M{} {}H{}"/><text class="tick" text-anchor="end" x="{}" y="{}">{}</text>',
            ((kind, left, y, right, left - 8, y + 4, words) for y, kind, words in rows),
        )

    def _across(self, place: Place, bottom: int, every: int) -> SafeString:
        y = self.up[0][0]
        shown = list(self.across)[::every]
        return format_html_join(
            "",
            '<text class="tick" text-anchor="middle" x="{}" y="{}">{}</text>',
            ((place(x, y)[0], bottom + 18, words) for x, words in shown),
        )

    def _titles(self, left: int, right: int, height: int) -> SafeString:
        return format_html(
            '<text class="axis" text-anchor="end" x="{}" y="{}">{}</text>'
            '<text class="axis" x="0" y="10">{}</text>',
            right,
            height - 6,
            self.across_title,
            self.up_title,
        )

    def _filled(self, place: Place) -> SafeString:
        parts = []
        if self.band:
            upper = [place(x, high) for x, _low, high in self.band]
            lower = [place(x, low) for x, low, _high in reversed(self.band)]
            parts.append(format_html('<path class="band" d="M{}z"/>', _joined([*upper, *lower])))
        if self.frame:
            (left, low), (right, high) = place(*self.frame[:2]), place(*self.frame[2:])
            parts.append(
                format_html('<path class="box" d="M{} {}H{}V{}H{}z"/>', left, low, right, high, left)
            )
        for kind, points in self.clouds:
            dots = "".join(f"M{x} {y}h0" for x, y in (place(*point) for point in points))
            parts.append(format_html('<path class="dots-{}" d="{}"/>', kind, dots))
        if len(self.line) > 1:
            parts.append(format_html('<path class="line" d="M{}"/>', _joined([place(*p) for p in self.line])))
        return _safely(parts)

    def _mark(self, mark: Mark, x: float, y: float) -> SafeString:
        kind = "here" if mark.is_current else "point"
        dot = format_html(
            '<circle class="{}" cx="{}" cy="{}" r="{}"/>', kind, x, y, 7 if mark.is_current else 4.5
        )
        words = (
            format_html(
                '<text class="direct" text-anchor="middle" x="{}" y="{}">{}</text>', x, y - 12, mark.label
            )
            if mark.is_current and mark.label
            else SafeString("")
        )
        if not mark.address:
            return format_html("{}{}", dot, words)
        return format_html(
            '<a href="{}" tabindex="-1"><circle class="target" cx="{}" cy="{}" r="16"/>{}{}</a>',
            mark.address, x, y, dot, words,
        )  # fmt: skip


def _safely(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def axis(low: float, high: float, most: int = 5) -> list[tuple[float, str]]:
    """Ticks with their words."""
    return [(tick, numbers.number(tick)) for tick in ticks(low, high, most)]


def _strip(kind: str) -> SafeString:
    return format_html(
        '<svg class="{}" viewBox="0 0 160 18" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false">',
        kind,
    )


def _along(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return round(_EDGE + min(max(share, 0.0), 1.0) * (_STRIP - 2 * _EDGE), 1)


def _down(value: float, top: float) -> float:
    return round(62 - 60 * max(value, 0.0) / top, 1)


def _joined(points: Iterable[Point]) -> str:
    return "L".join(f"{x} {y}" for x, y in points)


def stacked(shares: Sequence[float]) -> SafeString:
    """Shares one after the other in one bar; what is left to 1 stays empty."""
    ends = [min(sum(shares[: place + 1]), 1.0) for place in range(len(shares))]
    starts = [0.0, *ends[:-1]]
    return format_html(
        '{}<path class="frame" d="M5 4H155V14H5z"/>{}</svg>',
        _strip("share-bar"),
        format_html_join(
            "",
            '<path class="stack-{}" d="M{} 4H{}V14H{}z"/>',
            (
                (place + 1, _along(start, 0.0, 1.0), _along(end, 0.0, 1.0), _along(start, 0.0, 1.0))
                for place, (start, end) in enumerate(zip(starts, ends, strict=True))
            ),
        ),
    )
