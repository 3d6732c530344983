"""Which figures tell about single people by themselves: too few, all of a group, or one who makes up a sum.

Owns the rules that mark a figure as sensitive before anything is added or subtracted.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.disclosure.types import DisclosureError, Figures, Flags, Floats
from philoxenia.reference import default_parameters

SMALL, FEW_WITHOUT, EVERYBODY, ONE_DOMINATES, ZERO = (
    "small",
    "few_without",
    "everybody",
    "one_dominates",
    "zero",
)
COMPLEMENTARY, EARLIER = "complementary", "earlier"
SHOW, HIDE = "show", "hide"


@dataclass(frozen=True)
class Rules:
    """When a figure is sensitive. Columns belong to the cells.

    `zeros`: "show" or "hide" empty cells. `base`: how many people the count is of, so that a group where
    everybody is counted, or all but a few, is seen. `contributors`: how many people stand behind a weighted
    count or a sum. `largest`: the columns of the largest and the second largest contribution to a sum.
    """

    minimum: int = 0
    zeros: str = SHOW
    base: str = ""
    contributors: str = ""
    largest: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        row = default_parameters().row("disclosure.minimum")
        if not self.minimum:
            object.__setattr__(self, "minimum", int(row.value))
        if not row.low <= self.minimum <= row.high:
            raise DisclosureError(
                f"The smallest count shown is set to {self.minimum}; "
                f"it lies between {row.low:g} and {row.high:g}."
            )
        if self.zeros not in (SHOW, HIDE):
            raise DisclosureError(f"zeros = {self.zeros!r}: say {SHOW!r} or {HIDE!r}.")
        if len(self.largest) not in (0, 2):
            raise DisclosureError("largest names two columns: the largest and the second largest part.")


def sensitive(figures: Figures, cells: pl.DataFrame, rules: Rules) -> pl.Series:
    """Why each figure is sensitive, '' where it is not."""
    people = _people(figures, cells, rules)
    why = np.full(len(people), "", dtype=object)
    if rules.largest:
        why[_dominated(figures, cells, rules.largest)] = ONE_DOMINATES
    if rules.base:
        count, base = figures.atoms, _numbers(cells, rules.base)
        if (count > base).any():
            row = int(np.flatnonzero(count > base)[0]) + 1
            raise DisclosureError(f"Row {row} counts more people than its {rules.base!r} holds.")
        without = base - count
        atoms = np.arange(len(count))
        why[atoms[(without > 0) & (without < rules.minimum) & (count > 0)]] = FEW_WITHOUT
        why[atoms[(without == 0) & (count > 0)]] = EVERYBODY
    why[(people > 0) & (people < rules.minimum)] = SMALL
    if rules.zeros == HIDE:
        why[people == 0] = ZERO
    return pl.Series("why", list(why), dtype=pl.String)


def widths(figures: Figures, rules: Rules) -> Floats:
    """How wide an attacker's interval of each figure must be, if it is sensitive: people, or the table's
    unit.
    """
    parameters = default_parameters()
    if rules.contributors or rules.largest:
        return np.maximum(parameters["disclosure.prior_share"] * figures.values, 1e-3)
    least = min(parameters["disclosure.width"], max(rules.minimum - 2, 1))
    return np.full(len(figures.values), float(least))


def _people(figures: Figures, cells: pl.DataFrame, rules: Rules) -> Floats:
    if not rules.contributors:
        return figures.values
    return np.asarray(figures.members @ _numbers(cells, rules.contributors))


def _dominated(figures: Figures, cells: pl.DataFrame, columns: tuple[str, ...]) -> Flags:
    """The (n,k) rule with n = 1 and the p% rule. Contributors are taken to differ between cells."""
    parameters = default_parameters()
    parts = np.column_stack([_numbers(cells, column) for column in columns])
    members = figures.members
    found = np.zeros(members.shape[0], dtype=bool)
    for row in range(members.shape[0]):
        atoms = members.indices[members.indptr[row] : members.indptr[row + 1]]
        first, second = np.sort(parts[atoms].ravel())[::-1][:2]
        total = figures.atoms[atoms].sum()
        rest = total - first - second
        found[row] = total > 0 and (
            first > parameters["disclosure.dominance_share"] * total
            or rest < parameters["disclosure.prior_share"] * first
        )
    return found


def _numbers(cells: pl.DataFrame, column: str) -> Floats:
    if column not in cells.columns or not cells[column].dtype.is_numeric():
        raise DisclosureError(f"The rules ask for a column of numbers {column!r}, which the table lacks.")
    if cells[column].null_count():
        raise DisclosureError(f"The column {column!r} has empty cells: every row needs its number.")
    return cells[column].cast(pl.Float64).to_numpy()
