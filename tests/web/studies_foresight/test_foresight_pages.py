"""Pages of foresight say what the tables say, in the reader's language, and let nothing out of its place."""

import html
import re
from dataclasses import replace

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from tests.engine.report.made_city import HOSTILE_NAMES
from tests.engine.report.made_foresight import empty, foresight, one_future
from tests.web.studies_foresight.made_study import foreseen

from philoxenia.report.foresight import CONSTITUENCIES, Foresight
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.models import Study
from philoxenia_web.ui import numbers

NAMES = ("foresight-dividend", "foresight-futures", "foresight-method", "foresight-action")
MILLION = 1e6


def page_of(study: Study, name: str, query: str = "", action: str = "rent_support") -> str:
    """The address of one of its pages."""
    more = [action] if name == "foresight-action" else []
    return reverse(name, args=[study.pk, *more]) + query


def text_of(client: Client, address: str, language: str = "en") -> str:
    """What a reader of the page meets, without tags and with single spaces."""
    answer = client.get(address, HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 200, address
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).replace("\u200e", "").split())


def row_of(found: Foresight, action: str, kind: str, name: str) -> dict[str, float]:
    """One summary of the result."""
    same = (pl.col("action") == action) & (pl.col("kind") == kind) & (pl.col("name") == name)
    return found["dividends"].filter(same).row(0, named=True)


def in_millions(row: dict[str, float], share: float = 1.0) -> str:
    """As a table of the page writes it."""
    return numbers.interval(*(row[name] * share / MILLION for name in ("mean", "p10", "p90")))


def with_table(found: Foresight, name: str, frame: pl.DataFrame) -> Foresight:
    """The same result with one table changed."""
    return replace(found, tables={**found.tables, name: frame})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_opens_in_both_directions(planner: Client, study: Study, name: str, language: str) -> None:
    answer = planner.get(page_of(study, name), HTTP_ACCEPT_LANGUAGE=language)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page[:300]
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]* (?:src|type=\"application/json\"))", page)


@pytest.mark.parametrize("name", NAMES)
def test_a_result_without_rows_or_with_one_future_says_what_will_be_here(
    planner: Client, department: Organisation, name: str
) -> None:
    bare = foreseen(department, empty())
    if name == "foresight-action":
        assert planner.get(page_of(bare, name)).status_code == 404
    else:
        assert len(text_of(planner, page_of(bare, name))) > 150
    assert " nan" not in text_of(planner, page_of(foreseen(department, one_future()), name))


def test_an_empty_catalogue_leads_to_a_new_study(planner: Client, department: Organisation) -> None:
    page = planner.get(page_of(foreseen(department, empty()), "foresight-dividend")).content.decode()
    assert "This page will rank the actions" in page
    assert f'href="{reverse("study-new")}"' in page


def test_the_ranking_says_what_the_tables_say(planner: Client, study: Study) -> None:
    found = foresight()
    text = text_of(planner, page_of(study, "foresight-dividend"))
    for action, title in found["actions"].select("action", "title").iter_rows():
        net = row_of(found, action, "total", "net")
        newcomers = row_of(found, action, "constituency", "newcomers")
        assert f"{title} {in_millions(net)} a loss in {numbers.percent(net['share_losing'])}" in text
        assert in_millions(newcomers) in text
    nets = {a: row_of(found, a, "total", "net")["mean"] for a in found["actions"]["action"]}
    best = max(nets, key=lambda one: nets[one])
    assert text.index(dict(found["actions"].select("action", "title").iter_rows())[best]) < 400
    assert f"{sum(1 for one in nets.values() if one > 0)} of {len(nets)} actions bring more" in text


@pytest.mark.parametrize("who", CONSTITUENCIES)
def test_it_can_be_asked_what_actions_bring_to_a_group(planner: Client, study: Study, who: str) -> None:
    text = text_of(planner, page_of(study, "foresight-dividend", f"?who={who}&actions-q=rent"))
    row = row_of(foresight(), "rent_support", "constituency", who)
    assert f"Rent support for vacant flats {in_millions(row)}" in text
    # Weights are of the whole: a single group is not weighed against itself.
    assert "More for low incomes" not in text


def test_weights_and_average_years_change_the_amounts(planner: Client, study: Study) -> None:
    found = foresight()
    weighted = row_of(found, "rent_support", "total", "weighted")
    assert in_millions(weighted) in text_of(planner, page_of(study, "foresight-dividend", "?weights=income"))
    net = row_of(found, "rent_support", "total", "net")
    yearly = text_of(planner, page_of(study, "foresight-dividend", "?span=year"))
    assert in_millions(net, 12 / len(found.months)) in yearly


