"""Cells of a directory as the model wants them: texts without tricks, numbers, days, times, web addresses.

Works a column at a time. What cannot be read is left empty and said; nothing is guessed.
"""

import html
import re
from collections.abc import Callable
from datetime import date, datetime

import polars as pl

from philoxenia.exchange.dates import order_of, read_day
from philoxenia.exchange.hsds.model import Field, Table
from philoxenia.exchange.hsds.sayings import Told
from philoxenia.exchange.limits import limit
from philoxenia.exchange.notations import marks
from philoxenia.exchange.numbers import read_numbers
from philoxenia.reference.tables import reference_table

# Signs that turn the direction of text, break lines in odd ways or are not to be seen; joiners stay, words of
# Persian and Indic scripts need them.
_TRICKS = (
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b"
    "\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]"
)
_MARKUP = r"(?i)<\s*/?\s*[a-z!][^<>]*>|&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});"
_HIDDEN = r"(?is)<\s*(script|style)\b.*?(<\s*/\s*(script|style)\s*>|$)"
_BREAKS = r"(?i)<\s*(br|/p|/li|/div|/h\d|/tr)\s*/?\s*>"
_TAGS = r"(?i)<\s*/?\s*[a-z!][^<>]*>"
_WEB = r"^(?i:https?)://[^\s<>\"']+$"
_BARE_WEB = r"^(?i)(www\.)?([a-z0-9](-?[a-z0-9])*\.)+[a-z]{2,}([/?#][^\s<>\"']*)?$"
_MAIL = r"^[^\s@<>\"',;:()]+@[^\s@<>\"',;:()]+\.[^\s@<>\"',;:()]{2,}$"
_TIME = re.compile(
    r"^(\d{1,2})(?:[:.h]?(\d{2})|h)?(?::\d{2}(?:\.\d+)?)?\s*([ap])?\.?\s*(?:m\.?)?\s*(?:z|[+-]\d{2}:?\d{2})?$",
    re.I,
)
# Here the word is one of the answers.
_UNKNOWN_IS_SAID = ("asks_status", "safe_without_papers", "wheelchair")
_EXAMPLES = {"number": "12.5", "date": "2024-05-31", "time": "09:00", "datetime": "2024-05-31T09:00:00Z",
             "email": "help@example.org", "boolean": "yes or no", "integer": "12"}  # fmt: skip
_WORDS = {"number": "number", "date": "date", "time": "time", "datetime": "date and time",
          "email": "e-mail address", "boolean": "yes or no", "integer": "whole number"}  # fmt: skip


def clean_texts(name: str, frame: pl.DataFrame, told: Told) -> pl.DataFrame:
    """Every text without control signs, markup, words for nothing, and no longer than is kept."""
    counts: dict[str, int] = {}
    columns = [_clean(frame[column], counts) for column in frame.columns]
    for kind, count in counts.items():
        told.find(kind, name, count, most=f"{limit('directory', 'text_characters'):,}")
    return pl.DataFrame(columns) if columns else frame


def _clean(text: pl.Series, counts: dict[str, int]) -> pl.Series:
    text = text.cast(pl.String)
    most = limit("directory", "text_characters")
    long = text.str.len_chars() > most
    if long.any():
        _count(counts, "text_cut", long)
        text = text.zip_with(~long.fill_null(False), text.str.slice(0, most))
    odd = text.str.contains(_TRICKS)
    if odd.any():
        _count(counts, "signs_removed", odd)
        text = text.str.replace_all(_TRICKS, "")
    marked = text.str.contains(_MARKUP).fill_null(False)
    if marked.any():
        _count(counts, "markup_removed", marked)
        text = text.scatter(marked.arg_true(), [_plain_text(one) for one in text.filter(marked)])
    text = text.str.strip_chars(" \t\r\n\u00a0")
    nothing = (
        text.str.to_lowercase().is_in(_nothing()) & text.is_not_null() & (text.name not in _UNKNOWN_IS_SAID)
    )
    if nothing.any():
        _count(counts, "placeholder_words", nothing)
    empty = (nothing | (text == "")).fill_null(False)
    return text.set(empty, None) if empty.any() else text


def _count(counts: dict[str, int], kind: str, mask: pl.Series) -> None:
    counts[kind] = counts.get(kind, 0) + int(mask.sum())


def _nothing() -> list[str]:
    return reference_table("directory/placeholder_words")["word"].to_list()


def _plain_text(text: str) -> str:
    """Markup as plain text; what was written as entities can itself be markup, so it is read twice."""
    for _ in range(2):
        text = re.sub(_HIDDEN, " ", text)
        text = re.sub(_BREAKS, "\n", text)
        text = html.unescape(re.sub(_TAGS, "", text))
    text = re.sub(_TRICKS, "", re.sub(_TAGS, "", re.sub(_HIDDEN, " ", text)))
    return re.sub(r"[ \t\u00a0]+", " ", re.sub(r"\n\s*\n+", "\n\n", text)).strip()


def typed(table: Table, frame: pl.DataFrame, told: Told) -> pl.DataFrame:
    """Columns of text as the types of the model; ids and links stay text."""
    columns = [_typed(table.name, table.by_name[name], frame[name], told) for name in frame.columns]
    return pl.DataFrame(columns) if columns else frame


