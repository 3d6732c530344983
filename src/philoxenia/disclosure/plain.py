"""The attacker written out: every table of whole counts is tried. Slow and obvious, for tests only."""

from collections.abc import Sequence

import numpy as np

from philoxenia.disclosure.types import Floats


def plain_intervals(
    members: np.ndarray, shown: Sequence[float | None], least: int, most: int
) -> tuple[Floats, Floats]:
    """The least and largest value of every figure (None is hidden) over all tables that give those shown.

    Hidden atoms, the first figures, go from `least` to `most`.
    """
    atoms = [
        np.arange(least, most + 1) if value is None else np.array([value])
        for value in shown[: members.shape[1]]
    ]
    tables = np.stack([axis.ravel() for axis in np.meshgrid(*atoms, indexing="ij")])
    sums = members @ tables
    fits = np.ones(tables.shape[1], dtype=bool)
    for row, value in enumerate(shown):
        fits &= (value is None) | (sums[row] == value)
    return sums[:, fits].min(axis=1).astype(float), sums[:, fits].max(axis=1).astype(float)
