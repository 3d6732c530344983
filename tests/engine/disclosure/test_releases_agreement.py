"""Whatever is released one after another: no small count is found by who tries every table that fits it
all.
"""

from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.disclosure import DisclosureError, release
from philoxenia.disclosure.figures import every_margin, figures_of
from philoxenia.disclosure.release import spec_of

KEYS = ("district_id", "group")
MOST = 11
MARGINS = st.lists(st.sampled_from(every_margin(KEYS)), max_size=3, unique=True)
COUNTS = st.lists(st.integers(0, 8), min_size=6, max_size=6)


def table(counts: list[int], districts: list[str]) -> pl.DataFrame:
    cells = zip(product(("a", "b", "c"), ("x", "y")), counts, strict=True)
    rows = [(district, group, people) for (district, group), people in cells if district in districts]
    return pl.DataFrame(rows, schema=["district_id", "group", "people"], orient="row")


def fitting(shown: list[tuple[np.ndarray, list[int | None]]], atoms: int, hidden: set[int]) -> np.ndarray:
    """Every table of whole counts that gives all figures shown; atoms nobody was shown may be empty."""
    seen = {}
    for members, figures in shown:
        for row, value in zip(members, figures, strict=True):
            if row.sum() == 1 and value is not None:
                seen[int(row.argmax())] = value
    axes = [
        np.array([seen[atom]]) if atom in seen else np.arange(1 if atom in hidden else 0, MOST)
        for atom in range(atoms)
    ]
    tables = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])
    for members, figures in shown:
        for row, value in zip(members, figures, strict=True):
            if value is not None:
                tables = tables[:, row @ tables == value]
    return tables


@settings(max_examples=12)
@given(COUNTS, st.lists(st.tuples(st.sampled_from(["ab", "abc", "bc"]), MARGINS), min_size=2, max_size=3))
def test_no_series_of_releases_gives_a_small_count_away(
    counts: list[int], asked: list[tuple[str, list[tuple[str, ...]]]]
) -> None:
    atoms = list(product(("a", "b", "c"), ("x", "y")))
    shown, hidden = [], set()
    with TemporaryDirectory() as name:
        for number, (districts, margins) in enumerate(asked):
            cells = table(counts, list(districts))
            spec = spec_of(
                {
                    "table": f"t{number}",
                    "about": "made-up people",
                    "date": "2026",
                    "purpose": "a test",
                    "keys": list(KEYS),
                    "distinct": ["district_id"],
                    "margins": [list(margin) for margin in margins],
                }
            )
            try:
                found = release(cells, spec, Path(name) / "ledger")
            except DisclosureError:
                continue
            members = figures_of(cells, KEYS, "people", spec.margins).members.toarray()
            place = [atoms.index(cell) for cell in cells.select(KEYS).iter_rows()]
            wide = np.zeros((len(members), len(atoms)))
            wide[:, place] = members
            figures = found.frame["people"].to_list()
            shown.append((wide, figures))
            hidden |= {at for at, value in zip(place, figures, strict=False) if value is None}
    if not 0 < len(hidden) <= 4:
        return
    fits = fitting(shown, len(atoms), hidden)
    truth = np.array(counts)
    assert (fits == truth[:, None]).all(axis=0).any()
    for atom in hidden:
        assert len(np.unique(fits[atom])) > 1, f"cell {atoms[atom]} is {counts[atom]} and nothing else"
