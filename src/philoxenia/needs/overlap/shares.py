"""Shares of a base with Wilson intervals, for counts and for sums of weights."""

from collections.abc import Sequence

import polars as pl
from scipy.stats import norm


def with_shares(rows: pl.DataFrame, bases: pl.DataFrame, by: Sequence[str], level: float) -> pl.DataFrame:
    """`rows` (people) with base, share, low and high of their group; null where the base is zero.

    Wilson 1927 on the base; weighted, on Kish's 1965 effective base (sum w)^2 / sum w^2.
    """
    sized = bases.with_columns(
        effective=pl.col("people") ** 2 / pl.col("squares")
        if "squares" in bases.columns
        else pl.col("people")
    ).select(*by, pl.col("people").alias("base"), pl.col("effective").cast(pl.Float64))
    joined = rows.join(sized, on=list(by), how="left") if by else rows.join(sized, how="cross")
    share = pl.col("people") / pl.col("base")
    known = pl.when(pl.col("base") > 0)
    low, high = _wilson(pl.col("share"), pl.col("effective"), level)
    drop = [name for name in ("effective", "squares") if name == "effective" or name in joined.columns]
    shared = joined.with_columns(share=known.then(share)).with_columns(low=low, high=high)
    return shared.drop(drop)


def _wilson(share: pl.Expr, base: pl.Expr, level: float) -> tuple[pl.Expr, pl.Expr]:
    z = float(norm.ppf((1 + level) / 2))
    middle = (share + z * z / (2 * base)) / (1 + z * z / base)
    half = z / (1 + z * z / base) * ((share * (1 - share) / base).clip(0) + z * z / (4 * base**2)).sqrt()
    return (middle - half).clip(0, 1), (middle + half).clip(0, 1)
