"""A city's services as the futures see them: units a person asks for in a month, and what there is.

Owns turning rates by age and capacity tables into the model's cells; ignores who lives where.
"""

import numpy as np
import polars as pl

from philoxenia.reference import Parameters
from philoxenia.scenarios.capacity import SHELTER, Capacity
from philoxenia.scenarios.case import Case
from philoxenia.scenarios.catchment import distances_km, within_reach
from philoxenia.scenarios.futures.city_people import ages_in_class
from philoxenia.scenarios.futures.types import (
    BAND_STARTS,
    BANDS,
    CERTAIN,
    CLASSES,
    LAST_BAND,
    OLDEST,
    Floats,
    Service,
    Span,
)
from philoxenia.scenarios.rates import ANY_AGE, Rate
from philoxenia.scenarios.rates import Service as Rated
from philoxenia.scenarios.types import AGE_GROUPS, CityInputs
from philoxenia.vocabulary import Population

_DAYS_A_MONTH = 365.25 / 12
_CENTRES = ("longitude", "latitude")


def city_services(case: Case, inputs: CityInputs, in_homes: Floats, notes: list[str]) -> tuple[Service, ...]:
    """Every service but shelter. `in_homes` (K, B, D): people at the start."""
    ages = ages_in_class((case.people.newcomers + case.people.long_term).sum(axis=0), inputs.parameters)
    return tuple(
        _service(rated, case, inputs, ages, in_homes, notes)
        for rated in case.services
        if rated.basis != "stock" and rated.name != SHELTER
    )


def _service(
    rated: Rated, case: Case, inputs: CityInputs, ages: Floats, in_homes: Floats, notes: list[str]
) -> Service:
    parameters, capacity = inputs.parameters, case.capacity.get(rated.name)
    days, unit = _monthly(rated.unit)
    rates = _rates(rated, ages, "rate") * days
    needed = np.einsum("kb,kbd->d", rates, in_homes)
    if rated.basis == "use" and capacity is not None and needed.sum() > 0:
        rates = rates * ((capacity.used or capacity.total) / needed.sum())
        needed = np.einsum("kb,kbd->d", rates, in_homes)
    placed, known = _placed(rated, capacity, needed, days, parameters, notes)
    pooled = rated.scope == "city" or capacity is None or not known
    sharing = None if pooled else _sharing(inputs, needed, rated.reach_km)
    return Service(
        name=rated.name,
        unit=unit,
        rates=rates,
        capacity=placed if sharing is None else sharing @ placed,
        placed=placed,
        pooled=pooled,
        keeps=parameters["futures.keeps_asking_share"] if rated.basis == "use" else 0.0,
        sharing=sharing,
        rate_factor=_rate_factor(rated, ages, in_homes, parameters, from_need=not known),
        capacity_factor=_capacity_factor(rated, capacity if known else None),
    )


def _monthly(unit: str) -> tuple[float, str]:
    """Factor from the table's unit to units a month, and the unit of sums over months."""
    if unit.endswith(" a day"):
        return _DAYS_A_MONTH, unit.removesuffix(" a day")
    if unit.endswith(" a month"):
        return 1.0, unit.removesuffix(" a month")
    return 1.0, f"{unit} x months"


def _rates(rated: Rated, ages: Floats, column: str) -> Floats:
    """Units a person asks for (K, B), ages of each class as in the city, months of a band evenly."""
    rates = np.zeros((len(CLASSES), len(BANDS)))
    for band in range(LAST_BAND):
        for rate in rated.rates_of(Population.NEWCOMERS):
            part = _overlap(rate, BAND_STARTS[band], BAND_STARTS[band + 1])
            rates[:, band] += getattr(rate, column) * part * _of_age(rate, ages)
    for rate in rated.rates_of(Population.LONG_TERM_RESIDENTS):
        if rate.months_to > OLDEST:
            rates[:, LAST_BAND] += getattr(rate, column) * _of_age(rate, ages)
    return rates


def _overlap(rate: Rate, first: int, end: int) -> float:
    return max(min(rate.months_to, end) - max(rate.months_from, first), 0) / (end - first)


def _of_age(rate: Rate, ages: Floats) -> Floats:
    return np.ones(len(CLASSES)) if rate.age_group == ANY_AGE else ages[:, AGE_GROUPS.index(rate.age_group)]


def _capacity_factor(rated: Rated, capacity: Capacity | None) -> Span:
    """Range of capacity. By use, demand was scaled to capacity: an error in one is the same in the other."""
    if capacity is None or rated.basis == "use":
        return CERTAIN
    return Span(capacity.low, 1.0, capacity.high)


def _rate_factor(
    rated: Rated, ages: Floats, in_homes: Floats, parameters: Parameters, *, from_need: bool
) -> Span:
    """Range of what the city asks relative to the middle. Where capacity is as large as today's use or need,
    an error in the rate is an error in both: then the range is that of change from today."""
    if rated.basis == "use" or from_need:
        return Span(parameters["futures.use_factor_low"], 1.0, parameters["futures.use_factor_high"])
    people = in_homes.sum(axis=2)
    low, middle, high = (
        float((_rates(rated, ages, name) * people).sum()) for name in ("low", "rate", "high")
    )
    return Span(low / middle, 1.0, high / middle) if middle > 0 else Span(1.0, 1.0, 1.0)


def _placed(
    rated: Rated,
    capacity: Capacity | None,
    needed: Floats,
    days: float,
    parameters: Parameters,
    notes: list[str],
) -> tuple[Floats, bool]:
    """Capacity (D,) where it stands, in units a month; and whether a table says so. What stands nowhere is
    spread by need; what no table counts is today's need and a margin."""
    total = 0.0 if capacity is None else capacity.total * days
    least = parameters["scenarios.least_believable_coverage"] * needed.sum()
    if capacity is None or (rated.basis == "norm" and total < least):
        margin = parameters["futures.unstated_capacity_margin"]
        notes.append(
            f"{rated.name!r}: no table counts its capacity, or too little of it: it is taken as what "
            f"residents ask today and {margin:.0%} (futures.unstated_capacity_margin, assumption)."
        )
        return needed * (1 + margin), False
    spread = needed / needed.sum() if needed.sum() > 0 else np.full(len(needed), 1 / len(needed))
    return (capacity.placed + capacity.unplaced * spread) * days, True


def _sharing(inputs: CityInputs, needed: Floats, reach_km: float) -> Floats | None:
    """Share (D, D) of a unit placed in column j that serves row i: by need within reach of j."""
    within = _within(inputs, reach_km)
    if within is None:
        return None
    reached = within @ needed
    share = needed[:, None] * within.T / np.where(reached > 0, reached, 1.0)[None, :]
    return np.asarray(np.where(reached[None, :] > 0, share, np.eye(len(needed))), dtype=np.float64)


def _within(inputs: CityInputs, reach_km: float) -> Floats | None:
    centres = centres_of(inputs)
    return None if centres is None or reach_km <= 0 else within_reach(*centres, reach_km)


def centres_of(inputs: CityInputs) -> tuple[Floats, Floats] | None:
    """Longitudes and latitudes (D,) of districts, where every one is known."""
    profile = inputs.profile
    if not set(_CENTRES) <= set(profile.columns) or profile.select(_CENTRES).null_count().sum_horizontal()[0]:
        return None
    east, north = (profile[name].cast(pl.Float64).to_numpy() for name in _CENTRES)
    return np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)


def distances_between(inputs: CityInputs) -> Floats | None:
    """Kilometres (D, D) between centres of districts, where every one is known."""
    centres = centres_of(inputs)
    return None if centres is None else distances_km(*centres)
