"""The components in a browser: what a pointer, a keyboard and a screen reader get of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.browser import Look, browser, chromium, opened, visit
from tests.journeys.served import Served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("design"),
    pytest.mark.skipif(not chromium(), reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the application answers."""
    with Served(tmp_path_factory.mktemp("design") / "var", "serve --workers 1") as served:
        yield f"http://127.0.0.1:{served.port}"


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    """One browser for all; each test has a window of its own."""
    with browser() as one:
        yield one


@pytest.fixture
def gallery(address: str, started: Browser) -> Iterator[Page]:
    context = opened(started, address, Look())
    page = context.new_page()
    assert visit(page, "/design/") == []
    yield page
    context.close()


def test_sorting_keeps_the_focus_and_is_read_out(gallery: Page) -> None:
    gallery.click("#places-sort-people")
    expect(gallery.locator("#say")).to_have_text("Rows 1 to 25 of 57, by Newcomers from high to low.")
    assert gallery.url.endswith("?places-sort=-people")
    assert gallery.evaluate("document.activeElement.id") == "places-sort-people"
    expect(gallery.locator("#places th[aria-sort=descending]")).to_have_count(1)


def test_finding_while_typing_keeps_the_order(gallery: Page) -> None:
    gallery.click("#places-sort-people")
    expect(gallery.locator("#places th[aria-sort]")).to_have_count(1)
    gallery.fill("#places-q", "12")
    expect(gallery.locator("#places tbody tr")).to_have_count(1)
    assert "places-sort=-people" in gallery.url
    assert gallery.evaluate("document.activeElement.id") == "places-q"


def test_going_back_shows_the_page_before(gallery: Page) -> None:
    gallery.click("#places-next")
    expect(gallery.locator(".pages-here")).to_have_text("Page 2 of 3")
    gallery.go_back()
    expect(gallery.locator(".pages-here")).to_have_text("Page 1 of 3")


def test_a_question_stands_over_the_page_and_gives_the_focus_back(gallery: Page) -> None:
    gallery.click(".dialog-fold > summary")
    expect(gallery.locator("#withdraw")).to_be_visible()
    assert gallery.evaluate("document.querySelector('#withdraw').matches(':modal')")
    gallery.keyboard.press("Escape")
    expect(gallery.locator("#withdraw")).to_be_hidden()
    assert gallery.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_chart_is_read_with_the_arrow_keys(gallery: Page) -> None:
    stage = gallery.locator(".chart-stage")
    stage.focus()
    gallery.keyboard.press("Home")
    gallery.keyboard.press("ArrowRight")
    expect(stage).to_have_attribute("aria-valuetext", "February 2024: 1,060")


def test_a_map_tells_what_lies_under_the_pointer_and_comes_closer(gallery: Page) -> None:
    gallery.hover("[data-said^='District 9:']")
    expect(gallery.locator(".map-stage .tip")).to_have_text("District 9: 81")
    whole = gallery.get_attribute("svg.map", "viewBox")
    gallery.click(".picture-tools button >> nth=0")
    assert gallery.get_attribute("svg.map", "viewBox") != whole
    gallery.click(".picture-tools button >> nth=2")
    assert [float(n) for n in gallery.get_attribute("svg.map", "viewBox").split()] == [0, 0, 400, 240]


def test_an_answer_that_fails_is_told(gallery: Page) -> None:
    gallery.evaluate("htmx.ajax('GET', '/nothing/here/', {target: '#places-rows'})")
    expect(gallery.locator("#toasts")).to_contain_text("There is nothing at this address for you")
    gallery.click("[data-dismiss]")
    expect(gallery.locator(".toast")).to_have_count(0)


def test_the_same_without_a_script_at_360_pixels(address: str, started: Browser) -> None:
    context = opened(started, address, Look(width=360, script=False))
    page = context.new_page()
    page.goto("/design/")
    page.click(".dialog-fold > summary")
    expect(page.locator("#withdraw")).to_be_visible()
    page.fill("#places-q", "12")
    page.press("#places-q", "Enter")
    expect(page.locator("#places tbody tr")).to_have_count(1)
    page.click(".menu >> nth=0")
    page.click("button[value=ar]")
    assert page.get_attribute("html", "dir") == "rtl"
    context.close()


def test_a_table_wider_than_its_box_scrolls_there_and_one_that_fits_keeps_its_head(gallery: Page) -> None:
    for width in (1280, 1000, 700, 360):
        gallery.set_viewport_size({"width": width, "height": 800})
        gallery.wait_for_function(
            "[...document.querySelectorAll('.scroll')].every(box => box.classList.contains('fits') === "
            "(box.firstElementChild.scrollWidth <= box.clientWidth + 1))"
        )
        assert gallery.evaluate("document.documentElement.scrollWidth") <= width
    gallery.set_viewport_size({"width": 1280, "height": 800})
    # A table no screen holds.
    gallery.evaluate("document.querySelector('#places td').textContent = 'wide'.repeat(600)")
    gallery.wait_for_selector("#places .scroll:not(.fits)")
    assert gallery.evaluate("document.documentElement.scrollWidth") <= 1280
