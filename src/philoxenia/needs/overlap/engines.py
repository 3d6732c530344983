"""The same cells from lazy files, DuckDB or Spark: one narwhals expression, counted where the rows live."""

from typing import Any

import narwhals as nw
import polars as pl

from philoxenia.needs.overlap.reading import TEXT, check_weights, columns_of
from philoxenia.needs.populations import UNKNOWN
from philoxenia.needs.types import NeedsError
from philoxenia.reference import reference_table


def cells_elsewhere(
    people: Any, codes: tuple[str, ...], by: tuple[str, ...], weight: str | None
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Cells as `overlap` makes them, and its notes; only cells leave the engine that holds the people."""
    frame = nw.from_native(people).lazy()
    as_text = codes[0] not in columns_of(people)
    notes = _empty_text(frame) if as_text else _empty_flags(frame, codes)
    if weight is not None:
        _check_weights(frame, weight)
    flags = _in_text(codes) if as_text else [nw.col(code).fill_null(False) for code in codes]
    bits = [nw.when(flag).then(nw.lit(1 << bit)).otherwise(nw.lit(0)) for bit, flag in enumerate(flags)]
    named = [_named(name) for name in by]
    kept = frame.select(*named, nw.sum_horizontal(*bits).cast(nw.Int64).alias("mask"), *_figures(weight))
    sums = [nw.col(name).sum() for name in _SUMS[weight is not None]]
    cells = _collected(kept.group_by([*by, "mask"]).agg(*sums))
    whole = [name for name in ("people", "records") if not (weight and name == "people") and name in cells]
    order = [*by, "mask", *_SUMS[weight is not None]]
    return cells.with_columns(pl.col(whole).cast(pl.Int64)).select(order).sort(*by, "mask"), notes


_SUMS = {False: ("people",), True: ("people", "records", "squares")}


def _figures(weight: str | None) -> list[nw.Expr]:
    if weight is None:
        return [nw.lit(1).alias("people")]
    number = nw.col(weight).cast(nw.Float64)
    return [number.alias("people"), nw.lit(1).alias("records"), (number * number).alias("squares")]


def _named(name: str) -> nw.Expr:
    text = nw.col(name).cast(nw.String).fill_null(UNKNOWN)
    return nw.when(text == "").then(nw.lit(UNKNOWN)).otherwise(text).alias(name)


def _text() -> nw.Expr:
    spaced = nw.col(TEXT).cast(nw.String).fill_null("").str.replace_all(" ", "", literal=True)
    return nw.concat_str([nw.lit(";"), spaced, nw.lit(";")])


def _in_text(codes: tuple[str, ...]) -> list[nw.Expr]:
    return [_text().str.contains(f";{code};", literal=True) for code in codes]


def _empty_flags(frame: nw.LazyFrame[Any], codes: tuple[str, ...]) -> tuple[str, ...]:
    counts = _collected(
        frame.select(
            *(nw.col(code).is_null().cast(nw.Int64).sum().alias(code) for code in codes),
            nw.len().alias("_all"),
        )
    ).row(0, named=True)
    return tuple(
        f"{code}: {counts[code]} of {counts['_all']} people have no answer and count as without this need."
        for code in codes
        if counts[code]
    )


def _empty_text(frame: nw.LazyFrame[Any]) -> tuple[str, ...]:
    blank = nw.col(TEXT).is_null().cast(nw.Int64).sum().alias("blank")
    strange = _strange().cast(nw.Int64).sum().alias("strange")
    counts = _collected(frame.select(blank, strange, nw.len().alias("all"))).row(0, named=True)
    if counts["strange"]:
        raise NeedsError(
            f"The column `{TEXT}` holds a code that no table of needs knows. "
            f"Codes: {', '.join(reference_table('needs')['code'])}."
        )
    note = f"{counts['blank']} of {counts['all']} people have no entry in `{TEXT}` and count as without need."
    return (note,) if counts["blank"] else ()


def _strange() -> nw.Expr:
    known = "|".join(reference_table("needs")["code"])
    return ~_text().str.contains(rf"^;(({known})?;)*$")


def _check_weights(frame: nw.LazyFrame[Any], weight: str) -> None:
    number = nw.col(weight).cast(nw.Float64)
    bad = number.is_null() | (number < 0) | ~number.is_finite()
    count = _collected(frame.select(bad.fill_null(True).cast(nw.Int64).sum().alias("bad"))).item()
    if count:
        check_weights(pl.Series(weight, [None] * int(count), dtype=pl.Float64))


def _collected(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    native = nw.to_native(frame)
    if isinstance(native, pl.LazyFrame):
        return native.collect(engine="streaming")
    return frame.collect("polars").to_native()  # type: ignore[no-any-return]
