"""No figure without its base: too small a base hides the figure, a small one marks it."""

from collections.abc import Sequence

import polars as pl

from philoxenia.reference import default_parameters

TOO_FEW, KEPT_BACK, SMALL = "too few", "kept back", "small base"
_HIDDEN = ("value", "error", "low", "high", "base", "people", "effect", "p", "p_adjusted")


def marked(rows: pl.DataFrame, within: Sequence[str], group: str = "group") -> pl.DataFrame:
    """`rows` with `mark`, and figures on fewer than needs.least_base answers taken out.

    Where one group of `within` is hidden, the next smallest is `kept back`, or the first could be worked out
    from everybody's figure. A base under needs.small_base is marked, its figure shown.
    """
    parameters = default_parameters()
    least, small = parameters["needs.least_base"], parameters["needs.small_base"]
    few = pl.col("base") < least
    grouped = rows.with_columns(__few=few, __part=pl.col(group) != "all").with_row_index("__row")
    lone = (pl.col("__few") & pl.col("__part") & (pl.col("base") > 0)).sum().over(list(within)) == 1
    candidate = pl.when(~pl.col("__few") & pl.col("__part")).then(pl.col("base"))
    smallest = (candidate == candidate.min().over(list(within))).fill_null(False)
    mark = (
        pl.when(few)
        .then(pl.lit(TOO_FEW))
        .when(lone & smallest)
        .then(pl.lit(KEPT_BACK))
        .when(pl.col("base") < small)
        .then(pl.lit(SMALL))
        .otherwise(pl.lit(""))
    )
    return _without_figures(grouped.with_columns(mark=mark).drop("__few", "__part", "__row"))


def _without_figures(rows: pl.DataFrame) -> pl.DataFrame:
    shown = pl.col("mark").is_in(["", SMALL])
    hidden = [name for name in _HIDDEN if name in rows.columns]
    return rows.with_columns(pl.when(shown).then(pl.col(hidden)))
