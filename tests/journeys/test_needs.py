"""A planner sees which needs come together, finds a package, and profiles a survey without a script."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.journeys.browser import Look
from tests.journeys.demonstration import JOURNEY, Demonstration
from tests.journeys.screens import show

from philoxenia.needs.profiles.made_up import example_spec, made_up_survey

pytestmark = JOURNEY
PLAIN = Look(width=360, script=False)


def explore(page: Page) -> None:
    """From the start to a combination looked at closer."""
    page.goto("/needs/")
    page.click("a:has-text('Which needs come together') >> nth=0")
    expect(page.locator("h1")).to_have_text("Which needs come together?")
    expect(page.locator(".needs-side")).to_have_count(2)
    page.check("[name=need][value=work]")
    page.click("button:has-text('Show these')")
    words = page.locator(".upset-words >> nth=2")
    chosen = words.inner_text()
    words.click()
    expect(page.locator("#closer")).to_contain_text(chosen)
    expect(page.locator("main")).to_contain_text("people on the lists")


def test_a_planner_explores_needs_and_finds_a_package(demo: Demonstration) -> None:
    with demo.window("planner") as page:
        explore(page)
        show(page, "needs-overlap")
        page.click(".tabs a:has-text('Packages of programmes')")
        page.select_option("#most", "2")
        page.click("button:has-text('Find the package')")
        expect(page.locator("#package tbody tr")).to_have_count(2)
        expect(page.locator("main .lead")).to_contain_text(re.compile(r"2 programmes reach [\d.]+%"))


def test_a_survey_is_profiled_without_a_script(demo: Demonstration, tmp_path: Path) -> None:
    survey, spec = tmp_path / "synthetic_households.csv", tmp_path / "spec.toml"
    survey.write_text(made_up_survey().write_csv(), encoding="utf-8")
    spec.write_text(example_spec().replace("anonymous = true", "anonymous = false"), encoding="utf-8")
    with demo.window("planner", PLAIN) as page:
        page.goto("/needs/profiles/")
        for name, file in (("survey", survey), ("spec_file", spec)):
            page.set_input_files(f"input[name={name}]", file)
        page.check("[name=is_anonymous]")
        page.click("button:has-text('Make the profile')")
        expect(page.locator("main")).to_contain_text("survey.anonymous")
        spec.write_text(example_spec(), encoding="utf-8")
        for name, file in (("survey", survey), ("spec_file", spec)):
            page.set_input_files(f"input[name={name}]", file)
        page.click("button:has-text('Make the profile')")
        expect(page.locator("main")).to_contain_text("points more than long-term residents")
        page.click(".tabs a:has-text('How severe')")
        expect(page.locator(".profile-block >> nth=0")).to_contain_text("in need")
