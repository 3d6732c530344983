"""What the budgets buy best: options as the chooser wants them, limits, plans for every aim and budget.

Owns budgets by funder and year, and which plans are asked for; the choice itself is valuation's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from philoxenia.report.foresight import CONSTITUENCIES
from philoxenia.scenarios.futures.types import Floats
from philoxenia.valuation import Limits, Option, choose
from philoxenia.valuation.portfolio import (
    AIMS,
    Aim,
    Portfolio,
    Prerequisite,
    budget_curve,
    pareto,
    reasons,
)
from philoxenia.valuation.portfolio.choosing import Chooser as Again
from philoxenia.valuation.portfolio.goals import Regret
from philoxenia.valuation.types import ValuationError
from philoxenia.workflows.foresight.actions_step import ActionFound, Valued
from philoxenia.workflows.foresight.cells import MEMBERS
from philoxenia.workflows.foresight.options import Choice
from philoxenia.workflows.foresight.settings import ForesightSettings

WITHOUT, REQUIRED = "without", "required"
SHARES = tuple(round(0.2 * step, 1) for step in range(11))
GOALS = ("newcomers", "long_term_residents", "homeless_people")
_ASKED = 1.0
# Far below what values are sure of; `plans.gap` says what was reached.
_NEAR_ENOUGH, _EFFORT = 0.005, 10.0


@dataclass(frozen=True)
class Plan:
    """Choices made under `share` of the budgets for an aim ('' where nothing was optimised). `sum_of_parts`
    is what its actions bring one by one; `gap`: the share by which the true optimum may be better."""

    name: str
    aim: str
    share: float
    course: tuple[Choice, ...]
    sum_of_parts: float
    gap: float


@dataclass(frozen=True)
class Chooser:
    """The options of all actions, in one order with `valued`, and the limits at the budgets asked."""

    settings: ForesightSettings
    valued: tuple[Valued, ...]
    options: tuple[Option, ...]
    limits: Limits

    def aim(self, name: str) -> Aim:
        """An aim with the planner's worst share."""
        return Aim(name, self.settings.worst_share, gap=_NEAR_ENOUGH, effort=_EFFORT)

    def course(self, found: Portfolio) -> tuple[Choice, ...]:
        """The choices of a portfolio."""
        taken = {id(option) for option in found.chosen}
        pairs = zip(self.options, self.valued, strict=True)
        return tuple(one.choice for option, one in pairs if id(option) in taken)


def plan_name(aim: str, share: float) -> str:
    """`mean_100`: an aim at a share of the budgets."""
    return f"{aim}_{round(100 * share)}"


def chooser_of(
    settings: ForesightSettings, found: Sequence[ActionFound], funders: tuple[str, ...]
) -> Chooser:
    """Options and limits from what was found of each action."""
    valued = tuple(one for action in found for one in action.options)
    return Chooser(
        settings, valued, tuple(_option(one, funders) for one in valued), limits_of(settings, funders)
    )


def _option(valued: Valued, funders: tuple[str, ...]) -> Option:
    choice = valued.choice
    costs = np.zeros((len(funders), valued.costs.shape[1]))
    costs[funders.index(choice.action.funder)] = valued.costs.mean(axis=0)
    gains = (valued.dividend.by_constituency @ MEMBERS).mean(axis=0)
    return Option(choice.action.id, f"{choice.size:g}", choice.start, valued.dividend.net, gains, costs)


def limits_of(settings: ForesightSettings, funders: tuple[str, ...]) -> Limits:
    """What must hold, at the budgets asked. A funder without a budget has no limit."""
    actions = settings.catalogue.actions
    return Limits(
        budgets=budgets_of(settings, funders),
        floors=tuple(
            (CONSTITUENCIES.index(name), least)
            for name, least in settings.floors.items()
            if least is not None
        ),
        prerequisites=tuple(Prerequisite(action.id, need) for action in actions for need in action.needs),
        exclusions=tuple(
            dict.fromkeys(frozenset((action.id, other)) for action in actions for other in action.excludes)
        ),
        required=frozenset(settings.required),
        banned=frozenset(settings.banned),
        funders=funders,
        constituencies=CONSTITUENCIES,
    )


def budgets_of(settings: ForesightSettings, funders: tuple[str, ...]) -> Floats:
    """Money (U, Y) by funder and year. The last amount stated holds for the years after it; a year before
    the first that is stated has nothing."""
    budgets = np.full((len(funders), settings.years), np.inf)
    table = settings.catalogue.budgets
    for row, funder in enumerate(funders):
        stated = table.filter(pl.col("funder") == funder)
        if funder in settings.budgets:
            amounts = dict(enumerate(settings.budgets[funder], start=1))
        elif stated.height:
            amounts = dict(zip(stated["year"].to_list(), stated["amount"].to_list(), strict=True))
        else:
            continue
        for year in range(1, settings.years + 1):
            known = [stated_year for stated_year in amounts if stated_year <= year]
            budgets[row, year - 1] = amounts[max(known)] if known else 0.0
    return budgets


