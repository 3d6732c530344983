"""Trade-offs: how much of the whole dividend is given up to bring more to one group, with which actions."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia.report.foresight import CONSTITUENCIES
from philoxenia_web.studies.foresight import drawings, names
from philoxenia_web.studies.foresight.plan_words import Words
from philoxenia_web.studies.foresight.plans import Row
from philoxenia_web.studies.foresight.reading import ForesightReading, parts
from philoxenia_web.studies.report.names import listed
from philoxenia_web.studies.report.sentences import say
from philoxenia_web.ui import numbers


def trade_offs(reading: ForesightReading, words: Words, request: HttpRequest) -> dict[str, Any] | None:
    """The points between the best for all and the best for one goal, one of them with its actions."""
    goals = list(dict.fromkeys(reading.found["pareto"]["goal"].to_list()))
    if not goals:
        return None
    asked = request.GET.get("goal", "")
    goal = asked if asked in goals else goals[0]
    rows = sorted(
        (row for row in reading.found["pareto"].iter_rows(named=True) if row["goal"] == goal),
        key=lambda row: row["step"],
    )
    point = next((row for row in rows if str(row["step"]) == request.GET.get("point", "")), rows[0])
    rest = {name: request.GET[name] for name in ("aim", "level") if name in request.GET}
    context = _Context(request.path, rest, goal, point, words)
    return {
        "title": _title(rows, goal, words),
        "goals": [(context.address(goal=one), goal_name(one), one == goal) for one in goals],
        "plot": _plot(rows, context),
        "rows": [_line(row, rows[0], context) for row in rows],
        "goal": goal_name(goal),
        "unit": words.cash.unit,
        "chosen": _told(point, rows[0], context),
    }


def goal_name(goal: str) -> str:
    """What is traded against the whole dividend."""
    if goal in CONSTITUENCIES:
        return names.constituency(goal)
    known = {"cvar": _("Dividend in the worst futures"), "weighted": _("Dividend with weights for income")}
    return known.get(goal) or names.measure(goal)


class _Context:
    """Where the points are and which is looked at."""

    def __init__(self, path: str, rest: dict[str, str], goal: str, point: Row, words: Words) -> None:
        self.path, self.rest, self.goal, self.point, self.words = path, rest, goal, point, words

    def address(self, **asked: str) -> str:
        """The page at a goal or a point."""
        return f"{self.path}?{urlencode({**self.rest, 'goal': self.goal, **asked})}#trade-offs"


def _title(rows: list[Row], goal: str, words: Words) -> SafeString:
    first, last = rows[0], rows[-1]
    more, less = last["goal_mean"] - first["goal_mean"], first["net_mean"] - last["net_mean"]
    if len(rows) == 1 or more <= 0:
        return say(_("{goal}: the plan that is best for all is best for them as well"), goal=goal_name(goal))
    said = {"goal": goal_name(goal), "more": words.money(more), "less": words.money(less)}
    return say(_("{goal}: up to {more} more for them would cost the city {less} of dividend in all"), **said)


def _plot(rows: list[Row], context: _Context) -> drawings.Plot:
    cash = context.words.cash
    points = [(row["goal_mean"] / cash.step, row["net_mean"] / cash.step) for row in rows]
    return drawings.Plot(
        label=_("What is given up and what is gained; the same follows as a table."),
        marks=[
            drawings.Mark(
                *point, "", context.address(point=str(row["step"])), row["step"] == context.point["step"]
            )
            for row, point in zip(rows, points, strict=True)
        ],
        across=_stretched([goal for goal, _net in points]),
        up=_stretched([net for _goal, net in points]),
        across_title=_("%(goal)s: gain, %(unit)s") % {"goal": goal_name(context.goal), "unit": cash.unit},
        up_title=_("dividend of the whole plan, %(unit)s") % {"unit": cash.unit},
        line=points,
    )  # fmt: skip


def _stretched(values: list[float]) -> list[tuple[float, str]]:
    """An axis around values; one value alone stands in the middle."""
    low, high = min(values), max(values)
    if high - low < 1e-9 * max(abs(high), 1.0):
        low, high = low - 0.5 * max(abs(low), 1.0), high + 0.5 * max(abs(high), 1.0)
    return drawings.axis(low, high, 4)


def _line(row: Row, first: Row, context: _Context) -> dict[str, Any]:
    return {
        "address": context.address(point=str(row["step"])),
        "step": numbers.whole(row["step"] + 1),
        "current": row["step"] == context.point["step"],
        "net": context.words.cell(row["net_mean"]),
        "goal": context.words.cell(row["goal_mean"]),
        "sentences": _beside(row, first, context.words) or [say(_("The best plan for all."))],
    }


def _actions(row: Row, words: Words) -> SafeString:
    """Actions with their size and start where the engine names them (action@size@year)."""
    return listed(words.action(one.partition("@")[0]) for one in parts(row["actions"])) or say(_("none"))


def _told(point: Row, first: Row, context: _Context) -> dict[str, Any]:
    words = context.words
    sentences = [
        say(
            _("{goal} gain {amount}; the whole plan brings {net}."),
            goal=goal_name(context.goal),
            amount=words.money(point["goal_mean"]),
            net=words.money(point["net_mean"]),
        ),
        *_beside(point, first, words),
        say(_("Actions: {actions}."), actions=_actions(point, words)),
    ]
    return {"sentences": sentences}


def _beside(point: Row, first: Row, words: Words) -> list[SafeString]:
    """What comes in and goes out beside the best plan for all."""
    here, there = _ids(point), _ids(first)
    added = [words.action(one) for one in here if one not in there]
    dropped = [words.action(one) for one in there if one not in here]
    if point["step"] == first["step"]:
        return []
    if not added and not dropped:
        return [say(_("The same actions at another size or time."))]
    told = [say(_("Comes in: {actions}."), actions=listed(added))] if added else []
    return told + ([say(_("Goes out: {actions}."), actions=listed(dropped))] if dropped else [])


def _ids(row: Row) -> list[str]:
    return [one.partition("@")[0] for one in parts(row["actions"])]
