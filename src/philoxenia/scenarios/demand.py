"""What a city's people ask of one service, by district, month and future.

Owns people times rates; ignores capacity. Demand splits into what residents at the last census ask and
what arrivals since then ask, in shelter and in homes, so that districts multiply in only at the end.
"""

from dataclasses import dataclass

import numpy as np

from philoxenia.scenarios.cohorts import Cohorts
from philoxenia.scenarios.rates import ANY_AGE, Rate, Service
from philoxenia.scenarios.types import AGE_GROUPS, Floats
from philoxenia.vocabulary import Population


@dataclass(frozen=True)
class People:
    """Everybody who may need a service.

    `newcomers`, `long_term` (D, K): residents at the census by age group. `growth` (H,): their number
    relative to the census. `cohorts`: arrivals since. `arrival_ages` (K,): their age shares.
    `shelter` (D,), `homes` (D, P): where arrivals live. `newcomer_months`: how long one is a newcomer.
    """

    newcomers: Floats
    long_term: Floats
    growth: Floats
    cohorts: Cohorts
    arrival_ages: Floats
    shelter: Floats
    homes: Floats
    newcomer_months: int


@dataclass(frozen=True)
class Terms:
    """Demand of one constituency: residents (D, P), and arrivals in shelter and in homes (H, P)."""

    residents: Floats
    in_shelter: Floats
    in_homes: Floats

    def by_district(self, people: People, rows: slice) -> Floats:
        """Demand (rows, H, P)."""
        grown = self.residents[rows, None, :] * people.growth[None, :, None]
        sheltered = people.shelter[rows, None, None] * self.in_shelter[None]
        housed = people.homes[rows, None, :] * self.in_homes[None]
        return np.asarray(grown + sheltered + housed, dtype=np.float64)

    def scaled(self, factor: Floats) -> "Terms":
        """The same demand times a factor (P,)."""
        return Terms(self.residents * factor, self.in_shelter * factor, self.in_homes * factor)


def newcomers_demand(service: Service, people: People, quantile: Floats) -> Terms:
    """Demand of newcomers at the rate quantiles (P,). Newcomers at the census arrived evenly over the
    months one counts as a newcomer."""
    window, paths = people.newcomer_months, quantile.size
    residents = np.zeros((people.newcomers.shape[0], paths))
    in_shelter, in_homes = np.zeros((2, people.growth.size, paths))
    for rate in service.rates_of(Population.NEWCOMERS):
        first, end = min(rate.months_from, window), min(rate.months_to, window)
        drawn = rate.drawn(quantile)
        residents += np.outer(_of_age(people.newcomers, rate), drawn) * ((end - first) / window)
        sheltered, housed = people.cohorts.between(first, end)
        per_arrival = _age_share(people.arrival_ages, rate) * drawn
        in_shelter += sheltered * per_arrival
        in_homes += housed * per_arrival
    return Terms(residents, in_shelter, in_homes)


def long_term_demand(service: Service, people: People, quantile: Floats) -> Terms:
    """Demand of long-term residents, arrivals of long ago among them; rows that end count nothing here."""
    residents = np.zeros((people.long_term.shape[0], quantile.size))
    per_arrival = np.zeros(quantile.size)
    for rate in service.rates_of(Population.LONG_TERM_RESIDENTS):
        if rate.months_to <= people.newcomer_months:
            continue
        drawn = rate.drawn(quantile)
        residents += np.outer(_of_age(people.long_term, rate), drawn)
        per_arrival += _age_share(people.arrival_ages, rate) * drawn
    sheltered, housed = people.cohorts.between(people.newcomer_months, people.newcomer_months + 1)
    return Terms(residents, sheltered * per_arrival, housed * per_arrival)


def shelter_demand(seeking: Floats, districts: int) -> Terms:
    """Demand for shelter from people seeking it (H, P): counted where shelters are."""
    return Terms(np.zeros((districts, seeking.shape[1])), seeking, np.zeros_like(seeking))


def use_scale(newcomers: Terms, long_term: Terms, used: float) -> Floats:
    """Factor (P,) by which relative use becomes today's use: residents at the census ask for `used`."""
    relative = (newcomers.residents + long_term.residents).sum(axis=0)
    return np.asarray(np.where(relative > 0, used / np.where(relative > 0, relative, 1.0), 0.0))


def _of_age(people: Floats, rate: Rate) -> Floats:
    if rate.age_group == ANY_AGE:
        return np.asarray(people.sum(axis=1), dtype=np.float64)
    return people[:, AGE_GROUPS.index(rate.age_group)]


def _age_share(shares: Floats, rate: Rate) -> float:
    return 1.0 if rate.age_group == ANY_AGE else float(shares[AGE_GROUPS.index(rate.age_group)])
