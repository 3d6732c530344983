"""Alkire-Foster as published, as reckoned with fractions person by person, and with errors as resampled."""

from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.needs.deprivation import Dimension, deprivation, plain
from philoxenia.needs.survey import survey_design
from philoxenia.needs.types import NeedsError

# Alkire and Foster 2011, section 5: four people, four dimensions, equal weights, poor in two or more.
ACHIEVED = [[13.1, 14.0, 4.0, 1.0], [15.2, 7.0, 5.0, 0.0], [12.5, 10.0, 1.0, 0.0], [20.0, 11.0, 3.0, 1.0]]
CUTOFFS = (13.0, 12.0, 3.0, 1.0)
TOY = pl.DataFrame(ACHIEVED, schema=list("abcd"), orient="row")
DIMENSIONS = [Dimension(name, 1, cutoff) for name, cutoff in zip("abcd", CUTOFFS, strict=True)]


def test_the_example_of_alkire_and_foster() -> None:
    found = deprivation(TOY, DIMENSIONS, k=2)
    assert found.value("H") == 0.5
    assert found.value("A") == 0.75
    assert found.value("M0") == 0.375
    assert found.value("M1") == pytest.approx(0.20553, abs=5e-6)
    exact = plain.measures(
        [[Fraction(str(value)) for value in row] for row in ACHIEVED],
        [Fraction(13), Fraction(12), Fraction(3), Fraction(1)], [1, 1, 1, 1], 2,
    )  # fmt: skip
    assert found.value("M1") == pytest.approx(float(exact["M1"]), abs=1e-15)
    assert found.value("M2") == pytest.approx(float(exact["M2"]), abs=1e-15)


def test_union_and_intersection() -> None:
    assert deprivation(TOY, DIMENSIONS, k=1).value("H") == 0.75
    assert deprivation(TOY, DIMENSIONS, k=4).value("H") == 0.25


# Households of UNDP's technical note on the Multidimensional Poverty Index (Human Development Report 2011,
# technical note 4): 4, 7, 5 and 4 people; ten indicators, three dimensions of equal weight, k one third.
UNDP = pl.DataFrame(
    {
        "size": [4, 7, 5, 4],
        "schooling": [False, True, False, True], "attendance": [False, True, False, False],
        "nutrition": [False, False, True, False], "mortality": [True, True, False, True],
        "electricity": [False, True, True, True], "water": [False, False, True, False],
        "sanitation": [False, True, True, False], "floor": [False, False, False, False],
        "fuel": [True, True, True, True], "assets": [False, True, False, True],
    }
)  # fmt: skip
UNDP_WEIGHTS = dict.fromkeys(("schooling", "attendance", "nutrition", "mortality"), 1 / 6) | dict.fromkeys(
    ("electricity", "water", "sanitation", "floor", "fuel", "assets"), 1 / 18
)


def test_the_example_of_the_human_development_report() -> None:
    dimensions = [Dimension(name, weight) for name, weight in UNDP_WEIGHTS.items()]
    found = deprivation(UNDP, dimensions, 1 / 3, survey_design(UNDP, "size"))
    assert found.value("H") == pytest.approx(0.80)
    assert found.value("A") == pytest.approx(0.5625)  # 56.3 % in the note
    assert found.value("M0") == pytest.approx(0.45)
    assert found.indices.filter(measure="M1")["value"].to_list() == [None]
    assert any("yes-or-no" in note for note in found.notes)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(0, 6), min_size=3, max_size=3), st.integers(1, 5), st.sampled_from("uv")
        ),
        min_size=2,
        max_size=25,
    ),
    st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4)),
    st.integers(1, 12),
)
def test_any_weights_and_k_give_what_fractions_give(
    people: list[tuple[list[int], int, str]], weights: tuple[int, int, int], k: int
) -> None:
    k = min(k, sum(weights))
    frame = pl.DataFrame([p[0] for p in people], schema=list("abc"), orient="row").with_columns(
        w=pl.Series([float(p[1]) for p in people]), g=pl.Series([p[2] for p in people])
    )
    dimensions = [Dimension(name, weight, 4) for name, weight in zip("abc", weights, strict=True)]
    found = deprivation(frame, dimensions, k, survey_design(frame, "w"), by="g")
    exact = plain.measures(
        [[Fraction(y) for y in p[0]] for p in people], [Fraction(4)] * 3, weights, k, [p[1] for p in people]
    )
    for measure in ("H", "M0", "M1", "M2"):
        assert found.value(measure) == pytest.approx(float(exact[measure]), abs=1e-12)
    # The parts of the groups make up the whole, and so do those of the dimensions.
    parts = found.parts
    assert (parts["share"] * parts["value"]).sum() == pytest.approx(found.value("M0"), abs=1e-12)
    if found.value("M0"):
        assert parts["contribution"].sum() == pytest.approx(1, abs=1e-12)
        of_dimensions = found.headcounts.filter(group="all", measure="contribution")["value"]
        assert of_dimensions.sum() == pytest.approx(1, abs=1e-12)
        censored = found.headcounts.filter(group="all", measure="censored")
        assert (censored["weight"] * censored["value"]).sum() == pytest.approx(found.value("M0"), abs=1e-12)


