"""Distributions in a few numbers, and who loses how often. Owns summaries over futures; draws nothing."""

import numpy as np
import polars as pl

from philoxenia.valuation.dividend import Dividend
from philoxenia.valuation.grouping import RolledUp
from philoxenia.valuation.types import PILLARS, Floats, ValuationError

_DECILES = (0.05, 0.1, 0.5, 0.9, 0.95)
SUMMARY = ("mean", "p5", "p10", "p50", "p90", "p95", "share_losing", "mean_when_losing", "standard_error")


def cvar(values: Floats, share: float) -> float:
    """Mean of the worst `share` of futures (Rockafellar and Uryasev 2000), the last one counted in part."""
    if not 0 < share <= 1:
        raise ValuationError(f"The share of worst futures is {share:g}; it must lie above 0 and at most 1.")
    worst = np.sort(values)
    count = share * worst.size
    whole = int(count)
    rest = (count - whole) * worst[whole] if whole < worst.size else 0.0
    return float((worst[:whole].sum() + rest) / count)


def summary(values: Floats) -> dict[str, float]:
    """Mean, quantiles, how often it is below zero, the mean then, and the standard error of the mean."""
    if values.size == 0:
        raise ValuationError("There are no futures to summarise.")
    losing = values < 0
    quantiles = np.quantile(values, _DECILES)
    spread = values.std(ddof=1) / np.sqrt(values.size) if values.size > 1 else float("nan")
    numbers = (
        values.mean(),
        *quantiles,
        losing.mean(),
        values[losing].mean() if losing.any() else 0.0,
        spread,
    )
    return {name: float(number) for name, number in zip(SUMMARY, numbers, strict=True)}


def dividend_table(found: Dividend, seen_by: RolledUp | None = None) -> pl.DataFrame:
    """One row a constituency, pillar and funder, and the totals: `kind`, `name`, then `SUMMARY`.

    Gains are positive; a funder's row is what it pays, so that a cost is negative. Rows of cells and funders
    add up to net; with constituencies that overlap (`seen_by`, in place of cells) they do not.
    """
    groups = seen_by or found
    rows = [("net", "all", found.net), ("gross", "all", found.gross)]
    rows += [
        ("constituency", name, groups.by_constituency[:, i]) for i, name in enumerate(groups.constituencies)
    ]
    rows += [("pillar", pillar.value, found.by_pillar[:, i]) for i, pillar in enumerate(PILLARS)]
    rows += [("funder", name, -found.costs[:, i]) for i, name in enumerate(found.funders)]
    return pl.DataFrame([{"kind": kind, "name": name, **summary(values)} for kind, name, values in rows])


def losers(found: Dividend | RolledUp, often: float) -> pl.DataFrame:
    """Constituencies that lose in more than the share `often` of futures: `name`, `share_losing`, `mean`,
    `mean_when_losing`; the most frequent loser first. A gain of others never hides them."""
    rows = [
        {"name": name, **summary(found.by_constituency[:, i])} for i, name in enumerate(found.constituencies)
    ]
    columns = ["name", "share_losing", "mean", "mean_when_losing"]
    return (
        pl.DataFrame(rows)
        .select(columns)
        .filter(pl.col("share_losing") > often)
        .sort("share_losing", "name", descending=[True, False])
    )
