"""Dates of birth of a whole list at once: each distinct text is read once and mapped back."""

from operator import attrgetter

import polars as pl

from philoxenia.linkage.dates.reading import read_birth

BIRTH_COLUMNS: dict[str, type[pl.DataType]] = {
    "birth_year": pl.Int32,
    "birth_last_year": pl.Int32,
    "birth_month": pl.Int32,
    "birth_day": pl.Int32,
    "birth_precision": pl.String,
    "birth_heaped": pl.Boolean,
    "birth_calendar": pl.String,
    "birth_number": pl.Int32,
    "birth_swapped": pl.Int32,
    "birth_hijri": pl.Int32,
    "birth_ethiopian": pl.Int32,
    "birth_julian": pl.Int32,
}


_TAKE = [attrgetter(name.removeprefix("birth_")) for name in BIRTH_COLUMNS]
_SHORT = r"^\s*(\d{1,2})[-/. ](\d{1,2})[-/. ](?:\d{4}|\d{2})\b"
_MONTHS = 12
_SCHEMA: dict[str, type[pl.DataType]] = {"list": pl.String, "text": pl.String, **BIRTH_COLUMNS}


def birth_columns(texts: pl.Series, lists: pl.Series | None = None) -> pl.DataFrame:
    """What dates of birth may mean, a row each in the order given; all null where a text is no date.

    `lists` names the list of each row: each list has its own order of short dates (see `first_in_short`).
    """
    names = pl.Series([""] * len(texts), dtype=pl.String) if lists is None else lists.fill_null("")
    rows = pl.DataFrame({"list": names, "text": texts})
    distinct = rows.drop_nulls().unique().sort("list", "text")
    tables = [_read(name, group["text"]) for (name,), group in distinct.group_by("list", maintain_order=True)]
    table = pl.concat([pl.DataFrame(schema=_SCHEMA), *tables])
    found = rows.join(table, on=["list", "text"], how="left", maintain_order="left")
    return found.select(list(BIRTH_COLUMNS))


def first_in_short(texts: pl.Series) -> str:
    """`day` or `month`: what stands first in dates such as 05/03/1987, as most dates that fit one order only
    say; a few slips do not turn a list. `day` where nothing tells.
    """
    parts = texts.str.extract_groups(_SHORT).struct.unnest().cast(pl.Int32, strict=False).drop_nulls()
    left, right = parts.get_column("1"), parts.get_column("2")
    day, month = (
        int(((left > _MONTHS) & (right <= _MONTHS)).sum()),
        int(((right > _MONTHS) & (left <= _MONTHS)).sum()),
    )
    return "month" if month > day else "day"


def _read(name: object, texts: pl.Series) -> pl.DataFrame:
    first = first_in_short(texts)
    births = [read_birth(text, first) for text in texts]
    columns = [[None if birth is None else take(birth) for birth in births] for take in _TAKE]
    return pl.DataFrame([[name] * len(births), texts.to_list(), *columns], schema=_SCHEMA, orient="col")
