"""Futures cut into batches on Spark are the futures of one machine, byte for byte."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from tests.engine.scenarios.futures.plans import plans_for

from philoxenia.scenarios.futures import sample_futures, simulate
from philoxenia.scenarios.futures.made_up import made_up_city
from philoxenia.scenarios.futures.spark import simulate_on_spark

pytestmark = [pytest.mark.xdist_group("futures"), pytest.mark.spark]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    # Threads of one worker beside workers of one machine would only wait for each other.
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    made = builder.config("spark.executorEnv.NUMBA_NUM_THREADS", "1").getOrCreate()
    yield made
    made.stop()


def test_batches_give_the_same_bytes(session: Any) -> None:
    city = made_up_city(districts=5, months=24, seed=2)
    design, plans = sample_futures(city, 23, seed=4), plans_for(city)
    here = simulate(city, design, plans)
    there = simulate_on_spark(session, city, design, plans, chunk=6)
    assert there.by_group.tobytes() == here.by_group.tobytes()
    assert there.by_district.tobytes() == here.by_district.tobytes()
    assert there.by_month.tobytes() == here.by_month.tobytes()
    assert all(there.costs[plan].tobytes() == here.costs[plan].tobytes() for plan in here.plans)
    assert all(there.strength[plan].tobytes() == here.strength[plan].tobytes() for plan in here.plans)
    assert there.by_district.dtype == there.by_month.dtype == "float64"
    assert there.design.equals(here.design)
