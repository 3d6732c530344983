"""What axe finds on pages of a running Philoxenia: both widths, English and Arabic, light and dark.

`python -m tests.journeys.axe http://127.0.0.1:8000 --sign-in EMAIL PASSWORD /data/` tells and fails.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.journeys.browser import HEIGHTS, WIDTHS, Look, browser, looks, opened, overflow, sign_in, visit

GRAVE = ("serious", "critical")
_ASKED = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def findings(
    started: Browser,
    base: str,
    paths: Sequence[str],
    cookies: Sequence[dict[str, Any]] = (),
    seen_as: Sequence[Look] = (),
) -> list[str]:
    """Every serious or critical finding, every error of the console, every page wider than a window."""
    found = []
    for look in seen_as or looks():
        context = opened(started, base, look, cookies)
        # One page that goes on: a new one is a new process of the browser, which takes as long as axe does.
        page = context.new_page()
        for path in paths:
            page.set_viewport_size({"width": look.width, "height": HEIGHTS[look.width]})
            where = f"{path} ({look.name})"
            found += [f"{where}: console: {said}" for said in visit(page, path, "load")]
            found += [f"{where}: {said}" for said in _axe(page)]
            found += [f"{where}: {said}" for said in _too_wide(page)]
        context.close()
    return found


def _too_wide(page: Page) -> Iterator[str]:
    """At either width: without opening the page again, as a window that is made smaller."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        if (excess := overflow(page)) > 0:
            yield f"{excess} px wider than a window of {width} px"


def _axe(page: Any) -> list[str]:
    answer = Axe().run(page, options=_ASKED)
    return [
        f"{one['impact']}: {one['id']}: {node['target'][0]}: {node['html'][:160]}"
        for one in answer.response["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"][:5]
    ]


def main(arguments: Sequence[str]) -> int:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base")
    parser.add_argument("paths", nargs="*", default=["/"])
    parser.add_argument("--sign-in", nargs=2, metavar=("EMAIL", "PASSWORD"))
    asked = parser.parse_intermixed_args(arguments)
    with browser() as started:
        cookies = sign_in(started, asked.base, *asked.sign_in) if asked.sign_in else []
        found = findings(started, asked.base, asked.paths, cookies)
    sys.stdout.write("\n".join([*found, f"{len(found)} findings"]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
