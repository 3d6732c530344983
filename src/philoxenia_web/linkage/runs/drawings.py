"""Small drawings of a run, made on the server from classes of the style sheet: no inline style.

Each is decoration beside figures that say the same, and follows the direction of the page.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString

_WIDTH, _EDGE = 160.0, 5.0


def interval_strip(estimate: float, low: float, high: float, top: float) -> SafeString:
    """An estimate as a dot in its interval, on a line from 0 to `top`."""
    begin, dot, end = (_along(value, top) for value in (low, estimate, high))
    return format_html(
        '<svg class="strip" viewBox="0 0 {} 18" aria-hidden="true" focusable="false">'
        '<path class="rule" d="M{} 9H{}"/><path class="reach" d="M{} 9H{}"/>'
        '<circle class="dot" cx="{}" cy="9" r="4"/></svg>',
        _WIDTH, _EDGE, _WIDTH - _EDGE, begin, max(end, begin + 0.5), dot,
    )  # fmt: skip


def weight_bar(weight: float, reach: float) -> SafeString:
    """A weight from the middle: to the end for one person, to the beginning against it."""
    middle = _WIDTH / 2
    end = round(middle + (middle - _EDGE) * (weight / reach if reach else 0.0), 1)
    return format_html(
        '<svg class="strip weight-{}" viewBox="0 0 {} 18" aria-hidden="true" focusable="false">'
        '<path class="rule" d="M{} 0V18"/><path class="bar" d="M{} 4H{}V14H{}z"/></svg>',
        "for" if weight > 0 else "against", _WIDTH, middle, middle, end, middle,
    )  # fmt: skip


def _along(value: float, top: float) -> float:
    share = min(max(value / top, 0.0), 1.0) if top else 0.0
    return round(_EDGE + share * (_WIDTH - 2 * _EDGE), 1)
