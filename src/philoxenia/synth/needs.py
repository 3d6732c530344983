"""What people need: shares from margins or by assumption, together in households and in persons.

A Gaussian copula: each need is a threshold on a latent value made of a part the household shares, a part the
person shares over all needs, and a part of its own. District shares are met in expectation.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from philoxenia.reference import Parameters, reference_table
from philoxenia.synth.margins import Margins
from philoxenia.synth.population import People

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def needs_of(
    people: People, margins: Margins, rng: np.random.Generator, parameters: Parameters
) -> dict[str, Bools]:
    """Whether each person has each need, by code of the table `synth_needs`."""
    by_household = parameters["synth.needs_household_correlation"]
    by_person = parameters["synth.needs_person_correlation"] * (1 - by_household)
    household = rng.standard_normal(people.households)[people.household]
    person = rng.standard_normal(len(people))
    shared = np.sqrt(by_household) * household + np.sqrt(by_person) * person
    own = np.sqrt(1 - by_household - by_person)
    found = {}
    for row in reference_table("synth_needs").iter_rows(named=True):
        eligible = (people.age >= int(row["age_low"])) & (people.age <= int(row["age_high"]))
        chance = _chances(people, margins, row)
        latent = shared + own * rng.standard_normal(len(people))
        found[row["need"]] = eligible & (latent > -ndtri(chance))
    return found


def _chances(people: People, margins: Margins, row: Mapping[str, str]) -> Floats:
    """Each person's chance: the district's share, shifted between newcomers and others so that it holds."""
    shares = margins.needs.get(row["need"], np.full(len(margins.districts), float(row["share"])))
    factor = float(row["newcomer_factor"])
    mean_factor = 1 + (factor - 1) * margins.newcomers
    chance = (shares / mean_factor)[people.district] * np.where(people.newcomer, factor, 1.0)
    return np.asarray(chance.clip(1e-9, 0.95))