def scaled(budgets: Floats, share: float) -> Floats:
    """A share of the budgets. Nothing is nothing, also of a budget without limit."""
    return np.zeros_like(budgets) if share == 0 else budgets * share


def plans_of(chooser: Chooser) -> tuple[list[Plan], dict[str, Portfolio], list[str]]:
    """The plan without actions, the best for each aim and budget asked for, and the planner's own; the
    portfolios behind them; and sentences on those that cannot be. Raises where the plan asked for cannot."""
    plans = [Plan(WITHOUT, "", 0.0, (), 0.0, 0.0)]
    portfolios: dict[str, Portfolio] = {}
    notes: list[str] = []
    for aim in AIMS:
        for share, found in budget_curve(chooser.options, chooser.limits, SHARES, chooser.aim(aim)):
            name = plan_name(aim, share)
            if found is None:
                notes.append(
                    f"There is no plan {name!r}: nothing keeps all limits at so much of the budgets."
                )
                continue
            portfolios[name] = found
            plans.append(_plan(chooser, name, aim, share, found))
    if plan_name(chooser.settings.aim, _ASKED) not in portfolios:
        # Choosing once more says which limits stand against it.
        choose(chooser.options, chooser.limits, chooser.aim(chooser.settings.aim))
    plans += _required(chooser, notes)
    return plans, portfolios, notes


def least_regret(
    chooser: Chooser, plans: Sequence[Plan], portfolios: dict[str, Portfolio]
) -> tuple[list[Plan], Floats]:
    """The plans with the one of least regret looked for once more beside the others at the budgets asked, and
    what each future would reach at best if it were known (F,): what every regret is measured against."""
    names = [plan_name(aim, _ASKED) for aim in AIMS]
    known = [_taken(chooser, portfolios[name]) for name in names if name in portfolios]
    again = Again(chooser.options, chooser.limits, chooser.aim("regret"), known)
    name = plan_name("regret", _ASKED)
    portfolios[name] = again.best()
    found = _plan(chooser, name, "regret", _ASKED, portfolios[name])
    best = again.goal.best if isinstance(again.goal, Regret) else np.zeros(chooser.options[0].value.size)
    return [found if plan.name == name else plan for plan in plans], best


def _taken(chooser: Chooser, found: Portfolio) -> Floats:
    chosen = {id(option) for option in found.chosen}
    return np.array([id(option) in chosen for option in chooser.options], dtype=np.float64)


def _plan(chooser: Chooser, name: str, aim: str, share: float, found: Portfolio) -> Plan:
    return Plan(name, aim, share, chooser.course(found), float(found.value.mean()), found.gap)


def _required(chooser: Chooser, notes: list[str]) -> list[Plan]:
    """What the planner requires and nothing else."""
    settings = chooser.settings
    if not settings.required:
        return []
    others = frozenset(action.id for action in settings.catalogue.actions) - frozenset(settings.required)
    limits = replace(chooser.limits, banned=others, floors=())
    try:
        found = choose(chooser.options, limits, chooser.aim("mean"))
    except ValuationError as problem:
        notes.append(f"There is no plan {REQUIRED!r}: {problem}")
        return []
    return [_plan(chooser, REQUIRED, "", _ASKED, found)]


def reasons_table(chooser: Chooser, found: Portfolio) -> pl.DataFrame:
    """Why each action is in the plan asked for, or out of it."""
    rows = [
        {
            "action": reason.action,
            "is_in": reason.is_in,
            "change": reason.change,
            "binding": ";".join(_binding(reason.binding)),
            "displaced": ";".join(reason.displaced),
        }
        for reason in reasons(chooser.options, chooser.limits, found, chooser.aim(chooser.settings.aim))
    ]
    schema = {
        "action": pl.String,
        "is_in": pl.Boolean,
        "change": pl.Float64,
        "binding": pl.String,
        "displaced": pl.String,
    }
    return pl.DataFrame(rows, schema=schema)


def _binding(told: Sequence[str]) -> list[str]:
    """Limits as `kind name`: what excludes an action is named action by action."""
    excluded = "excluded by "
    named = []
    for one in told:
        if one.startswith(excluded):
            named += [f"excludes {action}" for action in one.removeprefix(excluded).split(", ")]
        else:
            named.append(one)
    return named


def pareto_table(chooser: Chooser) -> pl.DataFrame:
    """What the mean dividend gives up for more to one constituency, and by which actions."""
    rows = []
    for goal in GOALS:
        second = np.array([option.gains[CONSTITUENCIES.index(goal)] for option in chooser.options])
        if not second.any():
            continue
        front = pareto(chooser.options, chooser.limits, second, steps=6, aim=chooser.aim("mean"))
        rows += [
            {
                "goal": goal,
                "step": step,
                "net_mean": float(portfolio.value.mean()),
                "goal_mean": float(gained),
                "actions": ";".join(option.action for option in portfolio.chosen),
            }
            for step, (gained, portfolio) in enumerate(front)
        ]
    schema = {
        "goal": pl.String,
        "step": pl.Int64,
        "net_mean": pl.Float64,
        "goal_mean": pl.Float64,
        "actions": pl.String,
    }
    return pl.DataFrame(rows, schema=schema)
