"""Opening hours as HSDS rows write them: weeks, months, nights, holidays, clocks that change."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.directory.hours import Hours
from philoxenia.directory.hours.rows import WEEKDAYS

TORONTO = ZoneInfo("America/Toronto")
MONDAY = date(2026, 3, 2)


def hours(*rows: dict[str, Any], zone: str = "America/Toronto") -> Hours:
    return Hours(rows, zone)


def at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=TORONTO)


def clocks(found: Hours, day: date) -> list[str]:
    return [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in found.on(day)]


def test_a_week_is_open_on_its_days_and_from_the_first_minute_to_before_the_last():
    library = hours({"freq": "WEEKLY", "byday": "MO,TU,WE", "opens_at": "09:00", "closes_at": "20:30"})
    assert library.open_at(at(MONDAY, "09:00"))
    assert not library.open_at(at(MONDAY, "20:30"))
    assert not library.open_at(at(MONDAY, "08:59"))
    assert not library.open_at(at(MONDAY + timedelta(days=3), "12:00"))
    assert library.until(at(MONDAY, "10:00")) == at(MONDAY, "20:30")
    assert library.next_opening(at(MONDAY, "10:00")) == at(MONDAY + timedelta(days=1), "09:00")
    assert [len(openings) for _, openings in library.week(MONDAY)] == [1, 1, 1, 0, 0, 0, 0]


def test_a_moment_in_another_zone_is_the_same_moment():
    library = hours({"byday": "MO", "opens_at": "09:00", "closes_at": "17:00"})
    assert library.open_at(datetime(2026, 3, 2, 14, 30, tzinfo=ZoneInfo("UTC")))
    assert not library.open_at(datetime(2026, 3, 2, 13, 30, tzinfo=ZoneInfo("UTC")))


def test_a_night_runs_past_midnight_and_belongs_to_the_day_it_begins():
    shelter = hours({"freq": "WEEKLY", "byday": "SU", "opens_at": "19:00", "closes_at": "08:00"})
    assert shelter.open_at(at(MONDAY, "07:59"))
    assert not shelter.open_at(at(MONDAY, "08:00"))
    assert clocks(shelter, MONDAY) == []
    assert shelter.until(at(MONDAY, "01:00")) == at(MONDAY, "08:00")


@pytest.mark.parametrize(
    ("opens", "closes"), [("00:00", "24:00"), ("00:00", "00:00"), ("00:00", "23:59"), ("08:00", "08:00")]
)
def test_round_the_clock_never_closes(opens: str, closes: str):
    always = hours({"freq": "DAILY", "opens_at": opens, "closes_at": closes})
    moments = [at(MONDAY, "00:00") + timedelta(minutes=37 * step) for step in range(200)]
    assert all(always.open_at(moment) for moment in moments)


def test_ordinals_name_the_first_third_and_last_of_a_month():
    clinic = hours({"freq": "MONTHLY", "byday": "1MO,-1FR", "opens_at": "13:00", "closes_at": "16:00"})
    march = [MONDAY.replace(day=1) + timedelta(days=day) for day in range(31)]
    assert [day.day for day in march if clinic.on(day)] == [2, 27]
    by_date = hours({"freq": "MONTHLY", "bymonthday": "1,-1", "opens_at": "13:00", "closes_at": "16:00"})
    assert [day.day for day in march if by_date.on(day)] == [1, 31]


def test_every_other_week_counts_from_the_first():
    row = {"freq": "WEEKLY", "byday": "MO", "interval": 2, "opens_at": "10:00", "closes_at": "11:00"}
    group = hours({**row, "dtstart": "2026-03-02"})
    assert [bool(group.on(MONDAY + timedelta(weeks=week))) for week in range(4)] == [True, False, True, False]
    unanchored = hours({**row, "description": "every other Monday"})
    assert not unanchored.known
    assert unanchored.unclear == ("every other Monday",)


def test_validity_count_and_until_end_it():
    row = {"freq": "WEEKLY", "byday": "MO", "opens_at": "10:00", "closes_at": "11:00"}
    for ending in (
        {"valid_to": "2026-03-15"},
        {"until": "2026-03-15"},
        {"dtstart": "2026-03-02", "count": "2"},
    ):
        found = hours({**row, **ending})
        open_weeks = [bool(found.on(MONDAY + timedelta(weeks=week))) for week in range(3)]
        assert open_weeks == [True, True, False], ending
    assert hours({**row, "valid_from": "2026-04-01"}).next_opening(at(MONDAY, "00:00")) == at(
        date(2026, 4, 6), "10:00"
    )


def test_a_holiday_closes_and_may_have_hours_of_its_own():
    week = {"byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}
    holiday = {"valid_from": "2026-03-02", "valid_to": "2026-03-02"}
    closed = hours(week, {**holiday, "description": "Closed: holiday"})
    assert clocks(closed, MONDAY) == []
    assert clocks(closed, MONDAY + timedelta(days=1)) == ["09:00-17:00"]
    special = hours(week, holiday, {**holiday, "opens_at": "12:00", "closes_at": "14:00"})
    assert clocks(special, MONDAY) == ["12:00-14:00"]


def test_rows_without_times_are_unclear_and_not_closed():
    found = hours(
        {"byday": "MO", "opens_at": "09:00", "closes_at": "17:00"},
        {"description": "By appointment", "valid_from": "2026-01-01", "valid_to": "2026-12-31"},
    )
    assert found.open_at(at(MONDAY, "10:00"))
    assert found.unclear == ("By appointment",)


def test_openings_that_touch_or_overlap_are_one():
    found = hours(
        {"byday": "MO", "opens_at": "09:00", "closes_at": "12:00"},
        {"byday": "MO", "opens_at": "12:00", "closes_at": "17:00"},
        {"byday": "MO", "opens_at": "10:00", "closes_at": "11:00"},
    )
    assert clocks(found, MONDAY) == ["09:00-17:00"]


def test_offsets_of_the_zone_are_its_wall_clock_and_utc_is_turned():
    for written in ("09:00-05:00", "09:00:00-04:00", "14:00Z"):
        found = hours({"byday": "MO", "opens_at": written, "closes_at": "12:00"})
        assert clocks(found, MONDAY) == ["09:00-12:00"], written
    # In July Toronto is four hours behind, and only what was written in UTC moves.
    july = date(2026, 7, 6)
    assert clocks(hours({"byday": "MO", "opens_at": "09:00-05:00", "closes_at": "12:00"}), july) == [
        "09:00-12:00"
    ]
    assert clocks(hours({"byday": "MO", "opens_at": "13:00Z", "closes_at": "12:00"}), july) == ["09:00-12:00"]


def test_clocks_that_change_move_the_moment_and_not_the_hour():
    found = hours({"freq": "DAILY", "opens_at": "09:00", "closes_at": "17:00"})
    spring = date(2026, 3, 8)
    before, after = (found.on(day)[0][0] for day in (spring - timedelta(days=1), spring))
    assert (before.utcoffset(), after.utcoffset()) == (timedelta(hours=-5), timedelta(hours=-4))


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"freq": "YEARLY", "opens_at": "09:00", "closes_at": "17:00"},
        {"freq": "WEEKLY", "opens_at": "09:00", "closes_at": "17:00"},
        {"byday": "someday", "opens_at": "09:00", "closes_at": "17:00"},
        {"byday": "MO", "opens_at": "25:00", "closes_at": "26:00"},
        {"byday": "MO", "opens_at": "09:75", "closes_at": "10:00"},
        {"byday": "MO", "opens_at": "<script>", "closes_at": "\u202e00:90"},
        {"byday": "MO", "opens_at": "09:00", "closes_at": None},
        {"byday": None, "freq": 7, "interval": "many", "count": "-3", "valid_from": "soon", "opens_at": []},
        {"byday": "MO" * 100_000, "opens_at": "9" * 100_000, "closes_at": "17:00"},
    ],
)
def test_what_is_not_understood_is_never_open_and_never_a_fault(row: dict[str, Any]):
    found = hours(row)
    assert not found.known
    assert not any(found.open_at(at(MONDAY, f"{hour:02}:30")) for hour in range(24))
    assert found.next_opening(at(MONDAY, "00:00")) is None


def test_the_ends_of_time_are_no_fault():
    found = hours({"freq": "DAILY", "opens_at": "20:00", "closes_at": "04:00"})
    assert found.open_at(datetime(1, 1, 1, 21))
    assert not found.open_at(datetime(1, 1, 1, 3))


RULES = st.fixed_dictionaries(
    {
        "freq": st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
        "interval": st.integers(1, 4),
        "dtstart": st.dates(date(2025, 11, 1), date(2026, 3, 1)),
        "until": st.dates(date(2026, 3, 1), date(2026, 12, 1)),
        # dateutil wants a day to satisfy both where ordinals stand beside plain days; the standard adds them.
        "places": st.just([0]) | st.lists(st.sampled_from([1, 2, 4, -1, -2]), min_size=1, max_size=2),
        "days": st.lists(st.integers(0, 6), min_size=1, max_size=3, unique=True),
        "wkst": st.integers(0, 6),
    }
)


@given(RULES)
@settings(max_examples=150, deadline=None)
def test_days_are_those_of_the_calendar_standard(rule: dict[str, Any]):
    monthly = rule["freq"] == "MONTHLY"
    places = rule["places"] if monthly else [0]
    by_day = ",".join(f"{place or ''}{WEEKDAYS[day]}" for place in places for day in rule["days"])
    found = hours(
        {
            **{name: rule[name] for name in ("freq", "interval", "dtstart", "until")},
            "byday": by_day,
            "wkst": WEEKDAYS[rule["wkst"]],
            "opens_at": "09:00",
            "closes_at": "17:00",
        }
    )
    weekdays = [getattr(rrule, WEEKDAYS[day]) for day in rule["days"]]
    expected = rrule.rrule(
        getattr(rrule, rule["freq"]),
        interval=rule["interval"],
        dtstart=datetime.combine(rule["dtstart"], datetime.min.time()),
        until=datetime.combine(rule["until"], datetime.min.time()),
        wkst=rule["wkst"],
        byweekday=[day(place) if place else day for place in places for day in weekdays],
    )
    spring = [date(2026, 1, 1) + timedelta(days=day) for day in range(150)]
    named = [day.date() for day in expected]
    assert [day for day in spring if found.on(day)] == [day for day in named if day in spring]


CLOCK = st.integers(0, 24 * 60 - 1).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
WEEK_ROWS = st.lists(
    st.fixed_dictionaries({"byday": st.sampled_from(WEEKDAYS), "opens_at": CLOCK, "closes_at": CLOCK}),
    min_size=1,
    max_size=6,
)


@given(WEEK_ROWS, st.integers(0, 7 * 24 * 60 - 1))
@settings(max_examples=100, deadline=None)
def test_open_at_a_moment_is_to_lie_in_an_opening(rows: list[dict[str, str]], minute: int):
    found = hours(*rows)
    moment = at(MONDAY, "00:00") + timedelta(minutes=minute)
    openings = found.openings(MONDAY - timedelta(days=2), MONDAY + timedelta(days=8))
    inside = [one for one in openings if one.opens <= moment < one.closes]
    assert found.open_at(moment) == bool(inside)
    for day in {one.opens.date() for one in openings}:
        assert all(before[1] < after[0] for before, after in pairwise(found.on(day)))
    following = found.next_opening(moment)
    assert following == min((one.opens for one in openings if one.opens > moment), default=following)
