"""Cities simulated with known rates give those rates back."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from philoxenia.reference import default_parameters
from philoxenia.scenarios.futures import Model, Span, sample_futures, simulate
from philoxenia.scenarios.futures.fit import fit_exits
from philoxenia.scenarios.futures.made_up import made_up_city
from philoxenia.scenarios.futures.types import FLOWS

# The kernel is compiled once: by one process, not by each.
pytestmark = pytest.mark.xdist_group("futures")


def roomy(to_homes: float, to_elsewhere: float) -> Model:
    """A city with homes for everybody, one rate of exit, and nothing left to chance but arrivals."""
    city = made_up_city(districts=2, months=48, seed=9)
    homes = replace(city.homes, vacant=city.homes.vacant + 1e6)
    shelter = replace(
        city.shelter,
        places=1e6,
        to_homes=(to_homes, to_homes),
        to_elsewhere=(to_elsewhere, to_elsewhere),
        capacity_factor=Span(1.0, 1.0, 1.0),
    )
    certain = {"exit_factor": Span(1.0, 1.0, 1.0), "exit_rent_elasticity": 0.0, "shocks": ()}
    return replace(city, homes=homes, shelter=shelter, **certain)  # type: ignore[arg-type]


@pytest.mark.parametrize(("to_homes", "to_elsewhere"), [(0.03, 0.02), (0.12, 0.0), (0.05, 0.09)])
def test_rates_of_exit_come_back(to_homes: float, to_elsewhere: float) -> None:
    city = roomy(to_homes, to_elsewhere)
    found = simulate(city, sample_futures(city, 1, seed=3), {"without": ()})
    months = found.by_month[0, 0].astype(np.float64)
    stock = months[:, found.month_measure("in_shelter")] + months[:, found.month_measure("waiting")]
    exits = months[:, found.month_measure("exits_to_homes")]
    before = np.concatenate([[np.nan], stock[:-1]])
    flow = pl.DataFrame(
        {
            "month": city.months,
            "group": "all",
            "moved_to_housing": exits,
            "became_inactive": np.nan_to_num(before * to_elsewhere),
            "actively_homeless": stock,
        }
    )
    fit = fit_exits(flow, ("all",), default_parameters())
    assert fit.to_homes[0] == pytest.approx(to_homes, rel=1e-4)
    assert fit.to_elsewhere[0] == pytest.approx(to_elsewhere, rel=1e-4)
    assert fit.factor is not None
    assert fit.factor.low == pytest.approx(1.0, rel=1e-4)


def test_more_arrivals_are_more_people_and_nothing_else_is_made_up() -> None:
    city = roomy(0.05, 0.05)
    nobody = replace(city, paths={name: np.zeros((1, len(city.months))) for name in FLOWS})
    found = simulate(nobody, sample_futures(nobody, 1), {"without": ()})
    arrivals = found.by_month[0, 0, :, found.month_measure("arrivals")]
    intake = found.by_month[0, 0, :, found.month_measure("shelter_intake")]
    assert arrivals.sum() == 0
    assert intake.sum() == 0
