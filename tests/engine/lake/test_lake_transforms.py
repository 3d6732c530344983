"""The transforms that scale give the same numbers on Polars, DuckDB and Spark, and those done by hand."""

import importlib.util
import os
import shutil
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from philoxenia.lake import transforms

Engine = Callable[[pl.DataFrame], Any]

NIGHTS = {
    "date": pl.String,
    "programme_id": pl.String,
    "sector": pl.String,
    "service_type": pl.String,
    "capacity_type": pl.String,
    "district_id": pl.String,
    "capacity": pl.Float64,
    "occupied": pl.Float64,
    "persons": pl.Float64,
}


def made_nights(seed: int, rows: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)

    def pick(*choices: str | None) -> list[str | None]:
        return random.choice(np.array(choices, dtype=object), rows).tolist()

    days = [f"2024-0{month}-{day:02d}" for month in (1, 2) for day in range(1, 6)]
    return pl.DataFrame(
        {
            "date": pick(*days),
            "programme_id": pick("a", "b", "c", "d"),
            "sector": pick("families", "youth"),
            "service_type": pick("shelter"),
            "capacity_type": pick("beds", "rooms"),
            "district_id": pick("001", "002", None),
            "capacity": random.integers(0, 90, rows).astype(float),
            "occupied": random.integers(0, 90, rows).astype(float),
            "persons": random.integers(0, 90, rows).astype(float),
        },
        schema=NIGHTS,
    )


COUNTS = pl.DataFrame(
    {
        "from_id": ["1", "2", "3", "1", "2", "3"],
        "group": ["a", "a", "a", "b", "b", "b"],
        "value": [100.0, 10.0, 7.0, 8.0, None, 4.0],
    }
)
CROSSWALK = pl.DataFrame(
    {
        "from_id": ["1", "1", "2", "3"],
        "district_id": ["001", "002", "002", "003"],
        "weight": [0.25, 0.75, 1.0, 1.0],
    }
)
RATED = pl.DataFrame({"district_id": ["001", "002", "003", "004"], "value": [1.0, 2.0, 2.0, None]})
BASES = pl.DataFrame(
    {"district_id": ["003", "002", "001", "004", "005"], "base": [10.0, 10.0, 10.0, 10.0, 0.0]}
)
PLACES = pl.DataFrame({"school_id": ["s", "t", "u"], "district_id": ["002", "002", None]})


def every_transform(engine: Engine) -> dict[str, pl.DataFrame]:
    nights, counts, crosswalk = engine(made_nights(7, 400)), engine(COUNTS), engine(CROSSWALK)
    rated, bases, places = engine(RATED), engine(BASES), engine(PLACES)
    answers = {
        "monthly_occupancy": transforms.monthly_occupancy(nights),
        "reapportion_counts": transforms.reapportion_counts(counts, crosswalk, ("group",)),
        "rate_by_district": transforms.rate_by_district(rated, bases, per=100.0),
        "places_by_district": transforms.places_by_district(places, bases),
    }
    return {name: in_order(answer) for name, answer in answers.items()}


def in_order(answer: Any) -> pl.DataFrame:
    if isinstance(answer, pl.LazyFrame):
        answer = answer.collect()
    elif hasattr(answer, "toArrow"):
        answer = pl.from_arrow(answer.toArrow())
    elif not isinstance(answer, pl.DataFrame):
        answer = answer.pl()
    whole = [name for name, kind in answer.schema.items() if kind.is_integer() or kind == pl.Int128]
    frame = answer.with_columns(pl.col(whole).cast(pl.Int64))
    return frame.sort([name for name, kind in frame.schema.items() if kind == pl.String])


@pytest.fixture
def in_duckdb() -> Iterator[Engine]:
    with duckdb.connect() as connection:
        yield lambda frame: connection.from_arrow(frame.to_arrow())


@pytest.fixture(scope="module")
def in_spark() -> Iterator[Engine]:
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("Spark is not here: install philoxenia[spark] to run the parity test on it")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("Spark needs Java 17 or later, and no java command is on the path")
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        warnings.simplefilter("ignore")
        session = local_spark()
        yield lambda frame: session.createDataFrame(frame.to_arrow())
        session.stop()


def local_spark() -> Any:
    sql = importlib.import_module("pyspark.sql")
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.memory": "512m",
    }
    builder = sql.SparkSession.builder.master("local[1]").appName("philoxenia-parity")
    return builder.config(map=settings).getOrCreate()


def assert_same(answers: dict[str, pl.DataFrame], expected: dict[str, pl.DataFrame]) -> None:
    for name, frame in expected.items():
        assert_frame_equal(answers[name], frame, check_exact=False, rel_tol=1e-12, abs_tol=1e-12)


def test_lazy_polars_gives_the_same_as_polars():
    assert_same(every_transform(pl.DataFrame.lazy), every_transform(pl.DataFrame.clone))


def test_duckdb_gives_the_same_as_polars(in_duckdb):
    assert_same(every_transform(in_duckdb), every_transform(pl.DataFrame.clone))


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@pytest.mark.slow
def test_spark_gives_the_same_as_polars(in_spark):
    assert_same(every_transform(in_spark), every_transform(pl.DataFrame.clone))


def test_a_count_is_shared_out_by_weight_and_nothing_is_lost():
    moved = in_order(transforms.reapportion_counts(COUNTS, CROSSWALK, ("group",)))
    assert moved.filter(pl.col("group") == "a")["value"].to_list() == [25.0, 85.0, 7.0]
    assert moved.filter(pl.col("group") == "a")["value"].sum() == 117.0


def test_an_unknown_part_leaves_the_whole_unknown():
    moved = in_order(transforms.reapportion_counts(COUNTS, CROSSWALK, ("group",)))
    assert moved.filter(pl.col("group") == "b").rows() == [
        ("001", "b", 2.0),
        ("002", "b", None),
        ("003", "b", 4.0),
    ]


def test_equal_rates_are_ranked_by_district_and_unknown_ones_not_at_all():
    rated = in_order(transforms.rate_by_district(RATED, BASES, per=100.0))
    assert rated.select("district_id", "rate", "rank").rows() == [
        ("001", 10.0, 3),
        ("002", 20.0, 1),
        ("003", 20.0, 2),
        ("004", None, None),
        ("005", None, None),
    ]


def test_a_district_without_places_has_zero():
    counted = in_order(transforms.places_by_district(PLACES, BASES))
    assert counted.rows() == [("001", 0), ("002", 2), ("003", 0), ("004", 0), ("005", 0)]


@given(seed=st.integers(0, 10_000), rows=st.integers(1, 60))
def test_months_of_nights_agree_with_counting_by_hand(seed, rows):
    nights = made_nights(seed, rows)
    months = in_order(transforms.monthly_occupancy(nights))
    found = {row[:5]: row[5:] for row in months.iter_rows()}
    expected = by_hand(nights)
    assert found.keys() == expected.keys()
    assert all(found[key] == pytest.approx(expected[key], rel=1e-12) for key in expected)


def by_hand(nights: pl.DataFrame) -> dict[tuple[str | None, ...], tuple[float, ...]]:
    groups = defaultdict(list)
    for row in nights.iter_rows(named=True):
        keys = ("sector", "service_type", "capacity_type", "district_id")
        groups[(row["date"][:7], *(row[key] for key in keys))].append(row)
    answer = {}
    for key, rows in groups.items():
        dates = {row["date"] for row in rows}
        means = [sum(row[name] for row in rows) / len(dates) for name in ("capacity", "occupied", "persons")]
        answer[key] = (len(dates), len({row["programme_id"] for row in rows}), *means)
    return answer
