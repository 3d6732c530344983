"""Pictures of plans and futures say what the tables say: amounts are read back from where the marks lie."""

from dataclasses import replace

import polars as pl
import pytest
from tests.engine.report.made_foresight import PLAN, PLANS, empty, foresight, one_future
from tests.engine.report.picture_reader import axis, signs, words

from philoxenia.report.foresight import Foresight
from philoxenia.report.foresight.future_charts import (
    box_chart,
    box_words,
    course,
    fails,
    frames,
    months_chart,
    months_words,
)
from philoxenia.report.foresight.plan_charts import (
    budget_chart,
    budget_words,
    front,
    levels,
    pareto_chart,
    pareto_words,
    regret_chart,
    regret_words,
    regrets,
)
from philoxenia.report.foresight.view import View

NARROW, WIDE = View(width=320, currency="CAD"), View(width=640, currency="CAD")
RIGHT = replace(NARROW, right_to_left=True)
NEAR = 0.2


@pytest.mark.parametrize("view", [NARROW, WIDE, RIGHT])
def test_cells_of_the_regret_strip_say_the_regret(view: View) -> None:
    found = foresight()
    rows = regrets(found, view)
    assert len(rows) == len(PLANS) + 1
    mean = {row["plan"]: row["regret_mean"] for row in found["robustness"].iter_rows(named=True)}
    # Fifths of forty futures are of one size, so that their means have the mean of all.
    assert sum(rows[0].by_kind) / 5 == pytest.approx(mean["mean_0"])
    said = words(regret_chart(rows, "x", view=view).standalone)
    assert f"{rows[0].by_kind[-1] / 1e6:.0f}" in " ".join(said)


def test_the_first_kind_of_future_is_where_even_the_best_plan_brings_least() -> None:
    row = next(one for one in regrets(foresight()) if one.name == "Without")
    assert list(row.by_kind) == sorted(row.by_kind)
    told = regret_words([row], WIDE)[0]
    assert told.startswith("Without: 0 CAD behind the best plan")


def test_points_of_the_budget_curve_are_the_levels() -> None:
    rows = levels(foresight())
    assert [row.share for row in rows] == [0.0, 0.5, 1.0, 1.5]
    svg = budget_chart(rows, "x", view=WIDE).standalone
    scale = axis(svg)
    drawn = sorted(scale.amount(one.x) for one in signs(svg, "aegean") if one.fill == "aegean")
    assert drawn == pytest.approx([0, 50, 100, 150], abs=NEAR)
    kept = foresight()["plans"].filter(plan=PLAN).row(0, named=True)
    assert rows[2].mean == kept["net_mean"] and rows[2].p10 == kept["net_p10"]
    assert budget_words(rows, WIDE)[2].startswith("100% of the budget: spends 18.2 million CAD")


def test_steps_of_the_front_lie_at_the_gain_of_the_goal() -> None:
    rows = front(foresight(), "long_term_residents", WIDE)
    svg = pareto_chart(rows, "long_term_residents", "x", view=WIDE).standalone
    scale = axis(svg)
    drawn = sorted(scale.amount(one.x) for one in signs(svg, "aegean") if one.fill == "aegean")
    assert drawn == pytest.approx([2.0, 3.5, 4.2, 4.5], abs=NEAR)
    assert {"1", "2", "3"} <= set(words(svg))
    assert pareto_words(rows, WIDE)[3].startswith("4. cash for work: 4.50 million CAD")


def test_months_end_with_both_figures_and_the_trigger() -> None:
    own = course(foresight(), "shelter_intake", PLAN, WIDE)
    said = words(months_chart(own, "x", view=WIDE).standalone)
    assert {"950 without", "750 with", "trigger: 830"} <= set(said)
    assert months_words(own, WIDE)[1] == "The warning is given at 830 people a month."


def test_a_measure_without_trigger_has_no_level_line() -> None:
    own = course(foresight(), "waiting", PLAN)
    assert own.threshold is None
    assert not [text for text in words(months_chart(own, "x").standalone) if "trigger" in text]


def test_failing_futures_have_a_shape_of_their_own_and_lie_where_they_are() -> None:
    found = foresight()
    frame = frames(found, PLAN)[0]
    svg = box_chart(frame, "x", view=WIDE).standalone
    failing = [net < 0 for net in found["futures"][f"net.{PLAN}"]]
    assert fails(found, PLAN) == failing
    drawn = signs(svg, "terracotta")
    assert len(drawn) == sum(failing) > 0
    scale = axis(svg)
    exits = sorted(found["futures"].filter(pl.Series(failing))["exit_factor"].to_list())
    assert sorted(scale.amount(one.x) for one in drawn) == pytest.approx(exits, abs=0.01)


def test_a_box_is_said_in_words() -> None:
    said = box_words(frames(foresight(), PLAN)[0])
    assert said.startswith(
        "How many find a home at most 0.85 and growth of rents at least 0.01: 25 of 100 futures"
    )


def test_failures_that_are_not_kept_are_not_guessed() -> None:
    found = foresight()
    rule = pl.DataFrame(
        {
            "plan": [PLAN],
            "rule": ["waiting above 5000"],
            "share_failing": [0.1],
            "share_failing_without": [0.2],
        }
    )
    other = replace(found, tables={**found.tables, "failures": rule})
    assert fails(other, PLAN) is None
    assert frames(other, PLAN)[0].points == ()
    kept = found["futures"].with_columns(pl.Series(f"fails.{PLAN}", [True] * 40))
    assert fails(replace(other, tables={**other.tables, "futures": kept}), PLAN) == [True] * 40


@pytest.mark.parametrize("found", [one_future(), empty()])
@pytest.mark.parametrize("view", [NARROW, RIGHT])
def test_the_smallest_inputs_do_not_break(found: Foresight, view: View) -> None:
    drawn = [
        regret_chart(regrets(found, view), "x", view=view),
        budget_chart(levels(found), "x", view=view),
        pareto_chart(front(found, "newcomers", view), "newcomers", "x", view=view),
        months_chart(course(found, "waiting", PLAN, view), "x", view=view),
        *(box_chart(frame, "x", view=view) for frame in frames(found, PLAN, view)),
    ]
    assert all(picture.inline.startswith("<svg") for picture in drawn)


def test_nothing_found_is_said() -> None:
    nothing = ["There is nothing to draw."]
    assert regret_words([]) == budget_words([]) == pareto_words([]) == nothing
    assert months_words(course(empty(), "waiting", PLAN)) == nothing
