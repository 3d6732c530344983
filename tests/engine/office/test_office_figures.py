"""Who was served, who waits: counted as one would by hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.office import Doings, Month, month_tables, waiting
from philoxenia.office.plain import still_waiting
from philoxenia.office.protecting import Limits

MAY = Month(date(2026, 5, 1))
OPEN = Limits(minimum=1, width=0)
_TIME = pl.Datetime("us", "UTC")


def at(day: int, month: int = 5) -> datetime:
    """Noon of a day."""
    return datetime(2026, month, day, 12, tzinfo=UTC)


def frame(rows: list[tuple[object, ...]], **schema: pl.DataType | type[pl.DataType]) -> pl.DataFrame:
    """Rows with their types, also where there are none."""
    return pl.DataFrame(rows, schema=schema, orient="row")


@pytest.fixture(scope="module")
def doings() -> Doings:
    """Four people, two teams, three months."""
    people = [
        (1, "ar", "d1", date(2026, 4, 1)),
        (2, "ar", "d2", date(2024, 1, 1)),
        (3, "uk", "d1", date(2010, 1, 1)),
        (4, "", None, None),
    ]
    acts = [
        (1, "x", at(2)),
        (1, "y", at(9)),
        (2, "x", at(31)),
        (3, "x", at(1, 6)),
        (4, "y", at(30, 4)),
        (4, "y", at(1)),
    ]
    needs = [
        (1, "x", "housing", at(2), None),
        (1, "y", "housing", at(9), None),
        (2, "x", "housing", at(3, 4), at(2)),
        (3, "x", "work", at(3, 4), at(2, 6)),
    ]
    referrals = [
        ("x", "p", "housing", at(1), at(4), None, None, at(6), "declined"),
        ("x", "p", "housing", at(1), None, None, at(20), None, None),
        ("x", "p", "work", at(3, 4), at(4, 4), at(9, 4), None, at(2, 6), "met"),
        ("y", "p", "work", at(30), None, None, None, None, None),
    ]
    cases = [("x", at(1, 2), None), ("x", at(1), at(3)), ("y", at(31), None), ("y", at(1, 6), None)]
    return Doings(
        frame(people, person=pl.Int64, language=pl.String, district_id=pl.String, here_since=pl.Date),
        frame(acts, person=pl.Int64, organisation=pl.String, at=_TIME),
        frame(needs, person=pl.Int64, organisation=pl.String, need=pl.String, noted_at=_TIME, ended_at=_TIME),
        frame(
            referrals,
            organisation=pl.String,
            receiver=pl.String,
            need=pl.String,
            sent_at=_TIME,
            answered_at=_TIME,
            begun_at=_TIME,
            lapsed_at=_TIME,
            ended_at=_TIME,
            result=pl.String,
        ),
        frame(cases, organisation=pl.String, opened_at=_TIME, closed_at=_TIME),
    )


@pytest.fixture(scope="module")
def counts(doings: Doings) -> dict[tuple[str, str, str], int]:
    """All counts of May, none hidden."""
    table = month_tables(doings, MAY, OPEN)["counts"]
    return {(measure, by, category): shown for measure, by, category, shown in table.iter_rows()}


def test_a_person_is_served_once_a_month_whoever_served_them(counts: dict[tuple[str, str, str], int]) -> None:
    assert counts["served", "language", ""] == 3
    assert counts["served", "language", "ar"] == 2
    assert counts["served", "language", "unknown"] == 1
    assert counts["served", "district", "d1"] == 1
    assert counts["served", "since", "under_6_months"] == 1
    assert counts["served", "since", "2_to_4_years"] == 1


def test_needs_are_unmet_until_they_end(counts: dict[tuple[str, str, str], int]) -> None:
    assert counts["noted", "need", "housing"] == 1
    assert counts["unmet", "need", "housing"] == 1
    assert counts["unmet", "need", "work"] == 1


def test_referrals_are_where_they_were_at_the_end_of_the_month(
    counts: dict[tuple[str, str, str], int],
) -> None:
    assert counts["referrals_ended", "result", "declined"] == 1
    assert ("referrals_ended", "result", "met") not in counts
    stages = {
        category: shown for (measure, _, category), shown in counts.items() if measure == "referrals_open"
    }
    # What goes on has no total: it would be one more equation with the month before.
    assert stages == {"lost": 1, "running": 1, "waiting": 1}
    assert counts["open_cases", "team", "x"] == 1
    assert ("open_cases", "team", "") not in counts


def test_a_month_is_that_of_the_city_s_clocks() -> None:
    october = Month(date(2026, 10, 1), ZoneInfo("America/Toronto"))
    assert october.begins == datetime(2026, 10, 1, 4, tzinfo=UTC)
    # The clocks change on the first of November at two.
    assert october.ends == datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_a_month_without_anything_is_a_month_of_zeros(doings: Doings) -> None:
    table = month_tables(doings, Month(date(2020, 1, 1)))
    totals = table["counts"].filter(pl.col("category") == "")
    assert totals["shown"].to_list() == [0] * totals.height
    assert table["waits"].is_empty()


_WAITS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=25)


@given(_WAITS)
def test_waits_are_those_of_the_obvious_estimate(rows: list[tuple[int, bool]]) -> None:
    days, over = [float(day) for day, _ in rows], [ended for _, ended in rows]
    found = waiting(pl.DataFrame({"days": days, "over": over}))
    by_hand = [day for day in range(13) if still_waiting(days, over, day) <= 0.5 + 1e-12]
    assert found.median == (by_hand[0] if by_hand else None)
    assert found.waiting == over.count(False)
    if found.median is not None and found.median_low is not None:
        assert found.median_low <= found.median
    if found.median is not None and found.median_high is not None:
        assert found.median <= found.median_high


def test_who_still_waits_makes_the_time_longer() -> None:
    ended = pl.DataFrame({"days": [2.0, 3.0, 4.0], "over": [True] * 3})
    queue = pl.concat([ended, pl.DataFrame({"days": [30.0] * 4, "over": [False] * 4})])
    assert waiting(ended).median == 3
    assert waiting(queue).median is None


def test_a_time_that_rests_on_few_is_not_told(doings: Doings) -> None:
    few = month_tables(doings, MAY, OPEN)["waits"]
    assert few.is_empty()
    many = pl.concat([doings.referrals.head(1)] * 12).with_columns(
        answered_at=pl.col("sent_at") + timedelta(days=3)
    )
    told = month_tables(Doings(doings.people, doings.acts, doings.needs, many, doings.cases), MAY, OPEN)[
        "waits"
    ]
    answer = told.filter((pl.col("measure") == "answer") & (pl.col("category") == "")).row(0, named=True)
    assert (answer["base"], answer["median"], answer["waiting"]) == (10, 3, 0)
    # A team that takes its own away would be left with the time of one.
    one = many.head(1).with_columns(organisation=pl.lit("y"), receiver=pl.lit("q"))
    few = Doings(doings.people, doings.acts, doings.needs, pl.concat([many, one]), doings.cases)
    assert month_tables(few, MAY)["waits"].is_empty()
