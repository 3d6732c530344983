"""Counted on Spark, overlap and estimates of a survey are those of one machine and of DuckDB."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from philoxenia.needs.overlap import overlap
from philoxenia.needs.profiles import profile, read_spec, survey_of
from philoxenia.needs.profiles.made_up import example_spec, made_up_survey
from philoxenia.needs.survey import means_elsewhere

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.spark]

CODES = ("housing", "work", "language")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    yield made
    made.stop()


def test_text_and_columns_are_counted_alike(session: Any) -> None:
    random = np.random.default_rng(7)
    flags = {code: random.random(500) < 0.4 for code in CODES}
    group = np.array(["newcomers", "long_term_residents", ""])[random.integers(0, 3, 500)]
    text = [";".join(code for code in CODES if flags[code][row]) for row in range(500)]
    people = pl.DataFrame({"population": group, "weight": random.integers(1, 4, 500).astype(float), **flags})
    for frame in (people, people.drop(CODES).with_columns(needs=pl.Series(text))):
        there = session.createDataFrame(frame.to_dicts())
        for weight in (None, "weight"):
            here = overlap(frame, CODES, ("population",), weight).cells
            assert_frame_equal(overlap(there, CODES, ("population",), weight).cells, here)


def test_a_profile_is_the_same_wherever_the_survey_lies(session: Any) -> None:
    made, spec = made_up_survey(300, seed=3, blocks=4), read_spec(example_spec())
    here = profile(survey_of(made, spec), spec)
    for frame in (duckdb.sql("SELECT * FROM made"), session.createDataFrame(made.to_dicts())):
        there = profile(survey_of(frame, spec), spec)
        assert there.tables.keys() == here.tables.keys()
        for name, table in here.tables.items():
            assert_frame_equal(there.tables[name], table, check_exact=True)


def test_a_survey_is_estimated_alike(session: Any) -> None:
    made = made_up_survey(400, seed=2, blocks=4)
    survey = made.select(
        "stratum",
        "weight",
        "income",
        poor=pl.col("income") < 1500,
        new=pl.col("years_in_city") < 5,
        block=pl.concat_str("stratum", "block", separator="-"),
    )
    asked = (["income", "poor"], ["new"], "weight", "stratum", "block")
    here = means_elsewhere(duckdb.sql("SELECT * FROM survey"), *asked)
    there = means_elsewhere(session.createDataFrame(survey.to_dicts()), *asked)
    for name, found in here.items():
        for figure in ("value", "error", "low", "high", "base", "people", "freedom"):
            assert getattr(there[name], figure) == pytest.approx(getattr(found, figure), rel=1e-12), figure
