"""Pages of plans say what the tables say, in both directions, and lead somewhere where there is nothing."""

import html
import re
from dataclasses import replace

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.engine.report.made_city import HOSTILE_NAMES
from tests.engine.report.made_foresight import empty, one_future
from tests.web.studies_foresight.made_study import foreseen
from tests.web.studies_plan.made_plans import PLAN, RECORDS, plan_of, plans

from philoxenia.report.foresight import Foresight
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.studies.foresight import plan_words
from philoxenia_web.studies.foresight.drawings import ticks
from philoxenia_web.studies.foresight.plans import Plans
from philoxenia_web.studies.models import Study
from philoxenia_web.ui import numbers

PAGES = ("foresight-portfolio", "foresight-robustness", "foresight-triggers", "foresight-case-choice")
HOSTILE = "<script>alert(1)</script>\u202e\"'&"


def page_of(client: Client, study: Study, name: str, query: str = "", language: str = "en") -> str:
    """The markup of a page."""
    answer = client.get(reverse(name, args=[study.pk]) + query, HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def text_of(client: Client, study: Study, name: str, query: str = "", language: str = "en") -> str:
    """What a reader meets, without tags and with single spaces."""
    main = page_of(client, study, name, query, language).partition("<main")[2].partition("</main>")[0]
    words = html.unescape(re.sub(r"<[^>]*>", " ", main))
    return re.sub(r" ([.,:;)])", r"\1", " ".join(words.split()))


def changed(found: Foresight, **tables: pl.DataFrame) -> Foresight:
    """The same with other tables."""
    return replace(found, tables={**found.tables, **tables})


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_opens_in_both_directions(planner: Client, study: Study, name: str, language: str) -> None:
    page = page_of(planner, study, name, language=language)
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page[:300]
    assert "{" not in re.sub(r"(?s)<script.*?</script>|<meta[^>]*>", "", page)
    assert "style=" not in page
    assert " None" not in text_of(planner, study, name, language=language).replace("None of", "")


@pytest.mark.parametrize("name", PAGES)
def test_empty_tables_lead_somewhere(planner: Client, department: Organisation, name: str) -> None:
    page = page_of(planner, foreseen(department, empty()), name)
    assert 'class="empty"' in page
    assert 'class="button"' in page.partition('class="empty"')[2]


@pytest.mark.parametrize("name", PAGES)
def test_a_single_future_is_told(planner: Client, department: Organisation, name: str) -> None:
    assert "nan" not in text_of(planner, foreseen(department, one_future()), name).casefold().split()


@pytest.mark.parametrize("name", PAGES)
def test_hostile_names_stay_words(planner: Client, department: Organisation, name: str) -> None:
    found = plans()
    actions = found["actions"].with_columns(title=pl.lit(HOSTILE + HOSTILE_NAMES[0]))
    budgets = found["budgets"].with_columns(title=pl.lit(HOSTILE), source=pl.lit(HOSTILE))
    reasons = found["reasons"].with_columns(binding=pl.lit(HOSTILE))
    triggers = found["triggers"].with_columns(indicator=pl.lit(HOSTILE), unit=pl.lit(HOSTILE))
    failures = found["failures"].with_columns(rule=pl.lit(HOSTILE))
    spoiled = changed(
        found, actions=actions, budgets=budgets, reasons=reasons, triggers=triggers, failures=failures
    )
    page = page_of(planner, foreseen(department, spoiled), name)
    assert "<script>alert" not in page
    assert 'alert(1)"' not in page


def test_the_plan_asked_for_is_the_answer(planner: Client, study: Study) -> None:
    text = text_of(planner, study, "foresight-portfolio")
    assert (
        "2 actions for 18.2 million CAD bring a dividend of 38 million CAD (15 million to 57 million)" in text
    )
    assert "It costs more than it brings in no future tried." in text


def test_each_group_is_told_with_its_interval_and_floor(planner: Client, study: Study) -> None:
    text = text_of(planner, study, "foresight-portfolio")
    for row in plans()["plan_gains"].filter(pl.col("plan") == PLAN).iter_rows(named=True):
        shown = numbers.interval(row["mean"] / 1e6, row["p10"] / 1e6, row["p90"] / 1e6)
        assert shown in text, row["constituency"]
    assert text.count("floor kept") == 7
    assert "at least 1.00 million CAD was asked for" in text


def test_a_group_that_is_worse_off_is_named_first(planner: Client, department: Organisation) -> None:
    found = plans()
    losing = pl.when(pl.col("constituency") == "children").then(-pl.col("mean")).otherwise(pl.col("mean"))
    worse = changed(found, plan_gains=found["plan_gains"].with_columns(mean=losing))
    text = text_of(planner, foreseen(department, worse), "foresight-portfolio")
    assert "Worse off on average than without it: Children." in text
    assert "floor not kept" in text


def test_reasons_are_sentences(planner: Client, study: Study) -> None:
    text = text_of(planner, study, "foresight-portfolio")
    assert "In: without it the plan would bring 29.1 million CAD less." in text
    assert "Left out: the budget of City of Squares for year 2 is used up." in text
    assert "Taking it would cost 1.20 million CAD of dividend." in text
    assert "It would push out Language classes in libraries." in text
    assert "it needs Rent support for vacant flats, which is not in the plan" in text
    assert "Children would fall below the least asked for them" in text


@pytest.mark.parametrize(
    ("aim", "said"),
    [
        ("cvar", "29.1 million CAD less in the worst futures"),
        ("regret", "29.1 million CAD more to be sorry about"),
    ],
)
def test_reasons_are_about_the_aim_asked_for(
    planner: Client, department: Organisation, aim: str, said: str
) -> None:
    found = replace(plans(), main_plan=plan_of(1.0, aim))
    assert said in text_of(planner, foreseen(department, found), "foresight-portfolio")


def test_costs_stand_against_budgets(planner: Client, department: Organisation) -> None:
    found = plans()
    poor = changed(found, plan_costs=found["plan_costs"].with_columns(budget=pl.lit(1e6)))
    page = page_of(planner, foreseen(department, poor), "foresight-portfolio")
    assert page.count('aria-label="above the budget"') == 5
    none = changed(found, plan_costs=found["plan_costs"].with_columns(budget=pl.lit(None, pl.Float64)))
    assert "no limit" in text_of(planner, foreseen(department, none), "foresight-portfolio")


def test_a_point_of_the_trade_off_shows_its_actions(planner: Client, study: Study) -> None:
    text = text_of(planner, study, "foresight-portfolio", "?point=2")
    assert "Comes in: Cash for work in parks. Goes out: Language classes in libraries." in text


def test_the_best_of_each_measure_is_marked_by_word(planner: Client, study: Study) -> None:
    page = page_of(planner, study, "foresight-robustness")
    rows = re.findall(r"(?s)<tr.*?</tr>", page.partition("plan-robust")[2].partition("</table>")[0])[1:]
    table = {re.sub(r"<[^>]*>|\s", "", row.split("</th>")[0]): row for row in rows}
    best = plans()["robustness"].sort("mean")["plan"].to_list()[-1]
    assert best == PLAN
    first = re.findall(r"(?s)<td.*?</td>", table["Theplanaskedfor"])[0]
    assert "best" in re.sub(r"<[^>]*>", "", first)


def test_failing_futures_are_told_in_plain_words(planner: Client, study: Study) -> None:
    text = text_of(planner, study, "foresight-robustness")
    assert "When more than 1,400 people a month come: 5 of 10 of all failures lie here" in text
    assert "“Many more people come at once” happens" in text
    assert "perhaps by chance" in text


@pytest.mark.parametrize(
    ("name", "low", "high", "said"),
    [
        ("shock.sudden_influx", 0.5, None, "“Many more people come at once” happens:"),
        ("shock.sudden_influx", None, 0.5, "“Many more people come at once” does not happen:"),
        (
            "shock.sudden_influx.size",
            400.0,
            None,
            "“Many more people come at once” happens and is larger than 400:",
        ),
        ("arrivals", None, 60 * 1000.0, "fewer than 1,000 people a month come:"),
        ("rent_growth", 0.02, 0.04, "rents rise by 2% to 4% a year:"),
        (
            "cost.rent_support",
            0.9,
            None,
            "What it costs: Rent support for vacant flats: above 90% of what is expected:",
        ),
    ],
)
def test_each_kind_of_condition_has_its_words(
    planner: Client, department: Organisation, name: str, low: float | None, high: float | None, said: str
) -> None:
    found = plans()
    box = {"plan": PLAN, "box": 1, "coverage": 0.7, "density": 0.8, "mass": 0.2}
    row = pl.DataFrame([{**box, "name": name, "low": low, "high": high, "quasi_p": 0.01}])
    boxes = pl.concat([found["boxes"].clear(), row.select(found["boxes"].columns)], how="vertical_relaxed")
    text = text_of(planner, foreseen(department, changed(found, boxes=boxes)), "foresight-robustness")
    assert f"When {said}" in text


def test_regret_is_told_for_each_kind_of_future(planner: Client, study: Study) -> None:
    text = text_of(planner, study, "foresight-robustness")
    assert "To be sorry about, by kind of future" in text
    futures = plans()["futures"]
    worth = futures.select(name for name in futures.columns if name.startswith("net."))
    came = futures["shock.sudden_influx"] > 0
    behind = worth.max_horizontal() - futures[f"net.{PLAN}"]
    for regret in (behind.mean(), behind.filter(came).mean()):
        assert numbers.number(regret / 1e6) in text  # type: ignore[operator]


def test_a_sign_is_told_with_what_was_recorded(planner: Client, study: Study) -> None:
    text = text_of(planner, study, "foresight-triggers")
    latest = sum(RECORDS[-3:]) / 3
    assert (
        "If the average over 3 months reaches 830 people a month, start Reception hub with 200 beds." in text
    )
    assert numbers.number(latest) in text
    assert "One is near." in text
    assert "In time: 8 of 10 futures in which the plan fails." in text


@pytest.mark.parametrize(
    ("threshold", "state"),
    [(800.0, "passed"), (830.0, "near"), (2000.0, "quiet"), (-900.0, "passed"), (-400.0, "quiet")],
)
def test_the_state_of_a_sign_follows_the_latest_records(
    planner: Client, department: Organisation, threshold: float, state: str
) -> None:
    found = plans()
    signs = changed(found, triggers=found["triggers"].with_columns(threshold=pl.lit(threshold)))
    assert f"sign-{state}" in page_of(planner, foreseen(department, signs), "foresight-triggers")


def test_a_sign_that_always_warns_is_not_on_the_board(planner: Client, department: Organisation) -> None:
    found = plans()
    signs = changed(found, triggers=found["triggers"].with_columns(false_alarms=pl.lit(0.79)))
    study = foreseen(department, signs)
    text = text_of(planner, study, "foresight-triggers")
    assert "None of the signs tried warns early enough" in text
    assert "Tried, and not worth watching" in text
    assert "sign-rule" not in page_of(planner, study, "foresight-triggers")


def test_a_page_asks_the_database_little(
    planner: Client, study: Study, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for name in PAGES:
        planner.get(reverse(name, args=[study.pk]))
        with django_assert_max_num_queries(6):
            page_of(planner, study, name)


def test_pages_stay_light(planner: Client, study: Study) -> None:
    assert max(len(page_of(planner, study, name)) for name in PAGES) < 100_000


def test_levels_are_those_of_one_aim_in_order() -> None:
    found = Plans(plans())
    assert [row["budget_share"] for row in found.levels("mean")] == [0, 0.5, 1, 1.5, 2]
    assert [row["plan"] for row in found.levels("cvar")] == [plan_of(1.0, "cvar")]
    step = found.step(PLAN, plan_of(1.5))
    assert [row["action"] for row in step.added] == ["reception_hub"]
    assert [(one["size"], other["size"]) for one, other in step.altered] == [(1.0, 2.0)]


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "in no future tried"),
        (1.0, "in every future tried"),
        (0.31, "in 3 of 10 futures"),
        (0.004, "in fewer than 1 of 100 futures"),
        (0.05, "in 5 of 100 futures"),
        (0.999, "in 99 of 100 futures"),
    ],
)
def test_shares_are_counted_in_futures(share: float, said: str) -> None:
    assert plan_words.in_ten(share) == said


@pytest.mark.parametrize(("low", "high"), [(0.0, 37.9), (-19.0, 57.0), (0.0, 1e-6), (5.0, 5.0), (0.0, 3.2e9)])
def test_ticks_hold_the_range(low: float, high: float) -> None:
    found = ticks(low, high)
    assert found[0] <= low
    assert found[-1] >= high - 1e-9 * abs(high)
    assert len(found) <= 8
