"""What valuation takes and gives. Owns shapes, units and names; ignores where outcomes come from.

Axes: F futures, Y years, C constituencies, P pillars, U funders. Money is in one currency of one price year.
Constituencies are cells that do not overlap, so that what they gain adds up to the whole.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from philoxenia.vocabulary import PhiloxeniaError

Floats = NDArray[np.float64]


class ValuationError(PhiloxeniaError):
    """Input that cannot be valued; the message names it and the remedy."""

    exit_code = 5


class Pillar(StrEnum):
    """The three parts of the dividend (Tanner et al. 2015, "The triple dividend of resilience")."""

    AVOIDED_LOSS = "avoided_loss"
    UNLOCKED_POTENTIAL = "unlocked_potential"
    CO_BENEFIT = "co_benefit"


PILLARS = tuple(Pillar)


@dataclass(frozen=True)
class UnitValue:
    """What one unit of an outcome is worth to the person it happens to; negative for a loss.

    `low` and `high` bound it; `source` names where it is from, or begins with the word assumption.
    """

    measure: str
    unit: str
    value: float
    low: float
    high: float
    pillar: Pillar
    source: str
    date: str = ""


@dataclass(frozen=True)
class Outcomes:
    """What happens with one plan in every future.

    `amounts`: (F, Y, C, M) units of each of `measures` by constituency; `costs`: (F, Y, U) money by funder.
    """

    constituencies: tuple[str, ...]
    measures: tuple[str, ...]
    funders: tuple[str, ...]
    amounts: Floats
    costs: Floats

    def __post_init__(self) -> None:
        wanted = (len(self.constituencies), len(self.measures))
        if self.amounts.ndim != 4 or self.amounts.shape[2:] != wanted:
            raise ValuationError(
                f"amounts has shape {self.amounts.shape}; (futures, years, {wanted[0]} constituencies, "
                f"{wanted[1]} measures) is needed."
            )
        if self.costs.shape != (*self.amounts.shape[:2], len(self.funders)):
            raise ValuationError(
                f"costs has shape {self.costs.shape}; (futures, years, {len(self.funders)} funders) is "
                "needed, for the same futures and years as amounts."
            )
        for name, array in (("amounts", self.amounts), ("costs", self.costs)):
            if not np.isfinite(array).all():
                raise ValuationError(f"{name} holds {_first_bad(array)}: every cell must be a finite number.")


def _first_bad(array: Floats) -> str:
    place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
    return f"{array[place]} at {place}"
