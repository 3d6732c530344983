"""Who gains and who loses by an action, and what the gain is made of: rows that share one scale."""

from typing import Any

from django.utils.translation import gettext as _

from philoxenia_web.studies.foresight import names, plots
from philoxenia_web.studies.foresight.dividend_words import in_futures
from philoxenia_web.studies.foresight.money import Money, turned
from philoxenia_web.studies.foresight.reading import GROSS, NET, WEIGHTED, ForesightReading, Row
from philoxenia_web.ui import numbers

_PILLARS = ("avoided_loss", "unlocked_potential", "co_benefit")


def by_constituency(reading: ForesightReading, action: str, money: Money) -> dict[str, Any]:
    """Each constituency with how often it gains or loses how much."""
    rows, samples = reading.gains(action), reading.samples(action)
    axis = plots.axis_of(list(rows.values()))
    return {
        "axis": _scale(axis, money),
        "rows": [
            {
                "title": names.constituency(one),
                "drawing": plots.distribution(samples[one].to_list(), row, axis),
                "figure": numbers.interval(*money.cell(row)),
                "loses": _loses(row),
                "how_much": money.said(-row["mean_when_losing"]) if row["share_losing"] > 0 else "",
            }
            for one, row in rows.items()
        ],
    }


def by_cell(reading: ForesightReading, action: str, money: Money) -> list[dict[str, Any]]:
    """The groups that do not overlap and add up to the whole."""
    found = reading.dividends.get(action, {})
    rows = [(name, row) for (kind, name), row in found.items() if kind == "cell"]
    return [
        {
            "title": names.cell(name),
            "figure": numbers.interval(*money.cell(row)),
            "exact": row["mean"],
            "loses": _loses(row),
        }
        for name, row in rows
        if row["p5"] or row["p95"] or row["mean"]
    ]


def made_of(reading: ForesightReading, action: str, money: Money) -> dict[str, Any]:
    """Three pillars, what they add up to, who pays, what remains; weighted by income beside it."""
    named = [
        *(
            (names.pillar(one), names.pillar_meaning(one), reading.of(action, "pillar", one), "")
            for one in _PILLARS
        ),
        (_("All it brings"), _("the three together"), reading.of(action, GROSS), "sum"),
        *_paid(reading, action),
        (_("Beyond its cost"), _("all it brings less what it costs"), reading.of(action, NET), "sum"),
        (
            _("Beyond its cost, with more weight on low incomes"),
            _("each gain is multiplied by the weight of the group; costs are not"),
            reading.of(action, WEIGHTED),
            "beside",
        ),
    ]
    rows = [(title, told, row, kind) for title, told, row, kind in named if row is not None]
    axis = plots.axis_of([row for _title, _told, row, _kind in rows])
    return {
        "axis": _scale(axis, money),
        "rows": [
            {
                "title": title,
                "told": told,
                "drawing": plots.interval(row, axis),
                "figure": numbers.interval(*money.cell(row)),
                "kind": kind,
            }
            for title, told, row, kind in rows
        ],
    }


def _paid(reading: ForesightReading, action: str) -> list[tuple[str, str, Row | None, str]]:
    rows = {name: row for (kind, name), row in reading.dividends.get(action, {}).items() if kind == "funder"}
    return [
        (
            _("Paid by: %(funder)s") % {"funder": reading.funders.get(name, name)},
            _("discounted, over the whole horizon"),
            _as_cost(row),
            "cost",
        )
        for name, row in rows.items()
        if row["mean"]
    ]


def _as_cost(row: Row) -> Row:
    """What is paid, below nothing, whichever sign the table bears."""
    return row if row["mean"] <= 0 else turned(row)


def _loses(row: Row) -> str:
    return in_futures(row["share_losing"]) if row["share_losing"] > 0 else _("never")


def _scale(axis: plots.Axis, money: Money) -> Any:
    return plots.scale(axis, [numbers.number(tick / money.step) for tick in axis.ticks])
