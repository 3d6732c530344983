"""Who is one person: components of linked pairs, kept apart where a reviewer or a list says so.

Owns grouping. A component that breaks no constraint stays whole; one that does is built again from its
strongest pair down, and a pair that would break a constraint is left out.
"""

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Rows = NDArray[np.int64]


def clustered(
    records: int,
    edges: tuple[Rows, Rows, NDArray[np.float64]],
    sources: NDArray[np.int64],
    alone: Iterable[int] = (),
    apart: Iterable[tuple[int, int]] = (),
) -> Rows:
    """The person (the smallest row of its cluster) of each of `records` rows.

    `edges` are left rows, right rows and weights; `alone` are sources that hold each person once; `apart`
    are pairs of rows that must not be one person.
    """
    left, right, weight = edges
    ones = np.ones(left.size, dtype=np.int8)
    graph = coo_array((ones, (left, right)), shape=(records, records))
    _, labels = connected_components(graph, directed=False)
    split = _broken(labels, sources, set(alone), list(apart))
    if split.size:
        inside = np.isin(labels[left], split)
        order = np.lexsort((right[inside], left[inside], -weight[inside]))
        chosen = left[inside][order], right[inside][order]
        labels = _rebuilt(labels, split, chosen, sources, set(alone), list(apart))
    return _smallest_row(labels)


def _broken(labels: Rows, sources: Rows, alone: set[int], apart: list[tuple[int, int]]) -> Rows:
    broken = {int(labels[one]) for one, other in apart if labels[one] == labels[other]}
    if alone:
        inside = np.isin(sources, list(alone))
        frame = pl.DataFrame({"label": labels[inside], "source": sources[inside]})
        twice = frame.filter(pl.struct("label", "source").is_duplicated())
        broken |= set(twice["label"].to_list())
    return np.array(sorted(broken), dtype=labels.dtype)


def _rebuilt(
    labels: Rows,
    split: Rows,
    chosen: tuple[Rows, Rows],
    sources: Rows,
    alone: set[int],
    apart: list[tuple[int, int]],
) -> Rows:
    """New labels for the rows of the components in `split`, joined pair by pair while constraints hold."""
    rows = np.flatnonzero(np.isin(labels, split))
    groups = _Groups(rows.tolist(), sources, alone, apart)
    for one, other in zip(*chosen, strict=True):
        groups.join(int(one), int(other))
    # Labels of rows are never those of components once they are lifted above every component.
    fresh = labels.astype(np.int64).copy()
    top = int(labels.max()) + 1
    for row in rows.tolist():
        fresh[row] = top + groups.root(row)
    return fresh


class _Groups:
    """Groups of rows that grow while no constraint breaks."""

    def __init__(self, rows: list[int], sources: Rows, alone: set[int], apart: list[tuple[int, int]]) -> None:
        self._parent = {row: row for row in rows}
        self._members = {row: {row} for row in rows}
        self._held = {row: {int(sources[row])} & alone for row in rows}
        self._foes: dict[int, set[int]] = {row: set() for row in rows}
        for one, other in apart:
            if one in self._foes and other in self._foes:
                self._foes[one].add(other)
                self._foes[other].add(one)

    def root(self, row: int) -> int:
        while self._parent[row] != row:
            self._parent[row] = self._parent[self._parent[row]]
            row = self._parent[row]
        return row

    def join(self, one: int, other: int) -> None:
        one, other = self.root(one), self.root(other)
        if one == other or self._held[one] & self._held[other] or self._foes[one] & self._members[other]:
            return
        if len(self._members[one]) < len(self._members[other]):
            one, other = other, one
        self._parent[other] = one
        self._members[one] |= self._members.pop(other)
        self._held[one] |= self._held.pop(other)
        self._foes[one] |= self._foes.pop(other)


def _smallest_row(labels: Rows) -> Rows:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)
