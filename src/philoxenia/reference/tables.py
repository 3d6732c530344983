"""Reads the reference tables that ship with the engine (CSV files beside this module)."""

from functools import cache
from importlib.resources import files

import polars as pl

from philoxenia.vocabulary import PhiloxeniaError

_FOLDER = files("philoxenia.reference") / "tables"


@cache
def reference_table(name: str) -> pl.DataFrame:
    """One reference table, all columns as text; `name` is the file name without `.csv`.

    Raises `PhiloxeniaError` that lists the tables there are.
    """
    source = _FOLDER / f"{name}.csv"
    if not source.is_file():
        known = ", ".join(sorted(entry.name.removesuffix(".csv") for entry in _FOLDER.iterdir()))
        raise PhiloxeniaError(f"There is no reference table {name!r}. Known tables: {known}.")
    return pl.read_csv(source.read_bytes(), infer_schema=False, empty_string_is_null=False)
