"""Dot-and-band strips: a figure with its interval, small enough for a table's cell.

Drawn with classes, since a page holds hundreds of them; `standalone` adds the style for print.
"""

from philoxenia.report.tokens import LIGHT

_WIDTH, _HEIGHT = 120, 14
_MIDDLE = _HEIGHT // 2
_STYLE = (
    f".o{{stroke:{LIGHT['stone-2']}}}.b{{stroke:{LIGHT['seq-3']};stroke-width:6}}.m{{fill:{LIGHT['terracotta']}}}"
    f".l{{stroke:{LIGHT['stone-2']};stroke-width:3}}.q{{fill:{LIGHT['ink-soft']}}}"
    f".t{{stroke:{LIGHT['ink']};stroke-width:1.5}}.a{{fill:{LIGHT['aegean']}}}"
)


def band_strip(value: float, low: float, high: float, top: float = 100.0) -> str:
    """A dot at `value` in a band from `low` to `high`, on a line from 0 to `top`."""
    dot, start, end = (_place(number, 0.0, top) for number in (value, low, high))
    return _strip(f'<path class="b" d="M{start:g} {_MIDDLE}H{max(end, start + 0.5):g}"/>{_dot(dot, "m")}')


def pair_strip(newcomers: float, long_term: float, bottom: float, top: float) -> str:
    """A dot for newcomers and a square for long-term residents, joined, between `bottom` and `top`."""
    first, second = (_place(number, bottom, top) for number in (newcomers, long_term))
    return _strip(
        f'<path class="l" d="M{min(first, second):g} {_MIDDLE}H{max(first, second):g}"/>'
        f'<path class="q" d="M{second - 3.4:g} {_MIDDLE - 3.4:g}h6.8v6.8h-6.8z"/>{_dot(first, "m")}'
    )


def level_strip(value: float, nominal: float) -> str:
    """A share of 0 to 1 as a dot beside the tick where it should be."""
    tick = _place(nominal, 0.0, 1.0)
    return _strip(f'<path class="t" d="M{tick:g} 1V{_HEIGHT - 1}"/>{_dot(_place(value, 0.0, 1.0), "a")}')


def standalone(strip: str) -> str:
    """A strip with its own style, for print."""
    opening, rest = strip.split(">", 1)
    return f'{opening} xmlns="http://www.w3.org/2000/svg"><style>{_STYLE}</style>{rest}'


def _dot(place: float, kind: str) -> str:
    return f'<circle class="{kind}" cx="{place:g}" cy="{_MIDDLE}" r="3.6"/>'


def _place(value: float, bottom: float, top: float) -> float:
    share = (value - bottom) / (top - bottom) if top > bottom else 0.5
    return round(5 + min(max(share, 0.0), 1.0) * (_WIDTH - 10), 1)


def _strip(marks: str) -> str:
    ground = f'<path class="o" d="M5 {_MIDDLE}H{_WIDTH - 5}"/>'
    return f'<svg class="strip" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true">{ground}{marks}</svg>'