def _typed(table: str, field: Field, text: pl.Series, told: Told) -> pl.Series:
    if text.dtype != pl.String:
        return text.cast(field.dtype)
    if field.values:
        return _listed(table, field, text, told)
    if field.type == "url":
        return _web(table, field.name, text, told)
    read = _READERS.get(field.type)
    if read is None:
        return text
    values = read(text)
    lost = text.is_not_null() & values.is_null()
    if lost.any():
        shown = [] if field.type == "email" or table == "address" else text.filter(lost).head(3).to_list()
        told.find("not_read", table, int(lost.sum()), shown, field=field.name, type=_WORDS[field.type],
                  example=_EXAMPLES[field.type])  # fmt: skip
    return values.rename(field.name)


def _listed(table: str, field: Field, text: pl.Series, told: Told) -> pl.Series:
    """Words of a closed list, whatever their case and signs."""
    known = {_key(value): value for value in field.values}
    if field.name == "freq":
        known |= {"week": "WEEKLY", "month": "MONTHLY", "day": "DAILY"}
    said = text.str.to_lowercase().str.replace_all(r"[^a-z]+", " ").str.strip_chars()
    found = said.replace_strict(known, default=None, return_dtype=pl.String)
    strange = text.is_not_null() & found.is_null()
    if not strange.any():
        return found.rename(field.name)
    instead = "inactive" if (table, field.name) == ("service", "status") else None
    words = "they are not shown until that is settled" if instead else "they were left empty"
    shown, known_values = text.filter(strange).unique(maintain_order=True).head(3), ", ".join(field.values)
    count = int(strange.sum())
    told.find("value_unknown", table, count, shown, field=field.name, known=known_values, instead=words)
    return found.set(strange, instead).rename(field.name)


def _key(value: str) -> str:
    return re.sub(r"[^a-z]+", " ", value.lower()).strip()


def _web(table: str, name: str, text: pl.Series, told: Told) -> pl.Series:
    """Addresses of the web: only http and https; a bare host gets https before it."""
    whole = text.str.contains(_WEB).fill_null(False)
    bare = text.str.contains(_BARE_WEB).fill_null(False)
    if bare.any():
        told.find(
            "address_of_web_made_whole",
            table,
            int(bare.sum()),
            field=name,
            es="" if bare.sum() == 1 else "es",
        )
        text = text.zip_with(~bare, "https://" + text)
    unsafe = text.is_not_null() & ~whole & ~bare
    if unsafe.any():
        told.find(
            "address_of_web_unsafe",
            table,
            int(unsafe.sum()),
            field=name,
            es="" if unsafe.sum() == 1 else "es",
        )
        text = text.set(unsafe, None)
    return text.rename(name)


def _numbers(text: pl.Series) -> pl.Series:
    return read_numbers(text, degrees=text.name in ("latitude", "longitude"))


def _integers(text: pl.Series) -> pl.Series:
    return read_numbers(text, whole_numbers=True).cast(pl.Int64, strict=False)


def _dates(text: pl.Series) -> pl.Series:
    """Days as ISO text. Short dates follow the order that those with one reading only give."""
    plain = text.str.extract(r"^(\d{4}-\d{2}-\d{2})")
    good = plain.str.to_date(strict=False).is_not_null()
    rest = text.filter(text.is_not_null() & ~good).unique().to_list()
    order = order_of(rest)[0]
    read = {one: None if (day := read_day(one, order)) is None else day.value.isoformat() for one in rest}
    return (
        plain.set(~good, None)
        if not rest
        else plain.zip_with(good, text.replace_strict(read, default=None, return_dtype=pl.String))
    )


def _moments(text: pl.Series) -> pl.Series:
    return _each(text, _moment)


def _moment(text: str) -> str | None:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).isoformat(timespec="milliseconds")
    except ValueError:
        try:
            return date.fromisoformat(text[:10]).isoformat()
        except ValueError:
            return None


def _times(text: pl.Series) -> pl.Series:
    return _each(text, read_time)


def read_time(text: str) -> str | None:
    """A time of day as HH:MM; None where it is none. Offsets are left off: hours are those of the place."""
    found = _TIME.match(text.strip().lower())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] and hour <= 12:
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    return f"{hour:02d}:{minute:02d}" if hour <= 24 and minute < 60 and (hour < 24 or not minute) else None


def _each(text: pl.Series, read: Callable[[str], str | None]) -> pl.Series:
    """A reading of each different text."""
    known = {one: read(one) for one in text.drop_nulls().unique()}
    return text.replace_strict(known, default=None, return_dtype=pl.String)


def _mails(text: pl.Series) -> pl.Series:
    tidy = text.str.replace(r"(?i)^mailto:", "").str.strip_chars()
    return tidy.set(~tidy.str.contains(_MAIL).fill_null(False), None)


def _booleans(text: pl.Series) -> pl.Series:
    words = dict.fromkeys(marks("yes"), True) | dict.fromkeys(marks("no"), False)
    return text.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean)


_READERS: dict[str, Callable[[pl.Series], pl.Series]] = {
    "number": _numbers,
    "integer": _integers,
    "date": _dates,
    "datetime": _moments,
    "time": _times,
    "email": _mails,
    "boolean": _booleans,
}
