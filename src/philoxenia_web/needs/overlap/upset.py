"""The UpSet picture: a row a combination, a column a need, bars for newcomers and long-term residents.

Rows, not columns, are combinations: so names stand in words beside them, the picture grows downwards on a
telephone, and a screen reader hears a list. Drawn on the server; places along a bar are shares of its width,
mirrored by the style sheet where text runs from right to left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_STEP, _HIGH, _RADIUS = 20.0, 22.0, 6.0
# Names of needs lean over their columns.
_HEAD, _OVER, _LEAN = 104.0, 74.0, 52


def columns(count: int, is_rtl: bool) -> list[float]:
    """Where the column of each need lies: the first where reading begins."""
    places = [_STEP * (place + 0.5) for place in range(count)]
    return places[::-1] if is_rtl else places


@dataclass(frozen=True)
class Bar:
    """One population in a row: length and interval as shares of the longest; None where too few to show."""

    population: str
    kind: str
    share: float | None
    low: float
    high: float
    figure: str
    interval: str
    portion: str


@dataclass(frozen=True)
class Line:
    """One combination: which columns hold, in words, its bars, what is said of it, where it leads."""

    holds: tuple[bool, ...]
    words: str
    address: str
    bars: tuple[Bar, ...]
    is_current: bool = False
    is_rtl: bool = False

    @property
    def dots(self) -> SafeString:
        """The matrix's row: full dots, joined by a line, for needs that belong to it."""
        places = columns(len(self.holds), self.is_rtl)
        full = [x for x, there in zip(places, self.holds, strict=True) if there]
        join = SafeString("")
        if len(full) > 1:
            join = format_html('<path d="M{} {}H{}"/>', min(full), _HIGH / 2, max(full))
        circles = format_html_join(
            "",
            '<circle class="{}" cx="{}" cy="{}" r="{}"/>',
            (
                ("in" if there else "out", x, _HIGH / 2, _RADIUS if there else 3.5)
                for x, there in zip(places, self.holds, strict=True)
            ),
        )
        return format_html(
            '<svg class="upset-dots" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true" '
            'focusable="false">{}{}</svg>',
            _STEP * len(self.holds), _HIGH, _STEP * len(self.holds), _HIGH, join, circles,
        )  # fmt: skip


def drawn_bar(bar: Bar) -> SafeString:
    """A bar with its interval as a thin line over its end; hatched where there are too few to show."""
    if bar.share is None:
        return mark_safe(
            '<svg class="upset-bar" aria-hidden="true" focusable="false">'
            '<rect class="hatch" x="0" y="20%" width="1.6rem" height="60%"/></svg>'
        )
    return format_html(
        '<svg class="upset-bar" aria-hidden="true" focusable="false">'
        '<rect class="{}" x="0" y="20%" width="{}%" height="60%"/>'
        '<line x1="{}%" x2="{}%" y1="50%" y2="50%"/></svg>',
        bar.kind, _percent(bar.share), _percent(bar.low), _percent(bar.high),
    )  # fmt: skip


def head(names: Sequence[str], is_rtl: bool) -> SafeString:
    """The names of the needs over their columns, leaning so that twelve fit on a telephone."""
    width = _STEP * len(names)
    # Each begins at the foot of its column: on the left of it, or on the right where text runs that way.
    lean, shift = (_LEAN, _OVER - 0.12 * _STEP) if is_rtl else (-_LEAN, 0.12 * _STEP)
    words = format_html_join(
        "",
        '<text transform="translate({} {}) rotate({})" text-anchor="start">{}</text>',
        (
            (round(x + shift, 1), _HEAD - 6, lean, name)
            for x, name in zip(columns(len(names), is_rtl), names, strict=True)
        ),
    )
    return format_html(
        '<svg class="upset-head" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true" '
        'focusable="false">{}</svg>',
        width + _OVER, _HEAD, width + _OVER, _HEAD, words,
    )  # fmt: skip


def _percent(share: float) -> float:
    return round(100 * min(max(share, 0.0), 1.0), 2)
