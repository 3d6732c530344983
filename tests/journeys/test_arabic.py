"""Arabic on a telephone: the language is chosen in the page, everything runs from right to left and fits."""

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.browser import Look, overflow
from tests.journeys.demonstration import LOOKING, Demonstration
from tests.journeys.screens import show

pytestmark = LOOKING
TELEPHONE = Look(language="en", width=360)
LATIN_LETTERS = "document.querySelector('h1').innerText.replace(/[^A-Za-z]/g, '')"


def fits(page: Page) -> None:
    """Right to left, Arabic, no wider than the window."""
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    assert overflow(page) == 0, page.url
    start = page.locator("h1").bounding_box()
    assert start is not None and start["x"] + start["width"] > 300, "the title begins at the right"


def test_the_walk_of_a_planner(demo: Demonstration) -> None:
    study = demo.study()
    with demo.window("planner", TELEPHONE) as page:
        page.goto("/")
        page.click(".menu:has(button[name=language]) > summary")
        page.click("button[name=language][value=ar]")
        fits(page)
        for path in (study, f"{study}today/", f"{study}districts/085/", f"{study}arrivals/", f"{study}load/"):
            page.goto(path)
            fits(page)
        page.goto(f"{study}today/")
        use_the_map(page)
        show(page, "arabic-360")
        page.click(".rail-fold > summary")
        expect(page.locator(".rail")).to_be_visible()
        fits(page)
        page.click(".rail a[href='/data/']")
        fits(page)
        assert page.evaluate(LATIN_LETTERS) == "", "the title is translated"


def use_the_map(page: Page) -> None:
    """It is within the window, comes closer, and a district opens its page."""
    drawn = page.locator("svg.map").first
    box = drawn.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360
    whole = drawn.get_attribute("viewBox")
    page.locator(".picture-tools button").first.click()
    assert drawn.get_attribute("viewBox") != whole


@pytest.mark.parametrize("path", ["/account/login/", "/nothing/here/"])
def test_who_is_not_signed_in(path: str, demo: Demonstration) -> None:
    with demo.window("", Look(language="ar", width=360)) as page:
        page.goto(path)
        fits(page)
