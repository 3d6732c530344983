"""Rows of a foresight that can be told: those whose figures are there. A gap is left out, never filled."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from philoxenia.report.foresight.types import CONSTITUENCIES, Foresight

_MIDDLE = ("mean", "p10", "p50", "p90")
# A row without one of these says nothing; other columns may be empty.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "dividends": (*_MIDDLE, "share_losing", "mean_when_losing"),
    "samples": ("net", "weighted", "cost", *CONSTITUENCIES),
    "districts": _MIDDLE,
    "changes": ("without_mean", *_MIDDLE),
    "drivers": ("at_low", "at_high"),
    "switching": ("current", "switching", "change"),
    "plans": ("budget_share", "cost", "net_mean", "net_p10", "net_p90", "share_losing"),
    "plan_actions": ("size", "start_year"),
    "plan_costs": ("mean",),
    "pareto": ("net_mean", "goal_mean", "actions"),
    "failures": ("rule", "share_failing", "share_failing_without"),
    "boxes": ("coverage", "density", "mass"),
    "triggers": ("window", "threshold", "caught", "false_alarms"),
    "months": ("p10", "p50", "p90"),
}


def complete(found: Foresight) -> Foresight:
    """The same foresight without rows that lack a figure they need."""
    kept = {name: _kept(found[name], columns) for name, columns in NEEDED.items()}
    return replace(found, tables={**found.tables, **kept})


def _kept(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    floats = [name for name in columns if frame.schema[name].is_float()]
    known = (
        frame.filter(pl.all_horizontal(pl.col(floats).is_not_nan().fill_null(value=True)))
        if floats
        else frame
    )
    return known.drop_nulls(list(columns))