def test_actions_can_be_narrowed_by_who_pays_goal_and_idea(planner: Client, study: Study) -> None:
    for query, kept, gone in (
        ("?funder=province", "Cash for work in parks", "Reception hub with 200 beds"),
        ("?idea=P2", "Reception hub with 200 beds", "Cash for work in parks"),
    ):
        rows = planner.get(page_of(study, "foresight-dividend", query)).content.decode()
        ranking = rows.partition('class="reach-rows"')[2].partition("</ol>")[0]
        assert kept in ranking
        assert gone not in ranking
    text = text_of(planner, page_of(study, "foresight-dividend", "?funder=province&idea=P2"))
    assert "No action fits what you chose." in text


@pytest.mark.parametrize(
    "query",
    [
        "?who=nobody&funder=%00&goal=x&idea='&weights=1&span=2",
        "?who[]=x",
        "?actions-sort=-nothing&actions-page=99999&actions-q=%3Cscript%3E",
        "?districts-q=%00&who=../../etc",
    ],
)
def test_addresses_that_ask_for_nonsense_get_the_page(planner: Client, study: Study, query: str) -> None:
    for name in ("foresight-dividend", "foresight-action"):
        answer = planner.get(page_of(study, name, query))
        assert answer.status_code == 200
        assert "<script>" not in answer.content.decode().partition("<main")[2]


def test_an_action_says_who_gains_and_loses_how_often_and_how_much(planner: Client, study: Study) -> None:
    found, action = foresight(), "language_classes"
    text = text_of(planner, page_of(study, "foresight-action", action=action))
    for who in CONSTITUENCIES:
        row = row_of(found, action, "constituency", who)
        told = f"{names.constituency(who)} {in_millions(row)}"
        assert told in text
        after = text.partition(told)[2][:40].strip()
        assert after.startswith("loses in" if row["share_losing"] > 0 else "never loses"), (who, after)
    for pillar in ("avoided_loss", "unlocked_potential", "co_benefit"):
        assert in_millions(row_of(found, action, "pillar", pillar)) in text
    assert f"Beyond its cost {in_millions(row_of(found, action, 'total', 'net'))}" in text


def test_an_action_says_in_which_futures_it_loses(planner: Client, study: Study) -> None:
    found = foresight()
    text = text_of(planner, page_of(study, "foresight-action"))
    share = row_of(found, "rent_support", "total", "net")["share_losing"]
    assert f"It costs more than it brings in {round(100 * share)} of 100 futures." in text
    samples = found["samples"].filter(pl.col("action") == "rent_support")
    both = samples.join(found["futures"], on="future")
    middle = both.filter(pl.col("net") < 0)["exit_factor"].median()
    assert f"lower where it loses, {numbers.number(middle)} in the middle" in text


def test_every_number_of_an_action_has_a_source_or_the_word_assumption(planner: Client, study: Study) -> None:
    text = text_of(planner, page_of(study, "foresight-action"))
    told = text.partition("Says who: every number")[2]
    assert "Made for tests, table 1" in told
    assert "assumption as in a made city nearby" in told
    assert "◆ Cost in a month while it works 258,000 " in told
    assert "Waiting for a shelter place Losses avoided −900 " in told


def test_what_changes_in_the_city_is_told_for_newcomers_and_others(planner: Client, study: Study) -> None:
    found = foresight()
    row = (
        found["changes"]
        .filter(
            (pl.col("action") == "rent_support")
            & (pl.col("measure") == "exits_to_homes")
            & (pl.col("constituency") == "newcomers")
        )
        .row(0, named=True)
    )
    text = text_of(planner, page_of(study, "foresight-action"))
    amount = numbers.interval(row["mean"], row["p10"], row["p90"])
    without, after = numbers.number(row["without_mean"]), numbers.number(row["with_mean"])
    assert f"Moved from shelter to a home Newcomers {without} {after} {amount} people" in text


def test_people_housed_are_not_counted_twice(planner: Client, department: Organisation) -> None:
    found = foresight()
    rows = found["changes"].filter(pl.col("measure") == "exits_to_homes")
    overlapping = rows.filter(pl.col("constituency") == "newcomers").with_columns(
        pl.lit("homeless_people").alias("constituency")
    )
    more = with_table(found, "changes", pl.concat([found["changes"], overlapping]))
    both = rows.filter(pl.col("action") == "rent_support")["mean"].sum()
    text = text_of(planner, page_of(foreseen(department, more), "foresight-action"))
    assert f"{numbers.number(both)} more moves from shelter to a home" in text


def test_districts_of_an_action_are_on_the_map_and_in_the_table(planner: Client, study: Study) -> None:
    found = foresight()
    query = "?who=long_term_residents&districts-q=%CE%91%CE%B8%CE%AE%CE%BD%CE%B1"
    page = planner.get(page_of(study, "foresight-action", "?who=long_term_residents")).content.decode()
    assert page.count('tabindex="-1"><use ') == found.districts.height
    assert "Long-term residents: what it brings them, by district where they live" in page
    assert "Nothing matches" in text_of(planner, page_of(study, "foresight-action", query))


