"""Regret by kind of future: how far each plan falls behind the best one when a shock comes."""

from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from philoxenia_web.studies.foresight import drawings, names, plan_words
from philoxenia_web.studies.foresight.plan_words import Words
from philoxenia_web.studies.foresight.plans import Plans
from philoxenia_web.studies.foresight.reading import ForesightReading

Flags = NDArray[np.bool_]

_NET, _SHOCK = "net.", "shock."
_MOST_VARIED, _LEAST_FUTURES = 3, 5
_THIRDS = (1 / 3, 2 / 3)


def regret_table(reading: ForesightReading, plans: Plans, words: Words) -> dict[str, Any] | None:
    """One row a kind of future, one column a plan: mean regret. None where little is known by future."""
    futures, main = reading.futures, reading.found.main_plan
    compared = [name.removeprefix(_NET) for name in futures.columns if name.startswith(_NET)]
    if len(compared) < 2 or len(futures) < _LEAST_FUTURES:
        return None
    values = np.column_stack([futures[_NET + plan].to_numpy() for plan in compared])
    behind = values.max(axis=1, keepdims=True) - values
    kinds = [(title, inside) for title, inside in _kinds(reading) if int(inside.sum()) >= _LEAST_FUTURES]
    means = np.array(
        [[behind[inside, place].mean() for _title, inside in kinds] for place in range(len(compared))]
    )
    order = sorted(range(len(compared)), key=lambda place: (compared[place] != main, means[place].mean()))
    return {
        "plans": [{"name": words.plan(compared[place]), "main": compared[place] == main} for place in order],
        "rows": _rows(kinds, means[order], words),
        "unit": words.cash.unit,
    }


def _rows(kinds: list[tuple[str, Flags]], means: NDArray[np.float64], words: Words) -> list[dict[str, Any]]:
    """A kind of future each; the plan that does best in it is marked unless all are alike."""
    top = float(means.max()) or 1.0
    return [
        {
            "title": title,
            "share": plan_words.of_ten(float(inside.mean())),
            "cells": [
                {
                    "text": words.cell(float(value)),
                    "bar": drawings.share_bar(float(value) / top, "regret"),
                    "best": bool(value <= column.min() + 1e-9 * top < column.max()),
                }
                for value in column
            ],
        }
        for (title, inside), column in zip(kinds, means.T, strict=True)
    ]


def _kinds(reading: ForesightReading) -> list[tuple[str, Flags]]:
    """All futures; those in which each shock comes; the low and high third of what decides most."""
    futures = reading.futures
    found: list[tuple[str, Flags]] = [(_("All futures"), np.ones(len(futures), dtype=bool))]
    for name in _shocks(futures):
        came = futures[name].fill_null(0).to_numpy() > 0
        if 0 < came.sum() < len(came):
            found.append((names.shock(name.removeprefix(_SHOCK), reading.found.labels), came))
    for name in _most_worth_knowing(reading):
        found += _ends(name, reading)
    return found


def _shocks(futures: pl.DataFrame) -> list[str]:
    return [name for name in futures.columns if name.startswith(_SHOCK) and name.count(".") == 1]


def _most_worth_knowing(reading: ForesightReading) -> list[str]:
    rows = sorted(reading.found["knowing"].iter_rows(named=True), key=lambda row: -(row["evppi"] or 0.0))
    there = set(reading.futures.columns)
    known = [row["name"] for row in rows if row["name"] in there and not row["name"].startswith(_SHOCK)]
    return known[:_MOST_VARIED]


def _ends(name: str, reading: ForesightReading) -> list[tuple[str, Flags]]:
    column = reading.futures[name].cast(pl.Float64, strict=False).fill_null(strategy="mean").to_numpy()
    low, high = np.quantile(column, _THIRDS)
    titles = {action: reading.title(action) for action in reading.actions}
    called = {"name": names.uncertainty(name, reading.found.labels, titles)}
    return [
        (_("%(name)s: the lowest third") % called, column <= low),
        (_("%(name)s: the highest third") % called, column >= high),
    ]
