"""People are components of links that keep to reviewers and to lists that hold each person once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.linkage.clusters import clustered


def edges(*triples: tuple[int, int, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    left, right, weight = zip(*triples, strict=True) if triples else ((), (), ())
    return np.array(left, dtype=np.int64), np.array(right, dtype=np.int64), np.array(weight, dtype=float)


SOURCES = np.array([0, 1, 0, 1])


def test_a_chain_is_one_person_and_a_lone_record_its_own() -> None:
    assert clustered(4, edges((0, 1, 9.0), (1, 2, 8.0)), SOURCES).tolist() == [0, 0, 0, 3]


def test_a_no_splits_a_chain_at_its_weakest_pair() -> None:
    found = clustered(4, edges((0, 1, 9.0), (1, 2, 2.0), (2, 3, 8.0)), SOURCES, apart=[(0, 3)])
    assert found.tolist() == [0, 0, 2, 2]


def test_a_list_that_holds_each_person_once_never_gives_one_two_records() -> None:
    found = clustered(4, edges((0, 1, 9.0), (1, 2, 8.0)), SOURCES, alone=[0])
    assert found.tolist() == [0, 0, 2, 3]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(0, 20)), max_size=25),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5),
)
def test_constraints_hold_whatever_the_links(
    links: list[tuple[int, int, float]], foes: list[tuple[int, int]]
) -> None:
    links = [(a, b, w) for a, b, w in links if a != b]
    foes = [(a, b) for a, b in foes if a != b]
    sources = np.arange(10) % 3
    found = clustered(10, edges(*links), sources, alone=[1], apart=foes)
    assert all(found[a] != found[b] for a, b in foes)
    ones = found[sources == 1]
    assert len(set(ones.tolist())) == len(ones)
    free = clustered(10, edges(*links), sources)
    # Constraints only ever split people.
    assert all(free[a] == free[b] for a in range(10) for b in range(10) if found[a] == found[b])
