"""A release with noise: differential privacy, paid from a budget that the ledger keeps.

Each cell gets discrete Laplace or Gaussian noise (Ghosh et al. 2012; Canonne, Kamath and Steinke 2020; by
OpenDP). What one person can change is bounded by `cells_per_person`. Laplace releases add up their
epsilons (basic composition); as soon as one is Gaussian all add up as zCDP (Bun and Steinke 2016), epsilon
= rho + 2 sqrt(rho ln(1/delta)). After the noise cells are made non-negative, the total kept, and every
margin is the sum of its cells: post-processing, which costs nothing. Which categories there are is public:
every combination of them is a cell.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import polars as pl

from philoxenia.disclosure.figures import figures_of
from philoxenia.disclosure.ledger import Entry
from philoxenia.disclosure.release.checking import ReleaseRefused
from philoxenia.disclosure.release.spec import Spec, SpecError
from philoxenia.disclosure.types import DisclosureError, Floats
from philoxenia.exchange.spelling import key
from philoxenia.reference import default_parameters

LAPLACE, GAUSSIAN = "laplace", "gaussian"


@dataclass(frozen=True)
class Spending:
    """What one release costs: epsilon for Laplace, rho for Gaussian noise of this scale."""

    mechanism: str
    scale: float
    epsilon: float
    rho: float


def noisy_release(
    table: pl.DataFrame, spec: Spec, entries: Sequence[Entry]
) -> tuple[pl.DataFrame, dict[str, Any], dict[str, Any]]:
    """The table for readers, the ledger's entry and the facts for the receipt; refused when the budget is
    spent.

    The same spec again gives the figures that were drawn before, and spends nothing.
    """
    asked = _asked(spec)
    before = next((e.content for e in entries if e.content.get("asked") == asked), None)
    if before is not None:
        return _frame(before["drawn"], spec), dict(before), dict(before["facts"])
    spending = _spending(spec)
    facts = _paid(spec, spending, entries)
    cells = _full(table, spec)
    drawn = _drawn(cells, spec, spending)
    content: dict[str, Any] = {
        "kind": "noise",
        "table": spec.table,
        "about": spec.about,
        "date": spec.date,
        "purpose": spec.purpose,
        "asked": asked,
        "epsilon": spending.epsilon,
        "rho": spending.rho,
        "mechanism": spending.mechanism,
        "facts": facts,
        "drawn": drawn.to_dict(as_series=False),
    }
    return _frame(content["drawn"], spec), content, facts


def spent(entries: Sequence[Entry], about: str, more: Spending | None, delta: float) -> float:
    """The epsilon all noisy releases about the same people come to, with one more."""
    paid = [e.content for e in _noisy(entries, about)]
    costs = [(c["mechanism"], float(c["epsilon"]), float(c["rho"])) for c in paid]
    if more is not None:
        costs.append((more.mechanism, more.epsilon, more.rho))
    basic = sum(epsilon for _, epsilon, _ in costs)
    rho = sum(cost for _, _, cost in costs)
    zcdp = rho + 2 * math.sqrt(rho * math.log(1 / delta))
    if all(mechanism == LAPLACE for mechanism, _, _ in costs):
        return basic
    return zcdp


def _noisy(entries: Sequence[Entry], about: str) -> list[Entry]:
    return [e for e in entries if e.content.get("kind") == "noise" and key(e.content["about"]) == key(about)]


def _asked(spec: Spec) -> dict[str, Any]:
    return {
        "table": spec.table,
        "about": spec.about,
        "date": spec.date,
        "keys": list(spec.keys),
        "measure": spec.measure,
        "margins": [list(margin) for margin in spec.margins],
        "noise": dict(spec.noise),
    }


def _spending(spec: Spec) -> Spending:
    mechanism, asked = spec.noise.get("mechanism", LAPLACE), spec.noise.get("epsilon")
    cells = spec.noise.get("cells_per_person")
    if mechanism not in (LAPLACE, GAUSSIAN):
        raise SpecError(f"[noise] mechanism = {mechanism!r}. Take {LAPLACE!r} or {GAUSSIAN!r}.")
    if not _positive(asked):
        raise SpecError("[noise] lacks epsilon: how much of the budget this release may spend, such as 0.5.")
    if not isinstance(cells, int) or isinstance(cells, bool) or cells < 1:
        raise SpecError(
            "[noise] lacks cells_per_person: in how many cells one person can be counted at most."
        )
    epsilon = float(asked or 0)
    if mechanism == LAPLACE:
        return Spending(mechanism, cells / epsilon, epsilon, epsilon**2 / 2)
    rho = _rho(epsilon, _delta(spec))
    return Spending(mechanism, math.sqrt(cells / (2 * rho)), epsilon, rho)


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def _rho(epsilon: float, delta: float) -> float:
    """The rho whose epsilon at delta is this one."""
    root = math.sqrt(math.log(1 / delta))
    return (math.sqrt(math.log(1 / delta) + epsilon) - root) ** 2


def _delta(spec: Spec) -> float:
    delta = spec.noise.get("delta", 1e-6)
    if not _positive(delta) or delta >= 0.01:
        raise SpecError("[noise] delta is a very small chance, such as 0.000001.")
    return float(delta)


def _paid(spec: Spec, spending: Spending, entries: Sequence[Entry]) -> dict[str, Any]:
    budget = spec.noise.get("budget", default_parameters()["disclosure.epsilon"])
    if not _positive(budget):
        raise SpecError("[noise] budget is all that may ever be spent on these people, such as 3.")
    delta = _delta(spec)
    # A later spec cannot raise what an earlier one promised.
    promised = [e.content["facts"]["budget"] for e in _noisy(entries, spec.about)]
    budget = min([float(budget), *promised])
    already, total = spent(entries, spec.about, None, delta), spent(entries, spec.about, spending, delta)
    if total > budget + 1e-9:
        raise ReleaseRefused(
            f"Table {spec.table}: of the budget of epsilon {budget:g} for {spec.about}, {already:.3g} is "
            f"spent; with this release it would be {total:.3g}. Ask for less, or release nothing "
            "more about them."
        )
    return {
        "mechanism": spending.mechanism,
        "scale": spending.scale,
        "epsilon": spending.epsilon,
        "budget": budget,
        "spent": total,
        "composition": "basic" if spending.mechanism == LAPLACE else "zCDP",
        "cells_per_person": spec.noise["cells_per_person"],
        "interval": default_parameters()["disclosure.interval"],
    }


def _full(table: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    """Every combination of the categories, those nobody is in with 0: that they are missing would tell."""
    figures_of(table, spec.keys, spec.measure, ())
    if strange := [name for margin in spec.margins for name in margin if name not in spec.keys]:
        raise SpecError(f"Noisy margins are choices of keys; {strange[0]!r} is none.")
    if (table[spec.measure] != table[spec.measure].round()).any():
        raise DisclosureError("Noise is added to whole counts only.")
    grid = table.select(spec.keys[0]).unique(maintain_order=True)
    for column in spec.keys[1:]:
        grid = grid.join(table.select(column).unique(maintain_order=True), how="cross")
    joined = grid.join(
        table.select(*spec.keys, spec.measure), on=list(spec.keys), how="left", nulls_equal=True
    )
    return joined.with_columns(pl.col(spec.measure).fill_null(0).cast(pl.Int64))


def _drawn(cells: pl.DataFrame, spec: Spec, spending: Spending) -> pl.DataFrame:
    noisy = np.array(_mechanism(spending)(cells[spec.measure].to_list()), dtype=np.float64)
    whole = np.rint(_non_negative(noisy))
    figures = figures_of(cells, spec.keys, spec.measure, spec.margins)
    sizes = np.asarray(figures.members.sum(axis=1)).ravel()
    # The spread of a sum grows at most with the root of its cells, seen from one cell's interval.
    reach = np.ceil(_reach(spending) * np.sqrt(sizes))
    middle = figures.members @ noisy
    return figures.rows.with_columns(
        shown=pl.Series(figures.members @ whole).cast(pl.Int64),
        low=pl.Series(np.maximum(middle - reach, 0)).cast(pl.Int64),
        high=pl.Series(np.maximum(middle + reach, 0)).cast(pl.Int64),
    )


def _frame(drawn: Mapping[str, Sequence[Any]], spec: Spec) -> pl.DataFrame:
    frame = pl.DataFrame(drawn)
    return frame.select(
        *spec.keys,
        "margin",
        pl.col("shown").alias(spec.measure),
        "low",
        "high",
        pl.lit("").alias("note"),
        pl.lit(spec.date).alias("date"),
        pl.lit(spec.unit).alias("unit"),
    )


def _non_negative(noisy: Floats) -> Floats:
    """The nearest non-negative numbers with the same sum (Held, Wolfe and Crowder 1974)."""
    total = noisy.sum()
    if total <= 0:
        return np.zeros_like(noisy)
    falling = np.sort(noisy)[::-1]
    excess = (np.cumsum(falling) - total) / np.arange(1, len(noisy) + 1)
    last = np.flatnonzero(falling > excess)[-1]
    return np.asarray(np.maximum(noisy - excess[last], 0.0))


def _mechanism(spending: Spending) -> Any:
    dp = _opendp()
    dp.enable_features("contrib")
    domain = dp.vector_domain(dp.atom_domain(T=int))
    if spending.mechanism == LAPLACE:
        return dp.m.make_laplace(domain, dp.l1_distance(T=int), scale=spending.scale)
    return dp.m.make_gaussian(domain, dp.l2_distance(T=float), scale=spending.scale)


def _reach(spending: Spending) -> float:
    """How far from a noisy cell the true count lies, in the share of cases `disclosure.interval`."""
    miss = 1 - default_parameters()["disclosure.interval"]
    accuracy = _opendp(accuracy=True)
    if spending.mechanism == LAPLACE:
        return float(accuracy.discrete_laplacian_scale_to_accuracy(spending.scale, miss))
    return float(accuracy.discrete_gaussian_scale_to_accuracy(spending.scale, miss))


def _opendp(*, accuracy: bool = False) -> Any:
    try:
        return import_module("opendp.accuracy" if accuracy else "opendp.prelude")
    except ImportError as missing:
        raise DisclosureError(
            "Releases with noise need OpenDP, which is not installed. Install it: "
            "pip install 'philoxenia[privacy]'"
        ) from missing
