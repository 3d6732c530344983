"""Steps that choose, join and add up rows. Each is a pure function from frame to frame."""

from collections.abc import Mapping, Sequence

import polars as pl

from philoxenia.workflows.build_city.columns import missing
from philoxenia.workflows.build_city.problems import RecipeError


def keep_rows(
    frame: pl.DataFrame, column: str, values: Sequence[object] = (), pattern: str = "", filled: bool = False
) -> pl.DataFrame:
    """Rows whose cell is one of `values`, or matches `pattern`, or is `filled`."""
    return frame.filter(_chosen(frame, column, values, pattern, filled))


def drop_rows(
    frame: pl.DataFrame, column: str, values: Sequence[object] = (), pattern: str = "", filled: bool = False
) -> pl.DataFrame:
    """The rows that `keep_rows` would not keep."""
    return frame.filter(~_chosen(frame, column, values, pattern, filled))


def _chosen(
    frame: pl.DataFrame, column: str, values: Sequence[object], pattern: str, filled: bool
) -> pl.Expr:
    missing(frame, [column])
    text = pl.col(column).cast(pl.String).fill_null("")
    if filled:
        return text != ""
    if pattern:
        return text.str.contains(f"(?i){pattern}")
    if not values:
        raise RecipeError("one of 'values', 'pattern' and 'filled' is needed")
    return text.is_in([str(value) for value in values])


def unique_rows(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The first row of each combination of columns."""
    missing(frame, by)
    return frame.unique(list(by), keep="first", maintain_order=True)


def join(
    frame: pl.DataFrame,
    other: pl.DataFrame,
    on: Mapping[str, str],
    take: Sequence[str],
    unmatched: str = "keep",
    loosely: bool = False,
) -> pl.DataFrame:
    """Take columns from another table where keys agree: on = {here = "there"}.

    `loosely` compares keys without case, accents, spaces and signs. Rows without a partner are kept with
    empty cells, dropped or refused, as `unmatched` says.
    """
    missing(frame, on)
    missing(other, [*on.values(), *take])
    keys = [f"key {place}" for place in range(len(on))]
    left = frame.with_columns(_key(here, loosely).alias(key) for key, here in zip(keys, on, strict=True))
    right = other.select(
        *(_key(there, loosely).alias(key) for key, there in zip(keys, on.values(), strict=True)),
        *take,
        pl.lit(True).alias("has partner"),
    )
    joined = left.drop([name for name in take if name in left.columns]).join(
        right, on=keys, how="left", maintain_order="left"
    )
    if unmatched == "refuse" and (lost := joined.filter(pl.col("has partner").is_null())).height:
        example = ", ".join(str(lost[here][0]) for here in on)
        raise RecipeError(f"{lost.height} rows find no partner, the first is {example!r}")
    if unmatched == "drop":
        joined = joined.filter(pl.col("has partner"))
    return joined.drop(*keys, "has partner")


def _key(column: str, loosely: bool) -> pl.Expr:
    text = pl.col(column).cast(pl.String)
    if not loosely:
        return text
    decomposed = text.str.normalize("NFKD").str.to_lowercase()
    return decomposed.str.replace_all(r"\p{M}", "").str.replace_all(r"[^\p{L}\p{N}]", "")


def add_up(
    frame: pl.DataFrame, by: Sequence[str], sums: Sequence[str] = (), means: Sequence[str] = ()
) -> pl.DataFrame:
    """One row a group with sums and means; a sum of nothing but empty cells is empty, not zero."""
    missing(frame, [*by, *sums, *means])
    return frame.group_by(list(by), maintain_order=True).agg(
        *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in sums),
        *(pl.col(name).mean() for name in means),
    )


def mean_over_days(
    frame: pl.DataFrame, day: str, period: str, by: Sequence[str], sums: Sequence[str], days: str, rows: str
) -> pl.DataFrame:
    """Means over the days recorded in a period, by group: a group absent on a day counts as zero that day.

    Adds `days` (days recorded in the period, whole table) and `rows` (mean rows a day; a column of that name
    already there is the weight of each row).
    """
    missing(frame, [day, period, *by, *sums])
    if rows not in frame.columns:
        frame = frame.with_columns(pl.lit(1.0).alias(rows))
    recorded = frame.group_by(period).agg(pl.col(day).n_unique().alias(days))
    values = [*sums, rows]
    totals = frame.group_by([period, *by]).agg(pl.col(values).sum())
    return totals.join(recorded, on=period, how="left").with_columns(pl.col(values) / pl.col(days))


def weigh(
    frame: pl.DataFrame,
    weights: pl.DataFrame,
    on: Mapping[str, str],
    columns: Sequence[str],
    take: Sequence[str],
) -> pl.DataFrame:
    """Spread rows over the shares of another table: `columns` are multiplied by its `weight`.

    Every row must find its shares, so that nothing is lost on the way.
    """
    spread = join(frame, weights, on, [*take, "weight"], unmatched="refuse")
    return spread.with_columns(pl.col(list(columns)) * pl.col("weight")).drop("weight")


def pick(frame: pl.DataFrame, codes: pl.DataFrame, on: Sequence[str], code: str, area: str) -> pl.DataFrame:
    """Rows named in a list of codes; each must be found exactly once for every area.

    `on` are the columns that name a row in both tables; `code` is the column the list adds.
    """
    missing(codes, [*on, code])
    missing(frame, [*on, area])
    found = frame.join(codes.select(*on, code), on=list(on), how="inner", maintain_order="left")
    areas = frame[area].n_unique()
    counts = codes.select(code).join(found.group_by(code).len(), on=code, how="left").fill_null(0)
    wrong = counts.filter(pl.col("len") != areas)
    if wrong.height:
        name, times = wrong.row(0)
        raise RecipeError(
            f"{name!r} of the code list is found {times} times for {areas} areas: "
            "its path must name one row of the profile, with the labels above it"
        )
    return found
