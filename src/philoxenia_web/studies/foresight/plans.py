"""The plans of a foresight study, looked up by aim and budget; knows no language.

Terms: an *aim* is what was maximised (mean, cvar, regret); a *level* is a plan of an aim at a share of the
budgets that were asked for; the *main* plan is the one the planner asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any

from philoxenia.report.foresight import Foresight

Row = dict[str, Any]

AIMS = ("mean", "cvar", "regret")
_MONTHS = 12


@dataclass(frozen=True)
class Step:
    """What differs between two plans: actions that come in, go out, or are taken otherwise than before."""

    added: tuple[Row, ...]
    dropped: tuple[Row, ...]
    altered: tuple[tuple[Row, Row], ...]

    @property
    def is_none(self) -> bool:
        """Whether both plans hold the same."""
        return not (self.added or self.dropped or self.altered)


class Plans:
    """The tables about plans, by plan."""

    def __init__(self, found: Foresight) -> None:
        self.found = found

    @cached_property
    def rows(self) -> dict[str, Row]:
        """Every plan by its name."""
        return {row["plan"]: row for row in self.found["plans"].iter_rows(named=True)}

    @property
    def main(self) -> Row | None:
        """The plan that was asked for."""
        return self.rows.get(self.found.main_plan)

    @cached_property
    def aims(self) -> list[str]:
        """The aims plans were made for, as `AIMS` orders them."""
        there = {row["aim"] for row in self.rows.values()}
        return [aim for aim in AIMS if aim in there]

    @cached_property
    def main_aim(self) -> str:
        """The aim that was asked for."""
        aim = self.main["aim"] if self.main else self.found.settings.get("aim", AIMS[0])
        return str(aim) if aim in self.aims else next(iter(self.aims), AIMS[0])

    def levels(self, aim: str) -> list[Row]:
        """The plans of an aim, from the least budget to the most: one a share, first the main plan."""
        by_share: dict[float, Row] = {}
        for row in self.rows.values():
            share = row["budget_share"]
            if row["aim"] != aim or share is None or not isfinite(share):
                continue
            if share not in by_share or row["plan"] == self.found.main_plan:
                by_share[share] = row
        return [by_share[share] for share in sorted(by_share)]

    def near(self, aim: str, share: float) -> Row | None:
        """The plan of an aim whose share of the budgets is closest."""
        return min(self.levels(aim), key=lambda row: abs(row["budget_share"] - share), default=None)

    @cached_property
    def _taken(self) -> dict[str, list[Row]]:
        return _by_plan(self.found["plan_actions"].sort("start_year", "action").iter_rows(named=True))

    def taken(self, plan: str) -> list[Row]:
        """The actions of a plan, those that start first before others, then those that bring most."""
        return sorted(
            self._taken.get(plan, []), key=lambda row: (row["start_year"] or 0, -(row["net_mean"] or 0.0))
        )

    @cached_property
    def _gains(self) -> dict[str, list[Row]]:
        return _by_plan(self.found["plan_gains"].iter_rows(named=True))

    def gains(self, plan: str) -> list[Row]:
        """What a plan brings to each constituency."""
        return self._gains.get(plan, [])

    @cached_property
    def _costs(self) -> dict[str, list[Row]]:
        return _by_plan(self.found["plan_costs"].sort("year").iter_rows(named=True))

    def costs(self, plan: str) -> dict[str, list[Row]]:
        """What a plan costs each funder, year by year."""
        found: dict[str, list[Row]] = {}
        for row in self._costs.get(plan, []):
            found.setdefault(row["funder"], []).append(row)
        return found

    def floor(self, constituency: str) -> float | None:
        """The least gain that was asked for a group: nothing lost where the planner said nothing else."""
        asked = self.found.settings.get("floors")
        least = asked.get(constituency, 0.0) if isinstance(asked, Mapping) else 0.0
        return None if least is None else float(least)

    @property
    def years(self) -> int:
        """Years of the horizon, the last perhaps in part."""
        return -(-len(self.found.months) // _MONTHS)

    def first_month(self, year: int) -> str:
        """The month in which a year of the plan begins; years count from 0."""
        place = min(max(year, 0) * _MONTHS, len(self.found.months) - 1)
        return self.found.months[place] if self.found.months else ""

    def step(self, before: str, after: str) -> Step:
        """What enters, leaves or changes from one plan to another."""
        old = {row["action"]: row for row in self.taken(before)}
        new = {row["action"]: row for row in self.taken(after)}
        both = [(old[name], row) for name, row in new.items() if name in old]
        return Step(
            added=tuple(row for name, row in new.items() if name not in old),
            dropped=tuple(row for name, row in old.items() if name not in new),
            altered=tuple((one, other) for one, other in both if _how(one) != _how(other)),
        )


def _how(row: Row) -> tuple[float, int]:
    return float(row["size"]), int(row["start_year"])


def _by_plan(rows: Any) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["plan"], []).append(row)
    return found
