"""The page in a real browser: nothing blocked, no sideways scroll, no serious axe finding, and it prints."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.engine.report.made_city import full

from philoxenia.report import document
from philoxenia.report.html import page
from philoxenia.report.sections.places import places_of

pytestmark = pytest.mark.browser

WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
DIRECTIONS = ("ltr", "rtl")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    shared = pytest.importorskip("tests.journeys.browser", reason="playwright is not installed")
    if not shared.chromium():
        pytest.skip("Chromium is not installed: pages are not looked at in a browser")
    with shared.browser() as started:
        yield started


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, findings = tmp_path_factory.mktemp("pages"), full()
    told, shapes = document(findings), places_of(findings.districts).shapes
    files = {direction: folder / f"{direction}.html" for direction in DIRECTIONS}
    for direction, file in files.items():
        file.write_text(page(told, shapes, direction), encoding="utf-8")
    return files


@pytest.fixture(autouse=True)
def windows(browser: Any) -> Iterator[None]:
    """A page of thousands of parts that stays open slows down all that follow."""
    yield
    for context in browser.contexts:
        context.close()


def _opened(browser: Any, file: Path, width: int, scheme: str = "light", script: bool = True) -> Any:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=script,
        bypass_csp=script,
    )
    tab = context.new_page()
    tab.complaints = []
    tab.on("console", lambda message: tab.complaints.append(message.text))
    tab.on(
        "request",
        lambda request: tab.complaints.append(request.url) if request.url.startswith("http") else None,
    )
    tab.goto(file.as_uri())
    return tab


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_serious(
    browser: Any, reports: dict[str, Path], scheme: str, direction: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    tab = _opened(browser, reports[direction], 1280, scheme)
    tab.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    found = axe.Axe().run(tab).response["violations"]
    serious = [
        (one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}
    ]
    assert serious == []


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(
    browser: Any, reports: dict[str, Path], width: int, direction: str
) -> None:
    tab = _opened(browser, reports[direction], width)
    tab.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_the_policy_blocks_nothing_the_page_needs_and_nothing_is_fetched(
    browser: Any, reports: dict[str, Path]
) -> None:
    tab = _opened(browser, reports["ltr"], 1280, script=False)
    assert tab.complaints == []


def test_a_link_to_a_district_opens_its_profile(browser: Any, reports: dict[str, Path]) -> None:
    tab = _opened(browser, reports["ltr"], 1280)
    tab.goto(f"{reports['ltr'].as_uri()}#district-003")
    assert tab.is_visible("#district-003")


def test_dark_mode_changes_the_maps_too(browser: Any, reports: dict[str, Path]) -> None:
    paint = "getComputedStyle(document.querySelector('.map .seq-5')).fill"
    colours = {scheme: _opened(browser, reports["ltr"], 1280, scheme).evaluate(paint) for scheme in SCHEMES}
    assert colours["light"] != colours["dark"]


def test_tables_and_folds_can_be_reached_by_keyboard(browser: Any, reports: dict[str, Path]) -> None:
    tab = _opened(browser, reports["ltr"], 1280)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.evaluate("[...document.querySelectorAll('.scroll')].every(one => one.tabIndex === 0)")


def test_it_prints(browser: Any, reports: dict[str, Path]) -> None:
    tab = _opened(browser, reports["ltr"], 1280, "dark")
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.querySelector('.rail')).display") == "none"
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert tab.pdf(prefer_css_page_size=True).startswith(b"%PDF-")


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_captions_stay_in_sight_on_a_telephone_and_a_table_that_goes_on_shows_a_shade(
    browser: Any, reports: dict[str, Path], direction: str
) -> None:
    tab = _opened(browser, reports[direction], 360)
    tab.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    beyond = """[...document.querySelectorAll('caption, figcaption')].filter(one => {
        const box = one.getBoundingClientRect(); return box.left < -1 || box.right > 361; })
        .map(one => one.textContent)"""
    assert tab.evaluate(beyond) == []
    cut = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth + 1)"
    assert tab.evaluate(f"{cut}.length") > 0
    assert tab.evaluate(f"{cut}.every(one => getComputedStyle(one).backgroundImage.includes('gradient'))")
    ranking = "document.querySelector('[aria-labelledby=table-basic-services]')"
    assert tab.evaluate(f"{ranking}.scrollWidth <= {ranking}.clientWidth + 1")
