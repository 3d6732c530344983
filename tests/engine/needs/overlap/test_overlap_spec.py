"""What an overlap tells a planner, and what it refuses."""

import numpy as np
import polars as pl
import pytest

from philoxenia.needs.overlap import Overlap, overlap, with_population
from philoxenia.needs.types import NeedsError

PEOPLE = pl.DataFrame(
    {
        "population": ["newcomers"] * 6 + ["long_term_residents"] * 4,
        "district_id": ["001", "001", "001", "002", "002", "", "001", "001", "002", None],
        "needs": [
            "housing;language",
            "housing;language",
            "housing",
            "language",
            "",
            None,
            "work",
            "housing;work",
            "",
            "work",
        ],
    }
)


def test_exclusive_rows_of_a_group_add_up_to_its_base() -> None:
    rows = overlap(PEOPLE).exclusive(("population",))
    for (_,), group in rows.group_by("population"):
        assert group["people"].sum() == group["base"][0]
        assert np.isclose(group["share"].sum(), 1)
    assert rows.filter(population="newcomers", needs="housing;language")["people"].to_list() == [2]


def test_people_without_need_stay_in_the_base_and_out_of_the_picture() -> None:
    found = overlap(PEOPLE)
    assert found.exclusive().filter(size=0)["people"].to_list() == [3]
    picture = found.upset(("population",), top=2)
    assert picture["size"].min() == 1
    assert picture.filter(population="newcomers")["people"].to_list() == [2, 1]
    assert set(picture.filter(population="newcomers")["base"]) == {6}


def test_an_empty_group_is_unknown_and_an_empty_answer_is_said() -> None:
    found = overlap(PEOPLE)
    assert found.base(("district_id",)).filter(district_id="unknown")["people"].to_list() == [2]
    assert found.notes == ("1 of 10 people have no entry in `needs` and count as without need.",)


def test_each_need_has_its_count_and_an_interval_around_its_share() -> None:
    row = overlap(PEOPLE).counts().filter(need="housing").row(0, named=True)
    assert (row["people"], row["base"], row["share"]) == (4, 10, 0.4)
    # Wilson's interval for 4 of 10, as in Brown, Cai and DasGupta 2001.
    assert row["low"] == pytest.approx(0.1682, abs=1e-4)
    assert row["high"] == pytest.approx(0.6873, abs=1e-4)


def test_lift_is_one_where_needs_have_nothing_to_do_with_each_other() -> None:
    even = pl.DataFrame({"needs": ["housing;work"] * 10 + ["housing"] * 10 + ["work"] * 10 + [""] * 10})
    row = overlap(even, ("housing", "work"), by=()).lift().row(0, named=True)
    assert row["lift"] == 1.0
    assert row["low"] < 1 < row["high"]


def test_needs_that_never_meet_have_a_lift_of_nought_and_still_an_upper_end() -> None:
    apart = pl.DataFrame({"needs": ["housing"] * 20 + ["work"] * 20 + [""] * 60})
    row = overlap(apart, ("housing", "work"), by=()).lift(level=0.95).row(0, named=True)
    assert (row["lift"], row["low"]) == (0.0, 0.0)
    assert row["high"] == pytest.approx(3.6889 / 4, rel=1e-4)  # at most 3.69 people, where 4 were expected
    gone = overlap(apart, ("housing", "school"), by=()).lift().row(0, named=True)
    assert gone["lift"] is None and gone["high"] is None


def test_the_interval_of_a_lift_holds_the_true_one_as_often_as_it_says() -> None:
    random, held, draws, people = np.random.default_rng(11), 0, 300, 400
    both, first, second = 0.15, 0.35, 0.3
    shares = [1 - first - second + both, first - both, second - both, both]
    for _ in range(draws):
        counts = random.multinomial(people, shares)
        cells = pl.DataFrame({"mask": [0, 1, 2, 3], "people": counts})
        row = Overlap(cells, ("housing", "work")).lift(level=0.9).row(0, named=True)
        held += row["low"] <= both / (first * second) <= row["high"]
    assert 0.86 <= held / draws <= 0.94


def test_weights_count_and_widen_the_interval() -> None:
    people = pl.DataFrame({"housing": [True, False] * 20, "weight": [1.0, 1.0, 9.0, 9.0] * 10})
    row = overlap(people, by=(), weight="weight").counts().row(0, named=True)
    plain = overlap(people, by=()).counts().row(0, named=True)
    assert (row["people"], row["base"], row["records"]) == (100.0, 200.0, 20)
    assert row["share"] == plain["share"] == 0.5
    assert row["high"] - row["low"] > plain["high"] - plain["low"]


@pytest.mark.parametrize(
    ("frame", "options", "said"),
    [
        (PEOPLE.drop("needs"), {}, "No column says who has which need"),
        (PEOPLE.drop("district_id"), {}, "no column district_id"),
        (PEOPLE.with_columns(needs=pl.lit("housing;jobs")), {}, "a code that no table of needs knows"),
        (PEOPLE.with_columns(housing=pl.lit("yes")), {"needs": ["housing"]}, "must hold true or false"),
        (PEOPLE.with_columns(w=pl.lit(-1.0)), {"weight": "w"}, "10 of 10 weights in w"),
        (PEOPLE.with_columns(w=pl.lit("1")), {"weight": "w"}, "must be numbers"),
        (PEOPLE, {"needs": ["housing", "housing"]}, "each need once"),
        (PEOPLE, {"needs": [f"need{n}" for n in range(21)]}, "Choose 20 at most"),
        ([1, 2], {}, "not as list"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_the_remedy(frame: object, options: dict, said: str) -> None:
    with pytest.raises(NeedsError, match=said):
        overlap(frame, **options)


def test_a_wrong_code_is_never_repeated_in_a_message() -> None:
    typed = PEOPLE.with_columns(needs=pl.lit("housing;somebody's name"))
    with pytest.raises(NeedsError) as refused:
        overlap(typed)
    assert "somebody" not in str(refused.value)


def test_an_empty_list_gives_empty_tables() -> None:
    nobody = overlap(PEOPLE.clear())
    for table in (nobody.exclusive(("population",)), nobody.inclusive(), nobody.upset(("population",))):
        assert table.is_empty() or table["people"].sum() == 0
    assert nobody.lift()["lift"].drop_nulls().is_empty()


def test_newcomers_are_told_by_their_time_in_the_city() -> None:
    people = pl.DataFrame(
        {"in_city_since": ["2026-10", "2021-12", "2021-11", "1990-01-15", None, "long ago"]}
    )
    told = with_population(people, "2026-11")["population"].to_list()
    assert told == [
        "newcomers",
        "newcomers",
        "long_term_residents",
        "long_term_residents",
        "unknown",
        "unknown",
    ]
    assert with_population(people, "2026-11", months=1)["population"][0] == "long_term_residents"
    with pytest.raises(NeedsError, match="in_city_since"):
        with_population(PEOPLE, "2026-11")
    with pytest.raises(NeedsError, match="no month"):
        with_population(people, "soon")
