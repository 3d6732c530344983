"""A planner builds futures, changes an action, asks what pays back, and reads the dividend."""

import re

from playwright.sync_api import Page, expect
from tests.journeys.demonstration import JOURNEY, PATIENCE_MS, Demonstration
from tests.journeys.screens import show

pytestmark = JOURNEY
TITLE = "If many more come, and homes cost more"
ACTIONS = ("housing_benefit", "library_language")
REASON = "The province has announced higher rates."


def build(page: Page) -> None:
    """Few futures, an influx twice as likely, no flood; the sentence follows what is typed."""
    page.goto("/studies/new/")
    page.check("[name=kind][value=foresight]")
    page.fill("[name=title]", TITLE)
    page.click("button:has-text('Go on')")
    page.wait_for_url("**/scenario/")
    said = page.locator("#said-sudden_influx")
    expect(said).to_contain_text("In about 4 of 10 futures")
    page.fill("[name=months]", "24")
    page.fill("[name=futures]", "8")
    page.fill("[name='chance:sudden_influx']", "20")
    expect(said).to_contain_text("within 2 years")
    page.uncheck("[name='on:flood_or_heat']")
    page.check("[name=rule][value=need_first]")
    show(page, "scenario")
    page.click("button:has-text('Go on to the actions')")


def choose(page: Page) -> None:
    """Two actions, one of them with a number of the planner's own and the reason for it."""
    page.click("button:has-text('Leave out all')")
    # Leaving out everything is refused with a sentence; what was ticked before is not lost.
    expect(page.locator(".notice")).to_contain_text("Choose at least one action")
    for action in ACTIONS:
        page.check(f"#c-{action}")
    page.click("button.button-plain:text-is('Save')")
    expect(page.locator("main")).to_contain_text("2 of ")
    page.click(f"#n-{ACTIONS[0]}")
    page.fill("[name='row:cost_per_month']", "47,000")
    page.click("button:has-text('Save the action')")
    expect(page.locator("#f-reason-e")).to_contain_text("Say why")
    expect(page.locator("[name='row:cost_per_month']")).to_have_value("47000")
    page.fill("[name=reason]", REASON)
    page.click("button:has-text('Save the action')")
    expect(page.locator("main")).to_contain_text("changed")
    show(page, "actions")
    page.click("button:has-text('Go on to the budget')")


def limit(page: Page) -> None:
    """An aim, a budget, one year in which to start; then to the check and off."""
    page.check("[name=aim][value=cvar]")
    page.uncheck("[name=sizes]")
    page.uncheck("[name=start][value='1']")
    page.fill("[name='budget:city:0']", "20,000,000")
    show(page, "budget")
    for words in ("Go on to the inputs", "Go on to the parameters", "Go on to the check"):
        page.click(f"button:has-text('{words}')")
    expect(page.locator("main")).to_contain_text(REASON)
    page.click("button:has-text('Start the study')")


def test_a_planner_asks_what_pays_back_and_reads_it(demo: Demonstration) -> None:
    with demo.window("planner") as page:
        build(page)
        choose(page)
        limit(page)
        expect(page.locator(".run-steps .step").first).to_be_visible(timeout=2 * PATIENCE_MS)
        page.wait_for_url(re.compile(r"/studies/[0-9a-f-]{36}/dividend/$"), timeout=6 * PATIENCE_MS)
        page.click(f"main a[href$='/dividend/{ACTIONS[0]}/'] >> nth=0")
        expect(page.locator("main")).to_contain_text("47,000")
        show(page, "dividend")
