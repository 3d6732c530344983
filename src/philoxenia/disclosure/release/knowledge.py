"""Everything an attacker holds about the same people: this release and all earlier ones, as one set of
sums.

Releases with the same keys share their atoms, so that a table with one district more, or with other age
bands, is seen as what it is: other sums of the same cells. Releases with other keys are joined through the
margins they share. Owns that joining; what the sums give away is the attacker's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from philoxenia.disclosure.figures import figures_of
from philoxenia.disclosure.types import Figures, Floats, Known

Parts = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class Published:
    """One release as its readers have it: figures as sums of cells, and what each may lie between."""

    name: str
    keys: tuple[str, ...]
    several: tuple[str, ...]
    cells: pl.DataFrame
    margins: tuple[tuple[str, ...], ...]
    parts: Parts
    low: Floats
    high: Floats
    whole: bool

    @cached_property
    def figures(self) -> Figures:
        """The figures in the order of `low` and `high`; atoms hold no counts."""
        return figures_of(self.cells.with_columns(_none=0.0), self.keys, "_none", self.margins)

    @cached_property
    def atoms(self) -> list[list[tuple[str, ...]]]:
        """The basic cells of each cell: one, or those its categories are made of."""
        order = sorted(self.keys)
        return [
            list(product(*(self._basic(key, value) for key, value in zip(order, row, strict=True))))
            for row in self.cells.select(order).cast(pl.String).fill_null("").iter_rows()
        ]

    @property
    def hidden(self) -> np.ndarray:
        """Figures without an upper bound: those whose readers see nothing."""
        return np.isinf(self.high)

    def name_of(self, figure: int) -> str:
        """A figure by its public keys."""
        row = self.figures.rows.row(figure, named=True)
        told = [f"{name} {value}" for name, value in row.items() if name != "margin" and value is not None]
        return ", ".join(told) or "the total"

    def content(self) -> dict[str, Any]:
        """As the ledger keeps it: nothing but what was published."""
        return {
            "table": self.name,
            "keys": list(self.keys),
            "several": list(self.several),
            "cells": self.cells.cast(pl.String).to_dict(as_series=False),
            "margins": [list(margin) for margin in self.margins],
            "parts": {
                key: {name: list(of) for name, of in parts.items()} for key, parts in self.parts.items()
            },
            "low": [float(value) for value in self.low],
            "high": [None if np.isinf(value) else float(value) for value in self.high],
            "whole": self.whole,
        }

    def _basic(self, key: str, value: str) -> Sequence[str]:
        return self.parts.get(key, {}).get(value, (value,))


def published_of(content: Mapping[str, Any]) -> Published:
    """A release as the ledger kept it."""
    return Published(
        name=content["table"],
        keys=tuple(content["keys"]),
        several=tuple(content["several"]),
        cells=pl.DataFrame(content["cells"], schema=dict.fromkeys(content["cells"], pl.String)),
        margins=tuple(tuple(margin) for margin in content["margins"]),
        parts=content["parts"],
        low=np.array(content["low"], dtype=np.float64),
        high=np.array([np.inf if value is None else value for value in content["high"]], dtype=np.float64),
        whole=content["whole"],
    )


class Joined:
    """Several releases about the same people at the same time, over one set of atoms."""

    def __init__(self, releases: Sequence[Published], *, across: bool = True) -> None:
        self.releases = releases
        self._place: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
        for release in releases:
            for atom in (atom for cell in release.atoms for atom in cell):
                self._place.setdefault((tuple(sorted(release.keys)), atom), len(self._place))
        self.figures = [release.figures.members @ self._cells(release) for release in releases]
        links = self._links() if across else sparse.csr_matrix((0, len(self._place)))
        self.known = self._known(links)

    def row_of(self, keys: tuple[str, ...], atoms: Iterable[tuple[str, ...]]) -> sparse.csr_matrix | None:
        """A sum of atoms, None where one of them is in no release."""
        order = tuple(sorted(keys))
        places = [self._place.get((order, atom), -1) for atom in atoms]
        if not places or min(places) < 0:
            return None
        ones = np.ones(len(places))
        return sparse.csr_matrix(
            (ones, (np.zeros(len(places), dtype=int), places)), shape=(1, len(self._place))
        )

    def _cells(self, release: Published) -> sparse.csr_matrix:
        order = tuple(sorted(release.keys))
        rows = [row for row, cell in enumerate(release.atoms) for _ in cell]
        columns = [self._place[order, atom] for cell in release.atoms for atom in cell]
        shape = (release.cells.height, len(self._place))
        return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)

    def _known(self, links: sparse.csr_matrix) -> Known:
        matrix = sparse.vstack([*self.figures, links], format="csr")
        equal = np.zeros(links.shape[0])
        low = np.concatenate([*(release.low for release in self.releases), equal])
        high = np.concatenate([*(release.high for release in self.releases), equal])
        atom_low, atom_high = np.zeros(len(self._place)), np.full(len(self._place), np.inf)
        single = np.diff(matrix.indptr) == 1
        places = matrix.indices[matrix.indptr[:-1][single]]
        # A figure of one atom bounds it: fewer rows, and parts that fall apart.
        np.maximum.at(atom_low, places, low[single])
        np.minimum.at(atom_high, places, high[single])
        return Known(
            members=matrix[~single],
            low=low[~single],
            high=high[~single],
            atom_low=atom_low,
            atom_high=atom_high,
            whole=all(release.whole for release in self.releases),
        )

    def _links(self) -> sparse.csr_matrix:
        """Sums over what two sets of keys do not share are equal: both count the same people."""
        cubes: dict[tuple[str, ...], set[str]] = {}
        for release in self.releases:
            cubes.setdefault(tuple(sorted(release.keys)), set()).update(release.several)
        rows = [
            row
            for left in cubes
            for right in cubes
            if left < right
            for row in self._shared(left, right, cubes[left] | cubes[right])
        ]
        empty = sparse.csr_matrix((0, len(self._place)))
        return sparse.vstack([empty, *rows], format="csr")

    def _shared(
        self, left: tuple[str, ...], right: tuple[str, ...], several: set[str]
    ) -> list[sparse.csr_matrix]:
        shared = [key for key in left if key in right]
        if several & (set(left) ^ set(right)):
            return []
        sums = [self._margin(cube, shared) for cube in (left, right)]
        rows = []
        for values in sums[0].keys() & sums[1].keys():
            first, second = sums[0][values], sums[1][values]
            ones = np.concatenate([np.ones(len(first)), -np.ones(len(second))])
            columns = [*first, *second]
            shape = (1, len(self._place))
            rows.append(sparse.csr_matrix((ones, (np.zeros(len(columns), dtype=int), columns)), shape=shape))
        return rows

    def _margin(self, cube: tuple[str, ...], shared: Sequence[str]) -> dict[tuple[str, ...], list[int]]:
        at = [cube.index(key) for key in shared]
        sums: dict[tuple[str, ...], list[int]] = {}
        for (keys, atom), place in self._place.items():
            if keys == cube:
                sums.setdefault(tuple(atom[i] for i in at), []).append(place)
        return sums
