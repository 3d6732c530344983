"""A caseworker in a shelter without a network: cases come along, work comes back, a person decides."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.journeys.axe import _axe
from tests.journeys.browser import Look, opened, overflow
from tests.journeys.demonstration import JOURNEY, PATIENCE_MS, Demonstration

pytestmark = JOURNEY
WORDS = "seven lanterns over the harbour"
NOTE = f"We looked at the room together, {uuid4().hex[:8]}."


@pytest.fixture
def tablet(demo: Demonstration) -> Iterator[BrowserContext]:
    """A device of the caseworker that holds nothing yet."""
    context = opened(demo.started, demo.base, Look("en", 360), demo.cookies("caseworker"))
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def take_along(page: Page) -> str:
    """Take one case along; the number of the case."""
    page.goto("/front/offline/")
    lines = page.locator("#take .caseline:has(input:enabled)")
    expect(lines.first).to_be_visible()
    ticked = page.locator("#take input:checked")
    while ticked.count():
        ticked.first.uncheck()
    lines.first.locator("input").check()
    number = lines.first.locator("bdi[dir=ltr]").inner_text()
    page.fill("#passphrase", WORDS)
    page.fill("#again", WORDS)
    page.click("#take button.button")
    expect(page.locator("form.offline-door")).to_be_visible()
    return number


def unlock(page: Page, words: str = WORDS) -> None:
    page.fill("form.offline-door input", words)
    page.click("form.offline-door button")


def open_the_case(page: Page) -> None:
    unlock(page)
    page.click(".case-open")
    expect(page.locator("textarea")).to_be_visible()


def write(page: Page, words: str) -> None:
    page.fill("textarea", words)
    page.click(".inline-form:has(textarea) button.button")
    expect(page.locator(".note-line .status-waiting")).to_be_visible()


def test_a_day_in_a_shelter_without_a_network(demo: Demonstration, tablet: BrowserContext) -> None:
    page = tablet.new_page()
    take_along(page)
    tablet.set_offline(True)
    page.reload()
    assert WORDS not in page.content()
    open_the_case(page)
    name = page.locator(".offline-name").inner_text()
    write(page, NOTE)
    if not page.locator(".need").count():
        page.click("details.fold summary")
        page.locator("details.fold button").click()
    severity = page.locator(".need select").first
    mine = "5" if severity.input_value() != "5" else "4"
    severity.select_option(mine)
    expect(page.locator(".need .status-waiting")).to_be_visible()
    assert overflow(page) <= 0
    assert _axe(page) == []
    # Closed and opened again, what was written is still there, behind the passphrase.
    page.reload()
    assert NOTE not in page.content() and name not in page.content()
    open_the_case(page)
    expect(page.locator("#sent")).to_contain_text(re.compile(r"\d"))
    tablet.set_offline(False)
    expect(page.locator("#sent button")).to_have_count(0)
    expect(page.locator(".status-waiting")).to_have_count(0)
    with demo.window("caseworker") as desk:
        desk.goto("/front/caseload/")
        desk.locator(".case-who a", has_text=name).first.click()
        # Its scripts have run when the page is loaded: a choice before that is sent by nobody.
        desk.wait_for_url("**/front/people/**")
        expect(desk.get_by_text(NOTE)).to_have_count(1)


def test_the_same_field_changed_on_both_sides_is_decided_by_a_person(
    demo: Demonstration, tablet: BrowserContext
) -> None:
    page = tablet.new_page()
    take_along(page)
    tablet.set_offline(True)
    open_the_case(page)
    name = page.locator(".offline-name").inner_text()
    severity = page.locator(".need select").first
    before = severity.input_value()
    mine, theirs = [one for one in "12345" if one != before][:2]
    severity.select_option(mine)
    expect(page.locator(".need .status-waiting")).to_be_visible()
    with demo.window("caseworker") as desk:
        desk.goto("/front/caseload/")
        desk.locator(".case-who a", has_text=name).first.click()
        # Its scripts have run when the page is loaded: a choice before that is sent by nobody.
        desk.wait_for_url("**/front/people/**")
        desk.locator("#needs .severity-form select").first.select_option(theirs)
        expect(desk.locator(f"#needs .severity-{theirs}").first).to_be_visible()
    tablet.set_offline(False)
    page.locator("#sent a[href*=conflicts]").click()
    page.locator(".rows-list a", has_text=name).first.click()
    expect(page.locator(".value")).to_have_count(2)
    assert overflow(page) <= 0
    assert _axe(page) == []
    page.locator(".value:nth-of-type(2) button").click()
    expect(page.locator(f"#needs .severity-{mine}").first).to_be_visible()


def test_after_wrong_tries_nothing_is_left(tablet: BrowserContext) -> None:
    page = tablet.new_page()
    number = take_along(page)
    tablet.set_offline(True)
    for wrong in range(5):
        unlock(page, f"wrong words {wrong}")
        if wrong < 4:
            expect(page.locator(".field-error")).to_contain_text(str(4 - wrong))
    expect(page.locator("form.offline-door")).to_have_count(0)
    page.reload()
    expect(page.locator("#view .notice")).to_be_visible()
    assert number not in page.content()


def test_a_device_that_was_stopped_empties_itself(demo: Demonstration, tablet: BrowserContext) -> None:
    page = tablet.new_page()
    take_along(page)
    with demo.window("caseworker") as desk:
        desk.goto("/front/offline/")
        desk.locator("form[action$='/stop/'] button").first.click()
        expect(desk.locator(".rows-list .status-info").first).to_be_visible()
    # Nobody need be signed in for it.
    tablet.clear_cookies()
    page.reload()
    expect(page.locator("#view .notice")).to_be_visible()
    assert page.evaluate("philoxenia.vault.state()")["kind"] == "wiped"
