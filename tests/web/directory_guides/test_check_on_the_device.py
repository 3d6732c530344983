"""The private check in Chromium: gives what the engine gives, asks one thing at a time, sends nothing."""

import json
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route
from tests.journeys.browser import browser as _shared_browser

from philoxenia.directory.eligibility import question, questions
from philoxenia_web.ui.made import MADE

pytestmark = pytest.mark.browser

CASES = Path(__file__).parents[2] / "engine" / "directory_guides" / "eligibility_cases.json"
HOST = "http://guides.test"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with _shared_browser() as found:
        yield found


def answered(client: Client, route: Route, asked: list[str]) -> None:
    """A request of the browser, answered by the application without a server."""
    path = route.request.url.removeprefix(HOST)
    if not path.endswith("mark.svg"):  # the page's own icon comes when the browser has time
        asked.append(f"{route.request.method} {path}")
    if path.startswith("/static/"):
        name = path.removeprefix("/static/")
        body = MADE[name]() if name in MADE else Path(str(finders.find(name))).read_bytes()
        route.fulfill(body=body, content_type=mimetypes.guess_type(name)[0] or "text/plain")
        return
    found = client.get(path)
    route.fulfill(status=found.status_code, body=found.content, headers=dict(found.headers.items()))


@pytest.fixture
def opened(browser: Browser, client: Client) -> Iterator[Any]:
    """Opens an address of the application; what the browser asks for is kept in a list."""
    pages: list[Page] = []

    def open_page(address: str, script: bool = True, width: int = 360) -> tuple[Page, list[str]]:
        context = browser.new_context(java_script_enabled=script, viewport={"width": width, "height": 740})
        page, asked = context.new_page(), []
        page.route("**/*", lambda route: answered(client, route, asked))
        page.goto(HOST + address)
        pages.append(page)
        return page, asked

    yield open_page
    for page in pages:
        page.context.close()


def test_the_device_gives_what_the_engine_gives(opened: Any) -> None:
    page, _asked = opened(reverse("help-guide", args=["en", "school"]))
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    catalogue = {name: one.as_dict() for name, one in questions().items()}
    found = page.evaluate(
        "([cases, asked]) => cases.map(c => philoxeniaEligibility.evaluate(c.rule, c.answers, asked))",
        [cases, catalogue],
    )
    told = [(case["says"], one["answer"], one["open"]) for case, one in zip(cases, found, strict=True)]
    assert told == [(case["says"], case["answer"], case["open"]) for case in cases]
    assert len(cases) > 25


def test_answers_stay_on_the_device(opened: Any) -> None:
    page, asked = opened(reverse("help-guide", args=["ar", "citizenship"]))
    before = len(asked)
    section = page.locator("#check-ready")
    assert section.locator("[data-plain]").is_hidden()
    assert section.locator("fieldset:visible").count() == 1, "one question at a time"
    section.locator("[name=days_in_country]").fill("1200")
    section.locator("[name=taxes_filed][value=yes]").check()
    section.locator("[name=age]").fill("60")
    shown = section.locator(".outcomes > li:visible")
    assert [one.get_attribute("data-outcome") for one in shown.all()] == ["ready", "no_test"]
    section.locator("[name=age]").press("Enter")
    section.locator("[name=days_in_country]").fill("10")
    assert "days" in [one.get_attribute("data-outcome") for one in shown.all()]
    kept = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie, location.href]")
    assert kept[:3] == [0, 0, ""] and "?" not in kept[3]
    assert asked[before:] == [], "nothing is sent"
    section.locator("button[type=reset]").click()
    page.wait_for_function("!document.querySelector('#check-ready .outcomes > li:not([hidden])')")
    assert page.locator("[name=age]").input_value() == ""


def test_without_a_script_the_nested_questions_lead_to_the_answer(opened: Any) -> None:
    page, asked = opened(reverse("help-guide", args=["en", "bank"]), script=False)
    before = len(asked)
    section = page.locator("#check-papers_check")
    assert section.locator("form").is_hidden()
    section.locator("summary:visible", has_text="Yes").first.click()
    assert question("paper_name_address").text in section.inner_text()
    section.locator("details[open] summary:visible", has_text="Yes").last.click()
    section.locator("details[open] .leaf a:visible").first.click()
    assert page.url.endswith("#papers_check-is-two_papers")
    assert asked[before:] == [], "nothing is sent"


def test_a_small_telephone_shows_a_guide_with_a_table_without_scrolling_sideways(opened: Any) -> None:
    for language in ("en", "ar"):
        page, _asked = opened(reverse("help-guide", args=[language, "bank"]))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
