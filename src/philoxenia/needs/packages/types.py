"""Programmes, and the package of them that was chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Programme:
    """One programme: the needs it meets, what it costs in all, and for whom it is there.

    `only` limits it to groups of the overlap: {"district_id": ("001", "002")}; empty is for everybody.
    """

    id: str
    needs: tuple[str, ...]
    cost: float = 1.0
    name: str = ""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Package:
    """Programmes chosen, whom they reach, and how good the choice is known to be.

    chosen: step, programme, name, cost, spent (so far), gained (people or needs this step adds), reached.
    reach: group (a population, or `all`), people (with any need), reached (some need met), share,
    fully (every need met), fully_share, needs (of all people), needs_met, needs_share, floor, floor_kept.
    value: what the objective counts; upper: no package within the limits can reach more; guarantee: the share
    of the best that greedy is proven to reach (0 where no proof holds); best: the exact optimum, None where
    it was not asked or not found in time. `notes` say it in sentences.
    """

    chosen: pl.DataFrame
    reach: pl.DataFrame
    method: str
    objective: str
    value: float
    upper: float
    guarantee: float
    best: float | None
    spent: float
    notes: tuple[str, ...] = ()

    @property
    def programmes(self) -> tuple[str, ...]:
        """The ids of the programmes chosen, in order."""
        return tuple(self.chosen["programme"])
