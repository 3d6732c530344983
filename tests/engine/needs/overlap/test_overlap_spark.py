"""Counted on Spark, the cells are those of one machine."""

import os
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from philoxenia.needs.overlap import overlap

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
