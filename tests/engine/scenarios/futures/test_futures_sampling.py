"""Futures fill the space of uncertainties, the same for every plan; shocks come from their table."""

from dataclasses import replace

import numpy as np
import pytest

from philoxenia.scenarios.futures import FuturesError, Lever, LeverKind, Method, sample_futures, simulate
from philoxenia.scenarios.futures.made_up import made_up_city
from philoxenia.scenarios.futures.shocks import known_shocks

# The kernel is compiled once: by one process, not by each.
pytestmark = pytest.mark.xdist_group("futures")


def test_each_uncertainty_has_one_future_in_each_stratum() -> None:
    design = sample_futures(made_up_city(), 50, seed=3)
    for values in design.quantiles.values():
        assert sorted(np.floor(values * 50).astype(int)) == list(range(50))


def test_one_uncertainty_more_leaves_the_others_as_they_were() -> None:
    city = made_up_city()
    fewer = sample_futures(replace(city, shocks=city.shocks[:1]), 20, seed=3).quantiles
    more = sample_futures(city, 20, seed=3).quantiles
    assert all(np.array_equal(more[name], values) for name, values in fewer.items())


def test_sobol_is_balanced_for_a_power_of_two() -> None:
    design = sample_futures(made_up_city(), 64, seed=3, method=Method.SOBOL)
    assert all(((values < 0.5).sum() == 32) for values in design.quantiles.values())


def test_a_lever_has_the_same_luck_in_a_part_as_in_the_whole() -> None:
    design = sample_futures(made_up_city(), 12, seed=3)
    lever = Lever("beds", LeverKind.CAPACITY, 10, "shelter")
    whole = design.of_lever(lever, "effect")
    assert np.array_equal(design.part(4, 9).of_lever(lever, "effect"), whole[4:9])


def test_the_five_named_shocks_are_there() -> None:
    names = {shock.name for shock in known_shocks()}
    expected = {"border_closure", "sudden_influx", "relocation_agreement", "economic_slump", "flood_or_heat"}
    assert names == expected


@pytest.mark.parametrize(
    ("lever", "words"),
    [
        (Lever("x", LeverKind.CAPACITY, 1, "moon"), "aims at 'moon'"),
        (Lever("x", LeverKind.EXITS, 1, groups=("martians",)), "names 'martians'"),
        (Lever("x", LeverKind.EXITS, 1, start=-1), "below zero"),
    ],
)
def test_a_lever_that_cannot_be_says_why(lever: Lever, words: str) -> None:
    city = made_up_city()
    with pytest.raises(FuturesError, match=words):
        simulate(city, sample_futures(city, 1), {"plan": (lever,)})
