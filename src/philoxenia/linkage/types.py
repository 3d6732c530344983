"""What linkage takes and gives: errors, the basis of comparison, and the frames of a linked set.

Owns shapes only. Terms are those of Fellegi and Sunter (1969): m is the chance of a level among records of
one person, u among records of two; the weight of a level is log2(m/u).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from philoxenia.vocabulary import PhiloxeniaError

# Of the people contract, all that records may be compared on or that is joined afterwards.
PEOPLE_COLUMNS = (
    "given_name",
    "middle_name",
    "family_name",
    "full_name",
    "birth_date",
    "sex",
    "language",
    "phone",
    "email",
    "house_number",
    "address",
    "address_2",
    "postal_code",
    "locality",
    "region",
    "district_id",
    "household_id",
    "id_health",
    "id_city_card",
    "id_social",
    "id_school",
    "in_city_since",
    "needs",
)

Tables = Mapping[str, pl.DataFrame]
Progress = Callable[[str, float, str], None]


class LinkageError(PhiloxeniaError):
    """These lists cannot be linked as asked: where, why, what to do. Never holds a name of a person."""

    exit_code = 5


class LinkageRefusedError(PhiloxeniaError):
    """Linkage is not allowed: no agreement, an agreement that ended, a vague purpose, a destroyed key."""

    exit_code = 3


@dataclass(frozen=True)
class Basis:
    """What records are compared on: how they are prepared, compared and blocked.

    `prepared(frame)` adds columns; `comparisons(columns)` gives Splink comparisons; `blocks` are tuples of
    prepared columns on which two records must agree to be compared at all; `training` are the blocks of
    training.
    """

    name: str
    prepared: Callable[[pl.DataFrame], pl.DataFrame]
    comparisons: Callable[[Sequence[str]], Sequence[Any]]
    blocks: tuple[tuple[str, ...], ...]
    training: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...] = PEOPLE_COLUMNS
    homes: tuple[tuple[str, ...], ...] = ()
    tells_apart: tuple[str, ...] = ()
    decides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class TrainSpec:
    """How a model is trained: on which basis, with which seed, on how many pairs; `truth` where it is known.

    `truth` has columns source, record, person; with it m comes from pairs of the same person, else from
    expectation maximisation. `within` says whether records of one list are compared with each other too.
    """

    basis: str = "people"
    seed: int = 1
    random_pairs: int = 0
    within: bool = True
    truth: pl.DataFrame | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Thresholds:
    """From `link` up, in log2 odds, a pair is a link; from `doubt` up it goes to review; below it is apart.

    `false_share` and `missed_share` are what the model expects at these thresholds, as shares of links and of
    true pairs.
    """

    link: float
    doubt: float
    false_share: float
    missed_share: float
