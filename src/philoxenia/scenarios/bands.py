"""Bands over futures of demand and gap, by district and for the city, one service at a time.

Owns chunks of districts (so that memory stays bounded whatever the city's size) and sums over them;
ignores columns of tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from philoxenia.scenarios.demand import People, Terms
from philoxenia.scenarios.gaps import gap, quantiles, shared_gap
from philoxenia.scenarios.rates import Service
from philoxenia.scenarios.types import Floats
from philoxenia.vocabulary import Population

_CHUNK_BYTES = 16_000_000


@dataclass(frozen=True)
class ServiceLoad:
    """One service before districts multiply in: demand, and capacity placed in districts (D,), of the city,
    and its factor by future (P,); None where capacity is unknown. `split`: constituencies are told apart."""

    service: Service
    newcomers: Terms
    long_term: Terms
    split: bool
    placed: Floats | None = None
    total: float | None = None
    factor: Floats | None = None

    @property
    def local(self) -> bool:
        """Whether a gap counts where it is, whatever is spare elsewhere in the city."""
        return self.service.scope == "district" and self.placed is not None and bool(self.placed.any())

    @property
    def middle(self) -> float:
        """The median factor on capacity over futures: what tables show as capacity."""
        return 1.0 if self.factor is None else float(np.median(self.factor))

    @property
    def populations(self) -> tuple[Population, ...]:
        """Constituencies this service has rows for."""
        return tuple(Population) if self.split else (Population.ALL_RESIDENTS,)


@dataclass(frozen=True)
class DistrictBands:
    """P10, P50, P90 of one constituency (3, D, H); `gap` is None where no local gap can be told."""

    demand: Floats
    gap: Floats | None


@dataclass(frozen=True)
class CityFutures:
    """By month and future (H, P): demand by constituency, the gap of the city, and by constituency the sum
    of the districts' own gaps; None where capacity or its place is unknown."""

    demand: dict[Population, Floats]
    gap: Floats | None
    local_gap: dict[Population, Floats] | None

    def gap_of(self, population: Population) -> Floats | None:
        """The part of the city's gap (H, P) that falls on one constituency."""
        if self.gap is None:
            return None
        return shared_gap(self.gap, self.demand[population], self.demand[Population.ALL_RESIDENTS])


def reckon(one: ServiceLoad, people: People) -> tuple[dict[Population, DistrictBands], CityFutures]:
    """Bands by district and futures of the city for one service."""
    districts, paths = people.homes.shape
    months = people.growth.size
    asked = {population: np.zeros((months, paths)) for population in Population}
    missed = {population: np.zeros((months, paths)) for population in Population}
    bands: dict[Population, list[DistrictBands]] = {population: [] for population in one.populations}
    for chunk in _chunks(districts, months, paths):
        demand = _demand(one, people, chunk)
        everybody = demand[Population.ALL_RESIDENTS]
        short = _local_gap(one, everybody, chunk)
        for population in one.populations:
            own = demand[population]
            part = None if short is None else shared_gap(short, own, everybody)
            asked[population] += own.sum(axis=0)
            missed[population] += 0.0 if part is None else part.sum(axis=0)
            bands[population].append(DistrictBands(quantiles(own), None if part is None else quantiles(part)))
    city = None if one.total is None else gap(asked[Population.ALL_RESIDENTS], one.total * _factor(one))
    futures = CityFutures(asked, city, missed if one.local else None)
    return {population: _joined(parts) for population, parts in bands.items()}, futures


def _chunks(districts: int, months: int, paths: int) -> Iterator[slice]:
    size = max(1, _CHUNK_BYTES // (8 * months * paths))
    for start in range(0, districts, size):
        yield slice(start, min(start + size, districts))


def _demand(one: ServiceLoad, people: People, chunk: slice) -> dict[Population, Floats]:
    newcomers = one.newcomers.by_district(people, chunk)
    long_term = one.long_term.by_district(people, chunk)
    return {
        Population.NEWCOMERS: newcomers,
        Population.LONG_TERM_RESIDENTS: long_term,
        Population.ALL_RESIDENTS: newcomers + long_term,
    }


def _factor(one: ServiceLoad) -> Floats:
    return np.ones(one.newcomers.residents.shape[1]) if one.factor is None else one.factor


def _local_gap(one: ServiceLoad, everybody: Floats, chunk: slice) -> Floats | None:
    if not one.local or one.placed is None:
        return None
    return gap(everybody, one.placed[chunk, None, None] * _factor(one))


def _joined(parts: list[DistrictBands]) -> DistrictBands:
    gaps = [part.gap for part in parts if part.gap is not None]
    return DistrictBands(
        demand=np.concatenate([part.demand for part in parts], axis=1),
        gap=np.concatenate(gaps, axis=1) if gaps else None,
    )
