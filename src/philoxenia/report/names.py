"""Names from a city's tables inside our sentences: any script, any length, any signs.

A name is set between the signs Unicode keeps for isolating text of unknown direction; a page turns them into
`<bdi>`, and where they can do nothing they are dropped.
"""

import re
import unicodedata

from markupsafe import Markup, escape

_OPEN, _CLOSE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
# Control signs, halves of pairs, direction marks; one search, since a directory cleans 100,000 texts.
_UNWANTED = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]")


def named(name: str) -> str:
    """A name to be put into a sentence."""
    return f"{_OPEN}{clean(name)}{_CLOSE}"


def clean(name: str) -> str:
    """The name without control signs and without direction marks that could leak into our text."""
    return _UNWANTED.sub("", str(name)).strip()


def safe_id(prefix: str, id_: str) -> str:
    """An id for a page: all but letters and digits of the city's own id are written as codes."""
    return prefix + "".join(sign if sign.isascii() and sign.isalnum() else f"-{ord(sign):x}-" for sign in id_)


def plain(text: str) -> str:
    """The sentence without isolating signs, unless it holds a right-to-left sign that needs them."""
    if any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text):
        return text
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def isolated(text: str) -> Markup:
    """The sentence escaped for a page, its names between `<bdi>` and `</bdi>`."""
    safe = str(escape(text))
    return Markup(safe.replace(_OPEN, "<bdi>").replace(_CLOSE, "</bdi>"))  # noqa: S704  (escaped above)
