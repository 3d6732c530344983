"""A small drawing: one figure over the months, hidden months left open."""

from collections.abc import Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from philoxenia_web.ui import numbers

_WIDTH, _HEIGHT, _FOOT, _HEAD = 640, 180, 24, 20


def bars(values: Sequence[tuple[date, int | None]], label: str) -> SafeString:
    """Bars with their figures; the same stands in a table beside it."""
    highest = max((shown for _month, shown in values if shown), default=1)
    step = _WIDTH / max(len(values), 1)
    drawn = [_bar(place, month, shown, step, highest) for place, (month, shown) in enumerate(values)]
    return format_html(
        '<svg class="office-bars" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        _WIDTH,
        _HEIGHT,
        label,
        format_html_join("", "{}", ((one,) for one in drawn)),
    )


def _bar(place: int, month: date, shown: int | None, step: float, highest: int) -> SafeString:
    room = _HEIGHT - _FOOT - _HEAD
    tall = 0.0 if shown is None else room * shown / highest
    middle = round(place * step + step / 2, 1)
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="2"/><text x="{}" y="{}">{}</text>'
        '<text class="office-foot" x="{}" y="{}">{}</text>',
        round(place * step + step * 0.15, 1),
        round(_HEAD + room - tall, 1),
        round(step * 0.7, 1),
        round(tall, 1),
        middle,
        round(_HEAD + room - tall - 5, 1),
        numbers.whole(shown) if shown is not None else "·",
        middle,
        _HEIGHT - 6,
        f"{month:%Y-%m}",
    )
