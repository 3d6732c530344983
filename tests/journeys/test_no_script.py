"""Without JavaScript: sign in, hand in a file by the plain form, sort a table, change the language."""

from pathlib import Path

from playwright.sync_api import Page, expect
from tests.journeys.browser import Look
from tests.journeys.demonstration import JOURNEY, Demonstration
from tests.journeys.served import until
from tests.journeys.test_steward import a_letter_too_much, extract

pytestmark = JOURNEY
PLAIN = Look(width=360, script=False)


def test_a_steward_signs_in_and_hands_in_a_file(demo: Demonstration, tmp_path: Path) -> None:
    email, password = demo.person("data_steward")
    with demo.window("", PLAIN) as page:
        page.goto("/data/hand-in/")
        page.fill("[name=login]", email)
        page.fill("[name=password]", password)
        page.click("main form >> nth=0 >> button")
        expect(page.locator("h1")).to_have_text("Hand in an extract")
        page.set_input_files("input[type=file]", extract(tmp_path, "plain.csv", a_letter_too_much))
        page.click("button:has-text('Hand it in')")
        look_again(page, ".excerpt .marked:has-text('4b6')")
        page.fill("#id_after", "46")
        page.click("button:has-text('Correct this cell')")
        look_again(page, "main .lead:has-text('The file can be taken')")


def look_again(page: Page, told: str) -> None:
    """Until the report tells it: the page being left answers as well, so no link on it proves nothing."""

    def reported() -> bool:
        link = page.locator("a:has-text('Look again')")
        if link.count():
            link.click()
        return page.locator(told).count() > 0

    until(reported)


def test_a_table_is_sorted_and_the_language_changed(demo: Demonstration) -> None:
    with demo.window("data_steward", PLAIN) as page:
        page.goto("/data/")
        page.click(".rail-fold > summary")
        page.click(".rail a[href='/data/']")
        # The city's own data sets: others hand in drafts, or nobody does.
        heading, first = (
            page.locator(f"#sets {place}") for place in ("thead th a", "tbody tr:first-child th")
        )
        heading.first.click()
        one_way = first.first.inner_text()
        heading.first.click()
        assert first.first.inner_text() != one_way
        page.click(".menu:has(button[name=language]) > summary")
        page.click("button[name=language][value=ar]")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
