"""A figure month by month in its band, small enough for a table's cell; the figures stand beside it."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

_WIDTH, _HEIGHT, _MARGIN = 132, 30, 2

Triple = tuple[float, float, float]


def spark(points: Sequence[Triple]) -> SafeString:
    """Middle, low and high of each month, on a scale from nothing to the highest bound."""
    if len(points) < 2:
        return SafeString("")
    top = max(high for _middle, _low, high in points) or 1.0
    up = (_HEIGHT - 2 * _MARGIN) / top
    across = (_WIDTH - 2 * _MARGIN) / (len(points) - 1)

    def line(values: Sequence[float]) -> list[str]:
        return [
            f"{_MARGIN + step * across:.1f} {_HEIGHT - _MARGIN - value * up:.1f}"
            for step, value in enumerate(values)
        ]

    upper, lower = line([point[2] for point in points]), line([point[1] for point in points])
    middle = line([point[0] for point in points])
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">'
        '<path class="spark-band" d="M{}Z"/><path class="spark-line" d="M{}"/></svg>',
        _WIDTH, _HEIGHT, "L".join([*upper, *reversed(lower)]), "L".join(middle),
    )  # fmt: skip
