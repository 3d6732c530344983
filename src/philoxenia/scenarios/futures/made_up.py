"""A made-up city of any size: to try plans on, to test with, and to time.

Owns numbers that stand for nobody; every one of them is invented.
"""

import numpy as np

from philoxenia.scenarios.catchment import distances_km
from philoxenia.scenarios.futures.types import (
    BAND_STARTS,
    BANDS,
    CLASSES,
    FLOWS,
    OLDEST,
    Floats,
    Homes,
    Model,
    Service,
    ShelterSystem,
    Shock,
    Span,
)


def made_up_city(districts: int = 2, months: int = 12, seed: int = 0, paths: int = 20) -> Model:
    """A city that nobody lives in, with three services and two shocks; the same seed gives the same city."""
    rng = np.random.default_rng(seed)
    newcomers = rng.integers(0, 400, (len(CLASSES), OLDEST + 1)) / 10
    newcomers[:, OLDEST] = rng.integers(4000, 9000, len(CLASSES)) * districts / 2
    shares = rng.dirichlet(np.full(districts, 8.0))
    centres = rng.random((2, districts))
    distances = distances_km(centres[0], centres[1])
    return Model(
        districts=tuple(f"{number:03d}" for number in range(1, districts + 1)),
        months=tuple(f"{2025 + month // 12}-{month % 12 + 1:02d}" for month in range(months)),
        in_homes=bands_of(newcomers)[:, :, None] * shares,
        homes_months=newcomers,
        shelter_months=rng.integers(0, 30, newcomers.shape) / 5,
        waiting_months=rng.integers(0, 10, newcomers.shape) / 20,
        paths=_paths(rng, paths, months),
        arrival_classes=np.array([0.25, 0.3, 0.4, 0.05]),
        homeless_classes=np.array([0.1, 0.3, 0.5, 0.1]),
        homes=Homes(
            vacant=rng.integers(20, 80, districts).astype(np.float64),
            added=rng.integers(5, 40, districts).astype(np.float64),
            shares=shares,
            rent=rng.uniform(0.7, 1.4, districts),
            persons_per_home=2.5,
            moving=0.01,
            departing=(0.006, 0.002),
            network=0.2,
            vacancy_pull=0.1,
            rent_elasticity=Span(0.0, 0.2, 0.6),
        ),
        shelter=_shelters(rng, districts),
        services=_services(rng, newcomers, shares, distances),
        shocks=_shocks(),
        exit_factor=Span(0.7, 1.0, 1.4),
        departure_factor=Span(0.5, 1.0, 1.5),
        rent_growth=Span(-0.01, 0.02, 0.06),
        exit_rent_elasticity=0.5,
        near=np.argsort(distances, axis=1, kind="stable"),
        distances_km=distances,
    )


def bands_of(by_months: Floats) -> Floats:
    """People by months since arrival (K, 61) added up to bands (K, B)."""
    return np.asarray(np.add.reduceat(by_months, BAND_STARTS, axis=1), dtype=np.float64)


def _paths(rng: np.random.Generator, paths: int, months: int) -> dict[str, Floats]:
    level = {"newcomers_to_shelter": 60.0, "newcomers_to_homes": 90.0, "long_term_from_homes": 40.0}
    level |= {"newcomers_from_homes": 6.0, "newcomers_back": 4.0, "long_term_back": 12.0}
    drift = np.exp(np.cumsum(rng.normal(0, 0.05, (paths, months)), axis=1))
    return {name: level[name] * drift * rng.uniform(0.8, 1.2, drift.shape) for name in FLOWS}


def _shelters(rng: np.random.Generator, districts: int) -> ShelterSystem:
    return ShelterSystem(
        places=900.0,
        districts=rng.dirichlet(np.full(districts, 2.0)),
        to_homes=(0.05, 0.04),
        to_elsewhere=(0.02, 0.05),
        stop_waiting=0.4,
        stopped_leave_city=0.5,
        stay_near=0.1,
        capacity_factor=Span(0.9, 1.0, 1.05),
    )


def _services(
    rng: np.random.Generator, newcomers: Floats, shares: Floats, distances: Floats
) -> tuple[Service, ...]:
    people = bands_of(newcomers)
    return (
        _service("clinic", "visits", rng, people, shares, distances, keeps=0.6),
        _service("school", "places", rng, people * np.array([[1.0], [0], [0], [0]]), shares, distances),
        _service("waste", "tonnes", rng, people, shares, distances, pooled=True),
    )


def _service(
    name: str,
    unit: str,
    rng: np.random.Generator,
    people: Floats,
    shares: Floats,
    distances: Floats,
    *,
    pooled: bool = False,
    keeps: float = 0.0,
) -> Service:
    rates = rng.uniform(0.2, 1.0, (len(CLASSES), len(BANDS))) * (people > 0)
    placed = (rates * people).sum() * 0.97 * rng.dirichlet(np.full(len(shares), 6.0))
    # What is placed serves the three nearest districts, by how many live there.
    near = (np.argsort(np.argsort(distances, axis=1), axis=1) < 3).T * shares[:, None]
    sharing = near / near.sum(axis=0)
    eligible = np.ones_like(rates)
    eligible[:, 0] = 0.8
    return Service(
        name=name,
        unit=unit,
        rates=rates,
        capacity=placed if pooled else sharing @ placed,
        placed=placed,
        pooled=pooled,
        keeps=keeps,
        sharing=None if pooled else sharing,
        eligible=eligible,
        rate_factor=Span(0.9, 1.0, 1.2),
        capacity_factor=Span(0.95, 1.0, 1.0),
    )


def _shocks() -> tuple[Shock, ...]:
    arrivals = {"newcomers_to_shelter": 0.6, "newcomers_to_homes": 0.4}
    influx = Shock("sudden_influx", 0.2, Span(200, 500, 1500), Span(1, 4, 9), added=arrivals)
    effects = {"exits": -1.0, "long_term_from_homes": 1.5, "homes_added": -0.5, "capacity": -0.2}
    slump = Shock("economic_slump", 0.2, Span(0.1, 0.2, 0.4), Span(6, 12, 24), factors=effects)
    flood = Shock("flood_or_heat", 0.3, Span(0.01, 0.03, 0.1), Span(1, 2, 4), displaced=1.0, struck=0.4)
    return (influx, slump, flood)
