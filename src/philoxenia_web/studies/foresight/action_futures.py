"""In which futures an action loses, which numbers decide it, and where it would stop to pay back."""

from typing import Any

import polars as pl
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia_web.studies.foresight import names, plots
from philoxenia_web.studies.foresight.dividend_words import in_futures
from philoxenia_web.studies.foresight.money import Money
from philoxenia_web.studies.foresight.reading import NET, ForesightReading, Row
from philoxenia_web.studies.report.sentences import say
from philoxenia_web.ui import numbers

_MOST, _FEWEST = 8, 3
_APART, _CHANCE = 0.35, 2.6
# Nobody is helped by a number that would have to be ten times as large.
_FAR = 10.0
_OF_PLANS, _OF_ACTIONS = ("net.", "fails."), ("effect", "cost", "lead", "benefit")


def called(reading: ForesightReading, name: str) -> str:
    """What an uncertain number is called."""
    titles = {one: reading.title(one) for one in reading.actions}
    return names.uncertainty(name, reading.found.labels, titles)


def drivers(reading: ForesightReading, action: str, money: Money) -> dict[str, Any] | None:
    """The numbers that move the outcome most, each from its low to its high end, the others as they come."""
    moving = [row for row in reading.rows("drivers", action) if row["swing"]]
    rows = sorted(moving, key=lambda row: -abs(row["swing"]))[:_MOST]
    net = reading.of(action, NET)
    if not rows or net is None:
        return None
    axis = plots.axis_of([{"p5": min(_ends(row)), "p95": max(_ends(row))} for row in rows])
    return {
        "axis": plots.scale(axis, [numbers.number(tick / money.step) for tick in axis.ticks]),
        "rows": [
            {
                "title": called(reading, row["name"]),
                "drawing": plots.swing(row["at_low"], row["at_high"], net["mean"], axis),
                "low": money.whole(row["at_low"]),
                "high": money.whole(row["at_high"]),
                "share": row["first_order"] if row["total"] is None else row["total"],
            }
            for row in rows
        ],
    }


def _ends(row: Row) -> tuple[float, float]:
    return row["at_low"], row["at_high"]


def switching(reading: ForesightReading, action: str) -> dict[str, Any] | None:
    """The value at which each number would turn the balance, the nearest first; far ones only named."""
    rows = [row for row in reading.rows("switching", action) if row["change"] is not None]
    net = reading.of(action, NET)
    if not rows or net is None:
        return None
    near = sorted((row for row in rows if abs(row["change"]) <= _FAR), key=lambda row: abs(row["change"]))
    return {
        "pays": net["mean"] > 0,
        "rows": [
            {
                "title": called(reading, row["name"]),
                "current": row["current"],
                "switching": row["switching"],
                "told": _turned(row),
            }
            for row in near
        ],
        "far": [called(reading, row["name"]) for row in rows if abs(row["change"]) > _FAR],
    }


def _turned(row: Row) -> str:
    if row["change"] < -1:
        return _("it would have to be the other way round")
    share = {"share": numbers.percent(abs(row["change"]))}
    return _("%(share)s lower") % share if row["change"] < 0 else _("%(share)s higher") % share


def when_it_loses(reading: ForesightReading, action: str) -> dict[str, Any] | None:
    """What the futures with a loss have in common, beside the others."""
    samples = reading.samples(action)
    if samples.is_empty():
        return None
    losing = samples.filter(pl.col(NET) < 0).height
    context = {"losing": losing, "all": samples.height, "odds": in_futures(losing / samples.height)}
    if losing < _FEWEST or samples.height - losing < _FEWEST:
        return context
    rows = _apart(reading, samples, action)
    return context | {"compared": True, "rows": rows, "told": [_said(row) for row in rows[:3]]}


def _apart(reading: ForesightReading, samples: pl.DataFrame, action: str) -> list[dict[str, Any]]:
    """Uncertain numbers whose middle differs between futures with a loss and the others, the most first."""
    both = reading.futures.join(samples.select("future", (pl.col(NET) < 0).alias("_loses")), on="future")
    found = []
    for name in _uncertain(reading.futures, action):
        values = both.select(pl.col(name).cast(pl.Float64), "_loses").drop_nulls()
        spread = values[name].std()
        if not spread:
            continue
        with_loss, others = (values.filter(pl.col("_loses") == side)[name] for side in (True, False))
        if with_loss.is_empty() or others.is_empty():
            continue
        apart = (with_loss.mean() - others.mean()) / spread
        # So far apart that chance alone would seldom do it, and far enough to matter.
        if abs(apart) >= max(_APART, _CHANCE * (1 / len(with_loss) + 1 / len(others)) ** 0.5):
            found.append(_row(reading, name, with_loss, others, apart))
    return sorted(found, key=lambda row: -abs(row["apart"]))[:_MOST]


def _uncertain(futures: pl.DataFrame, action: str) -> list[str]:
    """The columns that say how a future is, and the luck of this action; not what plans brought in it."""
    found = [name for name, kind in futures.schema.items() if kind.is_numeric() or kind == pl.Boolean]
    own = tuple(f"{kind}.{action}" for kind in _OF_ACTIONS)
    return [
        name
        for name in found
        if name != "future"
        and not name.startswith(_OF_PLANS)
        and (not name.startswith(tuple(f"{kind}." for kind in _OF_ACTIONS)) or name.startswith(own))
    ]


def _row(
    reading: ForesightReading, name: str, with_loss: pl.Series, others: pl.Series, apart: float
) -> dict[str, Any]:
    return {
        "title": called(reading, name),
        "happens": _is_event(with_loss, others),
        "with_loss": with_loss.mean() if _is_event(with_loss, others) else with_loss.median(),
        "others": others.mean() if _is_event(with_loss, others) else others.median(),
        "low": with_loss.quantile(0.1),
        "high": with_loss.quantile(0.9),
        "apart": apart,
    }


def _is_event(*values: pl.Series) -> bool:
    """Whether it only happens or does not."""
    return all(one in (0.0, 1.0) for column in values for one in column.unique())


def _said(row: dict[str, Any]) -> SafeString:
    if row["happens"]:
        return say(
            _("{what}: it came in {share} of the futures with a loss, in {others} of the others."),
            what=row["title"],
            share=numbers.percent(row["with_loss"]),
            others=numbers.percent(row["others"]),
        )
    words = _("{what}: higher where it loses, {value} in the middle instead of {others}.")
    # A loss nearer to nothing is a smaller number to a reader.
    if (row["apart"] < 0) != (row["with_loss"] < 0 and row["others"] < 0):
        words = _("{what}: lower where it loses, {value} in the middle instead of {others}.")
    return say(
        words, what=row["title"], value=numbers.number(row["with_loss"]), others=numbers.number(row["others"])
    )
