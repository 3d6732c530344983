"""Linearised errors are those of the loops, of svy, and of resampling whole clusters."""

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.needs.survey import (
    Design,
    differences,
    means,
    means_elsewhere,
    plain,
    ratios,
    survey_design,
    totals,
)
from philoxenia.needs.types import NeedsError

RNG = np.random.default_rng(17)
ROWS = 300


def made_survey() -> pl.DataFrame:
    cluster = RNG.integers(0, 6, ROWS)
    shift = RNG.normal(0, 1, 24)
    stratum = RNG.integers(0, 4, ROWS)
    score = RNG.normal(5, 2, ROWS) + shift[stratum * 6 + cluster]
    return pl.DataFrame(
        {
            "weight": RNG.uniform(1, 6, ROWS),
            "stratum": stratum,
            "cluster": cluster,
            "score": score,
            "size": RNG.uniform(1, 4, ROWS),
            "yes": (score > 5.5).astype(float),
            "group": RNG.integers(0, 3, ROWS),
            "clusters": np.array([20, 30, 25, 40])[stratum],
        }
    )


SURVEY = made_survey()
GROUPS = np.stack([(SURVEY["group"] == group).to_numpy() for group in range(3)], axis=1)
EVERYBODY = np.ones((ROWS, 1), dtype=bool)


def design(**options: str) -> Design:
    return survey_design(SURVEY, "weight", "stratum", "cluster", **options)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.floats(-5, 5), st.floats(0.5, 9), st.booleans(), st.sampled_from("ab"), st.sampled_from("uvw")
        ),
        min_size=8,
        max_size=40,
    )
)
def test_a_domain_mean_and_its_variance_are_those_of_the_loops(
    rows: list[tuple[float, float, bool, str, str]],
) -> None:
    # Every stratum gets two clusters, and the domain somebody.
    rows = [*rows, *((1.0, 1.0, True, stratum, cluster) for stratum in "ab" for cluster in "uv")]
    values, weights, inside, strata, clusters = (list(column) for column in zip(*rows, strict=True))
    frame = pl.DataFrame({"w": weights, "s": strata, "c": clusters})
    found = means(np.array(values), np.array(inside)[:, None], survey_design(frame, "w", "s", "c"))
    mean, variance = plain.mean_and_variance(values, weights, inside, strata, clusters)
    assert found.value[0] == pytest.approx(mean, abs=1e-10)
    assert found.error[0] ** 2 == pytest.approx(variance, rel=1e-8, abs=1e-12)


def test_everything_is_as_svy_has_it() -> None:
    svy = pytest.importorskip("svy")
    named = SURVEY.with_columns(psu=pl.concat_str("stratum", "cluster", separator="-"))
    sample = svy.Sample(named, svy.Design(stratum="stratum", psu="psu", wgt="weight"))
    score, yes = SURVEY["score"].to_numpy(), SURVEY["yes"].to_numpy()
    drawn = design()
    told = {
        "mean": (sample.estimation.mean("score", by="group", deff="wr"), means(score, GROUPS, drawn)),
        "ratio": (
            sample.estimation.ratio("score", "size"),
            ratios(score, SURVEY["size"].to_numpy(), EVERYBODY, drawn),
        ),
        "total": (sample.estimation.total("score", by="group"), totals(score, GROUPS, drawn)),
    }
    for name, (theirs, mine) in told.items():
        frame = theirs.to_polars()
        frame = frame.sort("group") if "group" in frame.columns else frame
        for column, ours in (("est", mine.value), ("se", mine.error), ("lci", mine.low), ("uci", mine.high)):
            assert frame[column].to_numpy() == pytest.approx(ours, rel=1e-9), (name, column)
    frame = told["mean"][0].to_polars().sort("group")
    assert frame["deff"].to_numpy() == pytest.approx(told["mean"][1].effect, rel=1e-9)
    assert frame["df"].to_list() == told["mean"][1].freedom.tolist()
    shares = sample.estimation.prop("yes", by="group").to_polars().filter(pl.col("yes") == 1).sort("group")
    mine = means(yes, GROUPS, drawn, share=True)
    for column, ours in (("se", mine.error), ("lci", mine.low), ("uci", mine.high)):
        assert shares[column].to_numpy() == pytest.approx(ours, rel=1e-9), column


def test_a_finite_population_narrows_the_error_as_svy_says() -> None:
    svy = pytest.importorskip("svy")
    named = SURVEY.with_columns(psu=pl.concat_str("stratum", "cluster", separator="-"))
    sample = svy.Sample(named, svy.Design(stratum="stratum", psu="psu", wgt="weight", pop_size="clusters"))
    theirs = sample.estimation.mean("score").to_polars()["se"].item()
    mine = means(SURVEY["score"].to_numpy(), EVERYBODY, design(fpc="clusters")).error[0]
    assert mine == pytest.approx(theirs, rel=1e-9)
    assert mine < means(SURVEY["score"].to_numpy(), EVERYBODY, design()).error[0]


