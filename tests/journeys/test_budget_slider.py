"""A planner moves the budget by keyboard: the plan follows, its words are read out, the address keeps it."""

import re

from playwright.sync_api import Page, expect
from tests.journeys.browser import visit
from tests.journeys.demonstration import JOURNEY, Demonstration

pytestmark = JOURNEY


def portfolio(page: Page) -> str:
    """The path of the plan of the demonstration's foresight study."""
    visit(page, "/studies/?studies-q=pay+back")
    found = re.findall(r'href="(/studies/[0-9a-f-]{36}/)"', page.content())
    return f"{found[-1]}portfolio/"


def test_the_budget_is_moved_by_keyboard(demo: Demonstration) -> None:
    with demo.window("planner") as page:
        visit(page, portfolio(page))
        slider = page.get_by_role("slider", name="Budget")
        expect(slider).to_have_attribute("aria-valuetext", re.compile("^100% of the budget"))
        expect(page.locator("#level")).to_be_hidden()
        slider.focus()
        page.keyboard.press("ArrowRight")
        words = slider.get_attribute("aria-valuetext") or ""
        level = words.partition("%")[0]
        page.wait_for_url(f"**level={level}**")
        expect(page.locator("#plan-title")).to_contain_text(f"{level}% of the budget")
        expect(page.locator("#say")).to_contain_text(f"{level}% of the budget")
        expect(slider).to_be_focused()
        page.reload()
        expect(slider).to_have_attribute("aria-valuetext", words)
        page.get_by_label("The most in bad times").check()
        page.wait_for_url("**aim=cvar**")
        expect(page.locator("#plan-title")).to_contain_text("The most in bad times")
        # What the level brings is that of the new aim.
        expect(slider).not_to_have_attribute("aria-valuetext", words)
