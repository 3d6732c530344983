"""Reach of services by district: how much of a service people can get to, shared with all who can.

Joins points of people, places of supply and travel by foot or transit to the two-step floating catchment.
"""

from collections.abc import Iterable

import numpy as np
import polars as pl

from philoxenia.exchange import City
from philoxenia.needs.catalogue import Service, services
from philoxenia.needs.catchment import catchment_weights, two_step
from philoxenia.needs.points import PeoplePoints, district_mean, people_points
from philoxenia.needs.profile import Profile, district_order, read_profile
from philoxenia.needs.supply import Supply, read_supply
from philoxenia.needs.travel import Floats, flat_map_km, straight_km
from philoxenia.needs.types import REACH_COLUMNS, UNREACHED_COLUMNS, Reach
from philoxenia.reference import Parameters
from philoxenia.vocabulary import Population

METHODS = ("2sfca", "e2sfca")
_PER = 1000.0


def reach(city: City, profile: Profile | None = None) -> Reach:
    """Access by district, service and method, in supply for 1,000 people of those the service is for.

    2SFCA (Luo and Wang 2003) counts everything within the catchment alike; enhanced 2SFCA (Luo and Qi 2009)
    weighs its three zones. Distances are approximated (see `travel.py`). Access says nothing of quality,
    language, opening hours of one place against another, or of supply beyond the city's border.
    """
    profile = profile or read_profile(city)
    points = people_points(district_order(city), int(city.parameters["needs.sample_points"]))
    frames, unreached, missing = [], [], []
    for service in services():
        if not service.place_table:
            continue
        supply, demand = read_supply(city, service), profile.total(service.demand)
        if isinstance(supply, str):
            missing.append(supply)
        elif demand is None:
            absent = ", ".join(profile.absent(service.demand)) or "people"
            missing.append(f"{service.name}: reach needs {absent} in the census profile, which is not there.")
        else:
            missing += supply.missing
            frame, left = _service_reach(service, supply, demand, points, profile.districts, city.parameters)
            frames.append(frame)
            unreached.append(left)
    return Reach(_stack(frames, REACH_COLUMNS), _stack(unreached, UNREACHED_COLUMNS), tuple(missing))


def zones(
    service: Service, method: str, parameters: Parameters
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The rising edges in straight kilometres and the weights of a service's catchment."""
    minutes = service.catchment_minutes
    if method == "2sfca":
        return (straight_km(minutes, service.mode, parameters),), (1.0,)
    edges = tuple(straight_km(minutes * third / 3, service.mode, parameters) for third in (1, 2, 3))
    return edges, tuple(parameters[f"needs.zone_{zone}_weight"] for zone in (1, 2, 3))


def _service_reach(
    service: Service,
    supply: Supply,
    demand: Floats,
    points: PeoplePoints,
    districts: tuple[str, ...],
    parameters: Parameters,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    people = np.nan_to_num(demand)[points.district] * points.share
    places = flat_map_km(supply.longitude, supply.latitude, points.centre_latitude)
    frames = []
    for method in METHODS:
        weights = catchment_weights(points.km, places, *zones(service, method, parameters))
        found = two_step(people, supply.amount, weights)
        access = district_mean(points, found.access) * _PER
        frames.append(_access_frame(service, method, access, demand, districts, supply.date))
    # Both methods end at the same edge, so either tells which places and people are left out.
    nobody, nothing = np.isnan(found.ratio), found.access == 0
    left = {
        "service": service.id,
        "places": len(supply.amount),
        "supply": supply.amount.sum(),
        "unreached_places": int(nobody.sum()),
        "unreached_supply": supply.amount[nobody].sum(),
        "people_without": people[nothing].sum(),
        "people": people.sum(),
    }
    return pl.concat(frames), pl.DataFrame([left], schema=UNREACHED_COLUMNS)


def _access_frame(
    service: Service, method: str, access: Floats, demand: Floats, districts: tuple[str, ...], date: str
) -> pl.DataFrame:
    columns = {
        "district_id": districts,
        "service": [service.id] * len(districts),
        "method": [method] * len(districts),
        "access": access,
        "population": [str(Population.ALL_RESIDENTS)] * len(districts),
        "people": demand,
        "unit": [f"{service.unit} per 1,000 {service.demand_name}"] * len(districts),
        "date": [date] * len(districts),
    }
    return pl.DataFrame(columns, schema=REACH_COLUMNS).with_columns(pl.col("people").fill_nan(None))


def _stack(frames: Iterable[pl.DataFrame], columns: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=columns), *frames])
