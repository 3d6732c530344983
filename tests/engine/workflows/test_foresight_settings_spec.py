"""Settings of a foresight study: whatever is wrong is a sentence at its key; whatever is right reads back."""

import json

import polars as pl
import pytest
from tests.engine.workflows.made_world import catalogue

from philoxenia.reference import default_parameters
from philoxenia.workflows.foresight import ForesightSettings, SettingsError, read_settings

OWN = {
    "action": "own_idea", "title": "An idea", "summary": "Of the planner.", "blueprint": ["P1"],
    "crf_goals": [1], "funder": "city", "lead_months": 1, "cost_once": 5, "cost_per_month": 1,
    "cost_source": "assumption: a guess",
    "benefits": [{"benefit": "calm", "unit": "days", "amount_per_month": 2, "value": 3, "value_low": 1,
                  "value_high": 5, "pillar": "co_benefit", "source": "assumption: a guess"}],
}  # fmt: skip

WHOLE = {
    "months": 36, "futures": 50, "seed": 4, "rule": "need_first", "sampling": "sobol",
    "shocks": {"sudden_influx": {"probability_per_year": 0, "size": 100}},
    "chosen": ["rent_support", "own_idea"],
    "changed": {"rent_support": {"cost_per_month": 7, "effects": {"0": {"size": 0.3}}, "reason": "own bids"}},
    "added": [OWN],
    "values": {"waiting": {"value": -100, "reason": "a survey"}},
    "starts": [0, 2], "sizes": False, "budgets": {"city": [1, 2], "donors": 3}, "aim": "cvar",
    "worst_share": 0.2, "floors": {"children": 0}, "required": ["own_idea"], "banned": [],
    "failure": {"measure": "waiting", "above": 50}, "satisfice": {"net": 0, "women": 1},
}  # fmt: skip

# What is asked, the key that is told, and words of the sentence.
WRONG: list[tuple[dict[str, object], str, str]] = [
    ({"futurs": 5}, "futurs", "perhaps futures is meant"),
    ({"months": 0}, "months", "from 1 to 120"),
    ({"months": "many"}, "months", "not a whole number"),
    ({"months": True}, "months", "not a whole number"),
    ({"futures": 1.5}, "futures", "not a whole number"),
    ({"seed": -1}, "seed", "outside its range"),
    ({"rule": "loudest"}, "rule", "first_come, need_first, equal_shares"),
    ({"sampling": "darts"}, "sampling", "latin_hypercube"),
    ({"shocks": {"meteor": {}}}, "shocks.meteor", "there is"),
    ({"shocks": {"sudden_influx": {"size": -5}}}, "shocks.sudden_influx.size", "outside its range"),
    ({"shocks": {"sudden_influx": 5}}, "shocks.sudden_influx", "not a mapping"),
    ({"chosen": ["rent_suport"]}, "chosen", "perhaps rent_support is meant"),
    ({"chosen": "rent_support"}, "chosen", "not a list"),
    ({"changed": {"rents": {}}}, "changed.rents", "there is"),
    ({"changed": {"rent_support": {"cost_once": -1}}}, "changed.rent_support.cost_once", ""),
    ({"changed": {"rent_support": {"colour": "red"}}}, "changed.rent_support.colour", "no such column"),
    ({"changed": {"rent_support": {"action": "x"}}}, "changed.rent_support.action", "cannot be changed"),
    ({"changed": {"rent_support": {"effects": {"7": {}}}}}, "changed.rent_support.effects.7", "there is"),
    ({"changed": {"rent_support": {"effects": {"0": {"size": "a lot"}}}}},
     "changed.rent_support.effects.0.size", ""),
    ({"changed": {"classes": {"benefits": {"0": {"pillar": "fun"}}}}},
     "changed.classes.benefits.0.pillar", ""),
    ({"changed": {"classes": {"needs": "nobody"}}}, "changed.classes.needs", "no action 'nobody'"),
    ({"added": [{"action": "x"}]}, "added.0", ""),
    ({"added": "x"}, "added", "not a list"),
    ({"added": [OWN | {"action": "rent_support"}]}, "added", "stands twice"),
    ({"values": {"joy": {"value": 1}}}, "values.joy", "there is"),
    ({"values": {"waiting": {"value": -1, "low": 0, "high": 2}}}, "values.waiting.value", "is not between"),
    ({"values": {"waiting": {"value": "much"}}}, "values.waiting.value", "not a number"),
    ({"starts": [0, 9], "months": 24}, "starts", "beyond the 24 months"),
    ({"starts": []}, "starts", "empty"),
    ({"sizes": "yes"}, "sizes", "neither true nor false"),
    ({"budgets": {"king": [1]}}, "budgets.king", "there is"),
    ({"budgets": {"city": []}}, "budgets.city", "empty"),
    ({"budgets": {"city": [1, -2]}}, "budgets.city.1", "outside its range"),
    ({"aim": "glory"}, "aim", "mean, cvar, regret"),
    ({"worst_share": 0}, "worst_share", "outside its range"),
    ({"floors": {"kings": 1}}, "floors.kings", "there is"),
    ({"floors": {"children": "many"}}, "floors.children", "not a number"),
    ({"required": ["classes"], "banned": ["classes"]}, "banned", "required and banned at once"),
    ({"failure": {"net_below": 0, "above": 1}}, "failure.net_below", "one of the two"),
    ({"failure": {"above": -1}}, "failure.above", "outside its range"),
    ({"satisfice": {"gross": 1}}, "satisfice.gross", "there is"),
]  # fmt: skip


