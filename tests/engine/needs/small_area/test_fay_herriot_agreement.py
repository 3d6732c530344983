"""Fay-Herriot: as published for the milk data, as the plain version has it, near a truth that is known."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.needs.small_area import SmallAreaError, fay_herriot
from philoxenia.needs.small_area.fay_herriot import reml_score
from philoxenia.needs.small_area.plain import plain_eblup

# Arora and Lahiri 1997; eblupFH and mseFH (REML) of the R package sae, major areas of You and Chapman 2006.
MILK = Path(__file__).with_name("milk.csv")


def test_the_milk_data_give_the_published_estimates_and_errors() -> None:
    milk = pl.read_csv(MILK)
    majors = np.stack([(milk["major_area"] == n).to_numpy() for n in (2, 3, 4)], axis=1)
    x = np.column_stack([np.ones(43), majors])
    found = fay_herriot(milk["direct"].to_numpy(), milk["standard_error"].to_numpy() ** 2, x)
    assert found.spread == pytest.approx(0.01855, abs=2e-5)
    assert found.coefficients == pytest.approx([0.968189, 0.13278, 0.226946, -0.241301], abs=2e-5)
    assert abs(found.estimate - milk["eblup"].to_numpy()).max() < 1e-4
    assert abs(found.mse - milk["mse"].to_numpy()).max() < 1e-5


def made(areas: int, spread: float, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    x = np.column_stack([np.ones(areas), rng.normal(size=areas)])
    d = rng.uniform(0.3, 2.0, areas)
    truth = x @ [2.0, 1.0] + rng.normal(0, spread**0.5, areas)
    return truth, truth + rng.normal(0, d**0.5), d, x


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(6, 25), st.floats(0.2, 4.0))
def test_whole_matrices_say_the_same(seed: int, areas: int, spread: float) -> None:
    _, y, d, x = made(areas, spread, np.random.default_rng(seed))
    found = fay_herriot(y, d, x)
    plain_estimate, plain_mse, plain_spread = plain_eblup(y, d, x)
    if found.spread == 0.0:
        # The plain version only comes near zero.
        assert plain_spread < 1e-4
        return
    assert found.spread == pytest.approx(plain_spread, rel=1e-4, abs=1e-6)
    assert found.estimate == pytest.approx(plain_estimate, abs=1e-4)
    assert found.mse == pytest.approx(plain_mse, rel=1e-3)
    assert abs(reml_score(found.spread, y, d, x)) < 1e-6


def test_a_known_variance_is_recovered_and_errors_are_honest() -> None:
    rng = np.random.default_rng(5)
    spreads, squares, promised, gains = [], [], [], []
    for _ in range(150):
        truth, y, d, x = made(60, 1.0, rng)
        found = fay_herriot(y, d, x)
        spreads.append(found.spread)
        squares.append(((found.estimate - truth) ** 2).mean())
        promised.append(found.mse.mean())
        gains.append(((found.estimate - truth) ** 2).mean() / ((y - truth) ** 2).mean())
    assert np.mean(spreads) == pytest.approx(1.0, abs=0.1)
    assert np.mean(squares) == pytest.approx(np.mean(promised), rel=0.05)
    assert np.mean(gains) < 0.75


def test_an_area_without_a_direct_estimate_gets_that_of_the_model() -> None:
    _, y, d, x = made(30, 1.0, np.random.default_rng(1))
    y[3] = d[3] = np.nan
    found = fay_herriot(y, d, x)
    assert found.estimate[3] == found.synthetic[3]
    assert found.weight[3] == 0
    others = np.delete(np.arange(30), 3)
    assert found.mse[3] > found.spread
    assert found.estimate[others] == pytest.approx(fay_herriot(y[others], d[others], x[others]).estimate)


def test_without_differences_between_areas_the_model_alone_speaks() -> None:
    x = np.ones((8, 1))
    y = np.full(8, 3.0) + np.tile([0.01, -0.01], 4)
    found = fay_herriot(y, np.full(8, 2.0), x)
    assert found.spread == 0
    assert found.estimate == pytest.approx(np.full(8, 3.0))


@pytest.mark.parametrize(
    ("y", "d", "x", "words"),
    [
        (np.ones(3), np.ones(3), np.ones((3, 2)), "at least 4"),
        (np.ones(5), np.zeros(5), np.ones((5, 1)), "zero or negative"),
        (np.ones(5), np.ones(5), np.ones((5, 2)), "repeat each other"),
        (np.ones(5), np.ones(5), np.ones((4, 1)), "covariates for 4 areas"),
        (np.ones(5), np.ones(5), np.full((5, 1), np.nan), "covariate is missing"),
    ],
)
def test_what_cannot_be_is_told(y: np.ndarray, d: np.ndarray, x: np.ndarray, words: str) -> None:
    with pytest.raises(SmallAreaError, match=words):
        fay_herriot(y, d, x)
