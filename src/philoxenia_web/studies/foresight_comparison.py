"""Two foresight studies side by side: what was asked differently, what each plan takes and brings.

Every difference is the second study less the first. The futures are the same in both only where months,
number of futures, seed, scenario and inputs are the same; otherwise chance differs too.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from philoxenia_web.studies.comparison import Setting
from philoxenia_web.studies.foresight.reading import NET, ForesightReading
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.plan_in_words import facts

Row = dict[str, Any]
# What makes the futures of two studies the same ones.
_FUTURES = ("futures", "sampling", "shocks")


@dataclass(frozen=True)
class ActionChange:
    """One action in both studies: net dividend by itself, and its place in the plan asked for (None: not
    in it, or not looked at)."""

    action: str
    title: str
    first: Row | None
    second: Row | None
    first_place: Row | None
    second_place: Row | None

    @property
    def difference(self) -> float | None:
        """How much more it brings on average in the second."""
        if self.first is None or self.second is None:
            return None
        return float(self.second["mean"] - self.first["mean"])

    @property
    def moved(self) -> bool:
        """Whether one plan takes it, or takes it otherwise."""
        places = [one and (one["size"], one["start_year"]) for one in (self.first_place, self.second_place)]
        return places[0] != places[1]


def changed_questions(first: Study, second: Study) -> list[Setting]:
    """What the two ask differently, in words."""
    known = [{one.words: list(one.said) for one in facts(study)} for study in (first, second)]
    words = list(dict.fromkeys([*known[0], *known[1]]))
    return [
        Setting(one, "; ".join(known[0].get(one, [])), "; ".join(known[1].get(one, [])))
        for one in words
        if known[0].get(one) != known[1].get(one)
    ]


def same_futures(first: Study, second: Study) -> bool:
    """Whether a difference of the two is the plans' alone, and not that of other futures."""
    ours = [
        (one.horizon, one.seed, one.city_fingerprint, *(str(one.plan.get(name)) for name in _FUTURES))
        for one in (first, second)
    ]
    return ours[0] == ours[1]


def action_changes(first: ForesightReading, second: ForesightReading) -> list[ActionChange]:
    """Every action that either looked at: those whose place in the plan differs first."""
    places = [_places(one) for one in (first, second)]
    names = list(dict.fromkeys([*second.actions, *first.actions]))
    found = [
        ActionChange(
            name,
            (second if name in second.actions else first).title(name),
            first.of(name, NET),
            second.of(name, NET),
            places[0].get(name),
            places[1].get(name),
        )
        for name in names
    ]
    return sorted(found, key=lambda one: not one.moved)


def _places(reading: ForesightReading) -> dict[str, Row]:
    rows = reading.found["plan_actions"].filter(pl.col("plan") == reading.found.main_plan)
    return {row["action"]: row for row in rows.iter_rows(named=True)}


def plan_of(reading: ForesightReading) -> Row | None:
    """The row of the plan asked for."""
    rows = reading.found["plans"].filter(pl.col("plan") == reading.found.main_plan)
    return next(rows.iter_rows(named=True), None)
