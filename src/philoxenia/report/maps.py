"""Choropleth maps as SVG: classes, legend, hatching, labels, and the same in words.

Owns how a figure by district becomes a picture; ignores what the figure means. Outlines are drawn once in a
document and used by every map in it; a picture for print carries its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

import numpy as np

from philoxenia.report.document import Legend, Picture, Swatch
from philoxenia.report.geometry import Outlines
from philoxenia.report.names import plain, safe_id
from philoxenia.report.numbers import shown, two_figures
from philoxenia.report.tokens import LIGHT

SEQUENTIAL = tuple(f"seq-{step}" for step in range(1, 6))
DIVERGING = tuple(f"div-{step}" for step in range(1, 6))
_HATCH = "hatch"
_NO_DATA = "no-data"


@dataclass(frozen=True)
class Scale:
    """Upper limits of all classes but the last, the token of each class, and the legend's words."""

    limits: tuple[float, ...]
    tokens: tuple[str, ...] = SEQUENTIAL
    title: str = ""
    form: Callable[[float], str] = shown

    def token(self, value: float | None) -> str:
        """The token of the class a value falls in; grey where there is no value."""
        if value is None or not np.isfinite(value):
            return _NO_DATA
        return self.tokens[int(np.searchsorted(self.limits, value, side="left"))]


@dataclass(frozen=True)
class Choropleth:
    """A figure by district. `labelled` districts get a number on the map, in that order."""

    values: Mapping[str, float | None]
    names: Mapping[str, str]
    scale: Scale
    label: str
    form: Callable[[float], str] = shown
    too_few: frozenset[str] = field(default_factory=frozenset)
    labelled: tuple[str, ...] = ()


def quantile_scale(values: Sequence[float | None], title: str, form: Callable[[float], str] = shown) -> Scale:
    """Five classes that hold about as many districts each, limits rounded; fewer where values repeat."""
    limits = _quantile_limits(values, (0.2, 0.4, 0.6, 0.8))
    return Scale(limits, _spread(SEQUENTIAL, len(limits) + 1), title, form)


def gap_scale(values: Sequence[float | None], title: str) -> Scale:
    """A class of its own for no gap at all, and four that hold about as many of the others each."""
    limits = (0.0, *_quantile_limits([value for value in values if value], (0.25, 0.5, 0.75)))
    return Scale(limits, _spread(SEQUENTIAL, len(limits) + 1), title)


def _quantile_limits(values: Sequence[float | None], shares: tuple[float, ...]) -> tuple[float, ...]:
    known = np.array([value for value in values if value is not None and np.isfinite(value)])
    if known.size == 0:
        return ()
    limits = {two_figures(float(limit)) for limit in np.quantile(known, shares)}
    return tuple(sorted(limit for limit in limits if known.min() <= limit < known.max()))


def fixed_scale(
    limits: tuple[float, ...], tokens: tuple[str, ...], title: str, form: Callable[[float], str] = shown
) -> Scale:
    """Classes with limits that mean the same on every map."""
    return Scale(limits, tokens, title, form)


