"""Intervals, distributions and tornado bars in rows that share one axis, drawn on the server.

Places are shares of the width, so that a row is as wide as the page has room and nothing is distorted. Money
reads from loss to gain, left to right, in every language. Each picture is decoration beside its figures.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from numpy.typing import NDArray

from philoxenia_web.ui.scale import Scale, ends

_SHAPE, _FLAT = 140, 0.004
_HIGH = 30.0


class Axis(Scale):
    """The common scale of rows."""

    margin, parts = 3.0, 6


def axis_of(rows: Sequence[Mapping[str, Any] | None], names: Sequence[str] = ("p5", "p95")) -> Axis:
    """The scale that holds all rows and nothing at all."""
    low, high = ends(row.get(name) for row in rows if row for name in names)
    return Axis(low, high) if high > low else Axis(-1.0, 1.0)


def interval(row: Mapping[str, Any], axis: Axis) -> SafeString:
    """Thin: 90 of 100 futures; thick: 80; a dot for the mean; losses in another colour than gains."""
    return format_html(
        "{}{}{}{}{}</svg>",
        _OPEN,
        _zero(axis),
        _line("thin", row["p5"], row["p95"], axis),
        _line("thick", row["p10"], row["p90"], axis),
        _dot(row["mean"], axis),
    )


def distribution(values: Sequence[float], row: Mapping[str, Any], axis: Axis) -> SafeString:
    """How often each amount comes, as a hill over its interval; what lies below nothing in another colour."""
    if len(values) < 2:
        return interval(row, axis)
    hill = _hill(np.asarray(values, dtype=np.float64), axis)
    zero = axis.at(0.0)
    return format_html(
        '<svg class="hill" aria-hidden="true" focusable="false"><svg class="shape" viewBox="0 0 100 {}" '
        'preserveAspectRatio="none" width="100%" height="100%">{}{}</svg>{}{}{}</svg>',
        _HIGH,
        _filled("loss", hill, lambda x: x <= zero),
        _filled("gain", hill, lambda x: x >= zero),
        _zero(axis),
        _line("thick", row["p10"], row["p90"], axis),
        _dot(row["mean"], axis),
    )


def swing(at_low: float, at_high: float, centre: float, axis: Axis) -> SafeString:
    """What an action brings where one number is at its low and at its high end; hollow is the low end."""
    return format_html(
        '{}{}<line class="centre" x1="{}%" x2="{}%" y1="0" y2="100%"/>{}{}</svg>',
        _OPEN, _zero(axis), axis.at(centre), axis.at(centre),
        _bar("at-low", centre, at_low, axis), _bar("at-high", centre, at_high, axis),
    )  # fmt: skip


def share(part: float) -> SafeString:
    """A share of 0 to 1 as the filled part of a frame."""
    width = round(100 * min(max(part, 0.0), 1.0), 2)
    return format_html(
        '{}<rect class="frame" x="0" y="25%" width="100%" height="50%"/>'
        '<rect class="part" x="0" y="25%" width="{}%" height="50%"/></svg>',
        _OPEN,
        width,
    )


def scale(axis: Axis, words: Sequence[str]) -> SafeString:
    """The axis under or over the rows: its ticks in words."""
    places = [axis.at(tick) for tick in axis.ticks]
    return format_html(
        '<svg class="reach-axis" aria-hidden="true" focusable="false">{}</svg>',
        format_html_join(
            "",
            '<line x1="{0}%" x2="{0}%" y1="75%" y2="100%"/><text x="{0}%" y="62%">{1}</text>',
            zip(places, words, strict=True),
        ),
    )


_OPEN = SafeString('<svg class="reach" aria-hidden="true" focusable="false">')


def _zero(axis: Axis) -> SafeString:
    return format_html('<line class="zero" x1="{0}%" x2="{0}%" y1="0" y2="100%"/>', axis.at(0.0))


def _line(kind: str, low: float, high: float, axis: Axis) -> SafeString:
    first, last, zero = axis.at(low), axis.at(high), axis.at(0.0)
    cut = min(max(zero, first), last)
    return format_html_join(
        "",
        '<line class="{} {}" x1="{}%" x2="{}%" y1="50%" y2="50%"/>',
        [
            (kind, side, start, max(end, start + 0.2))
            for side, start, end in (("loss", first, cut), ("gain", cut, last))
            if end > start or (first == last and side == ("loss" if low < 0 else "gain"))
        ],
    )


def _dot(value: float, axis: Axis) -> SafeString:
    side = "loss" if value < 0 else "gain"
    return format_html('<circle class="{}" cx="{}%" cy="50%" r="4.2"/>', side, axis.at(value))


def _bar(kind: str, start: float, end: float, axis: Axis) -> SafeString:
    first, last = sorted((axis.at(start), axis.at(end)))
    return format_html(
        '<rect class="{}" x="{}%" y="22%" width="{}%" height="56%"/>', kind, first, round(last - first, 2)
    )


def _hill(values: NDArray[np.float64], axis: Axis) -> list[tuple[float, float]]:
    """Points of a smoothed density, as wide as a rule of thumb says (Silverman 1986, equation 3.31)."""
    spread = min(values.std(), np.subtract(*np.quantile(values, (0.75, 0.25))) / 1.34) or values.std()
    width = max(0.9 * spread * len(values) ** -0.2, (axis.high - axis.low) / 400)
    # A hill reaches no farther than the amounts did: no loss is drawn where none was.
    first, last = max(axis.low, values.min()), min(axis.high, values.max())
    places = np.linspace(axis.low, axis.high, _SHAPE)
    inside = places[(places > first) & (places < last)]
    places = np.unique([first, last, *inside, *([0.0] if first < 0 < last else [])])
    heights = np.exp(-0.5 * ((places[:, None] - values[None, :]) / width) ** 2).sum(axis=1)
    heights /= heights.max() or 1.0
    # Nothing is drawn where next to no future lies; one point beside each hill lets it end on the ground.
    there = heights > _FLAT
    there[:-1] |= there[1:]
    there[1:] |= there[:-1]
    return [
        (axis.at(float(x)), round(_HIGH - (_HIGH - 2) * float(y), 1))
        for x, y in zip(places[there], heights[there], strict=True)
    ]


def _filled(kind: str, hill: list[tuple[float, float]], keeps: Any) -> SafeString:
    kept = [(x, y) for x, y in hill if keeps(x)]
    if len(kept) < 2:
        return SafeString("")
    line = "L".join(f"{x} {y}" for x, y in kept)
    return format_html(
        '<path class="{}" d="M{} {}L{}L{} {}z"/>', kind, kept[0][0], _HIGH, line, kept[-1][0], _HIGH
    )
