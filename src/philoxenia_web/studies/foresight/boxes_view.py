"""Futures in which the plan fails, in plain words: what they share, and how many failures that holds."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia_web.studies.foresight import drawings, names, plan_words
from philoxenia_web.studies.foresight.plan_words import Words
from philoxenia_web.studies.foresight.plans import Row
from philoxenia_web.studies.foresight.reading import ForesightReading
from philoxenia_web.studies.report.names import listed, told
from philoxenia_web.studies.report.sentences import say
from philoxenia_web.ui import numbers

_RULE = re.compile(r"^(\S+) (above|below) (-?[\d.,]+)(?: .*)?$")
_BY_CHANCE = 0.05
_MOST_DOTS = 400
_EDGE = 1e-9

# What is said of a range of an uncertainty: above the low end, below the high end, between both.
_SAID: Mapping[str, tuple[Promise, Promise, Promise]] = {
    "arrivals": (
        gettext_lazy("more than {low} people a month come"),
        gettext_lazy("fewer than {high} people a month come"),
        gettext_lazy("between {low} and {high} people a month come"),
    ),
    "shelter_intake_in_all": (
        gettext_lazy("more than {low} people a month come to the shelters"),
        gettext_lazy("fewer than {high} people a month come to the shelters"),
        gettext_lazy("between {low} and {high} people a month come to the shelters"),
    ),
    "rent_growth": (
        gettext_lazy("rents rise by more than {low} a year"),
        gettext_lazy("rents rise by less than {high} a year"),
        gettext_lazy("rents rise by {low} to {high} a year"),
    ),
    "exit_factor": (
        gettext_lazy("people find homes at more than {low} of the usual pace"),
        gettext_lazy("people find homes at less than {high} of the usual pace"),
        gettext_lazy("people find homes at {low} to {high} of the usual pace"),
    ),
    "departure_factor": (
        gettext_lazy("people leave the city at more than {low} of the usual pace"),
        gettext_lazy("people leave the city at less than {high} of the usual pace"),
        gettext_lazy("people leave the city at {low} to {high} of the usual pace"),
    ),
    "size": (
        gettext_lazy("“{name}” happens and is larger than {low}"),
        gettext_lazy("“{name}” does not happen or is smaller than {high}"),
        gettext_lazy("“{name}” happens, between {low} and {high} in size"),
    ),
    "begins": (
        gettext_lazy("{name} begins after {low}"),
        gettext_lazy("{name} begins before {high}"),
        gettext_lazy("{name} begins between {low} and {high}"),
    ),
    "": (
        gettext_lazy("{name}: above {low}"),
        gettext_lazy("{name}: below {high}"),
        gettext_lazy("{name}: between {low} and {high}"),
    ),
}
# Counted over the whole time, told by month.
_IN_ALL: Mapping[str, Promise] = {
    "arrivals": gettext_lazy("How many people come in a month"),
    "shelter_intake_in_all": gettext_lazy("How many people come to the shelters in a month"),
}
_FACTORS = ("exit_factor", "departure_factor")
_FACTOR_KINDS = ("capacity", "rate", "effect", "cost", "lever")


def rule_words(rule: str, words: Words) -> SafeString:
    """When a plan counts as failing."""
    known = _RULE.match(rule.strip())
    if known is None:
        return told(rule)
    measure, side, amount = known[1], known[2], float(known[3].replace(",", ""))
    if measure in ("net", "net_below", "dividend"):
        return say(_("it brings less than {amount} beyond its cost"), amount=words.money(amount))
    said = {"measure": names.measure(measure, words.reading.found.labels), "amount": numbers.number(amount)}
    if side == "above":
        return say(_("this goes above {amount} in some month: {measure}"), **said)
    return say(_("this falls below {amount} in some month: {measure}"), **said)


def boxes_of(reading: ForesightReading, words: Words) -> list[dict[str, Any]]:
    """The boxes of the plan asked for, the one that covers most failures first."""
    by_box: dict[int, list[Row]] = {}
    for row in reading.found["boxes"].iter_rows(named=True):
        if row["plan"] == reading.found.main_plan:
            by_box.setdefault(row["box"], []).append(row)
    boxes = sorted(by_box.values(), key=lambda rows: -(rows[0]["coverage"] or 0.0))
    return [_box(place, rows, reading, words) for place, rows in enumerate(boxes, start=1)]


def _box(place: int, rows: list[Row], reading: ForesightReading, words: Words) -> dict[str, Any]:
    first = rows[0]
    limits = [limit for row in rows if (limit := _limit(row, reading, words)) is not None]
    sure = [limit for limit in limits if not limit["by_chance"]] or limits
    conditions = listed(say("{one}", one=limit["condition"]) for limit in sure)
    said = {
        "conditions": conditions,
        "covered": plan_words.of_ten(first["coverage"]),
        "failing": plan_words.of_ten(first["density"]),
        "mass": plan_words.of_ten(first["mass"]),
    }
    return {
        "number": place,
        "sentence": say(
            _(
                "When {conditions}: {covered} of all failures lie here, and the plan fails in {failing} such "
                "futures. Such futures are {mass} of all."
            ),
            **said,
        ),
        "limits": limits,
        "plot": _plot(rows, reading),
    }  # fmt: skip


def _limit(row: Row, reading: ForesightReading, words: Words) -> dict[str, Any] | None:
    """One condition in words; None where the whole range is inside."""
    name = row["name"]
    least, most = _range(name, reading)
    low = None if row["low"] is None or (least is not None and row["low"] <= least + _EDGE) else row["low"]
    high = None if row["high"] is None or (most is not None and row["high"] >= most - _EDGE) else row["high"]
    if low is None and high is None:
        return None
    called = _named(name, reading)
    inside = drawings.range_strip(
        least if low is None and least is not None else (low or 0.0),
        most if high is None and most is not None else (high or 0.0),
        0.0 if least is None else least,
        1.0 if most is None else most,
    )
    by_chance = row["quasi_p"] is not None and row["quasi_p"] > _BY_CHANCE
    return {
        "name": called,
        "condition": _condition(name, called, low, high, reading, words),
        "strip": inside,
        "by_chance": by_chance,
        "tried": _tried(name, least, most, reading, words),
        "sure": (_("perhaps by chance"), "attention") if by_chance else (_("not by chance"), "success"),
    }


def _condition(
    name: str, called: str, low: float | None, high: float | None, reading: ForesightReading, words: Words
) -> str:
    if _is_shock(name):
        comes = low is not None
        return (_("“{name}” happens") if comes else _("“{name}” does not happen")).format(name=called)
    last = name.rpartition(".")[2]
    kind = last if last in ("begins", "size") else name if name in _SAID else ""
    above, below, between = _SAID[kind]
    phrase = between if low is not None and high is not None else above if low is not None else below
    said = {side: _amount(name, value, reading, words) for side, value in (("low", low), ("high", high))}
    return str(phrase).format(name=called, **said)


def _amount(name: str, value: float | None, reading: ForesightReading, words: Words) -> str:
    """A value of an uncertainty with its unit."""
    if value is None:
        return ""
    months = reading.found.months
    if name in _IN_ALL:
        return numbers.number(value / max(len(months), 1))
    if name.endswith(".begins"):
        return (
            numbers.month(months[min(max(int(value), 0), len(months) - 1)]) if months else numbers.NOT_KNOWN
        )
    if name == "rent_growth" or name in _FACTORS or (name.endswith(".size") and value < 1):
        return numbers.percent(value)
    if name.partition(".")[0] in _FACTOR_KINDS:
        return _("%(share)s of what is expected") % {"share": numbers.percent(value)}
    if name.startswith(("value.", "benefit.")):
        return words.money(value)
    return numbers.number(value)


def _tried(
    name: str, least: float | None, most: float | None, reading: ForesightReading, words: Words
) -> str:
    """The range of all futures tried."""
    if least is None or most is None or _is_shock(name):
        return ""
    low, high = _amount(name, least, reading, words), _amount(name, most, reading, words)
    return numbers.together(_("%(low)s to %(high)s") % {"low": low, "high": high})


def _named(name: str, reading: ForesightReading) -> str:
    titles = {action: reading.title(action) for action in reading.actions}
    if _is_shock(name) or name.endswith((".begins", ".size")):
        return names.shock(name.split(".")[1], reading.found.labels)
    if name in _IN_ALL:
        return str(_IN_ALL[name])
    return names.uncertainty(name, reading.found.labels, titles)


def _is_shock(name: str) -> bool:
    return name.startswith("shock.") and name.count(".") == 1


def _range(name: str, reading: ForesightReading) -> tuple[float | None, float | None]:
    column = _column(name, reading)
    return (None, None) if column is None else (float(column.min()), float(column.max()))


def _column(name: str, reading: ForesightReading) -> "np.ndarray[Any, np.dtype[np.float64]] | None":
    if name not in reading.futures.columns or reading.futures.is_empty():
        return None
    values = reading.futures[name].cast(pl.Float64, strict=False).to_numpy()
    known = values[np.isfinite(values)]
    return values if known.size == values.size else None


def _plot(rows: list[Row], reading: ForesightReading) -> dict[str, Any] | None:
    """Futures by the first two conditions: where the plan fails, where not, and the box."""
    drawable = [
        row for row in rows if not _is_shock(row["name"]) and _column(row["name"], reading) is not None
    ]
    flags = f"fails.{reading.found.main_plan}"
    if len(drawable) < 2 or flags not in reading.futures.columns:
        return None
    across, up = drawable[:2]
    x, y = (_scaled(row["name"], reading) for row in (across, up))
    failed = reading.futures[flags].cast(pl.Boolean).fill_null(value=False).to_numpy()[:_MOST_DOTS]
    points = list(zip(x[:_MOST_DOTS].round(4).tolist(), y[:_MOST_DOTS].round(4).tolist(), strict=True))
    edges = [_edges(row, reading) for row in (across, up)]
    share = {"often": plan_words.in_ten(rows[0]["density"])}
    return {
        "title": _("Inside the frame the plan fails %(often)s") % share,
        "plot": drawings.Plot(
            label=_("Futures by the first two conditions; the same is said in the sentence above."),
            marks=[],
            across=_axis(x),
            up=_axis(y),
            across_title=_named(across["name"], reading) + _unit(across["name"]),
            up_title=_named(up["name"], reading) + _unit(up["name"]),
            clouds=[
                ("fine", [point for point, fails in zip(points, failed, strict=True) if not fails]),
                ("failed", [point for point, fails in zip(points, failed, strict=True) if fails]),
            ],
            frame=(edges[0][0], edges[1][0], edges[0][1], edges[1][1]),
        ),
    }


def _scaled(name: str, reading: ForesightReading) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Values as the words give them: shares in percent, arrivals a month."""
    values = _column(name, reading)
    return np.asarray((np.zeros(1) if values is None else values) * _scale(name, reading))


def _scale(name: str, reading: ForesightReading) -> float:
    if name in _IN_ALL:
        return 1.0 / max(len(reading.found.months), 1)
    in_percent = name == "rent_growth" or name in _FACTORS or name.partition(".")[0] in _FACTOR_KINDS
    return 100.0 if in_percent else 1.0


def _unit(name: str) -> str:
    in_percent = name == "rent_growth" or name in _FACTORS or name.partition(".")[0] in _FACTOR_KINDS
    return ", %" if in_percent else ""


def _edges(row: Row, reading: ForesightReading) -> tuple[float, float]:
    least, most = _range(row["name"], reading)
    low = row["low"] if row["low"] is not None else least
    high = row["high"] if row["high"] is not None else most
    scale = _scale(row["name"], reading)
    return (max(low or 0.0, least or 0.0) * scale, min(high or 0.0, most or 0.0) * scale)


def _axis(values: "np.ndarray[Any, np.dtype[np.float64]]") -> list[tuple[float, str]]:
    low, high = float(values.min()), float(values.max())
    return drawings.axis(low, high) if high > low else drawings.axis(low - 0.5, high + 0.5)
