"""The obvious slow version of load and gaps: loops over districts, months and futures.

The oracle of the fast path in tests and the yardstick of `benchmarks/load.py`; nothing else uses it. It
starts from the same drawn numbers (`Case`) and shares no arithmetic with the fast path.
"""

import math
from collections.abc import Sequence

import numpy as np

from philoxenia.scenarios.capacity import Capacity
from philoxenia.scenarios.case import Case
from philoxenia.scenarios.catchment import within_reach
from philoxenia.scenarios.cohorts import Entries
from philoxenia.scenarios.rates import ANY_AGE, Rate, Service
from philoxenia.scenarios.stock import Flows
from philoxenia.scenarios.types import AGE_GROUPS, CityInputs, Floats
from philoxenia.vocabulary import Population

Cell = tuple[int, int, int]


def plain_triangular(quantile: float, low: float, mode: float, high: float) -> float:
    """Quantile of the triangular distribution."""
    if high <= low:
        return mode
    if quantile < (mode - low) / (high - low):
        return low + math.sqrt(quantile * (high - low) * (mode - low))
    return high - math.sqrt((1 - quantile) * (high - low) * (high - mode))


def plain_quantile(values: Sequence[float], level: float) -> float:
    """Quantile, linear between order statistics (type 7)."""
    ordered = sorted(values)
    place = level * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def plain_stock(start: Floats, flows: Flows, places: Floats, stop: float) -> dict[Cell, float]:
    """People seeking shelter by (group, month, future)."""
    seeking: dict[Cell, float] = {}
    groups, months, futures = flows.intake.shape
    for future in range(futures):
        now = [float(start[group]) for group in range(groups)]
        for month in range(months):
            for group in range(groups):
                at = (group, month, future)
                leaving = float(flows.leave_share[at]) * now[group]
                coming = float(flows.intake[at] + flows.returns[at] + flows.residual[at])
                present = max(now[group] + coming, 0.0)
                seeking[at] = present - min(leaving, present)
            total = sum(seeking[group, month, future] for group in range(groups))
            turned_away = max(0.0, total - float(places[future])) / total if total > 0 else 0.0
            now = [seeking[group, month, future] * (1 - stop * turned_away) for group in range(groups)]
    return seeking


def plain_cohorts(entries: Entries, leave_share: float) -> dict[tuple[str, Cell], float]:
    """People by place ("shelter", "homes") and (months since arrival, month, future), cohort by cohort."""
    months, futures = entries.to_shelter.shape
    people: dict[tuple[str, Cell], float] = {}
    for future in range(futures):
        for arrived in range(months):
            shelter = float(entries.to_shelter[arrived, future])
            homes = float(entries.to_homes[arrived, future])
            for month in range(arrived, months):
                if month > arrived:
                    homes -= homes * leave_share
                moving = shelter * (1 - float(entries.stay[month, future]))
                shelter, homes = shelter - moving, homes + moving
                people["shelter", (month - arrived, month, future)] = shelter
                people["homes", (month - arrived, month, future)] = homes
    return people


def plain_shared_capacity(capacity: Floats, asked: Sequence[float], within: Floats) -> list[float]:
    """Capacity shared by need among the districts in reach of it."""
    districts = range(len(asked))
    shared = [0.0 for _ in districts]
    for site in districts:
        reached = sum(asked[d] for d in districts if within[site][d])
        if reached == 0:
            shared[site] += float(capacity[site])
            continue
        for d in districts:
            if within[site][d]:
                shared[d] += float(capacity[site]) * asked[d] / reached
    return shared


def plain_demand(case: Case, service: Service, inputs: CityInputs) -> dict[Population, dict[Cell, float]]:
    """Demand by constituency and (district, month, future), before it is scaled to today's use."""
    if service.basis == "stock":
        return _stock_demand(case, inputs)
    leave = inputs.parameters["scenarios.leave_city_share_per_month"]
    cohorts = plain_cohorts(case.entries, leave)
    recorded = case.entries.to_shelter.shape[0] - len(case.times)
    demand: dict[Population, dict[Cell, float]] = {}
    for population in (Population.NEWCOMERS, Population.LONG_TERM_RESIDENTS):
        demand[population] = {}
        for district in range(len(case.districts)):
            for month in range(len(case.times)):
                for future in range(case.entries.stay.shape[1]):
                    at = (district, month, future)
                    demand[population][at] = _residents_ask(case, service, population, at) + _arrivals_ask(
                        case, service, population, at, cohorts, recorded + month
                    )
    return demand


