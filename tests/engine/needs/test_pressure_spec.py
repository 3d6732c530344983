"""Composite pressure: what the score means, how far it moves, and what it never does."""

import numpy as np
import polars as pl
import pytest

from philoxenia.needs import NeedsError, indicator_weights, indicators, pressure
from philoxenia.needs.types import VALUE_COLUMNS
from philoxenia.reference import default_parameters
from philoxenia.vocabulary import Aspect

ECONOMY = [row for row in indicators() if row.aspect is Aspect.ECONOMY_JOBS]
EQUAL = {row.id: 1.0 for row in indicators()}
FEW = default_parameters().overridden({"needs.sensitivity_draws": 200}, by="the test")


def made_values(figures, population="all_residents", error=None):
    """`figures`: {indicator: values over districts}, None where not known."""
    rows = [
        {
            "district_id": f"{number:03d}",
            "indicator": name,
            "population": population,
            "value": None if value is None else float(value),
            "base": 1000.0,
            "standard_error": error,
            "source_table": "census_profile",
            "date": "2021",
        }
        for name, values in figures.items()
        for number, value in enumerate(values)
    ]
    return pl.DataFrame(rows, schema=VALUE_COLUMNS).drop_nulls("value")


def random_figures(seed, districts=40):
    random = np.random.default_rng(seed)
    return {row.id: np.round(random.gamma(3, 4, districts), 3).tolist() for row in ECONOMY}


def scored(values, weights=EQUAL, seed=1):
    return pressure(values, weights, seed, FEW)


def test_the_score_is_the_mean_percentile_over_the_indicators():
    frame = scored(made_values({"unemployment": [1, 2, 3, 4], "low_income": [10, 40, 20, 30]}))
    assert frame["score"].to_list() == [12.5, (37.5 + 87.5) / 2, (62.5 + 37.5) / 2, (87.5 + 62.5) / 2]
    assert frame["rank"].to_list() == [4, 2, 3, 1]


def test_more_income_is_less_pressure():
    frame = scored(made_values({"median_income": [50000, 60000, 70000, 80000]}))
    assert frame["rank"].to_list() == [1, 2, 3, 4]


def test_a_weight_shifts_the_score_and_one_of_zero_silences():
    values = made_values({"unemployment": [1, 2, 3, 4], "low_income": [4, 3, 2, 1]})
    assert scored(values)["score"].to_list() == [50.0] * 4
    assert scored(values, {"unemployment": 3.0, "low_income": 1.0})["score"].to_list() == [
        31.25,
        43.75,
        56.25,
        68.75,
    ]
    alone = scored(values, {"unemployment": 1.0, "low_income": 0.0})
    assert alone["score"].to_list() == [12.5, 37.5, 62.5, 87.5]
    assert set(alone["indicators"]) == {1}


def test_a_gap_gives_its_weight_to_the_others_and_is_counted():
    figures = {"unemployment": [1, 2, 3, 4], "low_income": [1, 2, 3, None], "no_certificate": [1, 2, 3, 4]}
    frame = scored(made_values(figures))
    assert frame["indicators"].to_list() == [3, 3, 3, 2]
    assert frame["score"][3] == 87.5


def test_too_little_known_is_no_score():
    figures = {"unemployment": [1, 2, 3, 4], "low_income": [1, 2, 3, None], "no_certificate": [1, 2, 3, None]}
    assert scored(made_values(figures))["district_id"].to_list() == ["000", "001", "002"]


def test_newcomers_have_a_score_only_where_most_is_published_for_them():
    figures = {"unemployment": [1, 2, 3], "low_income": [1, 2, 3], "no_certificate": [3, 1, 2]}
    everyone = made_values(figures)
    some = made_values({"unemployment": [3, 2, 1]}, population="newcomers")
    most = made_values({"unemployment": [3, 2, 1], "low_income": [3, 2, 1]}, population="newcomers")
    assert set(scored(pl.concat([everyone, some]))["population"]) == {"all_residents"}
    both = scored(pl.concat([everyone, most])).filter(pl.col("population") == "newcomers")
    assert both["rank"].to_list() == [1, 2, 3]
    assert set(both["indicators"]) == {2}


def test_aspects_are_never_put_together():
    figures = {"unemployment": [1, 2, 3], "core_housing_need": [3, 2, 1]}
    frame = scored(made_values(figures))
    assert set(frame["aspect"]) == {"economy_jobs", "shelter_health_protection"}
    assert frame.group_by("aspect").len()["len"].to_list() == [3, 3]
    assert frame.columns == [
        "district_id",
        "aspect",
        "population",
        "score",
        "score_low",
        "score_high",
        "rank",
        "rank_low",
        "rank_high",
        "indicators",
    ]


