"""Where no portfolio keeps the limits: which of them stands in the way. Owns that sentence."""

import numpy as np

from philoxenia.valuation.portfolio.rows import Rows
from philoxenia.valuation.portfolio.solver import Cut, Effort, best_under

# Rows that say what a choice is, not what the planner asked for.
_NOT_ASKED = ("one option of", "banned")
_SECONDS = 5.0


def blocking_limits(rows: Rows) -> str:
    """A sentence with the limits each of which, dropped alone, would let some portfolio through.

    A budget or capacity is dropped for all years at once. Where no single one helps, all that ask for
    something are named.
    """
    groups = {_limit_of(name) for name in rows.names if not name.startswith(_NOT_ASKED)}
    alone = sorted(group for group in groups if _keeps_without(rows, group))
    if alone:
        return (
            "No choice of actions keeps all limits. Any one of these stands in the way: loosen "
            f"{_listed(alone)}."
        )
    asked = sorted(group for group in groups if group.startswith(("required", "floor")))
    return (
        "No choice of actions keeps all limits, and no single one is to blame: loosen several of "
        f"{_listed(asked or sorted(groups))}."
    )


def _limit_of(name: str) -> str:
    """The limit a row belongs to: a budget without its year."""
    return name.rpartition(" ")[0] if name.startswith(("budget ", "capacity ")) else name


def _keeps_without(rows: Rows, group: str) -> bool:
    rest = rows.without(frozenset(name for name in rows.names if _limit_of(name) == group))
    nothing = Cut(np.zeros(rows.matrix.shape[1]), 0.0)
    return best_under([nothing], rest, -np.inf, gap=0.5, effort=Effort(_SECONDS)).taken is not None


def _listed(groups: list[str]) -> str:
    return "; ".join(f"the {group}" for group in groups)
