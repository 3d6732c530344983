"""The sparse products equal the loops, and the field's own library."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.needs.catchment import catchment_weights, travel_time_weights, two_step
from philoxenia.needs.plain import plain_two_step, plain_weights

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


@pytest.mark.parametrize(
    ("zones", "method"),
    [(((4.0,), (1.0,)), "two_stage_fca"), (((1.0, 2.0, 4.0), (1, 0.68, 0.22)), "enhanced_two_stage_fca")],
)
def test_pysal_access_gives_the_same(zones, method):
    access = pytest.importorskip("access", reason="PySAL access is not here: see benchmarks/reach.py")
    pandas = pytest.importorskip("pandas")
    random = np.random.default_rng(5)
    people, supply = random.integers(1, 900, 50).astype(float), random.integers(1, 9, 30).astype(float)
    minutes = random.random((50, 30)) * 9
    person, place = (index.ravel() for index in np.indices(minutes.shape))
    ours = two_step(people, supply, travel_time_weights(minutes.ravel(), person, place, (50, 30), *zones))
    costs = pandas.DataFrame({"origin": person, "dest": place, "cost": minutes.ravel()})
    model = access.Access(
        demand_df=pandas.DataFrame({"people": people}).rename_axis("geoid"),
        demand_value="people",
        supply_df=pandas.DataFrame({"supply": supply}).rename_axis("geoid"),
        supply_value="supply",
        cost_df=costs,
        cost_origin="origin",
        cost_dest="dest",
        cost_name="cost",
    )
    weight = access.weights.step_fn(dict(zip(*zones, strict=True)))
    options = {} if method == "two_stage_fca" else {"weight_fn": weight}
    theirs = getattr(model, method)(name="found", max_cost=zones[0][-1], **options)
    assert ours.access == pytest.approx(theirs["found_supply"].to_numpy(), rel=1e-12)
