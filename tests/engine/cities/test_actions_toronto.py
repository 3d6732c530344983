"""Toronto's catalogue covers what it must, and each figure it takes from the budget is in the budget."""

import contextlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from philoxenia.exchange import City, read_city
from philoxenia.exchange.actions import actions_of, budgets_of, incomes_of, notes_on, unit_values_of
from philoxenia.reference import reference_table
from philoxenia.scenarios import inputs_from_city
from philoxenia.scenarios.rates import read_services
from philoxenia.vocabulary.actions import Action

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "explanation" / "toronto-actions.md"
MUST_COVER = {"P1", "P2", "P4", "P5", "P12", "L5", *(f"E{n}" for n in range(3, 11))}
MUST_COVER |= {f"T{n}" for n in range(1, 11)}
BUDGET_YEAR = "Operating Budget 2024"


@pytest.fixture(scope="module")
def city() -> City:
    return read_city(ROOT / "cities" / "toronto")


@pytest.fixture(scope="module")
def actions(city: City) -> tuple[Action, ...]:
    return actions_of(city)


@cache
def reckoned() -> dict[str, Any]:
    """What the page's own lines give."""
    [lines] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, Any] = {}
    with contextlib.chdir(ROOT):
        exec(compile(lines, str(PAGE), "exec"), found)  # noqa: S102
    return found


class TestTheCatalogue:
    def test_at_least_28_actions_cover_every_practice_asked_for(self, actions: tuple[Action, ...]) -> None:
        assert len(actions) >= 28
        assert {practice for action in actions for practice in action.blueprint} >= MUST_COVER

    def test_every_number_has_a_source_or_says_it_is_none(self, actions: tuple[Action, ...]) -> None:
        sources = [action.cost_source for action in actions]
        sources += [row.source for action in actions for row in (*action.effects, *action.benefits)]
        named = re.compile(
            r"assumption|definition|Operating Budget|At Home|So Much More|HACT|Maytree|median rent|rent gap"
        )
        assert [source for source in sources if not named.match(source)] == []

    def test_every_action_changes_or_brings_something(self, actions: tuple[Action, ...]) -> None:
        assert [action.id for action in actions if not action.effects and not action.benefits] == []

    def test_what_is_not_simulated_is_uncertain(self, actions: tuple[Action, ...]) -> None:
        sure = [
            (action.id, benefit.name)
            for action in actions
            for benefit in action.benefits
            if not action.effects and benefit.value[2] - benefit.value[0] < 0.1 * abs(benefit.value[1])
        ]
        assert sure == []

    def test_every_funder_has_a_budget(self, city: City, actions: tuple[Action, ...]) -> None:
        assert notes_on(city, actions) == ()
        assert set(budgets_of(city)["year"]) == set(range(1, 11))

    def test_no_action_needs_what_it_excludes_or_more_than_is_there(
        self, actions: tuple[Action, ...]
    ) -> None:
        assert {"municipal_id"} == {n for a in actions if a.id == "bank_on" for n in a.needs}
        assert all(set(action.needs).isdisjoint(action.excludes) for action in actions)

    def test_all_crf_dimensions_are_served(self, actions: tuple[Action, ...]) -> None:
        goals = {goal for action in actions for goal in action.crf_goals}
        dimension = dict(reference_table("crf_goals").select("goal", "dimension").iter_rows())
        assert {dimension[str(goal)] for goal in goals} == set(dimension.values())

    def test_effects_act_on_services_the_model_has(self, city: City, actions: tuple[Action, ...]) -> None:
        shown = inputs_from_city(city).services
        modelled = {s.name for s in read_services() if s.name in shown and s.basis != "stock"}
        targets = {effect.target for action in actions for effect in action.effects} - {""}
        assert targets - {"shelter", "homes"} <= modelled
        measures = unit_values_of(city)["measure"]
        assert {name.split(".")[1] for name in measures if "." in name} <= modelled

    def test_newcomers_are_not_taken_to_be_richer(self, city: City) -> None:
        income = dict(incomes_of(city).select("cell", "income").iter_rows())
        assert len(income) == 9
        assert income["homeless"] < min(value for cell, value in income.items() if cell != "homeless")
        for kind in ("children", "women", "men", "older"):
            assert income[f"newcomer_{kind}"] < income[f"long_term_{kind}"]


class TestTheCityBudget:
    """The reckoning in docs/explanation/toronto-actions.md gives what the tables say."""

    @pytest.mark.parametrize("place", sorted(reckoned()["derived"]))
    def test_a_reckoned_figure_is_the_one_in_the_table(self, city: City, place: tuple[str, str, str]) -> None:
        table, name, column = place
        key = {"unit_values": "measure", "action_budgets": "funder"}.get(table, "action")
        cells = city.tables[table].filter(pl.col(key) == name)[column].drop_nulls()
        figure = reckoned()["derived"][place]
        # Costs are rounded to ten dollars, what the city could spend to a hundred thousand, grants likewise.
        tolerance = 50_000 if abs(figure) > 5_000_000 else 5.01
        assert abs(float(cells[0]) - figure) <= tolerance, f"{place}: {cells[0]} is not {figure:.2f}"

    def test_every_row_from_the_budget_is_reckoned(self, city: City) -> None:
        derived = {(table, name) for table, name, _ in reckoned()["derived"]}
        keys = {"unit_values": "measure", "action_budgets": "funder"}
        for table, column in (
            ("actions", "cost_source"),
            ("action_effects", "source"),
            ("action_benefits", "source"),
            ("unit_values", "source"),
            ("action_budgets", "source"),
        ):
            rows = city.tables[table].filter(pl.col(column).str.starts_with(BUDGET_YEAR))
            found = {(table, name) for name in rows[keys.get(table, "action")]}
            assert found <= derived, f"{table}: {found - derived}"

    def test_the_large_figures_in_sources_are_sums_of_the_budget(self, city: City) -> None:
        spent = city.tables["budget"].filter(flow="expense")
        sums = {round(one) for one in (reckoned()[name] for name in ("tenant_support", "employment_service"))}
        for keys in (["program"], ["program", "service"], ["program", "activity"]):
            sums |= {round(value) for value in spent.group_by(keys).agg(pl.col("amount").sum())["amount"]}
        budget, shelter = reckoned()["budget"], reckoned()["SHELTER"]
        emergency = reckoned()["emergency"]
        sums |= {round(budget(shelter, emergency, without=["Rentals"])), round(reckoned()["rentals"])}
        sums |= {round(reckoned()["pay"]), round(budget(shelter) + budget(reckoned()["HOUSING"]))}
        written = [
            int(figure.replace(",", ""))
            for table in ("actions", "action_benefits", "unit_values", "action_budgets")
            for text in city.tables[table].get_column("cost_source" if table == "actions" else "source")
            for figure in re.findall(r"\d{1,3}(?:,\d{3}){2,}", text)
            if BUDGET_YEAR in text
        ]
        assumed = {12_000_000}  # a sorting line, said to be an assumption in the same sentence
        assert len(written) > 10
        assert {figure for figure in written if figure not in sums | assumed} == set()