def _spread(tokens: tuple[str, ...], classes: int) -> tuple[str, ...]:
    places = (
        np.linspace(0, len(tokens) - 1, classes).round().astype(int) if classes > 1 else [len(tokens) // 2]
    )
    return tuple(tokens[place] for place in places)


def legend(maps: Sequence[Choropleth]) -> Legend:
    """The legend that maps of one scale share; hatching and grey only where one of them uses it."""
    scale = maps[0].scale
    swatches = [Swatch(token, text) for token, text in zip(scale.tokens, _class_names(scale), strict=True)]
    if any(one.too_few for one in maps):
        swatches.append(Swatch(_HATCH, "too few to show"))
    if any(_token(one, district) == _NO_DATA for one in maps for district in one.names):
        swatches.append(Swatch(_NO_DATA, "no data"))
    return Legend(scale.title, tuple(swatches))


def _class_names(scale: Scale) -> list[str]:
    limits = [scale.form(limit) for limit in scale.limits]
    if not limits:
        return ["all districts"]
    between = [f"{low} to {high}" for low, high in pairwise(limits)]
    first = "none" if scale.limits[0] == 0 else f"{limits[0]} or less"
    return [first, *between, f"over {limits[-1]}"]


def picture(map_: Choropleth, shapes: Outlines, title: str = "") -> Picture:
    """The map for a page that holds `outline_definitions`, and the same for print."""
    groups = _groups(map_, shapes)
    size = f'viewBox="0 0 {shapes.width:g} {shapes.height:g}"'
    labels = _labels(map_, shapes)
    inline = "".join(
        f'<g class="{token}">' + "".join(_use(map_, name) for name in names) + "</g>"
        for token, names in groups.items()
    )
    drawn = "".join(
        f'<g fill="{_paint(token)}">'
        + "".join(f'<path d="{shapes.paths[name]}"/>' for name in names)
        + "</g>"
        for token, names in groups.items()
    )
    border = f'stroke="{LIGHT["stone-2"]}" stroke-width="0.5" stroke-linejoin="round"'
    return Picture(
        inline=f'<svg class="map" {size} role="img" aria-label="{escape(map_.label)}">{inline}{labels}</svg>',
        standalone=f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{_pattern()}'
        f"<g {border}>{drawn}</g>{_labels_drawn(labels)}</svg>",
        label=map_.label,
        title=title,
    )


def outline_definitions(shapes: Outlines) -> str:
    """Every outline once, with the hatching, for the maps of one page to use."""
    paths = "".join(f'<path id="{safe_id("d", name)}" d="{path}"/>' for name, path in shapes.paths.items())
    hidden = 'class="definitions" aria-hidden="true" focusable="false"'
    return f"<svg {hidden}><defs>{_pattern()}{paths}</defs></svg>"


def swatch_drawing(token: str) -> str:
    """One class of a legend as a small picture, for print."""
    shape = f'<rect x=".5" y=".5" width="21" height="13" fill="{_paint(token)}" stroke="{LIGHT["stone-2"]}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 14">{_pattern()}{shape}</svg>'


def locator(names: Mapping[str, str], shapes: Outlines, anchors: Mapping[str, str]) -> str:
    """A map of links to each district, for pointers; an index of names says the same to a keyboard."""
    links = "".join(
        f'<a href="#{anchors[name]}" tabindex="-1"><use href="#{safe_id("d", name)}">'
        f"<title>{escape(plain(names[name]))}</title></use></a>"
        for name in shapes.paths
        if name in anchors
    )
    size = f'viewBox="0 0 {shapes.width:g} {shapes.height:g}"'
    return f'<svg class="map locator" {size} aria-hidden="true" focusable="false">{links}</svg>'


def _groups(map_: Choropleth, shapes: Outlines) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name in shapes.paths:
        groups.setdefault(_token(map_, name), []).append(name)
    return dict(sorted(groups.items()))


def _token(map_: Choropleth, district: str) -> str:
    return _HATCH if district in map_.too_few else map_.scale.token(map_.values.get(district))


def _use(map_: Choropleth, district: str) -> str:
    value = map_.values.get(district)
    if district in map_.too_few:
        said = "too few to show"
    else:
        said = "no data" if value is None or not np.isfinite(value) else map_.form(value)
    name = escape(plain(map_.names.get(district, district)))
    return f'<use href="#{safe_id("d", district)}"><title>{name}: {escape(said)}</title></use>'


def _paint(token: str) -> str:
    return f"url(#{_HATCH})" if token == _HATCH else LIGHT[token]


def _pattern() -> str:
    return (
        f'<pattern id="{_HATCH}" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path class="hatch-ground" d="M0 0h5v5H0z" fill="{LIGHT["paper"]}"/>'
        f'<path class="hatch-line" d="M0 0v5" stroke="{LIGHT["stone-3"]}" stroke-width="1.6"/></pattern>'
    )


def _labels(map_: Choropleth, shapes: Outlines) -> str:
    marks = [
        f'<circle cx="{x:g}" cy="{y:g}" r="8.2"/><text x="{x:g}" y="{y + 3.9:g}">{number}</text>'
        for number, (x, y) in enumerate(
            (shapes.points[name] for name in map_.labelled if name in shapes.points), 1
        )
    ]
    return f'<g class="label" aria-hidden="true">{"".join(marks)}</g>' if marks else ""


def _labels_drawn(labels: str) -> str:
    drawn = labels.replace("<circle", f'<circle fill="{LIGHT["ink"]}"').replace(
        "<text", f'<text fill="{LIGHT["paper"]}" font-size="11" font-weight="bold" text-anchor="middle"'
    )
    return drawn.replace(' class="label" aria-hidden="true"', "")