def _stock_demand(case: Case, inputs: CityInputs) -> dict[Population, dict[Cell, float]]:
    assert case.shelter is not None  # noqa: S101 - only asked for where there is a shelter flow
    flows, nightly = case.shelter.flows, case.shelter.nightly
    stop = inputs.parameters["scenarios.stop_waiting_share_per_month"]
    seeking = plain_stock(flows.start, flows.flows, case.shelter.places, stop)
    newcomers, others = (0, 1) if flows.split else (None, 0)
    demand: dict[Population, dict[Cell, float]] = {
        Population.NEWCOMERS: {},
        Population.LONG_TERM_RESIDENTS: {},
    }
    for district, share in enumerate(case.people.shelter):
        for month in range(len(case.times)):
            for future in range(case.entries.stay.shape[1]):
                at = (district, month, future)
                new = 0.0 if newcomers is None else seeking[newcomers, month, future]
                demand[Population.NEWCOMERS][at] = float(share) * new * nightly
                demand[Population.LONG_TERM_RESIDENTS][at] = (
                    float(share) * seeking[others, month, future] * nightly
                )
    return demand


def _per_person(case: Case, service: Service, rate: Rate, future: int) -> float:
    quantile = float(case.rate[service.name][future])
    return plain_triangular(quantile, rate.low, rate.rate, rate.high)


def _rows(service: Service, population: Population) -> list[Rate]:
    own = [rate for rate in service.rates if rate.population == population]
    return own or [rate for rate in service.rates if rate.population == Population.ALL_RESIDENTS]


def _applies(rate: Rate, months: int) -> bool:
    return rate.months_from <= months < rate.months_to


def _residents_ask(case: Case, service: Service, population: Population, at: Cell) -> float:
    district, month, future = at
    window = case.people.newcomer_months
    newcomers = population is Population.NEWCOMERS
    counted = case.people.newcomers if newcomers else case.people.long_term
    total = 0.0
    for rate in _rows(service, population):
        for age, people in zip(AGE_GROUPS, counted[district], strict=True):
            if rate.age_group not in (ANY_AGE, age):
                continue
            # Residents who are newcomers arrived evenly over the months one counts as a newcomer.
            part = (
                sum(_applies(rate, since) for since in range(window)) / window
                if newcomers
                else float(rate.months_to > window)
            )
            total += float(people) * part * _per_person(case, service, rate, future)
    return total * float(case.people.growth[month])


def _arrivals_ask(
    case: Case,
    service: Service,
    population: Population,
    at: Cell,
    cohorts: dict[tuple[str, Cell], float],
    now: int,
) -> float:
    district, _, future = at
    window = case.people.newcomer_months
    total = 0.0
    for since in range(now + 1):
        if (since < window) is not (population is Population.NEWCOMERS):
            continue
        here = float(case.people.shelter[district]) * cohorts["shelter", (since, now, future)]
        here += float(case.people.homes[district, future]) * cohorts["homes", (since, now, future)]
        total += here * _per_arrival(case, service, population, since, future)
    return total


def _per_arrival(case: Case, service: Service, population: Population, since: int, future: int) -> float:
    window = case.people.newcomer_months
    total = 0.0
    for rate in _rows(service, population):
        asked = _applies(rate, since) if population is Population.NEWCOMERS else rate.months_to > window
        for age, share in zip(AGE_GROUPS, case.people.arrival_ages, strict=True):
            if asked and rate.age_group in (ANY_AGE, age):
                total += float(share) * _per_person(case, service, rate, future)
    return total


