"""What disclosure control takes and gives. Owns its errors and the figures of a release with what they count.

An *atom* is a smallest cell: every figure of a release is a sum of atoms. A figure is *open* where its value
is published and *hidden* where it is not. Counts are people.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from philoxenia.vocabulary import PhiloxeniaError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class DisclosureError(PhiloxeniaError):
    """A table that cannot be protected as asked; the message names column, row and remedy."""

    exit_code = 5


@dataclass(frozen=True)
class Figures:
    """Every figure of a release as a sum of atoms.

    `rows` has one line a figure, its keys (null where summed over), `margin`, and the sizes rules look at;
    `members` is figures x atoms, 1 where the atom is counted; `atoms` the true count of each atom.
    """

    rows: pl.DataFrame
    members: sparse.csr_matrix
    atoms: Floats

    @property
    def values(self) -> Floats:
        """The true value of each figure."""
        return np.asarray(self.members @ self.atoms)


@dataclass(frozen=True)
class Known:
    """What an attacker knows: bounds on figures and on atoms, infinite where nothing is known."""

    members: sparse.csr_matrix
    low: Floats
    high: Floats
    atom_low: Floats
    atom_high: Floats
    whole: bool = True
