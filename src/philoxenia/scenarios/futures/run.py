"""Runs plans through futures, a chunk of futures at a time, and lays their outcomes side by side.

Owns chunks, memory and common random numbers; ignores what a month does. A future depends on its own row
of the design alone, so the same seed gives the same bytes whatever the chunks or cores.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from philoxenia.reference import default_parameters
from philoxenia.scenarios.futures.draws import Draws, draws_of
from philoxenia.scenarios.futures.kernel import kernel_chunk
from philoxenia.scenarios.futures.levers import LeverArrays, lever_arrays
from philoxenia.scenarios.futures.outcomes import Chunk, Outcomes, Plans, Store, empty_chunk, make_store
from philoxenia.scenarios.futures.plain import PlainFuture
from philoxenia.scenarios.futures.sampling import Design, design_table
from philoxenia.scenarios.futures.types import Floats, FuturesError, Model, Rule

Engine = Callable[[Model, Draws, LeverArrays, Rule, Floats], Chunk]
Progress = Callable[[float], None]

CHUNK = 250
DISCOUNT = "valuation.discount_per_year"


def _silent(_done: float) -> None:
    """Progress that nobody looks at."""


def simulate(
    model: Model,
    design: Design,
    plans: Plans,
    *,
    rule: Rule | str = Rule.FIRST_COME,
    discount_per_year: float | None = None,
    memory_limit_bytes: int = 2_000_000_000,
    folder: Path | None = None,
    chunk: int = CHUNK,
    progress: Progress = _silent,
) -> Outcomes:
    """Every plan (levers by name of the plan; an empty tuple is "without") in every future of the design.

    `discount_per_year`: the parameter `valuation.discount_per_year` where None. Outcomes above
    `memory_limit_bytes` are kept in files, under `folder` where one is given. The arrays are those
    of `Outcomes`. Raises `FuturesError` naming the plan or lever at fault.
    """
    return run_plans(
        model,
        design,
        plans,
        kernel_chunk,
        Rule(rule),
        discount_per_year,
        make_store(model, design.futures, plans, memory_limit_bytes, folder),
        chunk,
        progress,
    )


def simulate_plain(
    model: Model,
    design: Design,
    plans: Plans,
    *,
    rule: Rule | str = Rule.FIRST_COME,
    discount_per_year: float | None = None,
) -> Outcomes:
    """The same in loops that can be read: the oracle of the kernel. For small cities only."""
    store = make_store(model, design.futures, plans, 2**62, None)
    return run_plans(
        model, design, plans, plain_chunk, Rule(rule), discount_per_year, store, design.futures, _silent
    )


def run_plans(
    model: Model,
    design: Design,
    plans: Plans,
    engine: Engine,
    rule: Rule,
    discount_per_year: float | None,
    store: Store,
    chunk: int,
    progress: Progress,
) -> Outcomes:
    """Every plan in every future with the engine given."""
    if not plans:
        raise FuturesError("There is no plan to simulate; an empty tuple of levers is the plan 'without'.")
    discount = discount_factors(model, discount_per_year)
    for first in range(0, design.futures, chunk):
        part = design.part(first, min(first + chunk, design.futures))
        for name, found in simulate_part(model, part, plans, engine, rule, discount):
            store.put(name, first, found)
        progress((first + part.futures) / design.futures)
    return gathered(model, design, plans, rule, discount, store)


def simulate_part(
    model: Model, part: Design, plans: Plans, engine: Engine, rule: Rule, discount: Floats
) -> list[tuple[str, Chunk]]:
    """Every plan in some of the futures; drawn once, so that plans meet the same futures."""
    draws = draws_of(model, part)
    return [
        (name, engine(model, draws, lever_arrays(model, part, levers), rule, discount))
        for name, levers in plans.items()
    ]


def gathered(
    model: Model, design: Design, plans: Plans, rule: Rule, discount: Floats, store: Store
) -> Outcomes:
    """Outcomes around arrays that are filled."""
    return Outcomes(
        plans=tuple(plans),
        measures=model.measures,
        month_measures=model.month_measures,
        units=model.units(),
        districts=model.districts,
        months=model.months,
        discount=discount,
        rule=rule.value,
        by_group=store.by_group,
        by_district=store.by_district,
        by_month=store.by_month,
        costs=store.costs,
        strength=store.strength,
        levers={name: tuple(lever.name for lever in levers) for name, levers in plans.items()},
        design=design_table(model, design, [lever for levers in plans.values() for lever in levers]),
        notes=model.notes,
    )


def discount_factors(model: Model, discount_per_year: float | None) -> Floats:
    """Factor of each year (Y,): (1 + r)^-y, the first year whole; r is the parameter's where None."""
    if discount_per_year is None:
        discount_per_year = default_parameters()[DISCOUNT]
    return np.asarray((1 + discount_per_year) ** -np.arange(model.years, dtype=np.float64))


def plain_chunk(model: Model, draws: Draws, levers: LeverArrays, rule: Rule, discount: Floats) -> Chunk:
    """A chunk of futures by the oracle."""
    measures, months = model.measures, model.month_measures
    chunk = empty_chunk(model, levers)
    for future in range(draws.futures):
        found = PlainFuture(model, draws, levers, future, rule, discount).run()
        for (year, group, name), value in found.by_group.items():
            chunk.by_group[future, year, group, measures.index(name)] = value
        for (district, whose, name), value in found.by_district.items():
            chunk.by_district[future, district, whose, measures.index(name)] = value
        for (month, name), value in found.by_month.items():
            chunk.by_month[future, month, months.index(name)] = value
        for (lever, year), value in found.costs.items():
            chunk.costs[future, lever, year] = value
    return chunk
