"""What one text means, where no other cell has a say: names, identifiers, yes and no, places.

An outcome is a value and the rule that explains it: `` where the text was plain, a mend where its notation
was changed, a problem where it could not be read (then the value is None).
"""

import ast
import json
from typing import Any

import shapely
from shapely.geometry import shape

from philoxenia.exchange.limits import limit
from philoxenia.exchange.notations import marks
from philoxenia.exchange.spelling import ungarbled

Outcome = tuple[Any, str]
SPACE = " \t\r\n\f\v\u00a0\u2007\u202f\u200b\u2060\ufeff"


def read_text(text: str) -> Outcome:
    """A name or remark: stray spaces go, garbled letters are restored."""
    tidy = text.strip(SPACE)
    tidy = tidy if "\n" in tidy else " ".join(tidy.split())
    restored = ungarbled(tidy)
    if restored != tidy:
        return restored, "letters_restored"
    if "\ufffd" in tidy:
        return tidy, "characters_lost"
    return tidy, "" if tidy == text else "spaces"


def read_identifier(text: str) -> Outcome:
    """An id as text: `1320.0` is 1320, `1.69E+04` has lost its digits."""
    tidy = text.strip(SPACE)
    whole = tidy.removesuffix(".0")
    if whole != tidy and whole.isdigit():
        return whole, "id_notation"
    if "E+" in tidy.upper() and tidy.upper().replace("E+", "").replace(".", "").isdigit():
        return None, "id_damaged"
    return tidy, "" if tidy == text else "spaces"


def read_boolean(text: str) -> Outcome:
    """Yes or no, in the words of `notations.toml`."""
    word = text.strip(SPACE).casefold().removesuffix(".0")
    value = True if word in marks("yes") else False if word in marks("no") else None
    return value, "not_boolean" if value is None else "" if text in ("true", "false") else "boolean_notation"


def read_place(text: str) -> Outcome:
    """A geometry as WKB; an empty one counts as no place."""
    place = read_geometry(text)
    if place is None:
        return None, "not_geometry"
    # A Python dictionary as text is nobody's standard; GeoJSON and WKT are.
    rule = "geometry_notation" if text.startswith("{'") else ""
    return None if place.is_empty else shapely.to_wkb(place), rule


def read_geometry(text: str) -> Any:
    """A place from GeoJSON, a Python dict as text, or WKT; None where it is none of them.

    Text is never executed: `ast.literal_eval` reads only plain values, and only up to a bounded length.
    """
    tidy = text.strip()
    if len(tidy) > limit("geometry", "text_characters"):
        return None
    try:
        if tidy.startswith("{"):
            return shape(_dictionary(tidy))
        return shapely.from_wkt(tidy)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.errors.ShapelyError):
        return None


def _dictionary(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError) as fault:
        raise ValueError("not a dictionary") from fault