def test_tables_of_pages_are_files(planner: Client, study: Study) -> None:
    answer = planner.get(page_of(study, "foresight-dividend", "?actions-export=csv&funder=city"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="actions.csv"'
    assert len(lines) == 3
    assert lines[1].startswith("Rent support for vacant flats,")
    assert "<svg" not in "".join(lines)
    places = planner.get(page_of(study, "foresight-action", "?districts-export=csv"))
    assert len(b"".join(places.streaming_content).decode().splitlines()) == 7
    assert planner.get(page_of(study, "foresight-method", "?actions-export=csv")).status_code == 400


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_stay_words(planner: Client, department: Organisation, name: str) -> None:
    found = foresight()
    hostile = pl.Series("title", (HOSTILE_NAMES * 2)[: found["actions"].height])
    made = with_table(found, "actions", found["actions"].with_columns(hostile, summary=hostile, note=hostile))
    labels = dict.fromkeys(found["futures"].columns, HOSTILE_NAMES[0])
    values = found["values"].with_columns(source=pl.lit(HOSTILE_NAMES[0]))
    made = with_table(replace(made, labels=labels, notes=HOSTILE_NAMES), "values", values)
    page = planner.get(page_of(foreseen(department, made, HOSTILE_NAMES[1]), name)).content.decode()
    assert "<script>alert" not in page
    assert "]]><!--" not in page.replace("]]&gt;", "")
    assert "\u202e" not in page.replace(html.escape(HOSTILE_NAMES[4]), "")
    # A name of people stands apart from the sentence around it.
    if name == "foresight-dividend":
        assert f"<bdi>{html.escape(HOSTILE_NAMES[1])}</bdi>" in page


def test_method_names_every_value_weight_and_the_discount_rate(planner: Client, study: Study) -> None:
    found = foresight()
    text = text_of(planner, page_of(study, "foresight-method"))
    assert "discounted at 3.5% a year" in text
    assert "2 of the 4 values of a unit are assumptions" in text
    for row in found["weights"].iter_rows(named=True):
        assert f"{numbers.number(row['income'])} 1 {numbers.number(row['weight'])}" in text
    assert "A made note." in text


def test_futures_tell_how_often_shocks_came_and_what_was_uncertain(
    planner: Client, department: Organisation
) -> None:
    found = foresight()
    came = [number % 4 == 0 for number in range(found.futures)]
    frame = found["futures"].with_columns(
        pl.Series("shock.sudden_influx", [float(one) for one in came]),
        pl.Series("shock.sudden_influx.size", [2000.0 if one else 0.0 for one in came]),
        pl.Series("shock.sudden_influx.begins", [12 if one else None for one in came], dtype=pl.Int64),
    )
    made = foreseen(department, with_table(found, "futures", frame))
    text = text_of(planner, page_of(made, "foresight-futures"))
    assert (
        "Many more people come at once in 25 of 100 futures 2,000 persons January 2026 to January 2026"
        in text
    )
    rents = found["futures"]["rent_growth"]
    assert f"How fast rents grow how the future is {numbers.number(rents.quantile(0.5))}" in text
    # What plans brought says nothing of how the futures are.
    assert "net." not in text


def test_the_first_page_leads_to_an_action_and_its_sources_in_two_steps(
    planner: Client, study: Study
) -> None:
    home = planner.get("/").content.decode()
    assert f'href="{page_of(study, "foresight-action")}"' in home
    action = planner.get(page_of(study, "foresight-action")).content.decode()
    assert 'href="#says-who"' in action
    assert 'id="says-who"' in action


def test_a_damaged_result_leaves_the_first_page_standing(planner: Client, study: Study) -> None:
    Study.objects.filter(pk=study.pk).update(result="gone")
    assert planner.get("/").status_code == 200


def test_a_changed_number_says_why_it_was_changed(planner: Client, department: Organisation) -> None:
    found = foresight()
    asked = {
        **found.settings,
        "changed": {"rent_support": {"cost_per_month": 1, "reason": "<b>own bids</b>"}},
    }
    text = text_of(planner, page_of(foreseen(department, replace(found, settings=asked)), "foresight-action"))
    assert "Changed in this study numbers marked ◆ below, because: <b>own bids</b>" in text
    added = found["actions"].with_columns(changed=pl.lit("added"))
    mine = foreseen(department, with_table(found, "actions", added))
    assert "written for this study" in text_of(planner, page_of(mine, "foresight-action"))


def test_units_of_the_engine_are_marked_as_english_elsewhere(planner: Client, study: Study) -> None:
    page = planner.get(page_of(study, "foresight-method"), HTTP_ACCEPT_LANGUAGE="ar").content.decode()
    assert '<span lang="en" dir="ltr">A made note.</span>' in page
