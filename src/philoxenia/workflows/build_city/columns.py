"""Steps that change columns and leave rows as they are. Each is a pure function from frame to frame."""

from collections.abc import Mapping, Sequence

import polars as pl

from philoxenia.workflows.build_city.problems import RecipeError


def rename(frame: pl.DataFrame, columns: Mapping[str, str]) -> pl.DataFrame:
    """Give columns other names: {new = "old"}. A column that had the new name makes room."""
    missing(frame, columns.values())
    return frame.drop(
        [new for new in columns if new in frame.columns and new not in columns.values()]
    ).rename({old: new for new, old in columns.items()})


def constant(frame: pl.DataFrame, columns: Mapping[str, object]) -> pl.DataFrame:
    """Fill columns with one value each: {year = "2021"}."""
    return frame.with_columns(pl.lit(value).alias(name) for name, value in columns.items())


def recode(
    frame: pl.DataFrame,
    column: str,
    values: Mapping[str, str],
    to: str = "",
    otherwise: str | None = None,
) -> pl.DataFrame:
    """Replace codes by words: {EP = "public"}; an unlisted code is kept unless `otherwise` is given."""
    missing(frame, [column])
    text = pl.col(column).cast(pl.String)
    default = text if otherwise is None else pl.lit(otherwise)
    return frame.with_columns(text.replace_strict(dict(values), default=default).alias(to or column))


def classify(
    frame: pl.DataFrame,
    column: str,
    to: str,
    patterns: Sequence[Sequence[str]],
    otherwise: str | None = None,
) -> pl.DataFrame:
    """The class of the first pattern (regular expression, case ignored) found in a text, or none."""
    missing(frame, [column])
    text = pl.col(column).cast(pl.String).fill_null("")
    result = pl.lit(otherwise, dtype=pl.String)
    for pattern, name in reversed(patterns):
        result = pl.when(text.str.contains(f"(?i){pattern}")).then(pl.lit(name)).otherwise(result)
    return frame.with_columns(result.alias(to))


def first_filled(frame: pl.DataFrame, to: str, columns: Sequence[str]) -> pl.DataFrame:
    """The first of several columns that holds a value in the row."""
    missing(frame, columns)
    return frame.with_columns(pl.coalesce(columns).alias(to))


def fill_empty(frame: pl.DataFrame, columns: Sequence[str], value: str) -> pl.DataFrame:
    """Write one text into every empty cell of some columns."""
    missing(frame, columns)
    text = pl.col(list(columns)).cast(pl.String)
    return frame.with_columns(pl.when(text.str.strip_chars() != "").then(text).otherwise(pl.lit(value)))


def pad(frame: pl.DataFrame, column: str, width: int) -> pl.DataFrame:
    """Fill ids with leading zeros to a width: 7 becomes 007."""
    missing(frame, [column])
    return frame.with_columns(pl.col(column).cast(pl.String).str.zfill(width))


def round_numbers(frame: pl.DataFrame, columns: Sequence[str], digits: int) -> pl.DataFrame:
    """Round numbers to a number of decimals."""
    missing(frame, columns)
    return frame.with_columns(pl.col(list(columns)).round(digits))


def cut_time(frame: pl.DataFrame, column: str, to: str, characters: int) -> pl.DataFrame:
    """The month (7 characters) or year (4) of an ISO date."""
    missing(frame, [column])
    return frame.with_columns(pl.col(column).cast(pl.String).str.slice(0, characters).alias(to))


def missing(frame: pl.DataFrame, columns: object) -> None:
    """Raise `RecipeError` for the first of `columns` that the frame does not have."""
    names = list(columns) if not isinstance(columns, str) else [columns]  # type: ignore[call-overload]
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise RecipeError(f"there is no column {absent[0]!r}; there are {', '.join(frame.columns)}")