def read(asked: object) -> ForesightSettings:
    return read_settings(asked, catalogue(), default_parameters())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "key", "told"), WRONG, ids=[key + str(n) for n, (_, key, _) in enumerate(WRONG)]
)
def test_a_wrong_setting_is_a_sentence_at_its_key(asked: dict[str, object], key: str, told: str) -> None:
    with pytest.raises(SettingsError) as problem:
        read(asked)
    assert problem.value.key.startswith(key)
    assert key in str(problem.value)
    assert told in str(problem.value)
    assert str(problem.value).rstrip().endswith((".", "]."))


def test_settings_read_back_the_same_after_json() -> None:
    for asked in ({}, WHOLE):
        first = read(asked)
        again = read(json.loads(json.dumps(first.as_mapping())))
        assert again.as_mapping() == first.as_mapping()
        assert again.catalogue.actions == first.catalogue.actions


def test_nothing_asked_means_the_whole_catalogue_at_its_defaults() -> None:
    found = read({})
    assert (found.months, found.futures, found.seed, found.aim) == (60, 500, 1, "mean")
    assert found.starts == (0, 1, 2)
    assert len(found.catalogue.actions) == len(catalogue().actions)
    assert found.worst_share == default_parameters()["valuation.worst_share"]


def test_nobody_is_worse_off_than_without_unless_the_planner_says_so() -> None:
    assert set(read({}).floors.values()) == {0.0}
    changed = read({"floors": {"men": -5, "women": None}}).floors
    assert (changed["men"], changed["women"], changed["children"]) == (-5, None, 0)


def test_a_short_horizon_has_fewer_starts() -> None:
    assert read({"months": 12}).starts == (0,)


def test_changes_leave_their_mark_and_leave_the_rest() -> None:
    found = read(WHOLE)
    changed, own = found.catalogue.actions
    before = catalogue().action("rent_support")
    assert changed.changed == ("cost_per_month", "effects.0.size")
    assert (changed.cost_per_month, changed.effects[0].size) == (7, 0.3)
    assert (changed.title, changed.effects[0].factor) == (before.title, before.effects[0].factor)
    assert own.changed == ("added",)
    assert own.benefits[0].value == (1, 3, 5)


def test_a_changed_value_moves_its_range_and_says_why() -> None:
    row = read(WHOLE).catalogue.values.row(by_predicate=pl.col("measure") == "waiting", named=True)
    assert (row["value"], row["low"], row["high"]) == pytest.approx((-100.0, -5000 / 30, -50.0))
    assert "a survey" in row["source"]
    assert row["source"].startswith("assumption")
