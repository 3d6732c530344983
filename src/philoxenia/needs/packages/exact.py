"""The best package there is, by integer programming (HiGHS)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

from philoxenia.needs.travel import Floats

Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Optimum:
    """`chosen` is None where no package keeps the floors; `proven` says whether the search was finished."""

    chosen: list[int] | None
    value: float
    upper: float
    proven: bool


def optimum(
    covers: Bools,
    worth: Floats,
    cost: Floats,
    budget: float,
    most: int,
    floors: Mapping[int, tuple[Bools, float]],
    seconds: float,
) -> Optimum:
    """max sum w z, z_e <= sum of x that cover e, cost x <= budget, sum x <= most, floors on sums of z.

    `floors` maps a number to (elements, least sum of their worth). Elements e are continuous in 0..1: whole x
    make them whole.
    """
    programmes, elements = covers.shape
    least = [
        LinearConstraint(_row(where * worth, programmes), need, np.inf) for where, need in floors.values()
    ]
    linked = hstack([csr_array(-covers.T.astype(float)), _identity(elements)])
    money = csr_array(np.concatenate([cost, np.zeros(elements)])[None, :])
    number = csr_array(np.concatenate([np.ones(programmes), np.zeros(elements)])[None, :])
    limits = [
        LinearConstraint(linked, -np.inf, 0),
        LinearConstraint(vstack([money, number]), -np.inf, np.array([budget + 1e-9, most])),
    ]
    found = milp(
        np.concatenate([np.zeros(programmes), -worth]),
        integrality=np.concatenate([np.ones(programmes), np.zeros(elements)]),
        bounds=Bounds(0, 1),
        constraints=[*limits, *least],
        options={"time_limit": seconds},
    )
    if found.x is None:
        return Optimum(None, float("nan"), float("inf"), found.status == 2)
    chosen = [int(place) for place in np.flatnonzero(found.x[:programmes] > 0.5)]
    value = float(worth[covers[chosen].any(axis=0)].sum())
    return Optimum(chosen, value, float(-found.mip_dual_bound), found.status == 0)


def _row(values: Floats, before: int) -> csr_array:
    return csr_array(np.concatenate([np.zeros(before), values])[None, :])


def _identity(size: int) -> coo_array:
    place = np.arange(size)
    return coo_array((np.ones(size), (place, place)), shape=(size, size))
