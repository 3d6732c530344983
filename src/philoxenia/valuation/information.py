"""What it would be worth to know: perfect information, one parameter at a time, switching values, drivers.

Value of information: Howard (1966); for one parameter from the same sample, by regression of net benefit on
it (Strong, Oakley and Brennan 2014, Medical Decision Making 34).
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy.stats import norm

from philoxenia.valuation.types import Floats, ValuationError

# Enough for two humps over the range of an uncertainty where there are futures enough for that many.
_KNOTS, _FUTURES_A_KNOT = (4, 9), 50


def expected_value_of_perfect_information(values: Floats) -> float:
    """EVPI = E[max over plans] - max over plans of E, from values (K plans, F futures); never below zero."""
    return float(max(values.max(axis=0).mean() - values.mean(axis=1).max(), 0.0))


def evpi_of_one_normal_project(mean: float, standard_deviation: float) -> float:
    """EVPI of doing or leaving one project whose net benefit is normal: s phi(m/s) - |m| Phi(-|m|/s)."""
    if standard_deviation < 0:
        raise ValuationError(f"The standard deviation is {standard_deviation:g}; it must not be below zero.")
    if standard_deviation == 0:
        return 0.0
    z = mean / standard_deviation
    return float(standard_deviation * norm.pdf(z) - abs(mean) * norm.cdf(-abs(z)))


def value_of_knowing(values: Floats, design: Mapping[str, Floats], knots: int = 5) -> pl.DataFrame:
    """EVPPI by uncertainty: `name`, `evppi`, `share_of_evpi`, largest first.

    `values`: (K, F) net benefit of plans; `design`: (F,) drawn value of each uncertainty. E[benefit | x] is
    fitted by a natural cubic spline with `knots` knots at quantiles of x; a fit cannot show more than EVPI.
    """
    ceiling = expected_value_of_perfect_information(values)
    best = values.mean(axis=1).max()
    rows = []
    for name, drawn in design.items():
        fitted = _fitted(values, drawn, knots)
        known = float(np.clip(fitted.max(axis=0).mean() - best, 0.0, ceiling))
        rows.append({"name": name, "evppi": known, "share_of_evpi": known / ceiling if ceiling > 0 else 0.0})
    schema = {"name": pl.String, "evppi": pl.Float64, "share_of_evpi": pl.Float64}
    return pl.DataFrame(rows, schema=schema).sort("evppi", "name", descending=[True, False])


def _fitted(values: Floats, drawn: Floats, knots: int) -> Floats:
    """(K, F): E[value | drawn] by least squares on a spline basis."""
    basis = _natural_spline(drawn, knots)
    coefficients, *_ = np.linalg.lstsq(basis, values.T, rcond=None)
    return np.asarray((basis @ coefficients).T)


def _natural_spline(drawn: Floats, knots: int) -> Floats:
    """(F, <= knots): natural cubic spline basis (Hastie, Tibshirani and Friedman 2009, section 5.2.1)."""
    spread = drawn.std()
    if not spread > 0:
        return np.ones((drawn.size, 1))
    x = (drawn - drawn.mean()) / spread
    places = np.unique(np.quantile(x, np.linspace(0.05, 0.95, knots)))
    if places.size < 3:
        # Two values, as of a shock that comes or does not: a line through their means is exact.
        return np.column_stack([np.ones_like(x), x])
    last = _truncated(x, places[-2], places[-1])
    bends = [_truncated(x, place, places[-1]) - last for place in places[:-2]]
    return np.column_stack([np.ones_like(x), x, *bends])


def _truncated(x: Floats, knot: float, end: float) -> Floats:
    return np.asarray((np.maximum(x - knot, 0) ** 3 - np.maximum(x - end, 0) ** 3) / (end - knot))


def _knots(futures: int) -> int:
    return int(np.clip(futures // _FUTURES_A_KNOT, *_KNOTS))


def _share(net: Floats, fitted: Floats, drawn: Floats) -> float:
    """Share of variance explained, adjusted for what as many terms explain of noise (Ezekiel 1930)."""
    total = float(net.var())
    bends = min(np.unique(drawn).size, _knots(net.size)) - 1
    if not total > 0 or net.size <= bends + 1:
        return 0.0
    share = float(fitted.var()) / total
    return max(share - (1 - share) * bends / (net.size - bends - 1), 0.0)


def switching_values(net: Floats, parts: Mapping[str, Floats], current: Mapping[str, float]) -> pl.DataFrame:
    """The value of each unit value or cost factor at which the mean net dividend is zero.

    `net`: (F,). `parts`: (F,) by name, the part of net that is proportional to that number. Columns `name`,
    `current`, `switching` (null where the part is zero on average), `change` (share of current).
    """
    mean = float(net.mean())
    rows = []
    for name, part in parts.items():
        share = float(part.mean())
        factor = None if share == 0 else 1.0 - mean / share
        now = current[name]
        rows.append(
            {
                "name": name,
                "current": now,
                "switching": None if factor is None else factor * now,
                "change": None if factor is None else factor - 1.0,
            }
        )
    schema = {"name": pl.String, "current": pl.Float64, "switching": pl.Float64, "change": pl.Float64}
    table = pl.DataFrame(rows, schema=schema)
    return table.sort(pl.col("change").abs(), nulls_last=True)


def tornado(net: Floats, design: Mapping[str, Floats], low: float = 0.1, high: float = 0.9) -> pl.DataFrame:
    """How the expected net dividend moves when one uncertainty goes from its low to its high quantile.

    Columns `name`, `at_low`, `at_high`, `swing`, `share_of_variance` (of E[net | x], the first-order Sobol
    index by regression, less what a spline shows of pure noise); the widest swing first. A total index, which
    counts what uncertainties do together, cannot be had from one sample of futures: it needs a designed one
    of many times as many (Saltelli et al. 2010), and is not given.
    """
    rows = []
    for name, drawn in design.items():
        fitted = _fitted(net[None, :], drawn, _knots(net.size))[0]
        order = np.argsort(drawn, kind="stable")
        # A shock that comes or does not has no quantiles between: its two means are compared.
        places = [drawn.min(), drawn.max()] if np.unique(drawn).size < 3 else np.quantile(drawn, [low, high])
        ends = np.interp(places, drawn[order], fitted[order])
        share = _share(net, fitted, drawn)
        rows.append((name, float(ends[0]), float(ends[1]), float(ends[1] - ends[0]), share))
    schema = ["name", "at_low", "at_high", "swing", "share_of_variance"]
    return pl.DataFrame(rows, schema=schema, orient="row").sort(pl.col("swing").abs(), descending=True)
