"""Texts of guides for the eye: telephone numbers to touch, Latin words that keep their direction in Arabic.

A guide marks both with backticks: `911`, `850 Coxwell Avenue`.
"""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from philoxenia_web.directory.public import telephones

_MARKED = re.compile(r"`([^`]*)`")
_NUMBER = re.compile(r"[\d +()-]+")


def plain(text: str) -> str:
    """The text without marks; what was marked is isolated by signs of Unicode (LRI, PDI)."""
    return _MARKED.sub("\u2066\\1\u2069", text)


def readable(text: str, links: bool = True) -> SafeString:
    """The text as HTML, escaped; marked numbers become links to call, unless it stands in a link itself."""
    pieces = _MARKED.split(text)
    return format_html_join("", "{}", ((_piece(one, odd, links),) for odd, one in enumerate(pieces)))


def _piece(text: str, place: int, links: bool) -> SafeString | str:
    if place % 2 == 0:
        return text
    if links and _NUMBER.fullmatch(text):
        found = telephones.dialled(text)
        if found.address:
            return format_html('<a href="{}"><bdi dir="ltr">{}</bdi></a>', found.address, text)
    return format_html('<bdi dir="ltr">{}</bdi>', text)
