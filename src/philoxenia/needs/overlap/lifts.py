"""Pair lift: how many times as often two needs meet as they would by chance."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import polars as pl
from scipy.stats import norm

from philoxenia.needs.travel import Floats


def pair_lift(
    inclusive: pl.DataFrame, bases: pl.DataFrame, by: Sequence[str], needs: Sequence[str], level: float
) -> pl.DataFrame:
    """Lift of every pair in every group; null where either need or the base is missing.

    With p the shares, log lift has variance (1/p_ab - 1/p_a - 1/p_b + 2 lift - 1) / n (delta method on the
    multinomial); n is the base, weighted Kish's effective one. Nobody with both: 0 up to the exact Poisson
    limit -log((1 - level) / 2) for the count (Garwood 1936).
    """
    pairs = pl.DataFrame(
        {
            "a": [a for a, _ in combinations(needs, 2)],
            "b": [b for _, b in combinations(needs, 2)],
        },
        schema={"a": pl.String, "b": pl.String},
    ).with_columns(needs=pl.concat_str("a", "b", separator=";"))
    told = inclusive.select(*by, "needs", "people")
    both = told.join(pairs, on="needs")
    for need in ("a", "b"):
        one = told.rename({"needs": need, "people": f"{need}_people"})
        both = both.join(one, on=[*by, need], how="left")
    sized = bases.with_columns(
        n=pl.col("people") ** 2 / pl.col("squares") if "squares" in bases.columns else pl.col("people")
    ).select(*by, pl.col("people").alias("base"), pl.col("n").cast(pl.Float64))
    both = both.join(sized, on=list(by)) if by else both.join(sized, how="cross")
    columns = _intervals(both, level)
    order = [*by, "a", "b", "people", "a_people", "b_people", "base", "lift", "low", "high"]
    made = both.with_columns(
        **{name: pl.Series(values, nan_to_null=True) for name, values in columns.items()}
    )
    return made.select(order).sort(*by, "a", "b")


def _intervals(rows: pl.DataFrame, level: float) -> dict[str, Floats]:
    base, n = rows["base"].to_numpy().astype(float), rows["n"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        ab, a, b = (rows[name].to_numpy() / base for name in ("people", "a_people", "b_people"))
        lift = np.where((a > 0) & (b > 0), ab / (a * b), np.nan)
        spread = np.sqrt(np.clip((1 / ab - 1 / a - 1 / b + 2 * lift - 1) / n, 0, None))
        factor = np.exp(float(norm.ppf((1 + level) / 2)) * spread)
        most = -np.log((1 - level) / 2) / (n * a * b)
        low = np.where(ab > 0, lift / factor, np.where(np.isfinite(lift), 0.0, np.nan))
        high = np.where(ab > 0, lift * factor, np.where(np.isfinite(lift), most, np.nan))
    return {"lift": lift, "low": low, "high": high}
