"""Pictures of futures: month by month with and without the plan, and where among the futures it fails.

Owns how numbers become signs; a failing future has a shape of its own. Every chart has a function that says
the same in sentences.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

import polars as pl

from philoxenia.report.charts import (
    Point,
    Spec,
    band_layer,
    drawn_picture,
    line_layer,
    place_in_time,
    timeline,
)
from philoxenia.report.document import Picture
from philoxenia.report.foresight.drawing import Axis, Canvas, legend_height, money_axis, plain_axis
from philoxenia.report.foresight.types import Foresight
from philoxenia.report.foresight.view import ENGLISH, View
from philoxenia.report.tokens import LIGHT
from philoxenia.report.words import sentence_case

WITHOUT = "without"
_CLOSE = 0.07
_MOST_NAMED = 5
_LIMIT = re.compile(r"(\S+) (above|below) (-?[\d.e+]+)$")


@dataclass(frozen=True)
class Course:
    """A measure month by month without and with a plan, and the value that warns, where there is one."""

    name: str
    unit: str
    without: tuple[Point, ...]
    with_plan: tuple[Point, ...]
    threshold: float | None = None


def course(found: Foresight, measure: str, plan: str, view: View = ENGLISH) -> Course:
    """A measure of `months` without and with a plan (or action), with the threshold of its first trigger."""
    rows = found["months"].filter(pl.col("measure") == measure)
    units = rows["unit"].unique(maintain_order=True).to_list()
    warning = (
        found["triggers"]
        .filter(pl.col("plan") == plan, pl.col("indicator") == measure)["threshold"]
        .to_list()
    )
    return Course(
        sentence_case(view.name(measure)),
        view.own(units[0]) if units else "",
        _points(rows, WITHOUT),
        _points(rows, plan),
        float(warning[0]) if warning else None,
    )


def _points(rows: pl.DataFrame, plan: str) -> tuple[Point, ...]:
    own = rows.filter(pl.col("plan") == plan).sort("month")
    return tuple(Point(*row) for row in own.select("month", "p50", "p10", "p90").iter_rows())


def months_chart(found: Course, label: str, title: str = "", view: View = ENGLISH) -> Picture:
    """Without the plan a broken line, with it a whole one, each in its band, named at its end; the value that
    warns as a level line."""
    every = (*found.without, *found.with_plan)
    if not every:
        return Canvas(view, plain_axis([], view, found.unit), 20.0, label).picture(title)
    first, last = min(one.time for one in every), max(one.time for one in every)
    layers = [band_layer(found.without, "gap-80"), band_layer(found.with_plan, "band-80")]
    layers += [
        line_layer(found.without, "terracotta", 1.8, dashed=True),
        line_layer(found.with_plan, "aegean", 2.2),
    ]
    layers += _ends(found, view) + _warning(found, first, last, view)
    layers = [layer for layer in layers if layer["data"]["values"]]
    return drawn_picture(timeline(layers, first, last, view.together(found.unit), view), label, title)


def _ends(found: Course, view: View) -> list[Spec]:
    """Names at the ends of the lines, moved apart where they would cover each other."""
    ends = [
        (points[-1], view.text(id_), paint)
        for points, id_, paint in (
            (found.without, "months.without", "terracotta"),
            (found.with_plan, "months.with", "aegean"),
        )
        if points
    ]
    top = max((one.high or one.value for one in (*found.without, *found.with_plan)), default=1.0)
    near = len(ends) == 2 and abs(ends[0][0].value - ends[1][0].value) < _CLOSE * top
    shift = 7 if near and ends[0][0].value >= ends[1][0].value else -7 if near else 0
    return [
        _end(point, said, paint, move, view)
        for (point, said, paint), move in zip(ends, (-shift, shift), strict=False)
    ]


def _end(point: Point, said: str, paint: str, shift: float, view: View) -> Spec:
    amount = view.apart(point.value, point.low, point.high)[0]
    style = {"fontSize": 11, "fontWeight": "bold", "fill": LIGHT[paint], "dx": 5, "dy": shift}
    row = {"t": place_in_time(point.time), "v": point.value, "s": view.together(f"{amount} {said}")}
    return {
        "data": {"values": [row]},
        "mark": {"type": "text", "align": "left", "baseline": "middle", **style},
        "encoding": {"y": {"field": "v", "type": "quantitative"}, "text": {"field": "s"}},
    }


def _warning(found: Course, first: str, last: str, view: View) -> list[Spec]:
    if found.threshold is None or not isfinite(found.threshold):
        return []
    level = abs(found.threshold)
    said = view.together(view.text("months.trigger", figure=view.number(level)))
    style = {"fontSize": 10.5, "fill": LIGHT["ink"], "dy": -4}
    words = {
        "data": {"values": [{"t": place_in_time(first), "v": level, "s": said}]},
        "mark": {"type": "text", "align": "left", "baseline": "bottom", **style},
        "encoding": {"y": {"field": "v", "type": "quantitative"}, "text": {"field": "s"}},
    }
    return [line_layer([Point(first, level), Point(last, level)], "ink", 1.2), words]


def months_words(found: Course, view: View = ENGLISH) -> list[str]:
    """What `months_chart` shows at its end, in sentences."""
    if not found.without or not found.with_plan:
        return [view.text("told.nothing")]
    amounts = (
        view.interval(one.value, one.low, one.high) for one in (found.without[-1], found.with_plan[-1])
    )
    month = view.month(found.with_plan[-1].time)
    said = [
        view.text("told.months", name=found.name, month=month, without=next(amounts), with_plan=next(amounts))
    ]
    if found.threshold is not None:
        said.append(view.text("told.trigger", figure=view.number(abs(found.threshold)), unit=found.unit))
    return said


@dataclass(frozen=True)
class Limit:
    """One side of a box: an uncertainty, from `low` to `high`; None where it is not restricted. `yes_or_no`:
    it is 1 where something comes and 0 where not."""

    name: str
    low: float | None
    high: float | None
    yes_or_no: bool = False


@dataclass(frozen=True)
class Frame:
    """A box of futures in which a plan fails, its most restricting uncertainties first, and the futures on
    the first two: (across, down, fails). `beside_net`: one uncertainty alone, down is the net dividend."""

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float
    points: tuple[tuple[float, float, bool], ...] = ()
    beside_net: bool = False


def frames(found: Foresight, plan: str, view: View = ENGLISH) -> list[Frame]:
    """The boxes of a plan; without points where the futures do not tell which fail."""
    boxes = found["boxes"].filter(pl.col("plan") == plan)
    made = []
    for _box, rows in boxes.group_by("box", maintain_order=True):
        ordered = rows.sort("quasi_p", "name", nulls_last=True).to_dicts()
        limits = tuple(_side(found, row, view) for row in ordered)
        coverage, density, mass = (float(ordered[0][key]) for key in ("coverage", "density", "mass"))
        points = _futures(found, plan, [row["name"] for row in ordered])
        made.append(Frame(limits, coverage, density, mass, points, len(limits) == 1))
    return made


def _side(found: Foresight, row: dict[str, Any], view: View) -> Limit:
    futures, name = found["futures"], row["name"]
    drawn = set(futures[name].unique().to_list()) if name in futures.columns else set()
    return Limit(
        sentence_case(view.name(name)), row["low"], row["high"], drawn <= {0.0, 1.0} and len(drawn) == 2
    )


def _futures(found: Foresight, plan: str, names: Sequence[str]) -> tuple[tuple[float, float, bool], ...]:
    """Futures on the first two uncertainties; of a box with one alone, on it and the net dividend."""
    futures, failing = found["futures"], fails(found, plan)
    pair = [name for name in (*names, f"net.{plan}") if name in futures.columns][:2]
    if failing is None or len(pair) < 2:
        return ()
    across, down = (futures[name].cast(pl.Float64).to_list() for name in pair)
    points = zip(across, down, failing, strict=True)
    return tuple((x, y, fell) for x, y, fell in points if x is not None and y is not None)


def fails(found: Foresight, plan: str) -> list[bool] | None:
    """In which futures a plan fails, as they stand in `futures`; None where that is not kept."""
    futures = found["futures"]
    if f"fails.{plan}" in futures.columns:
        return [bool(one) for one in futures[f"fails.{plan}"]]
    rules = found["failures"].filter(pl.col("plan") == plan)["rule"].to_list()
    rule = _LIMIT.match(rules[0]) if rules else None
    if rule is None or rule[1] != "net" or f"net.{plan}" not in futures.columns:
        return None
    limit, above = float(rule[3]), rule[2] == "above"
    values = futures[f"net.{plan}"]
    return ((values > limit) if above else (values < limit)).fill_null(value=False).to_list()


def box_chart(frame: Frame, label: str, title: str = "", view: View = ENGLISH) -> Picture:
    """Futures on the two most restricting uncertainties: a hollow diamond where the plan fails, a small dot
    where it holds, and the box as a frame."""
    legend = [f"◇ {view.text('box.fails')}", f"● {view.text('box.holds')}", f"□ {view.text('box.limits')}"]
    axes = [_axis(frame, side, view) for side in (0, 1)]
    room = legend_height(legend, view)
    canvas = Canvas(view, axes[0], view.height, label, axes[1], words_beside=False, top=room)
    canvas.legend(legend)
    (left, right), (low, high) = (_ends_of(frame, side, axes[side]) for side in (0, 1))
    canvas.box((left, right), (low, high), "band-95", "ink")
    canvas.signs([(x, y) for x, y, failing in frame.points if not failing], "circle", "stone-3", 12)
    canvas.signs(
        [(x, y) for x, y, failing in frame.points if failing], "diamond", "terracotta", 45, filled=False
    )
    return canvas.picture(title)


def _axis(frame: Frame, side: int, view: View) -> Axis:
    if side and frame.beside_net:
        net = money_axis([point[1] for point in frame.points], view)
        return replace(net, unit=f"{sentence_case(view.name('net'))}, {net.unit}")
    limit = _limit_of(frame, side)
    amounts = [point[side] for point in frame.points] + [
        one for one in (limit.low, limit.high) if one is not None
    ]
    return plain_axis(amounts, view, limit.name)


def _limit_of(frame: Frame, side: int) -> Limit:
    return frame.limits[side] if side < len(frame.limits) else Limit("", None, None)


def _ends_of(frame: Frame, side: int, axis: Axis) -> tuple[float, float]:
    limit = _limit_of(frame, side)
    return (axis.low if limit.low is None else limit.low, axis.high if limit.high is None else limit.high)


def box_words(frame: Frame, view: View = ENGLISH) -> str:
    """A box in one sentence."""
    hundred = (f"{100 * share:.0f}" for share in (frame.mass, frame.density, frame.coverage))
    count, density, coverage = hundred
    said = [_limit(limit, view) for limit in frame.limits]
    if len(said) > _MOST_NAMED:
        said = [*said[: _MOST_NAMED - 1], view.text("told.more", count=len(said) - _MOST_NAMED + 1)]
    limits = view.listing(said)
    return view.text(
        "told.box", limits=sentence_case(limits), count=count, density=density, coverage=coverage
    )


def _limit(limit: Limit, view: View) -> str:
    name = limit.name[:1].lower() + limit.name[1:]
    if limit.yes_or_no:
        return view.text("told.box_no" if limit.low is None else "told.box_yes", name=name)
    between = limit.low is not None and limit.high is not None
    id_ = "between" if between else "below" if limit.low is None else "above"
    return view.text(f"told.box_{id_}", name=name, low=view.number(limit.low), high=view.number(limit.high))
