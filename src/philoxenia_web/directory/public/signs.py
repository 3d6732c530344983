"""Signs of the public pages: drawn into the page, so that they cost no journey of their own over a slow line.

A sign of a need has two tones, like the mark: strokes, and honey where the light falls.
"""

import re
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from philoxenia.report.mark import mark_inline

_FILE = Path(__file__).resolve().parent / "signs.svg"
_SYMBOL = re.compile(r'<symbol id="([a-z_]+)" viewBox="([0-9 ]+)">(.*?)</symbol>', re.S)


@cache
def signs() -> dict[str, tuple[str, str]]:
    """View box and drawing of each sign."""
    return {name: (box, drawn) for name, box, drawn in _SYMBOL.findall(_FILE.read_text(encoding="utf-8"))}


@cache
def sign(name: str) -> SafeString:
    """A sign for a page; it is decoration, words always stand beside it."""
    box, drawn = signs()[name]
    shown = mark_safe(drawn.strip())  # noqa: S308 (our own drawing)
    return format_html('<svg class="s s-{}" viewBox="{}" aria-hidden="true">{}</svg>', name, box, shown)


@cache
def door() -> SafeString:
    """The mark in the colours of the page."""
    return mark_safe(mark_inline().replace("<svg ", '<svg class="mark" ', 1))  # noqa: S308 (our own drawing)
