"""The budget slider: which plan is looked at, what levels are called, and what each budget brings."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia_web.studies.foresight import drawings, plan_words
from philoxenia_web.studies.foresight.plan_words import AIM_NAMES, Words
from philoxenia_web.studies.foresight.plans import Plans, Row
from philoxenia_web.studies.report.sentences import say
from philoxenia_web.ui import numbers

_PERCENT = 100


@dataclass(frozen=True)
class Choice:
    """The plan that is looked at, with the levels of its aim and the address of the page."""

    row: Row
    aim: str
    levels: list[Row]
    path: str
    asked: float

    @property
    def place(self) -> int:
        """Where it stands among the levels."""
        return next(place for place, row in enumerate(self.levels) if row["plan"] == self.row["plan"])

    def address(self, row: Row) -> str:
        """The page at a level."""
        return f"{self.path}?{urlencode({'aim': row['aim'], 'level': level_of(row)})}#plan"

    @property
    def note(self) -> str:
        """Word that another level is shown than the one asked for."""
        if abs(self.row["budget_share"] - self.asked) < 1e-6:
            return ""
        share = {"share": numbers.percent(self.row["budget_share"])}
        return (
            _("With this aim no plan was made for the budget chosen; the nearest is shown: %(share)s.")
            % share
        )

    def beside(self, plans: Plans, words: Words) -> list[dict[str, Any]]:
        """What differs from the level below, and from the plan asked for, each with its sentences."""
        found = []
        if self.place > 0:
            below = self.levels[self.place - 1]
            title = _("Beside %(share)s of the budget") % {"share": numbers.percent(below["budget_share"])}
            found.append(_compared(title, below, self.row, plans, words))
        main = plans.main
        is_told = main is None or (self.place > 0 and self.levels[self.place - 1]["plan"] == main["plan"])
        if main is not None and main["plan"] != self.row["plan"] and not is_told:
            found.append(_compared(_("Beside the plan asked for"), main, self.row, plans, words))
        return found


def level_of(row: Row) -> str:
    """A level as it stands in addresses: the share of the budget in percent."""
    return f"{row['budget_share'] * _PERCENT:g}"


def chosen(plans: Plans, request: HttpRequest) -> Choice | None:
    """The plan of the address; the plan asked for where the address names none that there is."""
    aim = request.GET.get("aim", "")
    aim = aim if aim in plans.aims else plans.main_aim
    share = _share(request.GET.get("level", ""), plans)
    row = plans.near(aim, share)
    return None if row is None else Choice(row, aim, plans.levels(aim), request.path, share)


def _share(asked: str, plans: Plans) -> float:
    main = plans.main
    usual = main["budget_share"] if main and main["budget_share"] is not None else 1.0
    try:
        share = float(asked) / _PERCENT
    except ValueError:
        return float(usual)
    return share if 0 <= share <= _PERCENT else float(usual)


def slider(choice: Choice, plans: Plans, words: Words) -> dict[str, Any]:
    """The form: levels with what each is called, aims with what each means."""
    worst = plans.found.worst_share
    return {
        "path": choice.path,
        "levels": [
            (level_of(row), _called(row, words), row["plan"] == choice.row["plan"]) for row in choice.levels
        ],
        "aims": [
            (aim, str(AIM_NAMES[aim]), plan_words.aim_meaning(aim, worst), aim == choice.aim)
            for aim in plans.aims
        ],
        "curve": _curve(choice, words) if len(choice.levels) > 1 else None,
        "least": numbers.percent(choice.levels[0]["budget_share"]),
        "most": numbers.percent(choice.levels[-1]["budget_share"]),
    }  # fmt: skip


def _called(row: Row, words: Words) -> str:
    """A level in words, as it is read out."""
    said = {
        "share": numbers.percent(row["budget_share"]),
        "cost": words.money(row["cost"]),
        "net": words.range(row["net_mean"], row["net_p10"], row["net_p90"]),
    }
    return _("%(share)s of the budget: spends %(cost)s, brings %(net)s beyond it") % said


def _compared(title: str, before: Row, after: Row, plans: Plans, words: Words) -> dict[str, Any]:
    step = plans.step(before["plan"], after["plan"])
    more = (after["net_mean"] or 0.0) - (before["net_mean"] or 0.0)
    said = {
        "amount": words.money(abs(more)),
        "cost": words.money(abs((after["cost"] or 0.0) - (before["cost"] or 0.0))),
    }
    spent = (after["cost"] or 0.0) >= (before["cost"] or 0.0)
    sentences: list[SafeString] = (
        [say(_("The same actions, at the same size and time."))] if step.is_none else []
    )
    sentences += words.changes(step)
    if not step.is_none:
        told = {
            (True, True): _("It brings {amount} more and costs {cost} more."),
            (True, False): _("It brings {amount} more and costs {cost} less."),
            (False, True): _("It brings {amount} less and costs {cost} more."),
            (False, False): _("It brings {amount} less and costs {cost} less."),
        }[more >= 0, spent]
        sentences.append(say(told, **said))
    return {"title": title, "sentences": sentences}


def _curve(choice: Choice, words: Words) -> dict[str, Any]:
    """What each level brings: a line through the means in the band of 8 of 10 futures."""
    rows = choice.levels
    step = words.cash.step
    low = min([0.0, *(row["net_p10"] / step for row in rows)])
    high = max([0.0, *(row["net_p90"] / step for row in rows)])
    across = [(row["budget_share"], numbers.percent(row["budget_share"])) for row in rows]
    plot = drawings.Plot(
        label=_("What each budget brings; the same follows as a table."),
        marks=[
            drawings.Mark(
                row["budget_share"], row["net_mean"] / step, words.middle(row), choice.address(row),
                row["plan"] == choice.row["plan"],
            )
            for row in rows
        ],
        across=across,
        up=drawings.axis(low, high),
        across_title=_("share of the budgets asked for"),
        up_title=_("dividend beyond the cost, %(unit)s") % {"unit": words.cash.unit},
        line=[(row["budget_share"], row["net_mean"] / step) for row in rows],
        band=[(row["budget_share"], row["net_p10"] / step, row["net_p90"] / step) for row in rows],
    )  # fmt: skip
    return {"plot": plot, "title": _finding(rows), "rows": [_line(row, choice, words) for row in rows]}


def _finding(rows: list[Row]) -> str:
    """What the curve shows, as its title: where more money stops bringing more."""
    best = max(rows, key=lambda row: row["net_mean"])
    near = next(row for row in rows if row["net_mean"] >= best["net_mean"] - 0.01 * abs(best["net_mean"]))
    if near["plan"] == rows[-1]["plan"]:
        return _("More money brings more, up to the largest budget tried")
    return _("Beyond %(share)s of the budget, more money brings hardly more") % {
        "share": numbers.percent(near["budget_share"])
    }


def _line(row: Row, choice: Choice, words: Words) -> dict[str, Any]:
    return {
        "share": numbers.percent(row["budget_share"]),
        "address": choice.address(row),
        "current": row["plan"] == choice.row["plan"],
        "cost": words.cell(row["cost"]),
        "net": words.cell(row["net_mean"], row["net_p10"], row["net_p90"]),
        "cvar": words.cell(row["cvar"]),
        "regret": words.cell(row["regret_max"]),
        "losing": plan_words.in_ten(row["share_losing"]),
    }
