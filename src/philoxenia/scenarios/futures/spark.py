"""Batches of futures on Spark (`pip install 'philoxenia[spark]'`), with the bytes of the single machine.

Owns cutting the design into parts and putting results back in their place; each part is simulated by the
same kernel, and a future depends on its own row of the design alone.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from philoxenia.scenarios.futures.kernel import kernel_chunk
from philoxenia.scenarios.futures.outcomes import Chunk, Outcomes, Plans, make_store
from philoxenia.scenarios.futures.run import CHUNK, discount_factors, gathered, simulate_part
from philoxenia.scenarios.futures.sampling import Design
from philoxenia.scenarios.futures.types import Model, Rule

Found = tuple[int, list[tuple[str, Chunk]]]


def simulate_on_spark(
    session: Any,
    model: Model,
    design: Design,
    plans: Plans,
    *,
    rule: Rule | str = Rule.FIRST_COME,
    discount_per_year: float | None = None,
    memory_limit_bytes: int = 2_000_000_000,
    folder: Path | None = None,
    chunk: int = CHUNK,
) -> Outcomes:
    """As `simulate`, with parts of `chunk` futures as tasks of a Spark session. Model, plans and design go to
    every worker once; results come back a part at a time, so that the driver holds no more than its store."""
    discount = discount_factors(model, discount_per_year)
    shared = session.sparkContext.broadcast((model, design, dict(plans), Rule(rule), discount))
    starts = list(range(0, design.futures, chunk))

    def simulated(first: int) -> Found:
        city, whole, chosen, by, factors = shared.value
        part = whole.part(first, min(first + chunk, whole.futures))
        return first, simulate_part(city, part, chosen, kernel_chunk, by, factors)

    store = make_store(model, design.futures, plans, memory_limit_bytes, folder)
    for first, found in _results(session, starts, simulated):
        for name, made in found:
            store.put(name, first, made)
    return gathered(model, design, plans, Rule(rule), discount, store)


def _results(session: Any, starts: list[int], simulated: Any) -> Iterator[Found]:
    tasks = session.sparkContext.parallelize(starts, len(starts))
    found: Iterator[Found] = tasks.map(simulated).toLocalIterator()
    return found
