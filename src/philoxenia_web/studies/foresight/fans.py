"""Months with and without: two fans in one picture, drawn by the engine, the same in words and as a table."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia.report.charts import (
    Point,
    Setting,
    Spec,
    band_layer,
    drawn_picture,
    end_label,
    line_layer,
    timeline,
)
from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.foresight.reading import WITHOUT, ForesightReading, Row
from philoxenia_web.studies.report.arrivals_page import inline
from philoxenia_web.studies.report.figures import setting
from philoxenia_web.studies.report.sentences import say
from philoxenia_web.ui import numbers

_NEAR = 0.08
_SIZE = (430, 220)


@dataclass(frozen=True)
class Panel:
    """One measure: its picture, what it shows in words, and its months as rows."""

    title: str
    unit: str
    picture: SafeString
    words: SafeString
    rows: list[dict[str, str]]


def panel(reading: ForesightReading, plan: str, measure: str) -> Panel:
    """A measure without the plan and with it, month by month."""
    before, after = reading.months[WITHOUT, measure], reading.months.get((plan, measure), [])
    return Panel(
        names.measure(measure, reading.found.labels),
        names.unit(before[0]["unit"]),
        two_fans(before, after),
        _words(before[-1], after[-1] if after else None),
        _rows(before, after),
    )


def _words(before: Row, after: Row | None) -> SafeString:
    words = {"month": numbers.month(before["month"]), "without": _amount(before)}
    if after is None:
        return say(_("{month}: {without}."), **words)
    return say(_("{month}: {without} without, {after} with it."), after=_amount(after), **words)


def _amount(row: Row) -> str:
    return numbers.interval(row["mean"], row["p10"], row["p90"])


def _rows(before: list[Row], after: list[Row]) -> list[dict[str, str]]:
    later = {row["month"]: row for row in after}
    step = max(1, len(before) // 20)
    return [
        {
            "month": numbers.month(row["month"]),
            "without": _amount(row),
            "with": _amount(later[row["month"]]) if row["month"] in later else "",
        }
        for place, row in enumerate(before)
        if place % step == 0 or place == len(before) - 1
    ]


def two_fans(before: list[Row], after: list[Row]) -> SafeString:
    """Without, dashed in its band, and with, in its own; the last value of each written beside it."""
    here = setting(*_SIZE)
    first, last = _points(before), _points(after)
    layers = [_faint(band_layer(first, "gap-80"))]
    layers += [_faint(band_layer(last, "band-80"))] if last else []
    layers += [line_layer(first, "terracotta", 2.0, dashed=True)]
    layers += [line_layer(last, "aegean", 2.2)] if last else []
    layers += _labels(first, last, here)
    label = _("Month by month without it and with it; the words beside say the same.")
    spec = timeline(layers, before[0]["month"], before[-1]["month"], names.unit(before[0]["unit"]), here)
    return inline(drawn_picture(spec, label))


def _points(rows: list[Row]) -> list[Point]:
    return [Point(row["month"], row["mean"], row["p10"], row["p90"]) for row in rows]


def _faint(layer: Spec) -> Spec:
    layer["mark"]["opacity"] = 0.62
    return layer


def _labels(before: list[Point], after: list[Point], here: Setting) -> list[Spec]:
    first = end_label(before[-1:], "terracotta", here, _("without"))
    if not after:
        return first
    last = end_label(after[-1:], "aegean", here, _("with it"))
    top = max(one.high or one.value for one in (*before, *after))
    # Two labels at nearly one height would lie on each other.
    if abs(before[-1].value - after[-1].value) < _NEAR * top:
        up = before[-1].value >= after[-1].value
        first[0]["mark"]["dy"], last[0]["mark"]["dy"] = (-8, 8) if up else (8, -8)
    return [*first, *last]
