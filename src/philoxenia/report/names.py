"""Names from a city's tables inside our sentences: any script, any length, any signs.

A name is set between the signs Unicode keeps for isolating text of unknown direction; a page turns them into
`<bdi>`, and where they can do nothing they are dropped.
"""

import unicodedata

from markupsafe import Markup, escape

_OPEN, _CLOSE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_UNWANTED = {"Cc", "Cs"}


def named(name: str) -> str:
    """A name to be put into a sentence."""
    return f"{_OPEN}{clean(name)}{_CLOSE}"


def clean(name: str) -> str:
    """The name without control signs and without direction marks that could leak into our text."""
    kept = (sign for sign in str(name) if unicodedata.category(sign) not in _UNWANTED)
    return "".join(sign for sign in kept if not _is_direction_mark(sign)).strip()


def _is_direction_mark(sign: str) -> bool:
    return sign in "\u200e\u200f" or "\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069"


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