@pytest.mark.parametrize("seed", range(3))
def test_bands_hold_the_score_and_stay_in_their_scale(seed):
    frame = scored(made_values(random_figures(seed), error=0.5))
    for name, low, high in (("score", 0, 100), ("rank", 1, 40)):
        assert (frame[f"{name}_low"] <= frame[name]).all() and (frame[name] <= frame[f"{name}_high"]).all()
        assert frame[f"{name}_low"].min() >= low and frame[f"{name}_high"].max() <= high
    assert sorted(frame["rank"]) == list(range(1, 41))


def test_a_district_that_leads_on_everything_leads_in_every_variation():
    figures = {name: [100.0, *values[1:]] for name, values in random_figures(4).items()}
    figures["median_income"][0] = 0.0
    first = scored(made_values(figures)).row(0, named=True)
    assert (first["rank"], first["rank_low"], first["rank_high"]) == (1, 1, 1)


def test_more_sampling_noise_is_a_wider_band():
    sure, unsure = (scored(made_values(random_figures(5), error=error)) for error in (0.01, 5.0))
    width = [(frame["rank_high"] - frame["rank_low"]).mean() for frame in (sure, unsure)]
    assert width[0] < width[1]
    assert sure["score"].to_list() == unsure["score"].to_list()


def test_the_same_seed_gives_the_same_bytes_and_another_one_other_bands():
    values = made_values(random_figures(6), error=1.0)
    assert scored(values).equals(scored(values.sample(fraction=1, shuffle=True, seed=3)))
    other = scored(values, seed=2)
    assert other["score"].to_list() == scored(values)["score"].to_list()
    assert other["score_low"].to_list() != scored(values)["score_low"].to_list()


def test_equal_districts_are_ranked_by_id():
    assert scored(made_values({"unemployment": [5, 5, 5]}))["rank"].to_list() == [1, 2, 3]


def test_one_district_alone_is_in_the_middle():
    assert scored(made_values({"unemployment": [5]})).row(0)[3:7] == (50.0, 50.0, 50.0, 1)


# Invariances: what must not matter


@pytest.mark.parametrize("seed", range(3))
def test_the_unit_of_an_indicator_does_not_matter(seed):
    figures = random_figures(seed)
    other = figures | {"median_income": [1.8 * value + 32 for value in figures["median_income"]]}
    one, two = scored(made_values(figures)), scored(made_values(other))
    numbers = pl.col("score", "score_low", "score_high")
    assert np.allclose(one.select(numbers).to_numpy(), two.select(numbers).to_numpy(), atol=1e-9)
    assert one["rank"].to_list() == two["rank"].to_list()


def test_an_indicator_that_is_the_same_everywhere_changes_no_rank():
    figures = random_figures(7)
    figures.pop("unemployment")
    constant = figures | {"unemployment": [7.0] * 40}
    assert scored(made_values(figures))["rank"].to_list() == scored(made_values(constant))["rank"].to_list()


def test_a_city_of_every_district_twice_has_the_same_scores():
    figures = random_figures(8)
    once = scored(made_values(figures))["score"].to_list()
    twice = scored(made_values({name: values * 2 for name, values in figures.items()}))["score"].to_list()
    assert twice == pytest.approx(once * 2)


def test_a_district_more_with_middling_figures_hardly_reorders_the_others():
    figures = random_figures(8)
    more = {name: [*values, float(np.median(values))] for name, values in figures.items()}
    before = scored(made_values(figures))["score"]
    after = scored(made_values(more))["score"][:-1]
    assert np.corrcoef(before.rank(), after.rank())[0, 1] > 0.99


def test_the_names_of_districts_do_not_matter():
    values = made_values(random_figures(9))
    renamed = values.with_columns(district_id=(1000 - pl.col("district_id").cast(pl.Int64)).cast(pl.String))
    assert sorted(scored(values)["score"]) == sorted(scored(renamed)["score"])


def test_no_values_are_no_scores():
    assert scored(pl.DataFrame(schema=VALUE_COLUMNS)).is_empty()


def test_a_weight_of_something_unknown_is_refused():
    with pytest.raises(NeedsError, match="no indicator 'happiness' to weigh"):
        scored(made_values({"unemployment": [1, 2]}), {"happiness": 1.0})
    with pytest.raises(NeedsError, match=r"weight of unemployment is -1\.0"):
        scored(made_values({"unemployment": [1, 2]}), {"unemployment": -1.0})


def test_an_indicator_that_is_only_shown_weighs_nothing_by_default():
    assert indicator_weights(default_parameters())["shelter_places_taken"] == 0.0
