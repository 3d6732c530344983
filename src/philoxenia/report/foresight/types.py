"""What foresight found, as tables: actions, what each brings to whom, plans, boxes, triggers, months.

Owns the names and columns of these tables; ignores how they were computed. Money is in the city's currency
at today's prices, discounted over the horizon unless a column says otherwise. Constituencies are those of
`CONSTITUENCIES`; they overlap (a child can be a newcomer) except `newcomers` and `long_term_residents`, which
add up to everybody. `cells` are the partition they are sums of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from philoxenia.report.types import CityFacts

CONSTITUENCIES = (
    "newcomers",
    "long_term_residents",
    "homeless_people",
    "children",
    "women",
    "men",
    "older_people",
)

_SUMMARY = ("mean", "p5", "p10", "p50", "p90", "p95", "share_losing", "mean_when_losing", "standard_error")
_BANDS = ("mean", "p10", "p50", "p90")

# Columns of every table, in order; `*` stands for further columns.
TABLES: Mapping[str, tuple[str, ...]] = {
    "actions": ("action", "title", "summary", "blueprint", "crf_goals", "serves", "funder", "lead_months",
                "ramp_months", "duration_months", "cost_once", "cost_per_month", "cost_low", "cost_high",
                "sizes", "needs", "excludes", "cost_source", "cost_date", "note", "changed",
                "life_months"),
    "effects": ("action", "kind", "target", "unit", "size", "relative", "districts", "groups", "bands", "low",
                "high", "cost_per_exit", "cost_per_exit_month", "source", "date"),
    "benefits": ("action", "benefit", "unit", "amount_per_month", "value", "value_low", "value_high",
                 "pillar", "groups", "source", "date"),
    "values": ("measure", "unit", "value", "low", "high", "pillar", "source", "date"),
    "weights": ("cell", "income", "weight", "source", "date"),
    "budgets": ("funder", "title", "year", "amount", "source"),
    "options": ("option", "action", "size", "start_year", "net_mean", "gross_mean", "cost_mean",
                "weighted_mean", "share_losing", "cvar"),
    "dividends": ("action", "kind", "name", *_SUMMARY),
    "samples": ("action", "future", "net", "weighted", "cost", *CONSTITUENCIES),
    "districts": ("action", "district_id", "population", *_BANDS, "share_losing"),
    "changes": ("action", "measure", "unit", "constituency", "without_mean", "with_mean", *_BANDS),
    "drivers": ("action", "name", "at_low", "at_high", "swing", "first_order", "total"),
    "switching": ("action", "name", "current", "switching", "change"),
    "knowing": ("name", "evppi", "share_of_evpi"),
    "plans": ("plan", "aim", "budget_share", "cost", "net_mean", "net_p10", "net_p90", "cvar", "regret_max",
              "share_losing", "sum_of_parts", "gap"),
    "plan_actions": ("plan", "action", "size", "start_year", "cost", "net_mean"),
    "plan_gains": ("plan", "constituency", *_SUMMARY),
    "plan_costs": ("plan", "funder", "year", "budget", "mean", "p90"),
    "reasons": ("action", "is_in", "change", "binding", "displaced"),
    "robustness": ("plan", "mean", "maximin", "regret_max", "regret_mean", "satisficing", "cvar"),
    "pareto": ("goal", "step", "net_mean", "goal_mean", "actions"),
    "failures": ("plan", "rule", "share_failing", "share_failing_without"),
    "boxes": ("plan", "box", "name", "low", "high", "coverage", "density", "mass", "quasi_p"),
    "triggers": ("plan", "indicator", "unit", "window", "threshold", "lead", "action", "latest_start",
                 "caught", "late", "false_alarms", "precision", "warning_months"),
    "months": ("plan", "month", "measure", "unit", *_BANDS),
    "futures": ("future", "*"),
}  # fmt: skip


@dataclass(frozen=True)
class Foresight:
    """Everything foresight tells. `districts` as in `Findings`; `names` by table name the frames of `TABLES`.

    `settings`: what was asked, as `philoxenia.workflows.foresight` reads it (JSON). `evpi`: expected value of
    perfect information over the plans compared. `main_plan`: the plan the planner asked for. `rate`:
    discount a year; `worst_share`: share of futures behind every CVaR.
    """

    city: CityFacts
    districts: pl.DataFrame
    settings: Mapping[str, object]
    tables: Mapping[str, pl.DataFrame]
    main_plan: str
    months: tuple[str, ...]
    futures: int
    seed: int
    rate: float
    worst_share: float
    evpi: float
    rule: str
    version: str = ""
    notes: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, table: str) -> pl.DataFrame:
        """One table of `TABLES`."""
        return self.tables[table]
