"""Every page a role can reach: no serious finding of axe, nothing wider than its window, a quiet console."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from tests.journeys.axe import findings
from tests.journeys.browser import Look, browser, chromium, keep, looks, opened, sign_in
from tests.journeys.screens import FOLDER
from tests.journeys.served import Served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not chromium(), reason="no Chromium on this machine"),
]

ROLES = ("planner", "data_steward", "caseworker", "partner", "auditor", "administrator")
STUDY_PAGES = ("", "today/", "arrivals/", "load/", "quality/", "method/", "districts/085/")
BEFORE_SIGNING_IN = ("/account/login/", "/account/password/reset/", "/design/", "/nothing/here/")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The demonstration's address and folder."""
    folder = tmp_path_factory.mktemp("axe") / "var"
    with Served(folder, "demo") as served:
        yield f"http://127.0.0.1:{served.port}", folder


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    with browser() as one:
        yield one


def person(folder: Path, role: str) -> tuple[str, str]:
    """Who has this role in the demonstration."""
    lines = (folder / "demo-people.txt").read_text(encoding="utf-8").splitlines()
    email, password = next(line.split()[1:3] for line in lines if line.split()[:1] == [role])
    return email, password


def rail(context: BrowserContext) -> list[str]:
    """Where the rail and the person's menu lead."""
    page = context.new_page()
    page.goto("/")
    links = page.query_selector_all(".rail a, .menu-panel a")
    return sorted({link.get_attribute("href") or "/" for link in links} | {"/"})


def study_pages(context: BrowserContext) -> list[str]:
    """The pages of the first study this person sees."""
    page = context.new_page()
    page.goto("/studies/")
    found = re.search(r'href="(/studies/[0-9a-f-]{36}/)"', page.content())
    return [found[1] + name for name in STUDY_PAGES] if found else []


def test_before_signing_in(demo: tuple[str, Path], started: Browser) -> None:
    assert findings(started, demo[0], BEFORE_SIGNING_IN) == []


@pytest.mark.parametrize("role", ROLES)
def test_as_each_role(role: str, demo: tuple[str, Path], started: Browser) -> None:
    base, folder = demo
    cookies: list[dict[str, Any]] = sign_in(started, base, *person(folder, role))
    context = opened(started, base, Look(), cookies)
    paths = rail(context) + (study_pages(context) if role == "planner" else [])
    context.close()
    assert paths
    assert findings(started, base, paths, cookies) == []


@pytest.mark.parametrize("look", looks(), ids=lambda look: look.name)
def test_pictures_are_kept(look: Look, demo: tuple[str, Path], started: Browser) -> None:
    base, folder = demo
    cookies = sign_in(started, base, *person(folder, "planner"))
    context = opened(started, base, look, cookies)
    page = context.new_page()
    page.goto("/", wait_until="networkidle")
    assert keep(page, "/", look, FOLDER).stat().st_size > 10_000
    context.close()


def test_pages_work_without_a_script(demo: tuple[str, Path], started: Browser) -> None:
    base, folder = demo
    cookies = sign_in(started, base, *person(folder, "planner"))
    context = opened(started, base, Look(width=360, script=False), cookies)
    page = context.new_page()
    page.goto("/data/")
    page.click(".rail-fold > summary")
    page.click(".rail a[href='/studies/']")
    assert page.url.endswith("/studies/")
    page.goto("/data/?")
    first = page.inner_text("tbody tr:first-child th")
    page.click("thead th:first-child a")
    page.click("thead th:first-child a")
    assert page.inner_text("tbody tr:first-child th") != first
    context.close()
