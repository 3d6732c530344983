"""Charts as SVG by Vega-Lite: fans of forecasts, recorded beside estimated, gaps by month, comparisons.

Owns how numbers become a picture; titles, units in words and text equivalents belong to the figure around it.
A chart is drawn in the light colours and turned to tokens for the page, so that it follows dark mode.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import vl_convert

from philoxenia.report.document import Picture
from philoxenia.report.names import plain
from philoxenia.report.numbers import middle_of
from philoxenia.report.tokens import LIGHT, with_tokens
from philoxenia.vocabulary import parse_period

Spec = dict[str, Any]
Rows = list[dict[str, Any]]

_FONT = "Libertinus Serif"
_ROOM_FOR_LABEL = 0.22


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Setting:
    """The words inside a chart in the reader's language, how its figures are written, and its size.

    `marks` are the signs between thousands and before decimals.
    """

    months: Sequence[str] = _MONTHS
    wanted: str = "wanted"
    recorded: str = "recorded"
    figure: Callable[[float, float | None, float | None], str] = middle_of
    marks: tuple[str, str] = (",", ".")
    width: int = 280
    height: int = 180


ENGLISH = Setting()


@dataclass(frozen=True)
class Point:
    """A value at a time, with the bounds of its interval where it has one."""

    time: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Fan:
    """A series and its forecast. Bands are pairs of level and points (low, high), widest first."""

    history: Sequence[Point]
    middle: Sequence[Point]
    bands: Sequence[tuple[str, Sequence[Point]]]
    unit: str
    label: str
    baseline: float | None = None
    baseline_label: str = ""


def fan_chart(fan: Fan, title: str = "", setting: Setting = ENGLISH) -> Picture:
    """History as a line, the forecast as a line in bands of one hue, the last value written beside it."""
    first = min(point.time for point in (*fan.history, *fan.middle))
    last = max(point.time for point in (*fan.history, *fan.middle))
    layers = [band_layer(points, f"band-{level}") for level, points in fan.bands]
    if fan.baseline is not None:
        layers += _baseline(fan.baseline, fan.baseline_label, first, last)
    layers += [line_layer(fan.history, "ink", 1.4), line_layer(_joined(fan), "aegean", 2.2)]
    layers += end_label(fan.middle[-1:], "aegean", setting)
    return drawn_picture(timeline(layers, first, last, fan.unit, setting), fan.label, title)


def recorded_chart(
    recorded: Sequence[Point],
    estimated: Sequence[Point],
    unit: str,
    label: str,
    title: str = "",
    setting: Setting = ENGLISH,
) -> Picture:
    """What was recorded as a line, what would have come as a line in its band, both written out."""
    first = min(point.time for point in (*recorded, *estimated))
    last = max(point.time for point in (*recorded, *estimated))
    layers = [
        band_layer(estimated, "gap-80"),
        line_layer(estimated, "terracotta", 2.0, dashed=True),
        line_layer(recorded, "ink", 1.6),
        *end_label(estimated[-1:], "terracotta", setting, setting.wanted),
        *end_label(recorded[-1:], "ink", setting, setting.recorded),
    ]
    return drawn_picture(timeline(layers, first, last, unit, setting), label, title)


def gap_chart(
    gaps: Sequence[Point], unit: str, label: str, title: str = "", setting: Setting = ENGLISH
) -> Picture:
    """A gap by month in its band, the last one written beside it."""
    first, last = gaps[0].time, gaps[-1].time
    layers = [
        band_layer(gaps, "gap-80"),
        line_layer(gaps, "terracotta", 2.2),
        *end_label(gaps[-1:], "terracotta", setting),
    ]
    return drawn_picture(timeline(layers, first, last, unit, setting), label, title)


def _joined(fan: Fan) -> list[Point]:
    """The forecast begins at the last record, so that the line does not break."""
    return [*fan.history[-1:], *fan.middle]


def place_in_time(time: str) -> float:
    """A period as a year with its fraction, for an axis."""
    period = parse_period(time)
    return period.ordinal / period.frequency.per_year


def _values(points: Sequence[Point]) -> Rows:
    return [{"t": round(place_in_time(p.time), 4), "v": p.value, "l": p.low, "h": p.high} for p in points]


def line_layer(points: Sequence[Point], token: str, width: float, dashed: bool = False) -> Spec:
    mark = {"type": "line", "stroke": LIGHT[token], "strokeWidth": width, "strokeJoin": "round"}
    if dashed:
        mark["strokeDash"] = [5, 3]
    return {
        "data": {"values": _values(points)},
        "mark": mark,
        "encoding": {"y": {"field": "v", "type": "quantitative"}},
    }


def band_layer(points: Sequence[Point], token: str) -> Spec:
    """The interval of points as an area."""
    return {
        "data": {"values": _values(points)},
        "mark": {"type": "area", "fill": LIGHT[token], "line": False},
        "encoding": {"y": {"field": "l", "type": "quantitative"}, "y2": {"field": "h"}},
    }


def _baseline(value: float, label: str, first: str, last: str) -> list[Spec]:
    ends = [Point(first, value), Point(last, value)]
    line = line_layer(ends, "stone-3", 1.0, dashed=True)
    text = {
        "data": {"values": [{"t": place_in_time(first), "v": value, "s": label}]},
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "bottom",
            "dy": -3,
            "fontSize": 10.5,
            "fill": LIGHT["ink-soft"],
        },
        "encoding": {"y": {"field": "v", "type": "quantitative"}, "text": {"field": "s"}},
    }
    return [line, text]


def end_label(points: Sequence[Point], token: str, setting: Setting, word: str = "") -> list[Spec]:
    rows = [
        row | {"s": f"{setting.figure(row['v'], row['l'], row['h'])} {word}".strip()}
        for row in _values(points)
    ]
    style = {"fontSize": 12, "fontWeight": "bold", "fill": LIGHT[token]}
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6, **style},
            "encoding": {"y": {"field": "v", "type": "quantitative"}, "text": {"field": "s"}},
        }
    ]


def timeline(layers: list[Spec], first: str, last: str, unit: str, setting: Setting) -> Spec:
    start, end = place_in_time(first), place_in_time(last)
    span = max(end - start, 0.25)
    axis = {"title": None, "grid": False, **_time_ticks(start, end, setting)}
    x = {"field": "t", "type": "quantitative", "axis": axis}
    x["scale"] = {"domain": [start, end + span * _ROOM_FOR_LABEL], "nice": False, "zero": False}
    y_axis = {"title": unit, "titleAngle": 0, "titleAlign": "left", "titleX": 0, "titleY": -9, "tickCount": 4}
    y_axis |= localised(setting.marks)
    y = {"type": "quantitative", "axis": y_axis, "scale": {"zero": True, "nice": True}}
    for layer in layers:
        layer["encoding"]["y"] = layer["encoding"]["y"] | y
    fit = {"type": "fit", "contains": "padding"}
    size = {"width": setting.width, "height": setting.height, "autosize": fit}
    return configured({**size, "encoding": {"x": x}, "layer": layers})


def localised(marks: tuple[str, str]) -> Spec:
    """The signs of figures on an axis, where they are not those of English."""
    if marks == ENGLISH.marks:
        return {}
    group, decimal = (json.dumps(mark, ensure_ascii=False) for mark in marks)
    inner = f"replace(replace(datum.label, /,/g, '_'), /\\./g, {decimal})"
    return {"labelExpr": f"replace({inner}, /_/g, {group})"}


def _time_ticks(start: float, end: float, setting: Setting) -> Spec:
    """Years where the span is long; months written out where it is a year or two."""
    if end - start > 2.5:
        step = max(1, round((end - start) / 5))
        return {"values": list(range(int(-(-start // 1)), int(end) + 1, step)), "format": "d"}
    months = range(round(start * 12), round(end * 12) + 1)
    step = max(1, round(len(months) / 4))
    kept = [month for month in months if (months[-1] - month) % step == 0]
    # The year stands once, under the last month; a full label under each would not fit.
    names = json.dumps(list(setting.months), ensure_ascii=False)
    named = f"{names}[round(datum.value*12)%12]"
    spoken = f"datum.index == 1 ? {named} + ' ' + floor(round(datum.value*12)/12) : {named}"
    return {"values": [month / 12 for month in kept], "labelExpr": spoken}


def configured(spec: Spec) -> Spec:
    """The spec with the type and colours of every chart here."""
    axis = {
        "labelColor": LIGHT["ink-soft"], "titleColor": LIGHT["ink-soft"], "gridColor": LIGHT["stone-1"],
        "domain": False, "ticks": False, "labelPadding": 6, "labelFontSize": 11, "titleFontSize": 11,
        "titleFontWeight": "normal",
    }  # fmt: skip
    config = {"font": _FONT, "view": {"stroke": None}, "axis": axis, "axisX": {"labelFlush": False}}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": None,
        "config": config,
        **spec,
    }


def drawn_picture(spec: Spec, label: str, title: str = "") -> Picture:
    """A Vega-Lite spec in the colours of `LIGHT` as a picture: tokens for the page, colours for print."""
    drawn = _drawn(json.dumps(spec, sort_keys=True))
    opening = f'<svg class="chart" role="img" aria-label="{escape(plain(label))}" '
    page = with_tokens(drawn).replace(f' font-family="{_FONT}"', "")
    return Picture(page.replace("<svg ", opening, 1), drawn, label, title)


# Vega describes each mark for readers of the drawing; the figure around it says the same in fewer words.
_NOISE = re.compile(
    r' (?:role|aria-[a-z]+|class|pointer-events|xmlns:xlink|version|width|height|opacity)="(?!0)[^"]*"'
)
_EMPTY = re.compile(r'<path d="" display="none"/>|<path d="[Mm]0,0h0v0h0[Zz]"/>|<g></g>')
_LONG = re.compile(r"(\d+\.\d\d)\d+")
_TAG = re.compile(r"<[^>]*>")


def _tidied(svg: str) -> str:
    size = re.search(r'viewBox="[^"]*"', svg)
    svg = _NOISE.sub("", svg)
    # Only coordinates are shortened: 10.000 may be ten thousand in words.
    svg = _TAG.sub(lambda tag: _LONG.sub(r"\1", tag[0]), svg)
    for _ in range(3):
        svg = _EMPTY.sub("", svg)
    assert size is not None  # noqa: S101  (Vega always writes a view box)
    return svg


@lru_cache(maxsize=256)
def _drawn(spec: str) -> str:
    # One page of an application draws the same chart for many readers.
    return _tidied(vl_convert.vegalite_to_svg(json.loads(spec)))
