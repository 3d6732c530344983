"""Pressure today in one call: indicators, reach, composite pressure and exposure of one city."""

import polars as pl

from philoxenia.exchange import City
from philoxenia.needs.exposure import exposure
from philoxenia.needs.pressure import indicator_weights, pressure
from philoxenia.needs.profile import DistrictPeople, Profile, district_people, read_profile
from philoxenia.needs.reach import reach
from philoxenia.needs.types import EXPOSURE_COLUMNS, PEOPLE_COLUMNS, PressureToday
from philoxenia.needs.values import indicator_values
from philoxenia.vocabulary import Population

_NEWCOMERS_UNKNOWN = (
    "Newcomers and long-term residents cannot be compared: the census profile does not say how many "
    "newcomers live in each district (city.toml, groups.newcomers)."
)


def pressure_today(city: City, seed: int) -> PressureToday:
    """Everything that can be computed from the city's tables, and sentences on what cannot.

    The same city, parameters and seed give the same frames, to the bit.
    """
    profile = read_profile(city)
    reached = reach(city, profile)
    values = indicator_values(city, reached, profile)
    weights = indicator_weights(city.parameters)
    people = district_people(city, profile)
    missing = [*reached.missing, *values.missing]
    compared = pl.DataFrame(schema=EXPOSURE_COLUMNS)
    if people is None:
        missing.append(_NEWCOMERS_UNKNOWN)
    else:
        compared = exposure(values.frame, people, weights, seed, city.parameters, profile.districts)
    return PressureToday(
        people=_people_frame(profile, people),
        values=values.frame,
        pressure=pressure(values.frame, weights, seed, city.parameters),
        reach=reached.frame,
        unreached=reached.unreached,
        exposure=compared,
        weights=weights,
        missing=tuple(missing),
    )


def _people_frame(profile: Profile, people: DistrictPeople | None) -> pl.DataFrame:
    """How many of each population live in each district, as far as the profile tells."""
    counts = {Population.ALL_RESIDENTS: profile.total(("population",))}
    if people is not None:
        counts |= {
            group: people.of(group) for group in (Population.NEWCOMERS, Population.LONG_TERM_RESIDENTS)
        }
    frames = [
        pl.DataFrame(
            {"district_id": profile.districts, "population": [str(group)] * len(number), "people": number},
            schema=PEOPLE_COLUMNS,
        )
        for group, number in counts.items()
        if number is not None
    ]
    return pl.concat([pl.DataFrame(schema=PEOPLE_COLUMNS), *frames]).with_columns(
        pl.col("people").fill_nan(None)
    )
