"""Who gains: cells that make a partition, and the constituencies that are sums of them.

Owns which cell an outcome belongs to: waiting, living in a shelter and leaving one for a home happen to
homeless people of a group, everything else to the group.
"""

import numpy as np

from philoxenia.report.foresight import CONSTITUENCIES
from philoxenia.scenarios.futures.types import CLASSES, GROUPS, Floats

HOMELESS = ".homeless"
CELLS = (*GROUPS, *(f"{group}{HOMELESS}" for group in GROUPS))
HOMELESS_MEASURES = ("waiting", "in_shelter", "exits_to_homes")
_OF_CLASS = dict(zip(("children", "women", "men", "older_people"), CLASSES, strict=True))


def belongs(constituency: str, cell: str) -> bool:
    """Whether what a cell gains is a gain of the constituency."""
    group = cell.removesuffix(HOMELESS)
    if constituency == "homeless_people":
        return cell != group
    if constituency == "newcomers":
        return group.startswith("newcomer_")
    if constituency == "long_term_residents":
        return group.startswith("long_term_")
    return group.endswith(f"_{_OF_CLASS[constituency]}")


MEMBERS: Floats = np.array([[float(belongs(name, cell)) for name in CONSTITUENCIES] for cell in CELLS])
"""(cells, constituencies) of 0 and 1: gains by cell times this are gains by constituency."""


def in_cells(by_group: Floats, measures: tuple[str, ...]) -> Floats:
    """Amounts (..., G, M) of groups as amounts (..., 16, M) of cells; nothing is counted twice."""
    homeless = np.array([name in HOMELESS_MEASURES for name in measures])
    split = (np.where(homeless, 0.0, by_group), np.where(homeless, by_group, 0.0))
    return np.asarray(np.concatenate(split, axis=-2), dtype=np.float64)


def income_of(cell: str) -> str:
    """The row of incomes that holds for a cell."""
    return "homeless" if cell.endswith(HOMELESS) else cell
