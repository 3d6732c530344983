"""One city and its futures as arrays, ready for services to be reckoned.

Owns reading inputs, drawing what is uncertain and following people from the census to the end of the
horizon; ignores what they ask of any service.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.scenarios.capacity import (
    SHELTER,
    Capacity,
    capacities,
    nightly_share,
    seen_in_shelter,
    shelter_capacity,
)
from philoxenia.scenarios.cohorts import Entries, track
from philoxenia.scenarios.demand import People
from philoxenia.scenarios.draws import quantile_draws, stream
from philoxenia.scenarios.entries import arrival_entries
from philoxenia.scenarios.flows import ShelterFlows, checked_paths, shelter_flows
from philoxenia.scenarios.months import by_month
from philoxenia.scenarios.rates import Service, read_services
from philoxenia.scenarios.residents import profile_people
from philoxenia.scenarios.settlement import (
    concentration,
    drawn_shares,
    homes_after_shelter,
    rent_adjusted,
    shares,
)
from philoxenia.scenarios.stock import ShelterStock, shelter_stock
from philoxenia.scenarios.types import CityInputs, Floats, Paths
from philoxenia.vocabulary import Frequency, Period, parse_period

_CENSUS_MONTH = 6


@dataclass(frozen=True)
class Shelter:
    """The shelter system over the horizon. `nightly`: people on a mean night per person of the stock."""

    flows: ShelterFlows
    stock: ShelterStock
    places: Floats
    nightly: float


@dataclass(frozen=True)
class Case:
    """All that is read or drawn before services are reckoned. `rate` and `capacity_quantile`: quantiles
    0..1 by service (P,); `entries`: arrivals since the census, recorded and forecast."""

    districts: tuple[str, ...]
    times: tuple[str, ...]
    people: People
    entries: Entries
    services: tuple[Service, ...]
    capacity: dict[str, Capacity]
    rate: dict[str, Floats]
    capacity_quantile: dict[str, Floats]
    shelter: Shelter | None


def build_case(
    paths: Paths,
    times: tuple[str, ...],
    inputs: CityInputs,
    seed: int,
    notes: list[str],
    demand: pl.DataFrame | None = None,
) -> Case:
    """Read, draw and follow people; what is missing goes to `notes` in sentences."""
    futures = checked_paths(paths, times)
    paths, times = by_month(paths, times, notes)
    districts = tuple(inputs.profile["district_id"].to_list())
    services = tuple(s for s in read_services(inputs.own_rates) if s.name in (inputs.services or (s.name,)))
    names = tuple(service.name for service in services)
    nightly = _nightly(inputs, notes)
    given = capacities(inputs.capacity, districts)
    given |= _shelter_capacity(inputs, districts, nightly, given, notes)
    flows = shelter_flows(paths, times, inputs, demand, stream(seed, "shelter"), notes)
    shelter = _shelter(flows, inputs, given.get(SHELTER), nightly)
    entries = arrival_entries(paths, times, inputs, _newcomers(shelter), notes)
    return Case(
        districts=districts,
        times=times,
        people=_people(inputs, times, entries, given.get(SHELTER), seed, notes),
        entries=entries,
        services=services,
        capacity=given,
        rate=quantile_draws(seed, "rate", names, futures),
        capacity_quantile=quantile_draws(seed, "capacity", names, futures),
        shelter=shelter,
    )


def _people(
    inputs: CityInputs,
    times: tuple[str, ...],
    entries: Entries,
    shelters: Capacity | None,
    seed: int,
    notes: list[str],
) -> People:
    parameters = inputs.parameters
    window = int(parameters["scenarios.newcomer_months"])
    residents = profile_people(inputs, notes)
    last = _last_shares(inputs.profile, residents.newcomers.sum(axis=1))
    mean = rent_adjusted(last, _rents(inputs.profile), parameters["scenarios.rent_elasticity"])
    firmness = _firmness(inputs, last, times, notes)
    homes = drawn_shares(mean, firmness, entries.stay.shape[1], stream(seed, "settlement"))
    sheltered = _sheltered(shelters, last, notes)
    return People(
        newcomers=residents.newcomers,
        long_term=residents.long_term,
        growth=_growth(times, inputs),
        cohorts=track(entries, parameters["scenarios.leave_city_share_per_month"], window, len(times)),
        arrival_ages=residents.arrival_ages,
        shelter=sheltered,
        homes=homes_after_shelter(sheltered, homes, parameters["scenarios.stay_near_shelter_share"]),
        newcomer_months=window,
    )


def _last_shares(profile: pl.DataFrame, newcomers: Floats) -> Floats:
    return shares(newcomers if newcomers.sum() > 0 else profile["population"].to_numpy().astype(np.float64))


def _rents(profile: pl.DataFrame) -> Floats:
    if "median_rent" not in profile.columns:
        return np.full(profile.height, np.nan)
    return np.asarray(profile["median_rent"].cast(pl.Float64).fill_null(np.nan).to_numpy(), dtype=np.float64)


def _sheltered(shelters: Capacity | None, homes: Floats, notes: list[str]) -> Floats:
    if shelters is None or not shelters.placed.any():
        notes.append(
            "Shelters are not placed in districts: people in shelter are counted where newcomers live."
        )
        return homes
    return shares(shelters.placed)


def _firmness(inputs: CityInputs, last: Floats, times: tuple[str, ...], notes: list[str]) -> float:
    earlier, year = inputs.earlier, inputs.earlier_year
    if earlier is None or year is None or not _counts_newcomers(earlier, inputs.profile):
        notes.append(
            "Only one census counts newcomers by district: how firmly settlement holds to last shares is "
            "scenarios.settlement_concentration (assumption)."
        )
        return inputs.parameters["scenarios.settlement_concentration"]
    aligned = inputs.profile.select("district_id").join(earlier, on="district_id", how="left")
    before = shares(aligned["newcomers"].cast(pl.Float64).fill_null(0.0).to_numpy())
    ahead = _years_since_census(times[len(times) // 2], inputs)
    return concentration(before, last, inputs.profile_year - year, ahead)


def _counts_newcomers(*profiles: pl.DataFrame) -> bool:
    return all(
        "newcomers" in profile.columns and float(profile["newcomers"].sum() or 0) > 0 for profile in profiles
    )


def _growth(times: tuple[str, ...], inputs: CityInputs) -> Floats:
    years = np.array([_years_since_census(time, inputs) for time in times])
    return np.asarray((1 + inputs.parameters["scenarios.base_growth_per_year"]) ** years, dtype=np.float64)


def _years_since_census(time: str, inputs: CityInputs) -> float:
    census = Period(Frequency.MONTH, inputs.profile_year * 12 + _CENSUS_MONTH - 1)
    return (parse_period(time) - census) / 12


def _nightly(inputs: CityInputs, notes: list[str]) -> float:
    occupancy, flow = inputs.shelter_occupancy, inputs.shelter_flow
    found = None
    if occupancy is not None and flow is not None:
        found = nightly_share(occupancy, flow, inputs.groups.everybody)
    if found is None and flow is not None:
        notes.append(
            "No month has both nightly and monthly shelter figures: people active in a month are turned into "
            "people on a mean night by scenarios.nightly_share_of_active (assumption)."
        )
    return inputs.parameters["scenarios.nightly_share_of_active"] if found is None else found


def _shelter_capacity(
    inputs: CityInputs,
    districts: tuple[str, ...],
    nightly: float,
    given: dict[str, Capacity],
    notes: list[str],
) -> dict[str, Capacity]:
    occupancy, flow = inputs.shelter_occupancy, inputs.shelter_flow
    if SHELTER in given or occupancy is None or occupancy.is_empty():
        return {}
    counted = capacities(shelter_capacity(occupancy), districts)[SHELTER]
    if flow is None:
        return {SHELTER: counted}
    seen, when = seen_in_shelter(flow, inputs.groups.everybody, counted.date, nightly)
    if seen <= counted.total:
        return {SHELTER: counted}
    notes.append(
        f"Shelter capacity was last counted in {counted.date} ({counted.total:,.0f} persons a night). In "
        f"{when} more people were in shelter ({seen:,.0f} a night), so capacity is taken as that number."
    )
    return {SHELTER: counted.grown(seen / counted.total, when)}


def _shelter(
    flows: ShelterFlows | None, inputs: CityInputs, capacity: Capacity | None, nightly: float
) -> Shelter | None:
    if flows is None:
        return None
    places = np.full(flows.flows.intake.shape[2], np.inf if capacity is None else capacity.total / nightly)
    stop = inputs.parameters["scenarios.stop_waiting_share_per_month"]
    return Shelter(flows, shelter_stock(flows.start, flows.flows, places, stop), places, nightly)


def _newcomers(shelter: Shelter | None) -> tuple[Floats, Floats] | None:
    if shelter is None or not shelter.flows.split:
        return None
    return shelter.flows.flows.intake[0], shelter.stock.seeking[0]
