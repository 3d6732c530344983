"""Names of a whole list at once: each distinct text is read once and mapped back; frames in and out."""

from collections.abc import Iterator

import polars as pl

from philoxenia.linkage.names.keys import Word
from philoxenia.linkage.names.letters import script_of
from philoxenia.linkage.names.origins import origin_of
from philoxenia.linkage.names.reading import Part, read_name, read_part

PARTS = ("given", "middle", "family")
_FORMS = ("spelling", "canonical", "key", "loose")
_PART_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(_FORMS, pl.String),
    "keys": pl.List(pl.String),
    "script": pl.String,
    "origin": pl.String,
}
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
        own = _texts(frame, f"{part}_name")
        found = _read(own, part).rename({name: f"{part}_{name}" for name in _PART_SCHEMA})
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


def _read(texts: pl.Series, part: str) -> pl.DataFrame:
    distinct = texts.drop_nulls().unique()
    found = [(text, *_row(read_part(text), text)) for text in distinct]
    table = pl.DataFrame(found, schema={"text": pl.String, **_PART_SCHEMA}, orient="row")
    return (
        pl.DataFrame({"text": texts}).join(table, on="text", how="left", maintain_order="left").drop("text")
    )


def _row(part: Part | None, text: str) -> tuple[object, ...]:
    if part is None:
        return (None,) * len(_PART_SCHEMA)
    word: Word = part.whole
    keys = list(dict.fromkeys([*(one.key for one in part.words), word.key]))
    return word.spelling, word.canonical, word.key, word.loose, keys, script_of(text), origin_of(part)


def _with_whole_names(wide: pl.DataFrame, texts: pl.Series, whole: pl.Series) -> pl.DataFrame:
    distinct = texts.filter(whole).unique()
    table = pl.DataFrame(
        [(text, *_whole_row(text)) for text in distinct],
        schema={
            "text": pl.String,
            **{f"{p}_{name}": kind for p in PARTS for name, kind in _PART_SCHEMA.items()},
        },
        orient="row",
    )
    read = pl.DataFrame({"text": pl.select(pl.when(whole).then(texts)).to_series()})
    found = read.join(table, on="text", how="left", maintain_order="left").drop("text")
    return pl.DataFrame([wide[name].zip_with(~whole, found[name]) for name in wide.columns])


def _whole_row(text: str) -> Iterator[object]:
    name = read_name(text)
    for part in (name.given, name.middle, name.family):
        yield from _row(part, text)


def _joined(wide: pl.DataFrame) -> pl.DataFrame:
    lists = [pl.col(f"{part}_keys").fill_null([]) for part in PARTS]
    keys = pl.concat_list(lists)
    return wide.select(
        *(f"{part}_{form}" for part in PARTS for form in _FORMS),
        pl.when(keys.list.len() > 0).then(keys).alias("name_keys"),
        pl.coalesce("given_script", "family_script", "middle_script").alias("name_script"),
        pl.coalesce("given_origin", "family_origin", "middle_origin").alias("name_origin"),
    )
