"""Names of a whole list at once: each distinct text is read once and mapped back; frames in and out."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

import polars as pl

from philoxenia.exchange.scripts.letters import script_of
from philoxenia.linkage.names.origins import origin_of
from philoxenia.linkage.names.reading import Part, read_name, read_part

PARTS = ("given", "middle", "family")
_FORMS = ("spelling", "canonical", "key", "loose")
_TAKE = [attrgetter(form) for form in _FORMS]
_PART_SCHEMA = (*_FORMS, "keys", "script", "origin")
_BETWEEN_KEYS = "\x1f"
NAME_COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    **{f"{part}_{form}": pl.String for part in PARTS for form in _FORMS},
    "name_keys": pl.List(pl.String),
    "name_script": pl.String,
    "name_origin": pl.String,
}


def name_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """What names have in common, a row a record: NAME_COLUMNS, null where a part is missing.

    Reads given_name, middle_name, family_name; full_name where the first and the last are empty.
    `name_script` and `name_origin` are for error rates by group only: show them for no person.
    """
    whole = _no_parts(frame)
    columns = []
    for part in PARTS:
        found = _read(_texts(frame, f"{part}_name")).rename({name: f"{part}_{name}" for name in _PART_SCHEMA})
        columns.append(found)
    wide = pl.concat(columns, how="horizontal")
    if whole.any():
        wide = _with_whole_names(wide, _texts(frame, "full_name"), whole)
    return _joined(wide)


def _texts(frame: pl.DataFrame, name: str) -> pl.Series:
    if name not in frame.columns:
        return pl.Series(name, [None] * frame.height, dtype=pl.String)
    return frame[name].cast(pl.String)


def _no_parts(frame: pl.DataFrame) -> pl.Series:
    """Records whose name stands in `full_name` alone."""
    given, family = _texts(frame, "given_name"), _texts(frame, "family_name")
    empty = (given.fill_null("") == "") & (family.fill_null("") == "")
    return empty & _texts(frame, "full_name").is_not_null()


def _read(texts: pl.Series) -> pl.DataFrame:
    distinct = texts.drop_nulls().unique()
    table = _table(
        [distinct.to_list(), *_forms([read_part(text) for text in distinct], distinct)], _PART_SCHEMA
    )
    rows = pl.DataFrame({"text": texts})
    return rows.join(table, on="text", how="left", maintain_order="left").drop("text")


def _forms(parts: Sequence[Part | None], texts: Iterable[str]) -> list[list[str | None]]:
    """The columns of _PART_SCHEMA; lists of keys as one text, since lists of lists are slow to make."""
    words = [None if part is None else part.whole for part in parts]
    columns = [[None if word is None else take(word) for word in words] for take in _TAKE]
    keys = [None if part is None else _BETWEEN_KEYS.join(part.keys) for part in parts]
    scripts = [None if part is None else script_of(text) for part, text in zip(parts, texts, strict=True)]
    return [*columns, keys, scripts, [None if part is None else origin_of(part) for part in parts]]


def _table(columns: list[list[str | None]], schema: Iterable[str]) -> pl.DataFrame:
    return pl.DataFrame(columns, schema=dict.fromkeys(["text", *schema], pl.String), orient="col")


def _with_whole_names(wide: pl.DataFrame, texts: pl.Series, whole: pl.Series) -> pl.DataFrame:
    distinct = texts.filter(whole).unique()
    names = [read_name(text) for text in distinct]
    columns: list[list[str | None]] = [distinct.to_list()]
    for part in PARTS:
        columns += _forms([getattr(name, part) for name in names], distinct)
    table = _table(columns, [f"{part}_{name}" for part in PARTS for name in _PART_SCHEMA])
    read = pl.DataFrame({"text": pl.select(pl.when(whole).then(texts)).to_series()})
    found = read.join(table, on="text", how="left", maintain_order="left").drop("text")
    return pl.DataFrame([wide[name].zip_with(~whole, found[name]) for name in wide.columns])


def _joined(wide: pl.DataFrame) -> pl.DataFrame:
    keys = pl.concat_str([f"{part}_keys" for part in PARTS], separator=_BETWEEN_KEYS, ignore_nulls=True)
    return wide.select(
        *(f"{part}_{form}" for part in PARTS for form in _FORMS),
        pl.when(keys != "").then(keys.str.split(_BETWEEN_KEYS)).alias("name_keys"),
        pl.coalesce("given_script", "family_script", "middle_script").alias("name_script"),
        pl.coalesce("given_origin", "family_origin", "middle_origin").alias("name_origin"),
    )
