"""How plans fare over all futures, where they break, and in which futures that is.

Owns the failure rule and the names of uncertainties; measures and boxes are valuation's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.report.foresight import CONSTITUENCIES
from philoxenia.scenarios.futures.types import Floats, Model
from philoxenia.valuation import best_box, find_boxes, robustness
from philoxenia.valuation.discovery import Box, covers, quasi_p
from philoxenia.valuation.robustness import thresholds_met
from philoxenia.valuation.triggers import NEVER, first_month
from philoxenia.workflows.foresight.plans_step import PlanFound
from philoxenia.workflows.foresight.reading import SettingsError
from philoxenia.workflows.foresight.settings import Failure, ForesightSettings
from philoxenia.workflows.foresight.simulated import Lived

_BOXES = 2
# Share of draws in which a limit that means nothing would look as good; usual for quasi-p.
_BY_CHANCE = 0.05
Months = NDArray[np.int64]


@dataclass(frozen=True)
class FailureRule:
    """`measure` above `level` in some month of the city, or, for `net`, the net dividend below it."""

    measure: str
    level: float

    @property
    def words(self) -> str:
        """`waiting above 5000`, `net below 0`."""
        return f"{self.measure} {'below' if self.measure == 'net' else 'above'} {self.level:.10g}"

    def fails_at(self, model: Model, by_month: Floats, net: Floats) -> Months:
        """(F,): the first month in which a plan fails, `NEVER` where it does not. What a plan brings is known
        at the end only."""
        if self.measure == "net":
            return np.where(net < self.level, len(model.months) - 1, NEVER).astype(np.int64)
        return first_month(by_month[:, :, model.month_measures.index(self.measure)] > self.level)


def rule_of(asked: Failure, model: Model, without: Lived, share: float) -> FailureRule:
    """The rule asked for; without a level the one that `share` of the futures without any action pass."""
    if asked.net_below is not None:
        return FailureRule("net", asked.net_below)
    if asked.measure not in model.month_measures:
        raise SettingsError(
            "failure.measure",
            f"{asked.measure!r} is not followed by month; give one of {', '.join(model.month_measures)}.",
        )
    if asked.above is not None:
        return FailureRule(asked.measure, asked.above)
    peaks = without.by_month[:, :, model.month_measures.index(asked.measure)].max(axis=1)
    return FailureRule(asked.measure, float(f"{np.quantile(peaks, 1 - share):.3g}"))


def robustness_table(settings: ForesightSettings, found: Sequence[PlanFound], best: Floats) -> pl.DataFrame:
    """Five measures of each plan; satisficing is the share of futures with all that `satisfice` asks, or
    with a net dividend above zero."""
    values = np.stack([one.net for one in found])
    met = None
    if settings.satisfice:
        measures = {"net": values} | {
            name: np.stack([one.worth.gains[:, column] for one in found])
            for column, name in enumerate(CONSTITUENCIES)
        }
        met = thresholds_met(measures, settings.satisfice)
    names = [one.plan.name for one in found]
    table = robustness(names, values, met, worst_share=settings.worst_share)
    # Regret is against the best that could have been chosen, not only the best of the few plans shown.
    behind = np.maximum(best, values.max(axis=0)) - values
    told = table.with_columns(
        pl.col("plan").replace_strict(names, behind.max(axis=1), return_dtype=pl.Float64).alias("regret_max"),
        pl.col("plan")
        .replace_strict(names, behind.mean(axis=1), return_dtype=pl.Float64)
        .alias("regret_mean"),
    )
    columns = ("plan", "mean", "maximin", "regret_max", "regret_mean", "satisficing", "cvar")
    return pl.DataFrame({"plan": names}).join(told, on="plan", maintain_order="left").select(columns)


def failures_table(rule: FailureRule, fails: dict[str, Months], without: str) -> pl.DataFrame:
    """How often each plan fails, and how often the city does without any action."""
    shares = {name: float((month != NEVER).mean()) for name, month in fails.items()}
    rows = [
        {"plan": name, "rule": rule.words, "share_failing": share, "share_failing_without": shares[without]}
        for name, share in shares.items()
    ]
    return pl.DataFrame(rows)


def boxes_table(
    drivers: Mapping[str, Mapping[str, Floats]], fails: Mapping[str, Months], least_density: float
) -> pl.DataFrame:
    """Boxes of futures in which each plan fails; a side that is not restricted is null. The second box is
    found among the futures that the first leaves; shares are of all futures, so that boxes can be read
    beside each other. `drivers`: uncertainties (F,) by plan and name."""
    rows = [row for plan, month in fails.items() for row in _boxes(plan, drivers[plan], month, least_density)]
    schema = {"plan": pl.String, "box": pl.Int64, "name": pl.String}
    numbers = ("low", "high", "coverage", "density", "mass", "quasi_p")
    return pl.DataFrame(rows, schema=schema | dict.fromkeys(numbers, pl.Float64))


def _boxes(
    plan: str, drivers: Mapping[str, Floats], month: Months, least_density: float
) -> Iterator[dict[str, object]]:
    failed, left = month != NEVER, np.ones(month.size, dtype=bool)
    for number in range(1, _BOXES + 1):
        if not (failed & left).any() or (failed | ~left).all():
            return
        here = {name: values[left] for name, values in drivers.items()}
        box, chance = _meant(best_box(find_boxes(here, failed[left]), least_density), here, failed[left])
        if not box.limits:
            return
        inside = covers(box, drivers) & left
        shares = {
            "coverage": float((inside & failed).sum() / failed.sum()),
            "density": float(failed[inside].mean()),
            "mass": float(inside.mean()),
        }
        for name, (low, high) in box.limits.items():
            known = {
                "low": low if low > drivers[name].min() else None,
                "high": high if high < drivers[name].max() else None,
            }
            yield {"plan": plan, "box": number, "name": name, **known, **shares, "quasi_p": chance[name]}
        left &= ~inside


def _meant(
    box: Box, drivers: Mapping[str, Floats], failed: NDArray[np.bool_]
) -> tuple[Box, dict[str, float]]:
    """A box with the limits that chance alone would not set, with how likely it would: the least likely
    to mean something goes first (Bryant and Lempert 2010, section 3.3)."""
    while box.limits:
        chance = quasi_p(box, drivers, failed)
        weakest = max(chance, key=lambda name: (chance[name], name))
        if chance[weakest] <= _BY_CHANCE:
            return box, chance
        box = replace(box, limits={name: span for name, span in box.limits.items() if name != weakest})
    return box, {}