def clustered(seed: int, blocks: int = 40) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    block = np.repeat(np.arange(blocks), 10)
    shared = random.normal(0, 1, blocks)[block]
    rows = {name: random.normal(5, 2, len(block)) + shared for name in "abc"}
    return pl.DataFrame({**rows, "block": block, "s": block % 4, "w": random.uniform(1, 3, len(block))})


def test_errors_are_those_of_svy_and_of_resampled_blocks() -> None:
    svy = pytest.importorskip("svy")
    frame = clustered(3)
    dimensions = [Dimension(name, 1, 5.0) for name in "abc"]
    drawn = survey_design(frame, "w", "s", "block")
    found = deprivation(frame, dimensions, 2, drawn)
    score = (frame.select("a", "b", "c").to_numpy() < 5).sum(axis=1) / 3
    poor = (score >= 2 / 3 - 1e-9).astype(float)
    named = frame.with_columns(m0=pl.Series(score * poor), h=pl.Series(poor))
    sample = svy.Sample(named, svy.Design(stratum="s", psu="block", wgt="w"))
    errors = {row["measure"]: row["error"] for row in found.indices.iter_rows(named=True)}
    assert errors["M0"] == pytest.approx(sample.estimation.mean("m0").to_polars()["se"].item(), rel=1e-9)
    assert errors["H"] == pytest.approx(sample.estimation.mean("h").to_polars()["se"].item(), rel=1e-9)
    assert errors["A"] == pytest.approx(sample.estimation.ratio("m0", "h").to_polars()["se"].item(), rel=1e-9)
    random, values = np.random.default_rng(1), []
    weights, block = frame["w"].to_numpy(), frame["block"].to_numpy()
    for _ in range(500):
        picked = np.concatenate([random.choice(np.arange(s, 40, 4), 9) for s in range(4)])
        times = np.bincount(picked, minlength=40)[block] * weights
        values.append(times @ (score * poor) / (times @ poor))
    assert errors["A"] == pytest.approx(np.std(values), rel=0.12)


def test_unknown_answers_are_left_out_and_told() -> None:
    frame = pl.concat(
        [TOY, pl.DataFrame({"a": [1.0], "b": [1.0], "c": [None], "d": [1.0]})], how="vertical_relaxed"
    )
    found = deprivation(frame, DIMENSIONS, 2)
    assert found.value("M0") == 0.375
    assert found.notes[0].startswith("1 of 5 rows (20.0% by weight)")


@pytest.mark.parametrize(
    ("dimensions", "k", "said"),
    [
        (DIMENSIONS, 0, "k is 0"),
        (DIMENSIONS, 4.5, "weights of the dimensions sum to 4"),
        ([Dimension("a", 0, 1.0)], 1, "weight of a must be above zero"),
        ([Dimension("a", 1), *DIMENSIONS[1:]], 2, "must say true or false"),
        ([Dimension("income", 1, 2.0)], 1, "needs a column 'income'"),
        ([DIMENSIONS[0], DIMENSIONS[0]], 1, "each dimension once"),
    ],
)
def test_a_measure_that_cannot_be_is_refused(dimensions: list[Dimension], k: float, said: str) -> None:
    with pytest.raises(NeedsError, match=said):
        deprivation(TOY, dimensions, k)
