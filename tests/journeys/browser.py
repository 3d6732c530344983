"""Chromium for journeys, looking at a running `philoxenia serve` in a language, width and light."""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    sync_playwright,
)

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WIDTHS = (360, 1280)
LANGUAGES = ("en", "ar")
SCHEMES = ("light", "dark")
HEIGHTS = {360: 760, 1280: 900}


def chromium() -> str:
    """Where the browser is; empty where there is none."""
    known = os.environ.get("PHILOXENIA_CHROMIUM", "")
    return known or shutil.which("chromium") or shutil.which("chromium-browser") or ""


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    language: str = "en"
    width: int = 1280
    scheme: str = "light"
    script: bool = True

    @property
    def name(self) -> str:
        """For the name of a picture."""
        return f"{self.language}-{self.width}-{self.scheme}" + ("" if self.script else "-noscript")


def looks(
    languages: Sequence[str] = LANGUAGES,
    widths: Sequence[int] = WIDTHS,
    schemes: Sequence[str] = SCHEMES,
) -> list[Look]:
    """Every combination."""
    return [Look(language, width, scheme) for language in languages for width in widths for scheme in schemes]


_PLAYING: list[Playwright] = []


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser, closed at the end. One process may drive several, but start Playwright only once."""
    with _playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium() or None, args=ARGUMENTS)
        try:
            yield started
        finally:
            started.close()


@contextmanager
def _playwright() -> Iterator[Playwright]:
    if _PLAYING:
        yield _PLAYING[0]
        return
    with sync_playwright() as playwright:
        _PLAYING.append(playwright)
        try:
            yield playwright
        finally:
            _PLAYING.clear()


def opened(started: Browser, base: str, look: Look, cookies: Sequence[dict[str, Any]] = ()) -> BrowserContext:
    """A window that looks so, signed in with these cookies."""
    context = started.new_context(
        base_url=base,
        viewport={"width": look.width, "height": HEIGHTS.get(look.width, 900)},
        color_scheme="dark" if look.scheme == "dark" else "light",
        java_script_enabled=look.script,
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "django_language", "value": look.language, "url": base}])
    context.add_cookies([{"name": one["name"], "value": one["value"], "url": base} for one in cookies])
    return context


def sign_in(started: Browser, base: str, email: str, password: str) -> list[dict[str, Any]]:
    """The cookies of somebody who has signed in with the form."""
    context = opened(started, base, Look())
    page = context.new_page()
    page.goto("/account/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/account/login/" not in address)
    cookies = [dict(one) for one in context.cookies() if one["name"] != "django_language"]
    context.close()
    return cookies


def visit(page: Page, path: str, until: Literal["load", "networkidle"] = "networkidle") -> list[str]:
    """Open a page; what its console complained of."""
    complaints: list[str] = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error":
            complaints.append(said.text)

    def thrown(error: Error) -> None:
        complaints.append(str(error))

    page.on("console", heard)
    page.on("pageerror", thrown)
    answer = page.goto(path, wait_until=until)
    page.remove_listener("console", heard)
    page.remove_listener("pageerror", thrown)
    refused = answer is not None and answer.status >= 400
    # A page that is itself an answer of refusal is complained of by the browser.
    return (
        [said for said in complaints if not (refused and str(answer.status) in said)]
        if answer
        else complaints
    )


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def keep(page: Page, path: str, look: Look, folder: Path) -> Path:
    """A picture of the whole page."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "home"
    place = folder / f"{name}-{look.name}.png"
    page.screenshot(path=str(place), full_page=True)
    return place
