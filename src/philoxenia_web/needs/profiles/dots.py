"""Dots with their intervals in rows that share one scale, drawn on the server.

Places are shares of the width, so that a row is as wide as the page has room; the style sheet mirrors rows
where text runs from right to left. Each picture is decoration beside its figures.
"""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from philoxenia_web.ui.scale import Scale, ends


def scale_of(values: Iterable[float | None]) -> Scale:
    """The scale that holds all values and nothing at all."""
    low, high = ends(values)
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
