"""A catalogue of actions is read whole, or every fault in it is said with table, row and column."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from philoxenia.exchange import CityError, read_city
from philoxenia.exchange.action_rows import CatalogueError
from philoxenia.exchange.actions import (
    BANDS,
    GROUPS,
    PLACES,
    Known,
    action_of,
    actions_of,
    budgets_of,
    catalogue_faults,
    incomes_of,
    notes_on,
    rows_of,
    unit_values_of,
)
from philoxenia.scenarios.futures import types as futures
from philoxenia.vocabulary.actions import Action

Put = Callable[[str, str], None]
HEADER = (
    "action,title,summary,blueprint,crf_goals,funder,lead_months,ramp_months,duration_months,cost_once,"
    "cost_per_month,cost_low,cost_high,sizes,needs,excludes,cost_source,cost_date,note\n"
)
ROW: dict[str, Any] = {
    "action": "beds",
    "title": "Beds",
    "summary": "Twenty beds.",
    "blueprint": "L5;P2",
    "crf_goals": "1;3",
    "funder": "city",
    "lead_months": 6,
    "cost_once": 1000,
    "cost_per_month": "200.5",
    "cost_low": 0.8,
    "cost_high": 1.4,
    "sizes": "0.5;1;2",
    "cost_source": "assumption: none",
}
EFFECT = {"kind": "capacity", "target": "shelter", "size": 20, "low": 0.5, "high": 1, "source": "definition"}
BENEFIT = {
    "benefit": "Calm",
    "unit": "nights",
    "amount_per_month": 30,
    "value": 2,
    "value_low": 0,
    "value_high": 5,
    "pillar": "co_benefit",
    "source": "assumption",
}


def line(action: str, needs: str = "", excludes: str = "", sizes: str = "") -> str:
    return f"{action},T,S,L5,1,city,1,,,10,5,,,{sizes},{needs},{excludes},assumption,2026,\n"


def refused(*, row: dict[str, Any] | None = None, effect: Any = None, benefit: Any = None) -> CatalogueError:
    """What is said of an action with one cell changed."""
    effects = [EFFECT if effect is None else EFFECT | effect]
    benefits = [BENEFIT if benefit is None else BENEFIT | benefit]
    with pytest.raises(CatalogueError) as caught:
        action_of(ROW | (row or {}), effects, benefits, Known(("primary_care",), ("01", "02")))
    return caught.value


class TestOneAction:
    def test_texts_and_numbers_make_the_same_action(self) -> None:
        listed = {"blueprint": ["L5", "P2"], "crf_goals": [1, 3], "sizes": [0.5, 1, 2], "lead_months": "6"}
        made = action_of(ROW, [EFFECT], [BENEFIT])
        assert action_of(ROW | listed, [EFFECT], [BENEFIT]) == made
        assert (made.sizes, made.cost, made.lead, made.duration) == ((0.5, 1, 2), (0.8, 1, 1.4), 6, None)
        assert made.effects[0].factor == (0.5, 1.0, 1.0)
        assert made.benefits[0].value == (0, 2, 5)

    def test_an_action_goes_to_rows_and_back(self) -> None:
        made = action_of(ROW | {"life_months": 120}, [EFFECT], [BENEFIT])
        assert action_of(*rows_of(made)) == made
        assert made.life == 120

    def test_empty_cells_mean_none_and_one(self) -> None:
        least = {key: ROW[key] for key in ROW if key not in ("sizes", "cost_low", "cost_high", "crf_goals")}
        made = action_of(least)
        assert (made.sizes, made.cost, made.effects, made.ramp) == ((1.0,), (1.0, 1.0, 1.0), (), 0)

    @pytest.mark.parametrize(
        ("row", "field", "says"),
        [
            ({"blueprint": "L99"}, "blueprint", "'L99'"),
            ({"crf_goals": "0"}, "crf_goals", "'0'"),
            ({"crf_goals": "13"}, "crf_goals", "'13'"),
            ({"sizes": "0.5;2"}, "sizes", "1 must be among the sizes"),
            ({"sizes": "0;1"}, "sizes", "above 0"),
            ({"sizes": "1;1"}, "sizes", "stands twice"),
            ({"sizes": "1;1.2.3"}, "sizes", "not a number"),
            ({"cost_low": 1.2}, "cost_low", "above 1"),
            ({"cost_high": 0.9}, "cost_high", "below 1"),
            ({"cost_once": -5}, "cost_once", "below 0"),
            ({"cost_once": "many"}, "cost_once", "not a number"),
            ({"cost_once": "nan"}, "cost_once", "not a number"),
            ({"cost_once": True}, "cost_once", "not a number"),
            ({"lead_months": 2.5}, "lead_months", "not a whole number"),
            ({"lead_months": ""}, "lead_months", "it is empty"),
            ({"duration_months": 0}, "duration_months", "below 1"),
            ({"cost_source": " "}, "cost_source", "it is empty"),
            ({"action": "Beds!"}, "action", "'Beds!'"),
            ({"cost_per_mnth": 3}, "cost_per_mnth", "perhaps cost_per_month is meant"),
        ],
    )
    def test_a_wrong_cell_is_said_with_its_column(self, row: dict[str, Any], field: str, says: str) -> None:
        [fault] = refused(row=row).faults
        assert fault.field == field
        assert says in fault.message

    @pytest.mark.parametrize(
        ("effect", "field", "says"),
        [
            ({"kind": "magic"}, "effects.0.kind", "'magic' is not one of capacity"),
            ({"target": "ponies"}, "effects.0.target", "there are primary_care, shelter, homes"),
            ({"kind": "use", "target": "homes"}, "effects.0.target", "there is no 'homes'"),
            ({"kind": "exits"}, "effects.0.target", "leave the target empty"),
            ({"kind": "exits", "target": "", "size": -1.5}, "effects.0.size", "more than there is"),
            ({"kind": "reach", "target": "primary_care", "size": 0}, "effects.0.size", "reach nobody"),
            ({"kind": "eligibility", "target": "primary_care", "size": 2}, "effects.0.size", "everybody"),
            ({"low": 1.5}, "effects.0.low", "above 1"),
            ({"high": 0.5}, "effects.0.high", "below 1"),
            ({"groups": "newcomer_kings"}, "effects.0.groups", "'newcomer_kings'"),
            ({"bands": "0-3"}, "effects.0.bands", "there is no '0-3'"),
            ({"districts": "01;09"}, "effects.0.districts", "'09'"),
            ({"relative": "perhaps"}, "effects.0.relative", "neither yes nor no"),
            ({"cost_per_exit": 5}, "effects.0.cost_per_exit", "only exits"),
            ({"source": ""}, "effects.0.source", "it is empty"),
        ],
    )
    def test_a_wrong_effect_is_said_with_its_place(
        self, effect: dict[str, Any], field: str, says: str
    ) -> None:
        faults = refused(effect=effect).faults
        assert [fault.field for fault in faults] == [field]
        assert says in faults[0].message

    @pytest.mark.parametrize(
        ("benefit", "field"),
        [
            ({"value_low": 3}, "benefits.0.value"),
            ({"pillar": "luck"}, "benefits.0.pillar"),
            ({"groups": "everybody"}, "benefits.0.groups"),
            ({"amount_per_month": ""}, "benefits.0.amount_per_month"),
        ],
    )
    def test_a_wrong_benefit_is_said_with_its_place(self, benefit: dict[str, Any], field: str) -> None:
        assert [fault.field for fault in refused(benefit=benefit).faults] == [field]

    def test_a_benefit_named_twice_is_refused(self) -> None:
        with pytest.raises(CatalogueError, match="'Calm' stands twice"):
            action_of(ROW, [], [BENEFIT, BENEFIT])

    def test_everything_wrong_is_said_at_once(self) -> None:
        told = refused(row={"cost_once": -1, "sizes": "2"}, effect={"low": 9}, benefit={"pillar": "luck"})
        assert len(told.faults) == 4
        assert "beds, effect 1, column low: 9 is above 1" in str(told)
        assert told.exit_code == 3


class TestActionsTogether:
    def test_what_is_needed_must_be_there(self) -> None:
        [fault] = catalogue_faults([made("a", needs="b")])
        assert (fault.action, fault.column) == ("a", "needs")
        assert "no action 'b'" in fault.message

    def test_a_circle_of_needs_is_named(self) -> None:
        [fault] = catalogue_faults([made("a", needs="b"), made("b", needs="c"), made("c", needs="a")])
        assert "in a circle" in fault.message
        assert all(name in fault.message for name in "abc")

    def test_needed_and_excluded_at_once(self) -> None:
        [fault] = catalogue_faults([made("a", needs="b", excludes="b"), made("b")])
        assert "needed and excluded at once" in fault.message

    def test_an_action_cannot_exclude_itself(self) -> None:
        [fault] = catalogue_faults([made("a", excludes="a")])
        assert "cannot name itself" in fault.message

    def test_two_actions_of_one_name(self) -> None:
        assert [fault.column for fault in catalogue_faults([made("a"), made("a")])] == ["action"]

    def test_a_sound_catalogue_has_no_fault(self) -> None:
        assert catalogue_faults([made("a", needs="b"), made("b", excludes="c"), made("c")]) == []


def made(name: str, needs: str = "", excludes: str = "") -> Action:
    return action_of(ROW | {"action": name, "needs": needs, "excludes": excludes})


class TestACity:
    """Tables of a package: the city of two districts in `conftest`."""

    def test_a_city_without_a_catalogue_has_no_actions(self, second_city: Path) -> None:
        city = read_city(second_city)
        assert actions_of(city) == ()
        assert unit_values_of(city).height == budgets_of(city).height == incomes_of(city).height == 0

    def test_rows_are_joined_in_their_order(self, second_city: Path, put: Put) -> None:
        put("actions", HEADER + line("beds") + line("feast"))
        put("action_effects", effects("beds,capacity,shelter,20", "beds,exits,,0.1"))
        beds, feast = actions_of(read_city(second_city))
        assert [effect.kind for effect in beds.effects] == ["capacity", "exits"]
        assert feast.effects == ()

    def test_an_effect_of_an_unknown_action(self, second_city: Path, put: Put) -> None:
        put("actions", HEADER + line("beds"))
        put("action_effects", effects("bads,capacity,shelter,20"))
        with pytest.raises(CatalogueError, match="bads, column action: the table actions has no such action"):
            actions_of(read_city(second_city))

    def test_faults_of_all_tables_are_said_together(self, second_city: Path, put: Put) -> None:
        put("actions", HEADER + line("beds", needs="gone", sizes="2"))
        put("action_effects", effects("beds,capacity,ponies,20", "lost,exits,,0.1"))
        with pytest.raises(CatalogueError) as caught:
            actions_of(read_city(second_city))
        assert {fault.column for fault in caught.value.faults} == {"needs", "sizes", "target", "action"}

    def test_a_district_that_is_not_the_citys(self, second_city: Path, put: Put) -> None:
        put("actions", HEADER + line("beds"))
        put(
            "action_effects",
            "action,kind,target,size,districts,source\nbeds,capacity,homes,20,C3,assumption\n",
        )
        with pytest.raises(CatalogueError, match="'C3'"):
            actions_of(read_city(second_city))

    @pytest.mark.parametrize("measure", ["served.ponies", "happiness", "idle.waste"])
    def test_a_value_of_a_measure_that_is_not_there(self, second_city: Path, put: Put, measure: str) -> None:
        put("unit_values", f"measure,unit,value,pillar,source\n{measure},ride,3,co_benefit,assumption\n")
        with pytest.raises(CatalogueError, match=f"{measure}.*there is no such measure here"):
            unit_values_of(read_city(second_city))

    def test_bounds_that_are_left_out_are_the_value(self, second_city: Path, put: Put) -> None:
        put("unit_values", "measure,unit,value,pillar,source\nwaiting,month,-3,avoided_loss,assumption\n")
        assert unit_values_of(read_city(second_city)).select("low", "high").row(0) == (-3, -3)

    def test_a_funder_without_a_budget_is_noted(self, second_city: Path, put: Put) -> None:
        put("actions", HEADER + line("beds"))
        city = read_city(second_city)
        assert notes_on(city, actions_of(city)) == (
            "No budget is stated for the funder 'city': what it pays has no limit (action_budgets).",
        )

    @pytest.mark.parametrize(
        ("table", "text", "says"),
        [
            ("actions", HEADER.replace("cost_once", "costs_at_once") + line("beds"), "cost_once"),
            ("actions", HEADER + line("beds").replace(",10,5,", ",-10,5,"), "may not be below 0"),
            ("action_effects", "action,kind,target,size,source\nbeds,magic,,1,a\n", "magic"),
            (
                "unit_values",
                "measure,unit,value,low,pillar,source\nwaiting,month,-9,-3,avoided_loss,a\n",
                "greater",
            ),
            ("action_budgets", "funder,title,year,amount,source\ncity,C,0,5,a\n", "may not be below 1"),
            ("constituency_incomes", "cell,income,source\nrich,5,a\n", "rich"),
        ],
    )
    def test_a_spoiled_table_keeps_the_city_from_being_used(
        self, second_city: Path, put: Put, table: str, text: str, says: str
    ) -> None:
        put(table, text)
        with pytest.raises(CityError, match=says):
            read_city(second_city)


def effects(*rows: str) -> str:
    head = "action,kind,target,size,districts,source\n"
    return head + "".join(f"{row},,assumption\n" for row in rows)


@pytest.fixture
def put(second_city: Path) -> Put:
    """Writes a table of the city of two districts."""

    def write(name: str, text: str) -> None:
        (second_city / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")

    return write


def test_the_names_are_those_of_the_model() -> None:
    assert GROUPS == futures.GROUPS
    assert BANDS == futures.BANDS
    assert set(PLACES) == {futures.SHELTER, futures.HOMES}


def test_every_kind_of_lever_can_be_written() -> None:
    targets = {"capacity": "shelter", "exits": "", "departures": "", "entries": ""}
    kinds = [kind for kind in futures.LeverKind if kind.value != "nothing"]
    for kind in kinds:
        target = targets.get(kind.value, "primary_care")
        row = EFFECT | {"kind": kind.value, "target": target, "size": 0.5}
        assert action_of(ROW, [row]).effects[0].kind == kind.value
