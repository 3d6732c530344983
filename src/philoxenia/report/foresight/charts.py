"""Pictures of a dividend: what each constituency gains or loses over the futures, actions, drivers.

Owns how numbers become signs; finding, table and sources stand around the picture. Gain and loss differ in
shape, not in colour alone. Every chart has a function that says the same in sentences.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.report.document import Picture
from philoxenia.report.foresight.drawing import WIDE, Canvas, legend_height, money_axis
from philoxenia.report.foresight.types import CONSTITUENCIES, Foresight
from philoxenia.report.foresight.view import ENGLISH, View
from philoxenia.report.words import sentence_case

_DOTS = 20
_GAIN, _LOSS = ("circle", "olive"), ("diamond", "terracotta")
_STACK, _SIGN = 34.0, 5.4


@dataclass(frozen=True)
class Spread:
    """An amount over the futures. `values`: that of every future, may be empty where only these are known."""

    name: str
    mean: float
    p10: float
    p50: float
    p90: float
    share_losing: float
    values: tuple[float, ...] = ()


def spreads(found: Foresight, action: str, view: View = ENGLISH) -> list[Spread]:
    """What an action (or the main plan) brings each constituency, from `dividends` and `samples`."""
    rows = found["dividends"].filter(pl.col("action") == action, pl.col("kind") == "constituency")
    by_name = {row["name"]: row for row in rows.iter_rows(named=True)}
    samples = found["samples"].filter(pl.col("action") == action).sort("future")
    return [
        _spread(sentence_case(view.name(name)), by_name[name], tuple(samples[name]))
        for name in CONSTITUENCIES
        if name in by_name
    ]


def ranking(found: Foresight, view: View = ENGLISH, kind: str = "net") -> list[Spread]:
    """The net dividend (or another total) of every action, the largest mean first."""
    known = found["actions"]["action"].to_list()
    fits = (pl.col("kind") == "total") & (pl.col("name") == kind) & pl.col("action").is_in(known)
    rows = found["dividends"].filter(fits).sort("mean", "action", descending=[True, False])
    return [_spread(sentence_case(view.name(row["action"])), row) for row in rows.iter_rows(named=True)]


def _spread(name: str, row: dict[str, float], values: tuple[float, ...] = ()) -> Spread:
    mean, p10, p50, p90, losing = (float(row[key]) for key in ("mean", "p10", "p50", "p90", "share_losing"))
    return Spread(name, mean, p10, p50, p90, losing, values)


def dividend_chart(rows: Sequence[Spread], label: str, title: str = "", view: View = ENGLISH) -> Picture:
    """One row of signs a constituency: each sign one part of the futures, its place what they gain, its shape
    whether that is a loss; below, a line over 8 of 10 futures and a stroke at the middle one."""
    dots = _dots(rows)
    amounts = [value for row in rows for value in (row.p10, row.p90, *_quantiles(row, dots))]
    legend = _dividend_legend(dots, view)
    first = legend_height(legend, view)
    tall = 48.0 if view.width >= WIDE else 98.0
    canvas = Canvas(view, money_axis(amounts, view), first + tall * len(rows), label)
    canvas.legend(legend)
    for place, row in enumerate(rows):
        top = first + tall * place
        canvas.stroke(0.0, top + (0 if canvas.beside else 48), top + tall, "stone-3", 1.2)
        _row_words(canvas, row, top)
        _row_signs(canvas, row, dots, top + tall - 14)
    return canvas.picture(title)


def _dots(rows: Sequence[Spread]) -> int:
    return min([_DOTS, *(len(row.values) for row in rows if row.values)])


def _quantiles(row: Spread, dots: int) -> list[float]:
    """Where the signs lie: `dots` futures that stand for all of them (quantile dot plot, Kay et al. 2016)."""
    if not row.values:
        return []
    return [float(one) for one in np.quantile(row.values, (np.arange(dots) + 0.5) / dots)]


def _row_words(canvas: Canvas, row: Spread, top: float) -> None:
    view, step = canvas.view, canvas.across.step
    amount = view.interval(row.mean / step, row.p10 / step, row.p90 / step)
    canvas.text(row.name, top + 10, size=12, bold=True)
    canvas.text(amount, top + 26, paint="ink-soft")
    token = "terracotta" if row.share_losing > 0 else "ink-soft"
    canvas.text(view.loses(row.share_losing), top + 40, paint=token)


def _row_signs(canvas: Canvas, row: Spread, dots: int, base: float) -> None:
    canvas.rule(row.p10, row.p90, base + 5, "stone-3", 2.5)
    canvas.stroke(row.p50, base + 1, base + 9, "ink", 2.0)
    places = _stacked(_quantiles(row, dots), canvas.per_pixel() * _SIGN)
    highest = max((level for _amount, level in places), default=0)
    step = min(_SIGN + 0.4, _STACK / max(highest, 1))
    points = [(amount, base - 4 - level * step) for amount, level in places]
    for (shape, token), losing in ((_GAIN, False), (_LOSS, True)):
        own = [point for point in points if (point[0] < 0) == losing]
        canvas.signs(own, shape, token, 20, filled=not losing)


def _stacked(amounts: Sequence[float], width: float) -> list[tuple[float, int]]:
    """Each amount with the number of signs below it; a stack spans no more than `width` and not zero."""
    found: list[tuple[float, int]] = []
    first, level = float("-inf"), 0
    for amount in amounts:
        together = amount - first < width and (amount < 0) == (first < 0)
        first, level = (first, level + 1) if together else (amount, 0)
        found.append((amount, level))
    return found


def _dividend_legend(dots: int, view: View) -> list[str]:
    signs = [f"● {view.text('share.gain')}", f"◇ {view.text('share.loss')}"]
    said = view.text("chart.dot") if dots == 1 else view.text("chart.dots", count=dots)
    return [*signs, said, view.text("chart.span"), view.text("chart.middle")]


def dividend_words(rows: Sequence[Spread], view: View = ENGLISH) -> list[str]:
    """What `dividend_chart` shows, in sentences."""
    if not rows:
        return [view.text("told.nothing")]
    return [
        view.text(
            "told.spread",
            name=row.name,
            amount=view.money(row.mean, row.p10, row.p90),
            loses=view.loses(row.share_losing),
        )
        for row in rows
    ] or [view.text("told.nothing")]


def ranking_chart(rows: Sequence[Spread], label: str, title: str = "", view: View = ENGLISH) -> Picture:
    """Actions by their net dividend: a line over 8 of 10 futures, a sign at the mean: filled where it is a
    gain, hollow and of another shape where it is a loss."""
    legend = [f"● {view.text('chart.above')}", f"◇ {view.text('chart.below')}", view.text("chart.span")]
    amounts = [value for row in rows for value in (row.mean, row.p10, row.p90)]
    canvas, downs = _in_rows(rows, amounts, legend, label, view)
    for row, down in zip(rows, downs, strict=True):
        canvas.rule(row.p10, row.p90, down, "stone-3", 2.5)
        shape, token = _GAIN if row.mean >= 0 else _LOSS
        canvas.signs([(row.mean, down)], shape, token, 70, filled=row.mean >= 0)
    return canvas.picture(title)


def _in_rows(
    rows: Sequence["Spread | Driver"], amounts: Sequence[float], legend: Sequence[str], label: str, view: View
) -> tuple[Canvas, list[float]]:
    """A canvas with the names of rows and a line at zero, and where the marks of each row lie."""
    tall = 30.0 if view.width >= WIDE else 40.0
    first = legend_height(legend, view)
    canvas = Canvas(view, money_axis(amounts, view), first + tall * len(rows), label)
    canvas.legend(legend)
    downs = []
    for place, row in enumerate(rows):
        top = first + tall * place
        downs.append(top + (tall / 2 if canvas.beside else 28.0))
        canvas.heading(row.name, downs[-1] if canvas.beside else top + 12)
        canvas.stroke(0.0, top if canvas.beside else downs[-1] - 8, top + tall, "stone-3", 1.2)
    return canvas, downs


def ranking_words(rows: Sequence[Spread], view: View = ENGLISH) -> list[str]:
    """What `ranking_chart` shows, in sentences."""
    return [
        view.text(
            "told.action",
            rank=rank,
            name=row.name,
            amount=view.money(row.mean, row.p10, row.p90),
            futures=view.futures(row.share_losing),
        )
        for rank, row in enumerate(rows, 1)
    ] or [view.text("told.nothing")]


@dataclass(frozen=True)
class Driver:
    """The mean net dividend where one uncertainty lies at its low end, and where it lies at its high end."""

    name: str
    at_low: float
    at_high: float


def drivers(found: Foresight, action: str, view: View = ENGLISH, most: int = 8) -> list[Driver]:
    """What the net dividend of an action (or the main plan) hangs on, the widest swing first."""
    widest = (pl.col("at_high") - pl.col("at_low")).abs()
    own = found["drivers"].filter(pl.col("action") == action)
    rows = own.sort(widest, "name", descending=[True, False], nulls_last=True)
    return [
        Driver(sentence_case(view.name(row["name"])), float(row["at_low"]), float(row["at_high"]))
        for row in rows.head(most).iter_rows(named=True)
    ]


def tornado_chart(
    rows: Sequence[Driver], mean: float, label: str, title: str = "", view: View = ENGLISH
) -> Picture:
    """Drivers as bars around the mean, the widest on top: a hollow square at the low end of the uncertainty,
    a filled circle at its high end."""
    legend = [
        f"□ {view.text('chart.at_low')}",
        f"● {view.text('chart.at_high')}",
        f"| {view.text('chart.mean')}",
    ]
    amounts = [mean, *(value for row in rows for value in (row.at_low, row.at_high))]
    canvas, downs = _in_rows(rows, amounts, legend, label, view)
    for row, down in zip(rows, downs, strict=True):
        canvas.rule(min(row.at_low, row.at_high), max(row.at_low, row.at_high), down, "band-80", 9)
        canvas.stroke(mean, down - 8, down + 8, "ink", 1.4)
        canvas.signs([(row.at_low, down)], "square", "aegean", 55, filled=False)
        canvas.signs([(row.at_high, down)], "circle", "aegean", 60)
    return canvas.picture(title)


def tornado_words(rows: Sequence[Driver], view: View = ENGLISH) -> list[str]:
    """What `tornado_chart` shows, in sentences."""
    return [
        view.text("told.driver", name=row.name, low=view.money(row.at_low), high=view.money(row.at_high))
        for row in rows
    ] or [view.text("told.nothing")]
