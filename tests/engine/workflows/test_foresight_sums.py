"""What adds up must add up: cells, pillars, measures and districts of every action and plan, on any city."""

from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.workflows.made_world import made_foresight, subject
from tests.engine.workflows.made_world import settings as asked

from philoxenia.report.foresight import CONSTITUENCIES, TABLES, Foresight
from philoxenia.report.foresight.keeping import check_tables
from philoxenia.workflows.foresight import foresee

CLOSE = 1e-9


def means(found: Foresight, action: str, kind: str) -> dict[str, float]:
    rows = found["dividends"].filter((pl.col("action") == action) & (pl.col("kind") == kind))
    return dict(zip(rows["name"], rows["mean"], strict=True))


def agree(one: float, other: float, size: float) -> bool:
    return abs(one - other) <= CLOSE * max(size, 1.0)


def check_sums(found: Foresight) -> None:
    for action in found["dividends"]["action"].unique(maintain_order=True):
        total = means(found, action, "total")
        cells, pillars, measures = (means(found, action, kind) for kind in ("cell", "pillar", "measure"))
        size = sum(map(abs, cells.values())) + total["cost"]
        assert agree(sum(cells.values()) - total["cost"], total["net"], size)
        assert agree(sum(pillars.values()), total["gross"], size)
        assert agree(sum(measures.values()), total["gross"], size)
        assert agree(sum(means(found, action, "funder").values()), total["cost"], size)
        groups = means(found, action, "constituency")
        assert agree(groups["newcomers"] + groups["long_term_residents"], total["gross"], size)
        ages = ("children", "women", "men", "older_people")
        assert agree(sum(groups[name] for name in ages), total["gross"], size)
        districts = found["districts"].filter(pl.col("action") == action)
        by_population = dict(districts.group_by("population").agg(pl.col("mean").sum()).iter_rows())
        for name in ("newcomers", "long_term_residents"):
            assert agree(by_population[name], groups[name], size)


@cache
def of_other_city(seed: int, places: int) -> Foresight:
    study = asked(months=13, futures=6, starts=[0], sizes=False, seed=seed)
    return foresee(subject(study, places, seed), study)


def test_every_sum_holds_in_the_made_up_city() -> None:
    check_sums(made_foresight())


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1000), places=st.integers(1, 5))
def test_every_sum_holds_in_cities_not_seen_before(seed: int, places: int) -> None:
    check_sums(of_other_city(seed, places))


def test_every_future_of_a_sample_adds_up() -> None:
    samples = made_foresight()["samples"]
    gross = samples["newcomers"] + samples["long_term_residents"]
    assert np.allclose(samples["net"], gross - samples["cost"], rtol=1e-9)
    assert set(CONSTITUENCIES) <= set(samples.columns)


def test_every_table_is_there_with_rows() -> None:
    found = made_foresight()
    check_tables(found.tables)
    assert [name for name in TABLES if found[name].is_empty()] == []


def test_a_plan_is_run_as_a_whole_and_not_added_up() -> None:
    found = made_foresight()
    plan = found["plans"].row(by_predicate=pl.col("plan") == found.main_plan, named=True)
    alone = found["plan_actions"].filter(pl.col("plan") == found.main_plan)["net_mean"].sum()
    assert plan["sum_of_parts"] == pytest.approx(alone, rel=1e-9)
    assert plan["net_mean"] != plan["sum_of_parts"]
    net = means(found, found.main_plan, "total")["net"]
    assert plan["net_mean"] == pytest.approx(net, rel=1e-12)


def test_plans_keep_what_was_asked() -> None:
    found = made_foresight()
    costs = found["plan_costs"].drop_nulls("budget")
    assert (costs["mean"] <= costs["budget"] * (1 + 1e-6) + 1e-6).all()
    chosen = found["plan_actions"].group_by("plan").agg("action")
    for actions in map(set, chosen["action"]):
        assert "classes" not in actions or "clinic_hours" in actions
        assert not {"classes", "cash_for_work"} <= actions


def test_more_money_never_buys_less() -> None:
    curve = made_foresight()["plans"].filter(pl.col("aim") == "mean").sort("budget_share")
    assert curve["budget_share"].to_list() == [round(0.2 * step, 1) for step in range(11)]
    assert (curve["sum_of_parts"].diff().drop_nulls() >= -1e-6).all()
    assert curve["sum_of_parts"][0] == 0


def test_what_an_action_does_not_touch_is_exactly_as_without() -> None:
    found = made_foresight()
    rows = found["changes"].filter((pl.col("action") == "clinic_hours") & (pl.col("measure") == "waiting"))
    assert (rows["mean"] == 0).all()
    lost = found["dividends"].filter(
        (pl.col("action") == "clinic_hours") & (pl.col("kind") == "constituency")
    )
    homeless = lost.row(by_predicate=pl.col("name") == "homeless_people", named=True)
    assert (homeless["mean"], homeless["share_losing"]) == (0, 0)
