"""Two departments link their lists and end it; two reviewers decide a doubtful pair by keyboard."""

import re
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.journeys.browser import Look
from tests.journeys.demonstration import JOURNEY, Demonstration
from tests.journeys.screens import show
from tests.journeys.served import until
from tests.web.linkage_runs.made_lists import people

pytestmark = JOURNEY
STEWARDS = ("data-steward@example.org", "data-steward-2@example.org")
REVIEWERS = ("reviewer@example.org", "reviewer-2@example.org")


def propose(page: Page) -> str:
    """An agreement of two departments; its address."""
    page.goto("/linkage/new/")
    page.fill("[name=title]", "Who lacks a home and a doctor")
    page.fill("[name=purpose]", "To plan homes and clinics together, for nothing else.")
    for box in page.locator("[name=organisations]").all():
        box.uncheck()
    for name in ("Demo department", "Demo second department"):
        page.get_by_label(name, exact=True).check()
    page.check("[name=needs][value=housing]")
    for box in page.locator("[name=reviewers]").all():
        box.check()
    page.fill("[name=until]", (date.today() + timedelta(days=30)).isoformat())
    page.click("button:has-text('Propose it')")
    page.wait_for_url(re.compile(r"/linkage/[0-9a-f-]{36}/(sign/)?$"))
    return page.url.removesuffix("sign/")


def sign(page: Page, agreement: str) -> None:
    """Consent for the steward's department."""
    page.goto(agreement + "sign/")
    page.check("[name=read]")
    page.click("main button:has-text('Sign')")
    page.wait_for_url(agreement)


def hand_in(page: Page, agreement: str, file: Path) -> None:
    """From the form to the list in use."""
    page.goto(agreement + "lists/")
    page.set_input_files("input[type=file]", file)
    page.click("[data-send]")
    expect(page.locator("h1")).to_have_text("Is this list right?")
    page.click("button:has-text('and it in')")
    expect(page.locator("main")).to_contain_text("Handed in")


def link(page: Page, agreement: str) -> str:
    """Ask for a run and wait for its report; its address."""
    page.goto(agreement + "runs/new/")
    page.click("button:has-text('Link the lists')")
    expect(page.locator("h1")).to_have_text(re.compile(r"How far can run \d+ be trusted\?"), timeout=120_000)
    return page.url


def test_departments_link_their_lists_and_end_it(demo: Demonstration, tmp_path: Path) -> None:
    files = []
    for start, spoil in (("A", 0), ("B", 5)):
        files.append(tmp_path / f"made-up-{start}.csv")
        people(80, start=start, spoil=spoil).drop("district_id").write_csv(files[-1])
    with demo.window(STEWARDS[0]) as page:
        agreement = propose(page)
        sign(page, agreement)
    with demo.window(STEWARDS[1]) as page:
        sign(page, agreement)
        hand_in(page, agreement, files[1])
    with demo.window(STEWARDS[0]) as page:
        hand_in(page, agreement, files[0])
        run = link(page, agreement)
        expect(page.locator("main .lead")).to_contain_text("people stand behind 160 records")
        show(page, "linkage-run")
        page.goto(agreement + "unlink/")
        page.fill("[name=because]", "The plan is made.")
        page.check("[name=sure]")
        page.click("button:has-text('End it and destroy the key')")
        page.wait_for_url(agreement)
        page.goto(run)
        expect(page.locator("h1")).to_have_text("Run 1 cannot be opened any more")


def test_two_reviewers_decide_a_pair_by_keyboard(demo: Demonstration) -> None:
    queue = str(demo.ask(AGREEMENT)[0][0])
    for number, reviewer in enumerate(REVIEWERS):
        with demo.window(reviewer) as page:
            page.goto(f"/linkage/{queue}/review/")
            page.click("#begin")
            expect(page.locator("h1")).to_have_text("Are these two records one person?")
            first = page.url
            if number == 0:
                show(page, "linkage-pair")
                # Answered, taken back, answered otherwise.
                page.keyboard.press("n")
                expect(page.locator(".last-answer")).to_contain_text("Kept: Different people")
                page.keyboard.press("ArrowLeft")
                page.wait_for_url(first)
            page.keyboard.press("y")
            expect(page.locator(".last-answer, main .lead")).to_contain_text(["Kept: Same person"])
            page.goto(f"/linkage/{queue}/review/")
            expect(page.locator("main .lead")).to_contain_text(f"{number} of ")


def test_a_reviewer_answers_without_a_script(demo: Demonstration) -> None:
    queue = str(demo.ask(AGREEMENT)[0][0])
    with demo.window(REVIEWERS[0], Look("ar", 360, script=False)) as page:
        page.goto(f"/linkage/{queue}/review/next/")
        before = page.url
        page.click("button[name=said][value=unsure]")
        until(lambda: page.url != before)
        expect(page.locator(".last-answer form button")).to_be_visible()


AGREEMENT = (
    "select id from linkage_agreement where state = 'in_force' and title like 'SYNTHETIC%%' order by made_at"
)
