"""Who gains and who loses by each action and plan, how often, what drives that, and what would turn it.

Owns which rows there are; summaries, drivers and switching values are valuation's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.report.foresight import CONSTITUENCIES, TABLES
from philoxenia.scenarios.futures.types import Floats
from philoxenia.valuation import Dividend
from philoxenia.valuation.distribution import SUMMARY, summary
from philoxenia.valuation.information import switching_values, tornado
from philoxenia.valuation.types import PILLARS
from philoxenia.workflows.foresight.cells import CELLS, MEMBERS
from philoxenia.workflows.foresight.ground import Ground
from philoxenia.workflows.foresight.uncertain import drivers_of

_DRIVERS = dict.fromkeys(TABLES["drivers"], pl.Float64) | dict.fromkeys(("action", "name"), pl.String)


@dataclass(frozen=True)
class Told:
    """A course of actions to be told of: an action alone, or a plan. `actions`: the ids in it. `parts` (F,)
    by measure and benefit; `quiet` (F,): net with every shock taken out; `remaining` (F,): what still stands
    at the end of what was built, which costs count already."""

    name: str
    actions: tuple[str, ...]
    dividend: Dividend
    parts: dict[str, Floats]
    quiet: Floats
    remaining: Floats


def dividends_table(ground: Ground, told: Sequence[Told]) -> pl.DataFrame:
    """Rows of `TABLES["dividends"]`: totals, pillars, constituencies (plain and weighted), measures, cells,
    funders. Cells less funders are net; pillars and measures each add up to gross."""
    rows = [
        {"action": one.name, "kind": kind, "name": name, **summary(values)}
        for one in told
        for kind, name, values in _lines(ground, one)
    ]
    schema = dict.fromkeys(("action", "kind", "name"), pl.String) | dict.fromkeys(SUMMARY, pl.Float64)
    return pl.DataFrame(rows, schema=schema)


def _lines(ground: Ground, one: Told) -> list[tuple[str, str, Floats]]:
    found = one.dividend
    by_cell = found.by_constituency
    weighted = by_cell * np.array([ground.weights[cell] for cell in CELLS])
    return [
        ("total", "net", found.net),
        ("total", "gross", found.gross),
        ("total", "cost", found.costs.sum(axis=1)),
        ("total", "remaining", one.remaining),
        ("total", "weighted", found.weighted(ground.weights)),
        ("total", "no_shocks", one.quiet),
        *(("pillar", pillar.value, found.by_pillar[:, i]) for i, pillar in enumerate(PILLARS)),
        *(("constituency", name, (by_cell @ MEMBERS)[:, i]) for i, name in enumerate(CONSTITUENCIES)),
        *(("weighted", name, (weighted @ MEMBERS)[:, i]) for i, name in enumerate(CONSTITUENCIES)),
        *(("measure", name, values) for name, values in one.parts.items() if values.any()),
        *(("cell", name, by_cell[:, i]) for i, name in enumerate(CELLS)),
        *(
            ("funder", name, found.costs[:, i])
            for i, name in enumerate(found.funders)
            if found.costs[:, i].any()
        ),
    ]


def samples_table(ground: Ground, told: Sequence[Told]) -> pl.DataFrame:
    """Every future of every course: net, weighted net, cost, and gains by constituency."""
    frames = []
    for one in told:
        gains = one.dividend.by_constituency @ MEMBERS
        columns = {"net": one.dividend.net, "weighted": one.dividend.weighted(ground.weights)}
        columns |= {"cost": one.dividend.costs.sum(axis=1)}
        columns |= {name: gains[:, i] for i, name in enumerate(CONSTITUENCIES)}
        frame = pl.DataFrame({"future": np.arange(ground.futures)} | columns)
        frames.append(frame.with_columns(action=pl.lit(one.name)).select(TABLES["samples"]))
    return pl.concat(frames)


def drivers_table(told: Sequence[Told], futures: pl.DataFrame) -> pl.DataFrame:
    """How the net dividend of each course moves with each uncertainty that concerns it."""
    frames = []
    for one in told:
        mine = concerning(one, futures)
        if not mine:
            continue
        table = tornado(one.dividend.net, mine)
        frames.append(
            table.with_columns(action=pl.lit(one.name), total=pl.lit(None, dtype=pl.Float64))
            .rename({"share_of_variance": "first_order"})
            .select(TABLES["drivers"])
        )
    return pl.concat(frames) if frames else pl.DataFrame(schema=_DRIVERS)


def concerning(one: Told, futures: pl.DataFrame) -> dict[str, Floats]:
    """Uncertainties (F,) that can matter to a course: not prices of what it does not change."""
    unused = {f"value.{name}" for name, values in one.parts.items() if not values.any()}
    return {name: values for name, values in drivers_of(futures, one.actions).items() if name not in unused}


def switching_table(told: Sequence[Told], current: dict[str, float]) -> pl.DataFrame:
    """The value, or the factor on all its costs, at which a course's mean net dividend would be zero."""
    frames = []
    for one in told:
        parts = {_priced(name): values for name, values in one.parts.items() if values.any()}
        cost = one.dividend.costs.sum(axis=1)
        if cost.any():
            parts[f"cost.{one.name}"] = -cost
        now = {name: current.get(name, 1.0) for name in parts}
        table = switching_values(one.dividend.net, parts, now)
        frames.append(table.with_columns(action=pl.lit(one.name)).select(TABLES["switching"]))
    return pl.concat(frames)


def _priced(part: str) -> str:
    """The name of the price of a measure or benefit."""
    return part if part.startswith("benefit.") else f"value.{part}"
