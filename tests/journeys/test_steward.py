"""A data steward hands in a spoiled extract, mends it in the page, publishes, corrects and withdraws it."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.journeys.demonstration import JOURNEY, ROOT, Demonstration
from tests.journeys.screens import show

pytestmark = JOURNEY
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
TITLE = "Shelter flow of one year"
TABLE = ROOT / "cities" / "toronto" / "tables" / "shelter_flow.csv"


def extract(folder: Path, name: str, *spoil: Callable[[str], str]) -> Path:
    """The first year of Toronto's shelter flow, spoiled."""
    lines = (ROOT / "tests" / "spoiled" / "system_flow.csv").read_text(encoding="utf-8-sig").splitlines()
    text = "\n".join([lines[0], *(line for line in lines[1:] if "-18," in line)]) + "\n"
    for change in spoil:
        text = change(text)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def short_dates(text: str) -> str:
    """Days before months, as a spreadsheet writes them: 01/02/2018 is the first of February."""
    return re.sub(
        r"(?m)^(\d+),(\w{3})-18,", lambda found: f"{found[1]},01/{MONTHS.index(found[2]) + 1:02d}/2018,", text
    )


def a_letter_too_much(text: str) -> str:
    """In one number."""
    return text.replace("All Population,46,494,", "All Population,4b6,494,", 1)


def words_for_numbers(text: str) -> str:
    """In one column, for one group, in every month."""
    return re.sub(r"(?m),Youth,\d+,", ",Youth,some,", text)


def hand_in(page: Page, file: Path) -> None:
    """From the form to the report."""
    page.set_input_files("input[type=file]", file)
    page.click("[data-send]")
    page.wait_for_url("**/check/")
    read_report(page)


def read_report(page: Page) -> None:
    """Wait for the report of the check."""
    expect(page.locator("h1")).to_have_text("Is this extract right?")
    expect(page.locator("a:has-text('Report (CSV)')")).to_be_visible(timeout=30_000)


def answer(page: Page, button: str) -> None:
    """Give an answer; the file is checked again."""
    page.click(f"button:has-text('{button}'):visible")


def mend(page: Page) -> None:
    """The order of dates, one cell, one word wherever it stands in a column."""
    lead, marked = page.locator("main .lead"), page.locator(".excerpt .marked").first
    expect(lead).to_have_text("2 things must be changed before the file can be taken.")
    page.click("summary:has-text('Say how the file is to be read')")
    page.select_option("[name=dates]", "day-first")
    answer(page, "Check again")
    expect(marked).to_contain_text("4b6")
    page.fill("#id_after", "46")
    answer(page, "Correct this cell")
    expect(marked).to_contain_text("some")
    page.fill("#id_after", "50")
    answer(page, "Replace this value in the whole column")
    expect(page.locator("#corrections li")).to_have_count(2)
    expect(lead).to_contain_text("The file can be taken: 84 rows")


def agree(page: Page, title: str = "") -> str:
    """Fill in the agreement and publish; the version's address."""
    expect(page.locator("h1")).to_have_text("Who may use this data set?")
    if title:
        page.fill("[name=title]", title)
    page.check("[name=everybody]")
    page.fill("[name=licence]", "Open Government Licence - Toronto")
    page.click(".form-actions button:has-text('Publish')")
    page.wait_for_url(re.compile(r"/data/versions/[0-9a-f-]+/$"))
    return page.url


def test_a_spoiled_extract_is_mended_published_corrected_and_withdrawn(
    demo: Demonstration, tmp_path: Path
) -> None:
    spoiled = extract(tmp_path, "shelter flow.csv", short_dates, a_letter_too_much, words_for_numbers)
    corrected = extract(
        tmp_path, "shelter flow again.csv", lambda text: text.replace("Chronic,11,29,", "Chronic,12,28,", 1)
    )
    with demo.window("data_steward") as page:
        page.goto("/data/")
        page.click("a.button:has-text('Hand in an extract')")
        hand_in(page, spoiled)
        show(page, "check-report")
        mend(page)
        page.click("button:has-text('Accept the mends and go on')")
        first = agree(page, TITLE)
        expect(page.locator("h1")).to_have_text(f"{TITLE}, version 1")
        page.click(f".crumbs a:has-text('{TITLE}')")

        page.click("a.button:has-text('Hand in the next version')")
        hand_in(page, corrected)
        page.click("button:has-text('Accept the mends and go on'), a.button:has-text('Publish')")
        second = agree(page)
        assert second != first
        expect(page.locator("h1")).to_have_text(f"{TITLE}, version 2")
        page.click("a:has-text('Version 1')")
        expect(page.locator("main .lead")).to_have_text(
            "Rows added: 0; removed: 0; changed: 13; the same: 71."
        )
        show(page, "what-changed")

        page.goto(second)
        page.click("a.button:has-text('Withdraw')")
        page.fill("[name=reason]", "One cell was counted twice.")
        page.click("button:has-text('Withdraw it')")
        expect(page.locator(".notice-problem")).to_contain_text("One cell was counted twice.")


def test_what_the_check_refuses_can_not_be_published_by_its_address(
    demo: Demonstration, tmp_path: Path
) -> None:
    with demo.window("data_steward") as page:
        page.goto("/data/hand-in/")
        hand_in(page, extract(tmp_path, "refused.csv", a_letter_too_much))
        check = page.url
        page.goto(check.replace("/check/", "/publish/"))
        assert page.url == check
