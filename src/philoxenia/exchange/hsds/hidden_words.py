"""Which rows say of themselves that they are, or are at, a place that must not be found.

Owns how words are compared: without signs one does not see, accents, widths, curls, and letters of another
script that look the same. What follows from it is for `hidden`.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache

import polars as pl

from philoxenia.exchange.notations import marks
from philoxenia.reference.tables import reference_table

# Signs one does not see could keep a word from being recognised.
_UNSEEN = r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0640\p{Mn}]"
_CURLS = r"[\u2018\u2019\u02bc\u02b9\u00b4\u0060\u2032]"
# Letters of one script that pass for those of another.
_ALIKE = dict(zip("аеорсухіјѕАВЕКМНОРСТУХІ", "aeopcyxijsABEKMHOPCTYXI", strict=True))


@cache
def patterns(looks_in: str) -> str:
    """Every pattern of one kind as a single one, for Rust's regular expressions; '' where there is none."""
    table = reference_table("directory/confidential")
    found = table.filter(pl.col("looks_in") == looks_in)["pattern"].to_list()
    return "(?i)" + "|".join(f"(?:{_folded(pattern)})" for pattern in found) if found else ""


def _folded(pattern: str) -> str:
    """A pattern as texts are compared: no accents, straight apostrophes."""
    plain = unicodedata.normalize("NFKD", pattern)
    return "".join("'" if one == "’" else one for one in plain if unicodedata.category(one) != "Mn")


def as_compared(text: pl.Series) -> pl.Series:
    """Texts as the patterns are written."""
    seen = text.str.normalize("NFKD").str.replace_all(_UNSEEN, "").str.replace_all(_CURLS, "'")
    return seen.str.replace_all(r"\s+", " ").str.strip_chars()


def holds(text: pl.Series, looks_in: str) -> pl.Series:
    """Which texts hold a pattern of that kind, letters that look alike forgiven."""
    seen = as_compared(text)
    mixed = seen.str.contains(r"\p{Cyrillic}").fill_null(False) & seen.str.contains("(?i)[a-z]").fill_null(
        False
    )
    found = seen.str.contains(patterns(looks_in)).fill_null(False)
    if not mixed.any():
        return found
    alike = seen.filter(mixed).str.replace_many(_ALIKE).str.contains(patterns(looks_in)).fill_null(False)
    return found.scatter(mixed.arg_true(), found.filter(mixed) | alike)


def says(frame: pl.DataFrame, columns: Sequence[str], looks_in: str) -> pl.Series:
    """Which rows hold a pattern of that kind in one of these columns."""
    there = [name for name in columns if name in frame.columns]
    if not there or not frame.height:
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    if looks_in == "flag_word" and len(there) > 1:
        # Such a word stands alone in its cell.
        each = [says(frame, [name], looks_in) for name in there]
        return pl.DataFrame({str(place): one for place, one in enumerate(each)}).select(
            pl.any_horizontal(pl.all())
        )[:, 0]
    text = pl.concat_str([pl.col(name).cast(pl.String) for name in there], separator=" ; ", ignore_nulls=True)
    return holds(frame.select(text.alias("text"))["text"], looks_in)


def names_hidden(frame: pl.DataFrame, names: Sequence[str], others: Sequence[str] = ()) -> pl.Series:
    """Rows named as hidden places are: shelters too, where nothing says that they are for everybody."""
    bare = says(frame, names, "shelter") & ~says(frame, (*names, *others), "open_shelter")
    return says(frame, names, "name") | says(frame, names, "flag_word") | bare


def flagged(frame: pl.DataFrame) -> pl.Series:
    """Rows a column of the source marks, by yes, by no, or by a word."""
    mask = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    for name in frame.columns:
        mask |= _flags(name, frame[name].cast(pl.String))
    return mask


def _flags(name: str, values: pl.Series) -> pl.Series:
    column = pl.Series([name.lower().replace(" ", "_").replace("-", "_")])
    said = values.str.strip_chars().str.to_lowercase()
    for looks_in, answer in (("flag", "yes"), ("flag_not", "no")):
        if column.str.contains(patterns(looks_in)).item():
            return said.is_in(list(marks(answer))).fill_null(False) | holds(said, "flag_word")
    return pl.repeat(False, len(values), dtype=pl.Boolean, eager=True)


def labelled(attributes: pl.DataFrame) -> pl.Series:
    """Attributes that say so without a term: `confidential: yes`, or the words of one."""
    mask = says(attributes, ("value", "label"), "term") | says(attributes, ("value", "label"), "text")
    mask |= says(attributes, ("value",), "flag_word")
    if not {"label", "value"} <= set(attributes.columns):
        return mask
    for label in attributes["label"].drop_nulls().unique():
        own = (attributes["label"] == label).fill_null(False)
        mask |= own & _flags(label, attributes["value"].cast(pl.String))
    return mask
