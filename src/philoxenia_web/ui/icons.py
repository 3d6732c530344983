"""Signs of our own, a few strokes each, in one sprite (static/ui/icons.svg) fetched once."""

import re
from functools import cache
from pathlib import Path

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = "ui/icons.svg"
_FILE = Path(__file__).resolve().parent / "static" / SPRITE


@cache
def names() -> tuple[str, ...]:
    """The names of all signs."""
    return tuple(re.findall(r'<symbol id="([a-z]+)"', _FILE.read_text(encoding="utf-8")))


def icon_markup(name: str, words: str = "") -> SafeString:
    """A sign for a page; with words it is a picture with a name, without it is decoration."""
    before, after = _drawing(name)
    said = format_html('role="img" aria-label="{}"', words) if words else SafeString('aria-hidden="true"')
    return before + said + after


@cache
def _drawing(name: str) -> tuple[SafeString, SafeString]:
    """What stands before and behind the words of a sign."""
    if name not in names():
        raise KeyError(f"There is no icon called {name!r}; there are {', '.join(names())}.")
    return (
        format_html('<svg class="icon icon-{}" ', name),
        format_html(' focusable="false"><use href="{}"/></svg>', f"{static(SPRITE)}#{name}"),
    )