def test_a_difference_takes_in_that_groups_share_clusters() -> None:
    found = means(SURVEY["score"].to_numpy(), GROUPS, design())
    gap = differences(found, [(0, 1)])[0]
    apart = np.hypot(found.error[0], found.error[1])
    assert found.covariance[0, 1] != 0
    assert gap.error == pytest.approx(np.sqrt(apart**2 - 2 * found.covariance[0, 1]))
    same = differences(means(SURVEY["score"].to_numpy(), GROUPS[:, [0, 0]], design()), [(0, 1)])[0]
    assert (same.value, same.p) == (0.0, 1.0)


def test_sums_of_clusters_from_any_engine_give_the_same_estimates() -> None:
    frame = SURVEY.with_columns(
        first=pl.col("group") == 0,
        score=pl.when(pl.col("size") < 3.8).then("score"),
        psu=pl.concat_str("stratum", "cluster", separator="-"),
    )
    here = means(
        frame["score"].fill_null(np.nan).to_numpy(),
        np.stack([EVERYBODY[:, 0], frame["first"].to_numpy()], axis=1),
        design(),
    )
    for rows in (frame, frame.lazy(), duckdb.sql("SELECT * FROM frame")):
        found = means_elsewhere(rows, ["score"], ["first"], "weight", "stratum", "psu")["score"]
        for figure in ("value", "error", "low", "high", "base", "people", "freedom", "effect"):
            assert getattr(found, figure) == pytest.approx(getattr(here, figure), rel=1e-9), figure
    with pytest.raises(NeedsError, match="no column 'zone'"):
        means_elsewhere(frame, ["score"], [], "weight", "zone", "psu")


def test_resampling_whole_clusters_gives_about_the_same_error() -> None:
    random, drawn, values = np.random.default_rng(4), design(), SURVEY["score"].to_numpy()
    clusters = [np.flatnonzero(drawn.stratum == stratum) for stratum in range(4)]
    members = [np.flatnonzero(drawn.cluster == cluster) for cluster in range(len(drawn.stratum))]
    estimates = []
    for _ in range(600):
        # Rao and Wu 1988: n - 1 of n clusters, so that the variance is not too small.
        picked = [c for own in clusters for c in random.choice(own, len(own) - 1)]
        rows = np.concatenate([members[c] for c in picked])
        estimates.append(np.average(values[rows], weights=drawn.weights[rows]))
    error = means(values, EVERYBODY, drawn).error[0]
    assert error == pytest.approx(np.std(estimates), rel=0.12)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    random, held, draws = np.random.default_rng(9), 0, 400
    for _ in range(draws):
        block = np.repeat(np.arange(24), 8)
        share = 1 / (1 + np.exp(-(random.normal(0, 0.7, 24)[block] - 0.8)))
        frame = pl.DataFrame({"block": block, "stratum": block % 3})
        found = means(
            (random.random(len(block)) < share).astype(float),
            np.ones((len(block), 1), dtype=bool),
            survey_design(frame, None, "stratum", "block"),
            share=True,
            level=0.9,
        )
        held += found.low[0] <= 0.32685 <= found.high[0]
    # The share of yes behind it all: the mean of the logistic of N(-0.8, 0.7).
    assert 0.86 <= held / draws <= 0.94


def test_the_at_risk_of_poverty_rates_published_with_laeken(shared_data) -> None:
    """Alfons and Templ 2013, Journal of Statistical Software 54(15), section 3: arpr by region."""
    path = shared_data / "survey" / "eusilc_synthetic_at.csv.gz"
    if not path.exists():
        pytest.skip("the synthetic EU-SILC is not here")
    people = pl.read_csv(path, columns=["eqIncome", "rb050", "db040"])
    published = {
        "Burgenland": 19.53984, "Carinthia": 13.08627, "Lower Austria": 13.84362, "Salzburg": 13.78734,
        "Styria": 14.37464, "Tyrol": 15.30819, "Upper Austria": 10.88977, "Vienna": 17.23468,
        "Vorarlberg": 16.53731,
    }  # fmt: skip
    poor = (people["eqIncome"].to_numpy() < 10859.24).astype(float)
    inside = [(people["db040"] == region).to_numpy() for region in published]
    everybody = np.ones(people.height, dtype=bool)
    found = means(poor, np.stack([everybody, *inside], axis=1), survey_design(people, "rb050"), share=True)
    assert 100 * found.value == pytest.approx([14.44422, *published.values()], abs=5e-6)
