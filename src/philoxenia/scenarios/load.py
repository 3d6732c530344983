"""Arrivals to districts to services: load and gaps by district and month, with bands over futures.

Owns the chain from sample paths to tables; each step is a file of its own.
"""

import numpy as np
import polars as pl

from philoxenia.scenarios.bands import ServiceLoad
from philoxenia.scenarios.capacity import Capacity
from philoxenia.scenarios.case import Case, build_case
from philoxenia.scenarios.catchment import shared_capacity, within_reach
from philoxenia.scenarios.demand import (
    Terms,
    long_term_demand,
    newcomers_demand,
    shelter_demand,
    use_scale,
)
from philoxenia.scenarios.rates import Service
from philoxenia.scenarios.tables import load_tables, settlement_table, shelter_table
from philoxenia.scenarios.types import CityInputs, Floats, LoadResult, Paths


def load_and_gaps(
    paths: Paths,
    times: tuple[str, ...],
    inputs: CityInputs,
    seed: int = 0,
    *,
    demand: pl.DataFrame | None = None,
) -> LoadResult:
    """Load of every service by district, month and constituency, and the gap to its capacity.

    `paths`: (paths, months) by (measure, group), as sampled by a forecast. `times`: the months, as
    2024-07. `demand`: group, time, recorded, estimated_p10, estimated_p50, estimated_p90, where recorded
    intake is held down by capacity. The same seed gives the same tables. Raises `LoadError` with the remedy.
    """
    notes = list(inputs.missing)
    case = build_case(paths, tuple(times), inputs, seed, notes, demand)
    found = [service_load(case, service, inputs, notes) for service in case.services]
    loads = [one for one in found if one is not None]
    smallest = inputs.parameters["scenarios.smallest_gap_share"]
    load, totals, outlook = load_tables(case.districts, case.times, case.people, loads, smallest)
    return LoadResult(
        load=load,
        totals=totals,
        outlook=outlook,
        settlement=settlement_table(case.districts, case.people),
        shelter=shelter_table(case.times, case.shelter),
        missing=tuple(dict.fromkeys(notes)),
    )


def service_load(case: Case, service: Service, inputs: CityInputs, notes: list[str]) -> ServiceLoad | None:
    """Demand and capacity of one service before districts multiply in; None where it has no base."""
    capacity = case.capacity.get(service.name)
    factor = None if capacity is None else capacity.factor(case.capacity_quantile[service.name])
    terms = _terms(case, service, capacity, factor, notes)
    if terms is None:
        return None
    if capacity is None or factor is None:
        notes.append(f"{service.name!r}: capacity is not known; demand is given without a gap.")
        return ServiceLoad(service, *terms, split=_split(case, service))
    if _incomplete(service, terms, capacity, inputs, notes):
        return ServiceLoad(service, *terms, split=True)
    placed = _placed(service, terms, capacity, inputs, notes)
    return ServiceLoad(service, *terms, _split(case, service), placed, capacity.total, factor)


def _terms(
    case: Case, service: Service, capacity: Capacity | None, factor: Floats | None, notes: list[str]
) -> tuple[Terms, Terms] | None:
    if service.basis == "stock":
        return _stock_terms(case)
    quantile = case.rate[service.name]
    newcomers = newcomers_demand(service, case.people, quantile)
    long_term = long_term_demand(service, case.people, quantile)
    if service.basis == "norm":
        return newcomers, long_term
    if capacity is None or not capacity.used or factor is None:
        notes.append(f"{service.name!r}: what is given today is not known, so its load is not computed.")
        return None
    scale = use_scale(newcomers, long_term, capacity.used) * factor
    return newcomers.scaled(scale), long_term.scaled(scale)


def _split(case: Case, service: Service) -> bool:
    return service.basis != "stock" or (case.shelter is not None and case.shelter.flows.split)


def _stock_terms(case: Case) -> tuple[Terms, Terms] | None:
    if case.shelter is None:
        return None
    seeking = case.shelter.stock.seeking * case.shelter.nightly
    newcomers = seeking[0] if case.shelter.flows.split else np.zeros_like(seeking[0])
    districts = len(case.districts)
    return shelter_demand(newcomers, districts), shelter_demand(seeking[-1], districts)


def _placed(
    service: Service,
    terms: tuple[Terms, Terms],
    capacity: Capacity,
    inputs: CityInputs,
    notes: list[str],
) -> Floats:
    if service.scope != "district" or service.reach_km <= 0:
        return capacity.placed
    if not {"longitude", "latitude"} <= set(inputs.profile.columns):
        notes.append("Districts have no centres: no capacity is shared with neighbouring districts.")
        return capacity.placed
    centres = inputs.profile.select(pl.col("longitude", "latitude").cast(pl.Float64))
    within = within_reach(centres["longitude"].to_numpy(), centres["latitude"].to_numpy(), service.reach_km)
    asked = (terms[0].residents + terms[1].residents).mean(axis=1)
    return shared_capacity(capacity.placed, asked, within)


def _incomplete(
    service: Service,
    terms: tuple[Terms, Terms],
    capacity: Capacity,
    inputs: CityInputs,
    notes: list[str],
) -> bool:
    # A register that lists some providers only would read as a huge gap; half is where belief ends.
    if service.basis != "norm":
        return False
    today = float((terms[0].residents + terms[1].residents).sum(axis=0).mean())
    covered = capacity.total / today if today > 0 else 1.0
    if covered >= inputs.parameters["scenarios.least_believable_coverage"]:
        return False
    notes.append(
        f"{service.name!r}: the capacity on record covers {covered:.0%} of what today's residents need, so "
        "the record cannot be complete; demand is given without a gap."
    )
    return True
