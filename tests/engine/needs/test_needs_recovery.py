"""Cities made with a known pattern of need: the pattern is found again, and the bands tell the truth."""

import numpy as np
import polars as pl
import pytest
from made_squares import SIDE, SOUTH, WEST, make_city
from scipy.stats import spearmanr

from philoxenia.needs import indicators, pressure, pressure_today
from philoxenia.needs.uncertainty import share_error
from philoxenia.reference import default_parameters
from philoxenia.vocabulary import Aspect

SHARES = {
    "unemployed": "labour_force",
    "low_income": "low_income_base",
    "low_income_0_17": "low_income_base_0_17",
    "education_none": "population_15_over",
}


def made_need(seed, across=12, up=10):
    """Need rises from west to east; every indicator sees it with its own noise."""
    random = np.random.default_rng(seed)
    need = np.tile(np.linspace(-1.5, 1.5, across), up) + random.normal(0, 0.3, across * up)
    counts = {"population": 6000, "recent_immigrants": (600 + 250 * need).round(), "immigration_base": 6000}
    for part, base in SHARES.items():
        share = 1 / (1 + np.exp(-(-2 + 0.6 * need + random.normal(0, 0.2, need.size))))
        counts |= {base: 3000, part: (3000 * share).round()}
    counts["median_household_income_after_tax"] = 70000 * np.exp(
        -0.2 * need + random.normal(0, 0.05, need.size)
    )
    counts["households"] = 2500
    listed = {code: value if isinstance(value, int) else value.tolist() for code, value in counts.items()}
    return need, make_city(across, up, listed)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_need_is_found(seed):
    need, city = made_need(seed)
    frame = pressure_today(city, seed=1).pressure.filter(pl.col("aspect") == "economy_jobs")
    assert spearmanr(frame.sort("district_id")["score"], need).statistic > 0.95


def test_rank_bands_hold_the_true_place_most_of_the_time():
    need, city = made_need(11)
    frame = pressure_today(city, seed=1).pressure.filter(pl.col("aspect") == "economy_jobs")
    true = (-need).argsort().argsort() + 1
    inside = (frame["rank_low"].to_numpy() <= true) & (true <= frame["rank_high"].to_numpy())
    assert 0.75 < inside.mean() < 1.0


def test_that_newcomers_live_where_need_is_high_is_found_and_said():
    _, city = made_need(5)
    exposure = pressure_today(city, seed=1).exposure
    row = exposure.filter(pl.col("measure") == "low_income").row(0, named=True)
    assert row["difference_low"] > 0
    assert row["newcomers_top_share"] > row["long_term_top_share"]
    assert row["sentence"].endswith("Newcomers live where pressure is higher.")


def test_bands_cover_what_another_sample_of_households_would_give():
    """A true city, many samples of a quarter of it: the band of one holds the score of the truth."""
    random = np.random.default_rng(8)
    names = [row.id for row in indicators() if row.aspect is Aspect.ECONOMY_JOBS and row.kind == "share"]
    share = random.uniform(0.05, 0.3, (30, len(names)))
    base = np.full(share.shape, 2000.0)
    # Only noise is varied here: the other variations would widen the band and hide a wrong error.
    given = {
        **default_parameters(),
        "needs.weight_concentration": 1e3,
        "needs.leave_out_share": 0.0,
        "needs.census_design_effect": 1.0,
        "needs.sensitivity_draws": 300,
    }
    weights = dict.fromkeys(names, 1.0)
    truth = pressure(values_of(names, share, None), weights, 1, given)["rank"].to_numpy()
    covered = []
    for _ in range(10):
        seen = random.binomial(500, share) / 500
        frame = pressure(values_of(names, seen, share_error(seen, base, given)), weights, 1, given)
        low, high = frame["rank_low"].to_numpy(), frame["rank_high"].to_numpy()
        covered.append((low <= truth) & (truth <= high))
    assert 0.85 < np.mean(covered) <= 1.0


def values_of(names, share, error):
    rows = [
        (
            f"{row:02d}",
            name,
            "all_residents",
            100 * share[row, n],
            2000.0,
            error if error is None else 100 * error[row, n],
        )
        for row in range(len(share))
        for n, name in enumerate(names)
    ]
    columns = ["district_id", "indicator", "population", "value", "base", "standard_error"]
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        pl.col("standard_error").cast(pl.Float64), source_table=pl.lit("census_profile"), date=pl.lit("2021")
    )


def test_a_clinic_taken_away_is_felt_where_it_stood():
    sites = [(WEST + (east + 0.5) * SIDE, SOUTH + 0.5 * SIDE) for east in (0, 4, 8)]
    counts = {"population": 5000, "recent_immigrants": 500, "immigration_base": 5000}

    def access(kept):
        clinics = pl.DataFrame(kept, schema=["longitude", "latitude"], orient="row")
        frame = pressure_today(make_city(9, 1, counts, tables={"clinics": clinics}), seed=1).reach
        return frame.filter(pl.col("method") == "e2sfca").sort("district_id")["access"].to_numpy()

    loss = access(sites) - access(sites[1:])
    assert loss.argmax() == 0
    assert (loss >= -1e-12).all()