def plain_gap(demand: float, capacity: float) -> float:
    """max(0, demand - capacity); a difference that only rounding makes is none."""
    short = demand - capacity
    return short if short > 1e-12 * demand else 0.0


def plain_load(
    case: Case, service: Service, inputs: CityInputs
) -> dict[tuple[str, str, str], tuple[list[float], list[float] | None]]:
    """P10, P50, P90 of demand and of the local gap by (district, time, constituency) for one service."""
    demand = plain_demand(case, service, inputs)
    capacity = case.capacity.get(service.name)
    if service.basis == "use" and capacity is not None:
        _scale_to_use(case, service, capacity, demand)
    placed = _places(case, service, inputs, capacity)
    newcomers, long_term = demand[Population.NEWCOMERS], demand[Population.LONG_TERM_RESIDENTS]
    demand[Population.ALL_RESIDENTS] = {at: newcomers[at] + long_term[at] for at in newcomers}
    rows: dict[tuple[str, str, str], tuple[list[float], list[float] | None]] = {}
    for population, cells in demand.items():
        for d, district in enumerate(case.districts):
            for month, time in enumerate(case.times):
                asked, missed = [], []
                for future in range(case.entries.stay.shape[1]):
                    at = (d, month, future)
                    everybody = demand[Population.ALL_RESIDENTS][at]
                    asked.append(cells[at])
                    if placed is not None:
                        short = plain_gap(everybody, placed[d] * _factor(case, service, capacity, future))
                        missed.append(short * cells[at] / everybody if everybody > 0 else 0.0)
                bands = [plain_quantile(asked, level) for level in (0.1, 0.5, 0.9)]
                gaps = [plain_quantile(missed, level) for level in (0.1, 0.5, 0.9)] if missed else None
                rows[district, time, population.value] = (bands, gaps)
    return rows


def _factor(case: Case, service: Service, capacity: Capacity | None, future: int) -> float:
    if capacity is None:
        return 1.0
    quantile = float(case.capacity_quantile[service.name][future])
    return plain_triangular(quantile, capacity.low, 1.0, capacity.high)


def _today(case: Case, service: Service, future: int) -> list[float]:
    today = []
    for district in range(len(case.districts)):
        both = sum(
            _residents_ask(case, service, population, (district, 0, future))
            for population in (Population.NEWCOMERS, Population.LONG_TERM_RESIDENTS)
        )
        today.append(both / float(case.people.growth[0]))
    return today


def _scale_to_use(
    case: Case, service: Service, capacity: Capacity, demand: dict[Population, dict[Cell, float]]
) -> None:
    for cells in demand.values():
        for at in cells:
            today = sum(_today(case, service, at[2]))
            used = (capacity.used or 0.0) * _factor(case, service, capacity, at[2])
            cells[at] = cells[at] * used / today if today > 0 else 0.0


def _places(
    case: Case,
    service: Service,
    inputs: CityInputs,
    capacity: Capacity | None,
) -> list[float] | None:
    if capacity is None or service.scope != "district" or not capacity.placed.any():
        return None
    futures = case.entries.stay.shape[1]
    today = [_today(case, service, future) for future in range(futures)]
    if service.basis == "norm":
        needed = sum(sum(row) for row in today) / futures
        if capacity.total < inputs.parameters["scenarios.least_believable_coverage"] * needed:
            return None
    if service.reach_km <= 0 or not {"longitude", "latitude"} <= set(inputs.profile.columns):
        return [float(places) for places in capacity.placed]
    asked = [sum(row[d] for row in today) / futures for d in range(len(case.districts))]
    if service.basis == "use":
        asked = [
            sum(
                row[d] * (capacity.used or 0.0) * _factor(case, service, capacity, future) / sum(row)
                for future, row in enumerate(today)
            )
            / futures
            for d in range(len(case.districts))
        ]
    centres = inputs.profile
    within = within_reach(
        np.asarray(centres["longitude"], dtype=np.float64),
        np.asarray(centres["latitude"], dtype=np.float64),
        service.reach_km,
    )
    return plain_shared_capacity(capacity.placed, asked, within)
