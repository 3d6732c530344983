"""UpSet pictures (Lex et al. 2014): combinations of needs as columns of dots, shares as bars above them.

Drawn in the light colours and turned to tokens for the page. Groups stand side by side, newcomers first; an
interval is a line on its bar, and what is hidden is a sign, never an empty place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from philoxenia.report.document import Picture
from philoxenia.report.names import plain
from philoxenia.report.numbers import percent
from philoxenia.report.tokens import LIGHT, with_tokens

_BARS, _GAP, _ROW, _TOP, _RIGHT = 160, 22, 24, 16, 12
_LABEL, _LETTER = 16, 7.4
_COLOURS = ("terracotta", "aegean", "olive", "ink-soft")


@dataclass(frozen=True)
class Bar:
    """The share of one group that has a combination; `value` None is hidden, `mark` says why."""

    value: float | None
    low: float | None = None
    high: float | None = None
    mark: str = ""


@dataclass(frozen=True)
class Combination:
    """One column: the needs people have (and no others), and a bar for each group."""

    needs: tuple[str, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Upset:
    """A whole picture: needs (code and name) from top to bottom, groups, combinations from left to right."""

    needs: Mapping[str, str]
    groups: Sequence[str]
    combinations: Sequence[Combination]


def upset_picture(upset: Upset, label: str, title: str = "") -> Picture:
    """The picture as SVG, for the page and for print; `label` says it in words."""
    drawn = _drawn(upset)
    opening = f'<svg class="upset" role="img" direction="ltr" aria-label="{escape(plain(label))}" '
    return Picture(with_tokens(drawn).replace("<svg ", opening, 1), drawn, label, title)


def upset_words(upset: Upset) -> tuple[str, ...]:
    """The same as sentences, a column each."""
    return tuple(_sentence(one, upset) for one in upset.combinations)


def _sentence(one: Combination, upset: Upset) -> str:
    names = " and ".join(upset.needs[need].lower() for need in one.needs) or "no need"
    shares = [
        f"{group} {percent(bar.value)} ({percent(bar.low)} to {percent(bar.high)})"
        if bar.value is not None
        else f"{group}: {bar.mark or 'not shown'}"
        for group, bar in zip(upset.groups, one.bars, strict=True)
    ]
    return f"{names[:1].upper()}{names[1:]}: {'; '.join(shares)}."


def _drawn(upset: Upset) -> str:
    left = _LABEL + max((len(name) for name in upset.needs.values()), default=4) * _LETTER
    step = max(12.0 * len(upset.groups) + 10, 26.0)
    width = left + step * len(upset.combinations) + _RIGHT
    height = _TOP + _BARS + _GAP + _ROW * len(upset.needs) + 22
    top = _highest(upset)
    parts = [_axis(left, width, top)]
    for place, one in enumerate(upset.combinations):
        middle = left + step * (place + 0.5)
        parts += [_bars(one, middle, top, len(upset.groups)), _dots(one, middle, list(upset.needs))]
    parts += [_names(upset, left), _key(upset.groups, left, height)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" font-size="13">'
        f"{''.join(parts)}</svg>"
    )


def _highest(upset: Upset) -> float:
    ends = [
        bar.high or bar.value or 0 for one in upset.combinations for bar in one.bars if bar.value is not None
    ]
    top = max(ends, default=0.0)
    steps = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
    return next((step for step in steps if step >= top), 1.0)


def _axis(left: float, width: float, top: float) -> str:
    lines = []
    for share in (0.0, 0.5, 1.0):
        y = _TOP + _BARS * (1 - share)
        lines.append(f'<path d="M{left:.1f} {y:.1f}H{width - _RIGHT:.1f}" stroke="{LIGHT["stone-1"]}"/>')
        lines.append(_text(left - 6, y + 4, percent(top * share), "end", LIGHT["ink-soft"]))
    return "".join(lines)


def _bars(one: Combination, middle: float, top: float, groups: int) -> str:
    starts = [middle + (place - groups / 2) * 12 + 1 for place in range(groups)]
    paints = [_paint(place) for place in range(groups)]
    return "".join(_bar(*each, top) for each in zip(one.bars, starts, paints, strict=True))


def _paint(place: int) -> str:
    """Every second group is an outline: groups are told apart without colour too."""
    colour = LIGHT[_COLOURS[place % len(_COLOURS)]]
    return f'fill="{LIGHT["paper"] if place % 2 else colour}" stroke="{colour}" stroke-width="1.5"'


def _bar(bar: Bar, x: float, paint: str, top: float) -> str:
    floor = _TOP + _BARS
    if bar.value is None:
        return _text(x + 5, floor - 3, "×", "middle", LIGHT["ink-soft"])
    height = _BARS * min(bar.value / top, 1)
    drawn = f'<path d="M{x:.1f} {floor}v{-height:.1f}h10v{height:.1f}z" {paint}/>'
    if bar.low is None or bar.high is None:
        return drawn
    low, high = (floor - _BARS * min(end / top, 1) for end in (bar.low, bar.high))
    line = f"M{x + 5:.1f} {low:.1f}V{high:.1f}"
    return f'{drawn}<path d="{line}" stroke="{LIGHT["ink"]}" stroke-width="1.5"/>'


def _dots(one: Combination, middle: float, needs: Sequence[str]) -> str:
    drawn, ink = [], LIGHT["ink"]
    rows = [_row(place) for place, need in enumerate(needs) if need in one.needs]
    if rows:
        line = f"M{middle:.1f} {min(rows):.1f}V{max(rows):.1f}"
        drawn.append(f'<path d="{line}" stroke="{ink}" stroke-width="2"/>')
    for place, need in enumerate(needs):
        radius, colour = (5, ink) if need in one.needs else (3, LIGHT["stone-1"])
        drawn.append(f'<circle cx="{middle:.1f}" cy="{_row(place):.1f}" r="{radius}" fill="{colour}"/>')
    return "".join(drawn)


def _row(place: int) -> float:
    return _TOP + _BARS + _GAP + _ROW * (place + 0.5)


def _names(upset: Upset, left: float) -> str:
    return "".join(
        _text(left - 6, _row(place) + 4, name, "end", LIGHT["ink"])
        for place, name in enumerate(upset.needs.values())
    )


def _key(groups: Sequence[str], left: float, height: float) -> str:
    drawn, x = [], left
    for place, group in enumerate(groups):
        drawn.append(f'<path d="M{x:.1f} {height - 14:.1f}h10v10h-10z" {_paint(place)}/>')
        drawn.append(_text(x + 14, height - 5, group, "start", LIGHT["ink"]))
        x += 26 + len(group) * _LETTER
    return "".join(drawn)


def _text(x: float, y: float, words: str, anchor: str, colour: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(plain(words))}</text>'
    )
