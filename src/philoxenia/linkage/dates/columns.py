"""Dates of birth of a whole list at once: each distinct text is read once and mapped back."""

from dataclasses import asdict, fields

import polars as pl

from philoxenia.exchange.dates import order_of
from philoxenia.linkage.dates.reading import Birth, read_birth

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


def birth_columns(texts: pl.Series) -> pl.DataFrame:
    """What dates of birth may mean, a row each in the order given; all null where a text is no date.

    Day before month in short dates, unless only the other order fits some date of the list.
    """
    distinct = texts.drop_nulls().unique().sort()
    first = "month" if order_of(distinct)[0] == "month" else "day"
    read = [_row(text, first) for text in distinct]
    table = pl.DataFrame(read, schema={"text": pl.String, **BIRTH_COLUMNS}, orient="row")
    return (
        pl.DataFrame({"text": texts}).join(table, on="text", how="left", maintain_order="left").drop("text")
    )


def _row(text: str, first: str) -> tuple[object, ...]:
    birth = read_birth(text, first)
    values = asdict(birth) if birth else {field.name: None for field in fields(Birth)}
    return (text, *(values[name.removeprefix("birth_")] for name in BIRTH_COLUMNS))
