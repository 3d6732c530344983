"""The budget slider as a form: without a script a list and a button, and the address keeps the level."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.studies_plan.made_plans import LEVELS
from tests.web.studies_plan.test_plan_pages import page_of, text_of

from philoxenia_web.studies.models import Study

PAGE = "foresight-portfolio"


def test_the_form_lists_every_level_in_words(planner: Client, study: Study) -> None:
    page = page_of(planner, study, PAGE)
    form = page.partition('id="level-form"')[2].partition("</form>")[0]
    assert 'method="get"' in form
    assert re.findall(r'<option value="(\d+)"', form) == [f"{100 * share:g}" for share in LEVELS]
    assert "150% of the budget: spends 27.3 million CAD" in form
    assert "brings 52 million CAD (21 million to 78 million) beyond it" in form
    assert re.findall(r'name="aim" value="(\w+)"', form) == ["mean", "cvar", "regret"]
    assert re.findall(r'<option value="(\d+)" selected', form) == ["100"]
    assert "<button" in form


def test_what_the_form_sends_shows_that_plan(planner: Client, study: Study) -> None:
    page = page_of(planner, study, PAGE, "?level=150&aim=mean")
    assert re.findall(r'<option value="(\d+)" selected', page) == ["150"]
    text = text_of(planner, study, PAGE, "?level=150&aim=mean")
    assert "The most on average, with 150% of the budget" in text
    assert "Comes in: Reception hub with 200 beds." in text
    assert "Changes: Rent support for vacant flats (size: 2 times, not as described and starts year 2" in text
    # The answer above stays that of the plan asked for.
    assert "2 actions for 18.2 million CAD" in text


def test_what_leaves_is_told(planner: Client, study: Study) -> None:
    text = text_of(planner, study, PAGE, "?level=200")
    assert "Goes out: Language classes in libraries." in text
    assert "Beside 150% of the budget" in text
    assert "Beside the plan asked for" in text


def test_an_aim_without_that_budget_says_so(planner: Client, study: Study) -> None:
    text = text_of(planner, study, PAGE, "?level=150&aim=cvar")
    assert "With this aim no plan was made for the budget chosen; the nearest is shown: 100%." in text


@pytest.mark.parametrize(
    "query", ["?level=abc", "?level=-5", "?level=1e99", "?level=nan", "?aim=%3Cb%3E", "?point=9"]
)
def test_an_address_that_names_nothing_shows_the_plan_asked_for(
    planner: Client, study: Study, query: str
) -> None:
    page = page_of(planner, study, PAGE, query)
    assert '<h2 id="plan-title">The plan asked for</h2>' in page
    assert "<b>" not in page.partition("<main")[2].partition('id="plan"')[0].replace("<b>The", "")


def test_every_point_of_the_curve_leads_to_its_plan(planner: Client, study: Study) -> None:
    page = page_of(planner, study, PAGE)
    addresses = set(re.findall(r'href="([^"]*level=[^"]*)#plan"', page))
    assert len(addresses) == len(LEVELS)
    for address in addresses:
        assert planner.get(address.replace("&amp;", "&")).status_code == 200


def test_the_plan_is_swapped_alone(planner: Client, study: Study) -> None:
    page = page_of(planner, study, PAGE)
    form = page.partition('id="level-form"')[2].partition(">")[0]
    assert 'hx-target="#plan"' in form
    assert f'hx-get="{reverse(PAGE, args=[study.pk])}"' in form
    assert 'hx-replace-url="true"' in form
    assert page.count('id="plan"') == page.count('id="curve"') == 1
    assert 'data-say="The plan asked for: 2 actions' in page
