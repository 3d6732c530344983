"""Pictures of plans: regret by kind of future, what a budget brings, what one goal costs another.

Owns how numbers become signs; every cell of the regret strip says its number, so that no colour speaks
alone. Every chart has a function that says the same in sentences.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.report.document import Picture
from philoxenia.report.foresight.drawing import Axis, Canvas, legend_height, money_axis, plain_axis
from philoxenia.report.foresight.types import Foresight
from philoxenia.report.foresight.view import ENGLISH, View
from philoxenia.report.maps import SEQUENTIAL
from philoxenia.report.words import sentence_case

_KINDS = 5
_DARK = 3


@dataclass(frozen=True)
class Regret:
    """How far a plan lies behind the best plan of each future: the mean by kind of future, hardest first."""

    name: str
    by_kind: tuple[float, ...]


def regrets(found: Foresight, view: View = ENGLISH, kinds: int = _KINDS) -> list[Regret]:
    """Regret of every plan of `robustness` by fifths of the futures, ordered by what the best plan brings."""
    there = [plan for plan in found["robustness"]["plan"] if f"net.{plan}" in found["futures"].columns]
    if not there or found["futures"].is_empty():
        return []
    values = np.array([found["futures"][f"net.{plan}"].to_list() for plan in there], dtype=float)
    best = values.max(axis=0)
    parts = np.array_split(np.argsort(best, kind="stable"), min(kinds, best.size))
    return [
        Regret(sentence_case(view.name(plan)), tuple(float((best - row)[part].mean()) for part in parts))
        for plan, row in zip(there, values, strict=True)
    ]


def regret_chart(rows: Sequence[Regret], label: str, title: str = "", view: View = ENGLISH) -> Picture:
    """A row a plan, a cell a kind of future with its number: the deeper, the further behind the best plan."""
    columns = max((len(row.by_kind) for row in rows), default=1)
    largest = max((value for row in rows for value in row.by_kind), default=0.0)
    unit = money_axis([largest], view)
    legend = [view.text("regret.columns"), view.text("regret.cells", unit=unit.unit)]
    first, tall = legend_height(legend, view), 30.0
    canvas = Canvas(view, Axis(0, columns, 1, "", (0, columns)), 0.0, label, ruled=False)
    words_above = 0.0 if canvas.beside else 18.0
    canvas.height = first + (tall + words_above) * len(rows)
    canvas.legend(legend)
    for place, row in enumerate(rows):
        top = first + (tall + words_above) * place
        canvas.heading(row.name, top + (tall / 2 if canvas.beside else 9))
        for column, value in enumerate(row.by_kind):
            depth = _depth(value, largest)
            left = columns - 1 - column if view.right_to_left else column
            down = (top + words_above + 1, top + words_above + tall - 2)
            canvas.box((left + 0.02, left + 0.98), down, SEQUENTIAL[depth])
            paint = "paper" if depth >= _DARK else "ink"
            said = view.apart(value / unit.step, 0.0, 0.1 * largest / unit.step)[0]
            canvas.note(said, left + 0.5, sum(down) / 2, paint=paint, size=11)
    return canvas.picture(title)


def _depth(value: float, largest: float) -> int:
    return min(int(len(SEQUENTIAL) * value / largest), len(SEQUENTIAL) - 1) if largest > 0 else 0


def regret_words(rows: Sequence[Regret], view: View = ENGLISH) -> list[str]:
    """What `regret_chart` shows, in sentences."""
    return [
        view.text(
            "told.regret",
            name=row.name,
            hardest=view.money(row.by_kind[0]),
            easiest=view.money(row.by_kind[-1]),
        )
        for row in rows
    ] or [view.text("told.nothing")]


@dataclass(frozen=True)
class Level:
    """What a share of the asked budget (1: as asked) spends and brings."""

    share: float
    cost: float
    mean: float
    p10: float
    p90: float
    share_losing: float


def levels(found: Foresight, aim: str = "mean") -> list[Level]:
    """The best plan at every level of the budget under one aim."""
    names = ("budget_share", "cost", "net_mean", "net_p10", "net_p90", "share_losing")
    rows = (
        found["plans"].filter(pl.col("aim") == aim).unique("budget_share", keep="first").sort("budget_share")
    )
    return [Level(*map(float, row)) for row in rows.select(names).iter_rows()]


def budget_chart(rows: Sequence[Level], label: str, title: str = "", view: View = ENGLISH) -> Picture:
    """What each level of the budget brings: a line of means in the band of 8 of 10 futures."""
    down = money_axis([amount for row in rows for amount in (row.mean, row.p10, row.p90)], view)
    shares = plain_axis([0.0, *(100 * row.share for row in rows)], view, view.text("budget.share"))
    canvas = Canvas(view, shares, view.height, label, down, words_beside=False)
    if rows:
        canvas.band([(100 * row.share, row.p10, row.p90) for row in rows], "band-80")
        canvas.rule(shares.low, shares.high, 0.0, "stone-3", 1.2)
        canvas.line([(100 * row.share, row.mean) for row in rows], "aegean")
        canvas.signs([(100 * row.share, row.mean) for row in rows if row.mean >= 0], "circle", "aegean", 45)
        canvas.signs(
            [(100 * row.share, row.mean) for row in rows if row.mean < 0], "diamond", "terracotta", 55, False
        )
    return canvas.picture(title)


def budget_words(rows: Sequence[Level], view: View = ENGLISH) -> list[str]:
    """What `budget_chart` shows, in sentences."""
    return [
        view.text(
            "told.level",
            share=view.percent(row.share),
            cost=view.money(row.cost),
            amount=view.money(row.mean, row.p10, row.p90),
            futures=view.futures(row.share_losing),
        )
        for row in rows
    ] or [view.text("told.nothing")]


@dataclass(frozen=True)
class Step:
    """One plan on the front: what it brings one goal, what it brings in all, the actions in it."""

    goal: float
    net: float
    actions: tuple[str, ...]


def front(found: Foresight, goal: str, view: View = ENGLISH) -> list[Step]:
    """Plans none of which can bring the goal more without bringing less in all."""
    rows = found["pareto"].filter(pl.col("goal") == goal).sort("step")
    return [
        Step(float(gain), float(net), tuple(view.name(one) for one in actions.split(";") if one))
        for gain, net, actions in rows.select("goal_mean", "net_mean", "actions").iter_rows()
    ]


def pareto_chart(
    rows: Sequence[Step], goal: str, label: str, title: str = "", view: View = ENGLISH
) -> Picture:
    """Net dividend of all beside the gain of one constituency, plans numbered as in the sentences."""
    across = money_axis([row.goal for row in rows], view, zero=False)
    named = view.text("pareto.goal", name=view.name(goal))
    across = Axis(across.low, across.high, across.step, f"{named}, {across.unit}".strip(", "), across.ticks)
    canvas = Canvas(
        view,
        across,
        view.height,
        label,
        money_axis([row.net for row in rows], view, zero=False),
        words_beside=False,
    )
    canvas.line([(row.goal, row.net) for row in rows], "band-50", 1.5)
    canvas.signs([(row.goal, row.net) for row in rows], "circle", "aegean", 60)
    for number, row in enumerate(rows, 1):
        canvas.note(str(number), row.goal, row.net, above=11, bold=True)
    return canvas.picture(title)


def pareto_words(rows: Sequence[Step], view: View = ENGLISH) -> list[str]:
    """What `pareto_chart` shows, in sentences."""
    return [
        view.text(
            "told.step",
            step=number,
            name=view.listing(row.actions) or view.name("without"),
            goal=view.money(row.goal),
            net=view.money(row.net),
        )
        for number, row in enumerate(rows, 1)
    ] or [view.text("told.nothing")]
