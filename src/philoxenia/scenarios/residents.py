"""Residents at the last census by age, newcomers and long-term residents apart.

Owns reading the profile and filling ages that are not counted; ignores arrivals after the census.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.reference import Parameters
from philoxenia.scenarios.types import AGE_GROUPS, CityInputs, Floats, LoadError

_RECENT_MONTHS = 12
# Ages of the shelter flow, as shares of them in each of the five age groups (even within an age band).
_FLOW_AGES = {
    "age_under_16": (5 / 16, 10 / 16, 1 / 16, 0.0, 0.0),
    "age_16_24": (0.0, 0.0, 4 / 9, 5 / 9, 0.0),
    "age_25_34": (0.0, 0.0, 0.0, 1.0, 0.0),
    "age_35_44": (0.0, 0.0, 0.0, 1.0, 0.0),
    "age_45_54": (0.0, 0.0, 0.0, 1.0, 0.0),
    "age_55_64": (0.0, 0.0, 0.0, 1.0, 0.0),
    "age_65_over": (0.0, 0.0, 0.0, 0.0, 1.0),
}


@dataclass(frozen=True)
class Residents:
    """People at the census (D, K): newcomers and long-term residents by age; age shares of arrivals (K,)."""

    newcomers: Floats
    long_term: Floats
    arrival_ages: Floats

    @property
    def newcomers_total(self) -> Floats:
        """Newcomers by district (D,)."""
        return np.asarray(self.newcomers.sum(axis=1), dtype=np.float64)


def profile_people(inputs: CityInputs, notes: list[str]) -> Residents:
    """Split the profile by age and constituency. Newcomers of every district have the same age shares."""
    profile = inputs.profile
    population = _column(profile, "population")
    if population is None or population.sum() <= 0:
        raise LoadError("The district profile counts no population; load needs at least that.")
    everybody = _by_age(profile, population, inputs.parameters, notes)
    counted = _column(profile, "newcomers")
    if counted is None:
        notes.append("Newcomers are not counted by district: only arrivals after the census are newcomers.")
        counted = np.zeros(profile.height)
    ages = _parameter_ages(inputs.parameters, "newcomer")
    newcomers = np.minimum(np.outer(np.minimum(counted, population), ages), everybody)
    return Residents(newcomers, everybody - newcomers, _arrival_ages(inputs, ages, notes))


def _by_age(profile: pl.DataFrame, population: Floats, parameters: Parameters, notes: list[str]) -> Floats:
    columns = [_column(profile, age) for age in AGE_GROUPS]
    if any(column is None for column in columns):
        notes.append(
            "The census gives no ages by district: scenarios.resident_share_age_* are used (assumption)."
        )
        return np.outer(population, _parameter_ages(parameters, "resident"))
    counts = np.stack([column for column in columns if column is not None], axis=1)
    total = counts.sum(axis=1, keepdims=True)
    # Ages are rounded by the statistical office, so they are scaled to the population they belong to.
    even = np.broadcast_to(_parameter_ages(parameters, "resident"), counts.shape)
    share = np.divide(counts, total, out=even.copy(), where=total > 0)
    return np.asarray(share * population[:, None], dtype=np.float64)


def _column(profile: pl.DataFrame, name: str) -> Floats | None:
    if name not in profile.columns or profile[name].null_count() == profile.height:
        return None
    return np.asarray(profile[name].cast(pl.Float64).fill_null(0.0).clip(0.0).to_numpy(), dtype=np.float64)


def _parameter_ages(parameters: Parameters, whose: str) -> Floats:
    share = np.array([parameters[f"scenarios.{whose}_share_{age}"] for age in AGE_GROUPS])
    return np.asarray(share / share.sum(), dtype=np.float64)


def _arrival_ages(inputs: CityInputs, otherwise: Floats, notes: list[str]) -> Floats:
    flow = inputs.shelter_flow
    if flow is not None and set(_FLOW_AGES) <= set(flow.columns):
        rows = flow.filter(pl.col("group") == inputs.groups.newcomers).sort("month").tail(_RECENT_MONTHS)
        counts = rows.select(pl.col(list(_FLOW_AGES)).sum().cast(pl.Float64)).to_numpy()
        if counts.size and counts.sum() > 0:
            by_age = counts[0] @ np.array(list(_FLOW_AGES.values()))
            return np.asarray(by_age / by_age.sum(), dtype=np.float64)
    notes.append("Ages of arrivals are not recorded: scenarios.newcomer_share_age_* are used (assumption).")
    return otherwise
