"""A day at the front desk, in English and in Arabic: search, a new record, household, needs, plan, notes."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.axe import findings
from tests.journeys.browser import Look, overflow
from tests.journeys.demonstration import JOURNEY, Demonstration
from tests.journeys.screens import show

pytestmark = JOURNEY
LOOKS = [
    pytest.param(Look("en", 1280), "Nadima Zuhairi", "1991", id="english-on-a-desk"),
    pytest.param(Look("ar", 360, script=False), "نديمة زهيري", "1991", id="arabic-on-a-phone-without-script"),
]


def search(page: Page, name: str, birth: str) -> None:
    page.goto("/front/")
    page.fill("#id_names", name)
    page.fill("#id_birth", birth)
    page.click(".search-form .button")
    assert name not in page.url
    assert name not in page.title()


def unfold(page: Page, part: str) -> None:
    page.click(f"#{part} > summary")


def fits(page: Page) -> None:
    assert overflow(page) == 0, page.url


@pytest.mark.parametrize(("look", "name", "year"), LOOKS)
def test_a_day_at_the_desk(demo: Demonstration, look: Look, name: str, year: str) -> None:
    with demo.window("caseworker", look) as page:
        search(page, name, year)
        fits(page)
        page.click(".none-of-these .button")
        expect(page.locator("#id_name")).to_have_value(name)
        page.select_option("#id_language", "ar")
        page.check("#id_interpreter")
        page.fill("#id_phone", "+1 416 555 0147")
        page.check("#id_phone_safe")
        fits(page)
        page.click(".record-form > .form-actions .button")
        page.wait_for_url(re.compile(r"/front/people/[0-9a-f-]{36}/$"))
        expect(page.locator("h1")).to_contain_text(name)
        assert name not in page.title()
        work(page)
        show(page, f"front-person-{look.name}")
        fits(page)
        household(page, name, year)
        # The same person again: proposed before a second record opens.
        search(page, name, year)
        expect(page.locator(".hit-name").first).to_contain_text(name)
        show(page, f"front-hits-{look.name}")
        page.goto("/front/caseload/")
        expect(page.locator(".caselist")).to_contain_text(name)
        fits(page)
        record = page.locator(".caselist a").first.get_attribute("href") or ""
    paths = ["/front/", "/front/caseload/", record, f"{record}edit/"]
    seen_as = [Look(look.language, look.width, "dark")]
    assert findings(demo.started, demo.base, paths, demo.cookies("caseworker"), seen_as) == []


def work(page: Page) -> None:
    """A need, a goal, a task, a service, a note; a task done."""
    unfold(page, "new-need")
    page.select_option("#new-need [name=need]", "housing")
    page.select_option("#new-need [name=severity]", "5")
    page.click("#new-need .button")
    expect(page.locator("#needs .severity-5")).to_be_visible()
    unfold(page, "new-goal")
    page.fill("#new-goal [name=words]", "بيت قريب من المدرسة")
    page.click("#new-goal .button")
    expect(page.locator("#plan .row-words")).to_have_text("بيت قريب من المدرسة")
    unfold(page, "new-task")
    page.select_option("#new-task [name=kind]", "call")
    page.click("#new-task .button")
    page.click("#tasks .task-more > summary")
    page.fill("#tasks .task-change [name=due_on]", (date.today() + timedelta(days=30)).isoformat())
    before = page.locator("#tasks .due").inner_text()
    page.click("#tasks .task-change button")
    expect(page.locator("#tasks .due")).not_to_have_text(before)
    page.click("#tasks .rows-list button[value=finish]")
    expect(page.locator("#tasks .fold").first).to_be_visible()
    unfold(page, "new-service")
    page.click("#new-service button")
    expect(page.locator("#plan .service-line")).to_have_count(1)
    unfold(page, "new-note")
    page.fill("#new-note [name=words]", "<b>Came</b> with her brother.")
    page.click("#new-note .button")
    expect(page.locator("#notes .row-words")).to_have_text("<b>Came</b> with her brother.")


def household(page: Page, name: str, year: str) -> None:
    """Somebody of the same household, after a search of their own."""
    page.click("#household .button")
    child = name.replace(name.split()[0], "Lulu" if name.isascii() else "لولو")
    page.fill("#id_names", child)
    page.fill("#id_birth", str(int(year) + 24))
    page.click(".search-form .button")
    page.click(".none-of-these .button")
    page.select_option("[name=relation]", "child")
    page.click(".record-form > .form-actions .button")
    expect(page.locator("#household .members")).to_contain_text(child)
    unfold(page, "new-need")
    page.select_option("#new-need [name=need]", "school")
    page.select_option("#new-need [name=whose]", label=child)
    page.click("#new-need .button")
    expect(page.locator("#needs .rows-list")).to_contain_text(child)
