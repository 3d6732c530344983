"""Dots with their intervals in rows that share one scale, drawn on the server.

Places are shares of the width, so that a row is as wide as the page has room; the style sheet mirrors rows
where text runs from right to left. Each picture is decoration beside its figures.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MARGIN = 2.5


@dataclass(frozen=True)
class Scale:
    """From `low` to `high`, in the unit of what is drawn."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value lies, in per cent of the width."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return round(_MARGIN + (100 - 2 * _MARGIN) * min(max(share, 0.0), 1.0), 2)

    @property
    def ticks(self) -> list[float]:
        """Round values, zero among them where it lies between."""
        rough = (self.high - self.low) / 4 or 1.0
        power = 10.0 ** floor(log10(rough))
        step = next(power * one for one in _STEPS if power * one >= rough * 0.999)
        first = -floor(-self.low / step + 1e-9)
        count = floor(self.high / step + 1e-9) - first + 1
        return [round((first + place) * step, 10) + 0.0 for place in range(max(count, 1))]


def scale_of(values: Iterable[float | None]) -> Scale:
    """The scale that holds all values and nothing at all."""
    known = [value for value in values if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    return Scale(low, high) if high > low else Scale(0.0, 1.0)


def dot(value: float, low: float | None, high: float | None, scale: Scale, kind: str) -> SafeString:
    """A dot in its interval, over a line at nothing."""
    zero = scale.at(0.0)
    start, end = scale.at(value if low is None else low), scale.at(value if high is None else high)
    return format_html(
        '<svg class="dots" aria-hidden="true" focusable="false"><line class="zero" x1="{}%" x2="{}%" y1="0" '
        'y2="100%"/><line class="{}" x1="{}%" x2="{}%" y1="50%" y2="50%"/><circle class="{}" cx="{}%" '
        'cy="50%" r="5"/></svg>',
        zero, zero, kind, start, end, kind, scale.at(value),
    )  # fmt: skip


def axis(scale: Scale, words: Iterable[str]) -> SafeString:
    """The scale over its rows."""
    ticks = format_html_join(
        "",
        '<text x="{}%" y="80%">{}</text>',
        ((scale.at(x), word) for x, word in zip(scale.ticks, words, strict=True)),
    )
    return format_html('<svg class="dots-axis" aria-hidden="true" focusable="false">{}</svg>', ticks)
