"""Severity as REACH codes it: the highest part, the highest sector, in need from 3, severe from 4."""

import polars as pl
import pytest
from polars.testing import assert_series_equal

from philoxenia.needs.profiles import read_spec
from philoxenia.needs.profiles.profile import profile
from philoxenia.needs.profiles.survey_file import read_survey
from philoxenia.needs.severity import Part, Sector, severity
from philoxenia.needs.types import NeedsError

# The cases of REACH's own test of its index (humind, test-add_msni): six sectors, five households.
SCORES = pl.DataFrame(
    {
        "foodsec": [1, 2, 3, 4, 5],
        "snfi": [5, 4, 3, 2, 1],
        "wash": [2, 2, 2, 2, 2],
        "prot": [1, 1, 1, 1, 1],
        "health": [None, 2, None, 1, None],
        "edu": [1, 1, 1, None, None],
    }
)
SECTORS = [Sector(name, column=name) for name in SCORES.columns]


def test_a_household_scores_its_highest_sector() -> None:
    found = severity(SCORES, SECTORS)
    assert found["severity_score"].to_list() == [5, 4, 3, 4, 5]
    assert found["in_need"].to_list() == [True] * 5
    assert found["severe"].to_list() == [True, True, False, True, True]
    assert found["sectors"].to_list() == [1, 1, 2, 1, 1]


def test_what_is_not_known_is_passed_over_and_nothing_known_is_nothing() -> None:
    frame = pl.DataFrame({"a": [None, 3, None], "b": [2, None, None]}, schema={"a": pl.Int64, "b": pl.Int64})
    found = severity(frame, [Sector("a", column="a"), Sector("b", column="b")])
    assert found["severity_score"].to_list() == [2, 3, None]
    assert found["in_need"].to_list() == [False, True, None]
    assert found["sectors"].to_list() == [0, 1, None]


def test_the_highest_condition_counts_and_none_of_them_is_one() -> None:
    frame = pl.DataFrame({"rooms": [0, 1, 2, 5, None]})
    part = Part({5: pl.col("rooms") == 0, 3: pl.col("rooms") < 3})
    assert severity(frame, [Sector("shelter", (part,))])["shelter"].to_list() == [5, 3, 3, 1, None]


def test_an_unknown_condition_leaves_the_ones_below_it() -> None:
    frame = pl.DataFrame({"a": [None, True], "b": [True, True]}, schema={"a": pl.Boolean, "b": pl.Boolean})
    part = Part({4: pl.col("a"), 2: pl.col("b")})
    assert severity(frame, [Sector("x", (part,))])["x"].to_list() == [2, 4]


@pytest.mark.parametrize(
    ("sectors", "said"),
    [
        ([], "each sector once"),
        ([Sector("foodsec", column="foodsec")] * 2, "each sector once"),
        ([Sector("x")], "neither parts nor a column"),
        ([Sector("x", (Part({6: pl.lit(True)}),))], "scores go from 1 to 5"),
        ([Sector("rooms", column="half")], "1 scores of the sector rooms"),
    ],
)
def test_scores_that_cannot_be_are_refused(sectors: list[Sector], said: str) -> None:
    with pytest.raises(NeedsError, match=said):
        severity(SCORES.with_columns(half=pl.Series([1.0, 2.5, 3, 4, 5])), sectors)


SHELTER = """
[survey]
name = "MSNA 2024, generated answers"
anonymous = true
synthetic = true
missing = ["dnk", "pnta", "other"]

[design]
weight = "weight"

[[groups]]
id = "camp"
where = "setting = 'camp'"

[[groups]]
id = "elsewhere"
where = "setting in ('urban', 'rural')"

[[severity.sectors]]
id = "shelter"
parts = [
  { 5 = "snfi_shelter_type = 'none'", 3 = "snfi_shelter_type = 'collective_center' or BUILT" },
  { 3 = "hlp_risk_eviction = 'yes' or hlp_occupancy = 'no_agreement'", 2 = "TENURE" },
]
""".replace("BUILT", "snfi_shelter_type_individual in ('tent', 'makeshift', 'unfinished_building')").replace(
    "TENURE", "hlp_occupancy in ('rented', 'hosted_free')"
)


def test_the_generated_answers_of_2024_score_as_by_hand(shared_data, tmp_path) -> None:
    path = shared_data / "survey" / "msna2024_dummy_main.csv"
    if not path.exists():
        pytest.skip("the generated MSNA answers are not here")
    # Questions on the household's own displacement and interviewers' numbers stay outside a profile.
    kept = [
        "setting",
        "snfi_shelter_type",
        "snfi_shelter_type_individual",
        "hlp_occupancy",
        "hlp_risk_eviction",
        "weight",
    ]
    raw = pl.read_csv(path, infer_schema=False).select(kept)
    raw.write_csv(tmp_path / "msna.csv")
    spec = read_spec(SHELTER)
    found = profile(read_survey(tmp_path / "msna.csv", spec), spec).tables["severity"]
    scores = [by_hand(row) for row in raw.iter_rows(named=True)]
    weights = [float(row["weight"]) for row in raw.iter_rows(named=True)]
    for measure, least in (("in_need", 3), ("severe", 4)):
        known = [(s, w) for s, w in zip(scores, weights, strict=True) if s is not None]
        share = sum(w for s, w in known if s >= least) / sum(w for _, w in known)
        row = found.filter(sector="household", measure=measure, group="all").row(0, named=True)
        assert row["value"] == pytest.approx(share)
        assert row["base"] == len(known)
    scored = found.filter(pl.col("measure").str.starts_with("score_"), group="all", sector="shelter")
    assert scored["value"].sum() == pytest.approx(1)
    assert_series_equal(scored["base"].unique(), pl.Series("base", [len(known)]))


def by_hand(row: dict[str, str]) -> int | None:
    def answer(name: str) -> str | None:
        return None if row[name] in ("NA", "dnk", "pnta", "other", "", None) else row[name]

    scores = []
    kind, built = answer("snfi_shelter_type"), answer("snfi_shelter_type_individual")
    tenure, eviction = answer("hlp_occupancy"), answer("hlp_risk_eviction")
    if kind == "none":
        scores.append(5)
    elif kind == "collective_center" or built in ("tent", "makeshift", "unfinished_building"):
        scores.append(3)
    elif kind is not None and built is not None:
        scores.append(1)
    if eviction == "yes" or tenure == "no_agreement":
        scores.append(3)
    elif tenure in ("rented", "hosted_free"):
        scores.append(2)
    elif tenure is not None and eviction is not None:
        scores.append(1)
    return max(scores, default=None)
