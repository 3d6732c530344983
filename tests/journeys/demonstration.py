"""One running demonstration for every journey in a browser: Toronto, its study, a person of each role."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.browser import Look, chromium, opened, sign_in, visit
from tests.journeys.prepared import prepare
from tests.journeys.served import PATIENCE_SECONDS, Served, ask

from philoxenia_web.config import postgres

ROOT = Path(__file__).resolve().parents[2]
TORONTO = ROOT / "cities" / "toronto"
ROLES = (
    "planner",
    "data_steward",
    "caseworker",
    "partner",
    "auditor",
    "administrator",
    "reviewer",
    "editor",
    "translator",
    "supervisor",
)
# A demonstration that runs already, for whoever writes a journey: its folder and its port.
RUNNING = os.environ.get("JOURNEYS_VAR", ""), int(os.environ.get("JOURNEYS_PORT", "0"))
# The machine may be busy with other tests.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

_IN_A_BROWSER = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(
        not chromium(), reason="Chromium is not on this machine: install it or name it in PHILOXENIA_CHROMIUM"
    ),
]
# Two groups of pytest-xdist, each with a demonstration of its own: who works in it, and who looks at pages.
JOURNEY = [*_IN_A_BROWSER, pytest.mark.xdist_group("journeys")]
LOOKING = [*_IN_A_BROWSER, pytest.mark.xdist_group("looks")]


@contextmanager
def demonstrating(folder: Path) -> Iterator[Served]:
    """A copy of the demonstration, which is made once a day for these sources: it holds this week's dates."""
    var, of = folder / "var", (ROOT / "src", TORONTO)
    prepare(var, _made, "demonstration", of, date.today().isoformat())
    # As `demo` goes on once everything is there.
    with Served(var, "serve --workers 1", PHILOXENIA_DEMO="1", PHILOXENIA_CITY=str(TORONTO)) as served:
        yield served


def _made(var: Path) -> None:
    # Few futures: its pages are looked at here, not its numbers.
    with Served(var, "demo --futures 12 --people 4000 --workers 1") as served:
        # It is made beside other tests that keep the machine busy.
        served.until_said("Ctrl-C stops it", 3 * PATIENCE_SECONDS)


class Demonstration:
    """Where it answers, who may sign in, and the browser that looks at it."""

    def __init__(self, started: Browser, var: Path, port: int, served: Served | None = None) -> None:
        # Passkeys belong to a name, not to a number.
        self.started, self.var, self.base = started, var, f"http://localhost:{port}"
        self.served = served
        self._cookies: dict[str, list[dict[str, Any]]] = {}

    def person(self, role: str) -> tuple[str, str]:
        """E-mail and password of who has this role first, or this e-mail address."""
        lines = (self.var / "demo-people.txt").read_text(encoding="utf-8").splitlines()
        email, password = next(line.split()[1:3] for line in lines if role in line.split())
        return email, password

    def cookies(self, role: str) -> list[dict[str, Any]]:
        """Of a person who signed in once with the form; nobody's for an empty role."""
        if role and role not in self._cookies:
            self._cookies[role] = sign_in(self.started, self.base, *self.person(role))
        return self._cookies.get(role, [])

    @contextmanager
    def window(self, role: str = "", look: Look | None = None) -> Iterator[Page]:
        """A page of a browser in which this person is signed in; its console must stay quiet."""
        context = opened(self.started, self.base, look or Look(), self.cookies(role))
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        try:
            yield page
        finally:
            context.close()
        assert faults == []

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask its database what a page does not tell; as the owner, whom row-level security lets see."""
        return ask(self.var, question, *values, role=postgres.OWNER)

    def study(self) -> str:
        """The path of the demonstration's study."""
        with self.window("planner") as page:
            visit(page, "/studies/?studies-q=pressure")
            found = re.findall(r'href="(/studies/[0-9a-f-]{36}/)"', page.content())
        return str(found[-1])
