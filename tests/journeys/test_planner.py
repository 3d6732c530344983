"""A planner makes a study from a department's new table, follows it, reads it, compares it and shares it."""

import re

from playwright.sync_api import Page, expect
from tests.journeys.browser import visit
from tests.journeys.demonstration import JOURNEY, PATIENCE_MS, Demonstration
from tests.journeys.screens import show

pytestmark = JOURNEY
TITLE = "If housing weighs three times as much"
PARAMETER, VALUE = "needs.weight.core_housing_need", "3"
REASON = "Rents have risen faster than anything else since the census."


def choose(page: Page, version: str) -> None:
    """The question, the data, one parameter with its reason, six months."""
    page.goto("/studies/")
    page.click("a.button:has-text('New study')")
    page.fill("[name=title]", TITLE)
    page.fill("[name=question]", "Which districts come first if housing counts most?")
    page.click("button:has-text('Go on')")
    page.select_option("select[name='input:shelter_flow']", value=version)
    page.click("button:has-text('Go on to the parameters')")
    page.fill("#q", "core housing need")
    page.click("button:has-text('Search')")
    page.fill(f"[name='value:{PARAMETER}']", VALUE)
    page.fill(f"[name='reason:{PARAMETER}']", REASON)
    page.click("button:has-text('Go on to the check')")
    expect(page.locator("main")).to_contain_text(REASON)
    page.fill("[name=horizon]", "6")


def test_a_study_is_made_followed_read_compared_and_shared(demo: Demonstration, published: list[str]) -> None:
    example = demo.study()
    with demo.window("planner") as page:
        choose(page, published[1])
        page.click("button:has-text('Start the study')")
        address = follow(page)
        read(page, address)
        compare(page, example, address)
        share(page, address)
    with demo.window("caseworker") as page:
        page.goto("/studies/")
        page.click(f"a:has-text('{TITLE}')")
        assert page.url.endswith(address)
    with demo.window("partner") as page:
        answer = page.goto(address)
        assert answer is not None and answer.status == 404


def follow(page: Page) -> str:
    """To the end, without touching the page; where the result is."""
    expect(page.locator(".run-steps .step").first).to_be_visible(timeout=2 * PATIENCE_MS)
    page.wait_for_url(re.compile(r"/studies/[0-9a-f-]{36}/$"), timeout=6 * PATIENCE_MS)
    return re.sub(r"^https?://[^/]+", "", page.url)


def read(page: Page, address: str) -> None:
    """The overview, and a district found by a part of its name."""
    expect(page.locator(".key-figures")).to_be_visible()
    visit(page, f"{address}districts/085/")
    show(page, "district")
    page.fill("#district-name", "Thorncliffe")
    page.click(".finder button")
    expect(page.locator("h1")).to_contain_text("Thorncliffe")


def compare(page: Page, example: str, address: str) -> None:
    """With the demonstration's: what was set differently stands there with its reason."""
    first, second = (path.split("/")[2] for path in (example, address))
    visit(page, f"/studies/compare/?first={first}&second={second}")
    expect(page.locator("h1")).to_have_text("How do the two studies differ?")
    expect(page.locator("main")).to_contain_text(REASON)
    show(page, "comparison")


def share(page: Page, address: str) -> None:
    """With caseworkers of the own organisation."""
    page.goto(f"{address}share/")
    page.select_option("[name=organisation]", label="Demo department")
    page.select_option("[name=role]", value="caseworker")
    page.click("main button:has-text('Share')")
    expect(page.locator("ul.cards")).to_contain_text("Demo department")
