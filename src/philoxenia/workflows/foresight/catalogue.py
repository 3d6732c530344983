"""What a foresight study reads of a city: its actions, what outcomes are worth, budgets and incomes.

Owns these as one value; ignores where they are from and what they bring.
"""

from dataclasses import dataclass, field

import polars as pl

from philoxenia.exchange import City
from philoxenia.exchange.actions import (
    Known,
    actions_of,
    budgets_of,
    incomes_of,
    known_of,
    unit_values_of,
)
from philoxenia.scenarios.futures.shocks import city_shocks, known_shocks
from philoxenia.vocabulary.actions import Action

_TEXT, _NUMBER, _WHOLE = pl.String, pl.Float64, pl.Int64
VALUES = {
    "measure": _TEXT,
    "unit": _TEXT,
    "value": _NUMBER,
    "low": _NUMBER,
    "high": _NUMBER,
    "pillar": _TEXT,
    "source": _TEXT,
    "date": _TEXT,
}
BUDGETS = {"funder": _TEXT, "title": _TEXT, "year": _WHOLE, "amount": _NUMBER, "source": _TEXT}
INCOMES = {"cell": _TEXT, "income": _NUMBER, "source": _TEXT, "date": _TEXT}


@dataclass(frozen=True)
class Catalogue:
    """`values`: what a unit of an outcome is worth, as `VALUES`; `budgets` by funder and year (1 first), as
    `BUDGETS`; `incomes` by cell, as `INCOMES`. A frame without rows says nothing of it is known. `known`: the
    services and districts that effects may name; `shocks`: those a planner may change."""

    actions: tuple[Action, ...]
    values: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VALUES))
    budgets: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BUDGETS))
    incomes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=INCOMES))
    known: Known | None = None
    shocks: tuple[str, ...] = field(default_factory=lambda: tuple(one.name for one in known_shocks()))

    def action(self, name: str) -> Action:
        """The action of an id that is known to be there."""
        return next(action for action in self.actions if action.id == name)

    @property
    def funders(self) -> tuple[str, ...]:
        """Who pays for an action or has a budget, in the order in which they appear."""
        named = (*(action.funder for action in self.actions), *self.budgets["funder"].to_list())
        return tuple(dict.fromkeys(named))


def catalogue_of(city: City) -> Catalogue:
    """The catalogue of a city package. Raises `CatalogueError` with everything that is wrong in it."""
    return Catalogue(
        actions=actions_of(city),
        values=unit_values_of(city).select(*VALUES),
        budgets=budgets_of(city).select(*BUDGETS),
        incomes=incomes_of(city).select(*INCOMES),
        known=known_of(city),
        shocks=tuple(one.name for one in city_shocks(city.tables.get("shocks"))[0]),
    )
