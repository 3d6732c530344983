"""What was put into a study, as tables: actions, effects, benefits, values, weights, budgets.

Owns nothing that is computed, except the distribution weights of the cells.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from philoxenia.exchange.actions import rows_of
from philoxenia.report.foresight import TABLES
from philoxenia.scenarios.futures.types import GROUPS, Floats, Model
from philoxenia.valuation.dividend import distribution_weights
from philoxenia.workflows.foresight.catalogue import Catalogue
from philoxenia.workflows.foresight.cells import CELLS, income_of

_NUMBERS = ("cost_once", "cost_per_month", "cost_low", "cost_high", "size", "low", "high", "cost_per_exit",
            "cost_per_exit_month", "amount_per_month", "value", "value_low", "value_high", "income", "weight",
            "amount")  # fmt: skip
_WHOLES = ("lead_months", "ramp_months", "duration_months", "life_months", "year")


def declared_tables(
    catalogue: Catalogue, model: Model, weights: Mapping[str, float]
) -> dict[str, pl.DataFrame]:
    """The tables of what was put in, as `TABLES` names them."""
    actions, effects, benefits = [], [], []
    units = {service.name: service.unit for service in model.services} | {
        "shelter": "places",
        "homes": "homes",
    }
    for action in catalogue.actions:
        row, of_effects, of_benefits = rows_of(action)
        actions.append(row | {"serves": _serves(action), "changed": ";".join(action.changed)})
        effects += [one | {"unit": _unit(one, units)} for one in of_effects]
        benefits += of_benefits
    return {
        "actions": _frame("actions", actions),
        "effects": _frame("effects", effects),
        "benefits": _frame("benefits", benefits),
        "values": catalogue.values.select(TABLES["values"]),
        "weights": _frame("weights", _weights(catalogue, weights)),
        "budgets": catalogue.budgets.select(TABLES["budgets"]),
    }


def _frame(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    types: dict[str, type[pl.DataType]] = {
        column: pl.Float64 if column in _NUMBERS else pl.Int64 if column in _WHOLES else pl.String
        for column in TABLES[name]
    }
    if name == "effects":
        types["relative"] = pl.Boolean
    return pl.DataFrame(rows, schema=types)


def _serves(action: object) -> str:
    """Groups that any effect or benefit names; '' where everybody is meant."""
    parts = (*getattr(action, "effects", ()), *getattr(action, "benefits", ()))
    if any(not part.groups for part in parts):
        return ""
    return ";".join(dict.fromkeys(group for part in parts for group in part.groups))


def _unit(effect: Mapping[str, object], units: Mapping[str, str]) -> str:
    """What the size of an effect counts."""
    if effect["kind"] == "reach":
        return "km"
    if effect["kind"] == "capacity" and not effect["relative"]:
        return units.get(str(effect["target"]), "")
    return "share"


def weights_of(
    catalogue: Catalogue, model: Model, elasticity: float
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Distribution weight by cell, one for all where an income is missing (a sentence says so).

    The median is that of the people of the city at the start, each with the income of their group.
    """
    incomes = {row["cell"]: float(row["income"]) for row in catalogue.incomes.to_dicts()}
    missing = [cell for cell in CELLS if income_of(cell) not in incomes]
    if missing:
        said = (
            f"No income is stated for {income_of(missing[0])!r}: every dollar weighs the same "
            "(constituency_incomes)."
        )
        return dict.fromkeys(CELLS, 1.0), (said,)
    here = {group: incomes[group] for group in GROUPS}
    median = _median(np.array(list(here.values())), _people(model))
    return distribution_weights({cell: incomes[income_of(cell)] for cell in CELLS}, median, elasticity), ()


def _people(model: Model) -> Floats:
    """People (G,) in homes at the start."""
    by_band = model.in_homes.sum(axis=2)
    return np.concatenate([by_band[:, :-1].sum(axis=1), by_band[:, -1]])


def _median(values: Floats, people: Floats) -> float:
    order = np.argsort(values, kind="stable")
    passed = np.cumsum(people[order])
    return float(values[order][np.searchsorted(passed, passed[-1] / 2)])


def _weights(catalogue: Catalogue, weights: Mapping[str, float]) -> list[dict[str, object]]:
    rows = {row["cell"]: row for row in catalogue.incomes.to_dicts()}
    known = [(cell, rows.get(income_of(cell), {})) for cell in CELLS]
    return [
        {
            "cell": cell,
            "income": row.get("income"),
            "weight": weights[cell],
            "source": row.get("source", "no income is stated"),
            "date": row.get("date", ""),
        }
        for cell, row in known
    ]
