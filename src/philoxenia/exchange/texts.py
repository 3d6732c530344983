"""What a text means where no other cell has a say: names, identifiers, yes and no, places.

A reading is a frame of two columns: `value`, and `rule`, which is null where the text was plain, a mend where
its notation was changed, a problem where it could not be read (then the value is null).
"""

import ast
import json
from collections.abc import Sequence
from typing import Any

import polars as pl
import shapely
from shapely.geometry import shape

from philoxenia.exchange.limits import limit
from philoxenia.exchange.notations import marks
from philoxenia.exchange.spelling import ungarbled

Outcome = tuple[Any, str]
SPACE = " \t\r\n\f\v\u00a0\u2007\u202f\u200b\u2060\ufeff"
# Two spaces, or one that is not the plain space.
_LOOSE = r"\s\s|[\t\r\f\v\u00a0\u2007\u202f]"
# Letters that stand where UTF-8 was read as Windows-1252.
_GARBLED = "[ÃÂâØÙÐÑÎÏ]"


def reading(outcomes: Sequence[Outcome], dtype: Any) -> pl.DataFrame:
    """A reading from values and rules one by one."""
    values = pl.Series("value", [value for value, _ in outcomes], dtype=dtype)
    return pl.DataFrame([values, pl.Series("rule", [rule or None for _, rule in outcomes], dtype=pl.String)])


def read_texts(text: pl.Series) -> pl.DataFrame:
    """Names and remarks: stray spaces go, garbled letters are restored."""
    frame = text.rename("t").to_frame().with_columns(tidy=pl.col("t").str.strip_chars(SPACE))
    loose = pl.col("tidy").str.contains(_LOOSE) & ~pl.col("tidy").str.contains("\n", literal=True)
    single = pl.col("tidy").str.replace_all(r"[\s\u00a0\u2007\u202f]+", " ")
    frame = frame.with_columns(tidy=pl.when(loose).then(single).otherwise("tidy"))
    frame = frame.with_columns(value=_restored(frame["tidy"]))
    rule = (
        pl.when(pl.col("value") != pl.col("tidy"))
        .then(pl.lit("letters_restored"))
        .when(pl.col("tidy").str.contains("\ufffd", literal=True))
        .then(pl.lit("characters_lost"))
        .when(pl.col("tidy").str.contains(r"^[=@]."))
        .then(pl.lit("formula_text"))
        .when(pl.col("tidy") != pl.col("t"))
        .then(pl.lit("spaces"))
    )
    return frame.select("value", rule.alias("rule"))


def _restored(text: pl.Series) -> pl.Series:
    doubtful = text.str.contains(_GARBLED).fill_null(False)
    if not doubtful.any():
        return text
    return text.scatter(doubtful.arg_true(), [ungarbled(each) for each in text.filter(doubtful).to_list()])


def read_identifiers(text: pl.Series) -> pl.DataFrame:
    """Ids as text: `1320.0` is 1320, `1.69E+04` has lost its digits."""
    tidy = pl.col("t").str.strip_chars(SPACE)
    whole = tidy.str.contains(r"^\d+\.0$")
    lost = tidy.str.contains(r"(?i)^\d(\.\d+)?e\+\d+$")
    value = pl.when(lost).then(None).when(whole).then(tidy.str.strip_suffix(".0")).otherwise(tidy)
    rule = (
        pl.when(lost)
        .then(pl.lit("id_damaged"))
        .when(whole)
        .then(pl.lit("id_notation"))
        .when(tidy != pl.col("t"))
        .then(pl.lit("spaces"))
    )
    return text.rename("t").to_frame().select(value.alias("value"), rule.alias("rule"))


def read_booleans(texts: list[str]) -> list[Outcome]:
    """Yes or no, in the words of `notations.toml`."""
    outcomes: list[Outcome] = []
    for text in texts:
        word = text.strip(SPACE).casefold().removesuffix(".0")
        value = True if word in marks("yes") else False if word in marks("no") else None
        plain = text in ("true", "false")
        outcomes.append((value, "not_boolean" if value is None else "" if plain else "boolean_notation"))
    return outcomes


def read_places(texts: list[str]) -> list[Outcome]:
    """Geometries as WKB."""
    return [read_place(text) for text in texts]


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
