"""Pictures of pages of a running Philoxenia, kept under out/screens.

`python -m tests.journeys.screens http://127.0.0.1:8000 --sign-in EMAIL PASSWORD /data/ /studies/`
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from tests.journeys.browser import Look, browser, keep, looks, opened, sign_in

FOLDER = Path("out") / "screens"


def pictures(
    started: Browser,
    base: str,
    paths: Sequence[str],
    cookies: Sequence[dict[str, Any]] = (),
    seen_as: Sequence[Look] = (),
    folder: Path = FOLDER,
) -> list[Path]:
    """A picture of each page as each look shows it."""
    kept = []
    for look in seen_as or looks():
        context = opened(started, base, look, cookies)
        for path in paths:
            page = context.new_page()
            page.goto(path, wait_until="networkidle")
            kept.append(keep(page, path, look, folder))
            page.close()
        context.close()
    return kept


def show(page: Page, name: str) -> Path:
    """A picture of what the window shows now."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(FOLDER / f"{name}.png"))
    return FOLDER / f"{name}.png"


def main(arguments: Sequence[str]) -> int:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base")
    parser.add_argument("paths", nargs="*", default=["/"])
    parser.add_argument("--sign-in", nargs=2, metavar=("EMAIL", "PASSWORD"))
    parser.add_argument("--languages", nargs="+", default=["en", "ar"])
    asked = parser.parse_intermixed_args(arguments)
    with browser() as started:
        cookies = sign_in(started, asked.base, *asked.sign_in) if asked.sign_in else []
        seen_as = looks(asked.languages)
        for place in pictures(started, asked.base, asked.paths, cookies, seen_as):
            sys.stdout.write(f"{place}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
