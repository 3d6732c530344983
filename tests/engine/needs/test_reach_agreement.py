"""The sparse products equal the loops, and the field's own library."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.needs.catchment import catchment_weights, two_step
from philoxenia.needs.plain import plain_two_step, plain_weights

ROOT = Path(__file__).resolve().parents[3]
POINT = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda xy: (xy[0] / 2, xy[1] / 2))
AMOUNT = st.integers(0, 50).map(float)
ZONES = st.sampled_from([((2.0,), (1.0,)), ((1.0, 2.0, 3.0), (1.0, 0.68, 0.22)), ((0.5, 5.0), (0.3, 1.0))])


@given(
    people=st.lists(st.tuples(POINT, AMOUNT), min_size=1, max_size=9),
    places=st.lists(st.tuples(POINT, AMOUNT), min_size=1, max_size=7),
    zones=ZONES,
)
def test_the_sparse_way_equals_the_loops(people, places, zones):
    where, persons = zip(*people, strict=True)
    sites, supply = zip(*places, strict=True)
    weights = catchment_weights(np.array(where), np.array(sites), *zones)
    by_loop = plain_weights(where, sites, *zones)
    assert weights.toarray().tolist() == by_loop
    found = two_step(persons, supply, weights)
    assert found.access == pytest.approx(plain_two_step(persons, supply, by_loop), rel=1e-12, abs=1e-15)


def test_pysal_access_gives_the_same():
    if not (ROOT / ".venv-access").exists():
        pytest.skip("PySAL access is not here: run python benchmarks/reach.py once")
    compared = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "reach.py", "--size", "200"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert compared.returncode == 0, compared.stdout + compared.stderr
