"""Who lives in a city when the futures begin: by class, months since arrival and district.

Owns turning census ages and arrivals since into the model's cells; ignores services and shelters' places.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.reference import Parameters
from philoxenia.scenarios.case import Case
from philoxenia.scenarios.cohorts import Cohorts, Entries, track
from philoxenia.scenarios.futures.types import BAND_STARTS, CLASSES, LAST_BAND, OLDEST, Floats
from philoxenia.scenarios.settlement import shares
from philoxenia.scenarios.types import AGE_GROUPS, CityInputs

_RECENT_MONTHS = 12
_GENDERS = ("gender_female", "gender_male")


@dataclass(frozen=True)
class StartingPeople:
    """`in_homes` (K, B, D), `homes_months` (K, 61), `shelter_months` (K, 61): people as in `Model`. `settled`
    (D,): last shares of newcomers. `steady`: newcomers a month at the census's pace, whom no series counts.
    `arrivals`, `homeless` (K,): shares of classes."""

    in_homes: Floats
    homes_months: Floats
    shelter_months: Floats
    settled: Floats
    steady: float
    arrivals: Floats
    homeless: Floats


def starting_people(case: Case, inputs: CityInputs) -> StartingPeople:
    """People at the start of the horizon. Newcomers of the census are taken to be as many as then, evenly by
    months since arrival; those counted since come on top, as in `load_and_gaps`."""
    parameters = inputs.parameters
    arrivals = class_shares(case.people.arrival_ages, _women(inputs, inputs.groups.newcomers), parameters)
    homeless = _homeless(inputs, arrivals)
    residents = [
        classes_of(people, _women(inputs, ""), parameters)
        for people in (case.people.newcomers, case.people.long_term * case.people.growth[0])
    ]
    settled = shares(case.people.homes.mean(axis=1))
    since = _cohorts(case, parameters)
    months, in_homes = _in_homes(residents[0], residents[1], arrivals, since.in_homes[:, 0, 0], settled)
    return StartingPeople(
        in_homes=in_homes,
        homes_months=months,
        shelter_months=_in_shelter(case, arrivals, homeless, since.in_shelter[:, 0, 0]),
        settled=settled,
        steady=float(residents[0].sum()) / OLDEST,
        arrivals=arrivals,
        homeless=homeless,
    )


def classes_of(by_age: Floats, women: float, parameters: Parameters) -> Floats:
    """People (D, 5 ages) as people (D, K): children, women, men, older."""
    young, school, teens, adults, older = by_age.T
    under = parameters["futures.children_share_of_age_15_19"]
    grown = adults + (1 - under) * teens
    return np.stack([young + school + under * teens, women * grown, (1 - women) * grown, older], axis=1)


def class_shares(ages: Floats, women: float, parameters: Parameters) -> Floats:
    """Shares (K,) of classes among people of these ages (5,)."""
    counted = classes_of(ages[None, :], women, parameters)[0]
    return np.asarray(counted / counted.sum(), dtype=np.float64)


def ages_in_class(by_age: Floats, parameters: Parameters) -> Floats:
    """Shares (K, 5) of the ages in each class, from people of the city (5,)."""
    under = parameters["futures.children_share_of_age_15_19"]
    young, school, teens, adults, older = by_age
    grown = [0.0, 0.0, (1 - under) * teens, adults, 0.0]
    rows = np.array(
        [[young, school, under * teens, 0, 0], grown, grown, [0, 0, 0, 0, older]], dtype=np.float64
    )
    total = rows.sum(axis=1, keepdims=True)
    even = np.full_like(rows, 1 / len(AGE_GROUPS))
    return np.asarray(np.divide(rows, total, out=even, where=total > 0), dtype=np.float64)


def _women(inputs: CityInputs, group: str) -> float:
    flow = inputs.shelter_flow
    if flow is not None and group and set(_GENDERS) <= set(flow.columns):
        rows = flow.filter(pl.col("group") == group).sort("month").tail(_RECENT_MONTHS)
        female, male = (float(rows[name].sum() or 0) for name in _GENDERS)
        if female + male > 0:
            return female / (female + male)
    return inputs.parameters["futures.women_share_of_adults"]


def _homeless(inputs: CityInputs, otherwise: Floats) -> Floats:
    flow = inputs.shelter_flow
    ages = {"age_under_16": 0, "age_16_24": 1, "age_25_34": 1, "age_35_44": 1, "age_45_54": 1}
    ages |= {"age_55_64": 1, "age_65_over": 2}
    if flow is None or not set(ages) <= set(flow.columns):
        return otherwise
    rows = flow.filter(pl.col("group") == inputs.groups.others).sort("month").tail(_RECENT_MONTHS)
    counted = np.zeros(3)
    for name, place in ages.items():
        counted[place] += float(rows[name].sum() or 0)
    if counted.sum() <= 0:
        return otherwise
    women = _women(inputs, inputs.groups.others)
    children, adults, older = counted / counted.sum()
    return np.array([children, women * adults, (1 - women) * adults, older])


def _cohorts(case: Case, parameters: Parameters) -> Cohorts:
    """Arrivals recorded before the horizon by months since arrival; the same in every future."""
    past = case.entries.to_shelter.shape[0] - len(case.times)
    recorded = Entries(*(values[: max(past, 1), :1] for values in _parts(case.entries)))
    if past < 1:
        recorded = Entries(*(np.zeros((1, 1)) for _ in range(3)))
    return track(recorded, parameters["scenarios.leave_city_share_per_month"], OLDEST, 1)


def _parts(entries: Entries) -> tuple[Floats, Floats, Floats]:
    return entries.to_shelter, entries.to_homes, entries.stay


def _in_homes(
    newcomers: Floats, long_term: Floats, arrivals: Floats, since: Floats, settled: Floats
) -> tuple[Floats, Floats]:
    """Months (K, 61) and cells (K, B, D) of people in homes: the census's, and arrivals since (61,)."""
    months = np.zeros((len(CLASSES), OLDEST + 1))
    months[:, :OLDEST] = newcomers.sum(axis=0)[:, None] / OLDEST
    months[:, OLDEST] = long_term.sum(axis=0)
    cells = np.zeros((len(CLASSES), LAST_BAND + 1, len(settled)))
    width = np.diff([*BAND_STARTS]) / OLDEST
    cells[:, :LAST_BAND] = newcomers.T[:, None, :] * width[None, :, None]
    cells[:, LAST_BAND] = long_term.T
    arrived = arrivals[:, None] * since[None, :]
    in_bands = np.add.reduceat(arrived, BAND_STARTS, axis=1)
    return months + arrived, cells + in_bands[:, :, None] * settled


def _in_shelter(case: Case, arrivals: Floats, homeless: Floats, since: Floats) -> Floats:
    """People in shelter (K, 61): newcomers by the cohorts that came, long-term residents in the last."""
    months = np.zeros((len(CLASSES), OLDEST + 1))
    if case.shelter is None:
        return months
    start = case.shelter.flows.start
    newcomers, others = (start[0], start[1]) if case.shelter.flows.split else (0.0, start[0])
    young = since[:OLDEST]
    mix = young / young.sum() if young.sum() > 0 else np.full(OLDEST, 1 / OLDEST)
    months[:, :OLDEST] = arrivals[:, None] * mix[None, :] * newcomers
    months[:, OLDEST] = homeless * others
    return months
