"""Who is next in the queue, and how long others will wait: promises that hold whatever comes."""

from dataclasses import replace
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from philoxenia_web.casework.queue.ordering import Waiting, aim_of, aims, in_order, next_for
from philoxenia_web.casework.queue.waiting import Scene, estimates, filled_lengths

_LANGUAGES = ["ar", "uk", ""]


@st.composite
def _lines(draw: st.DrawFn) -> list[Waiting]:
    drawn = draw(
        st.lists(
            st.tuples(
                st.integers(0, 240), st.sampled_from(sorted(aims().values())), st.sampled_from(_LANGUAGES)
            ),
            max_size=12,
        )
    )
    return [
        Waiting(UUID(int=number), number, float(came), aim, language)
        for number, (came, aim, language) in enumerate(drawn, start=1)
    ]


@given(_lines(), st.lists(st.tuples(st.integers(1, 30), st.sampled_from([["ar"], ["uk"], []])), max_size=40))
def test_nobody_is_called_before_one_whose_aim_was_past_when_they_came(
    people: list[Waiting], calls: list[tuple[int, list[str]]]
) -> None:
    now, gone = 0.0, set()
    for minutes, spoken in calls:
        now += minutes
        here = [one for one in people if one.came <= now and one.id not in gone]
        called = next_for(here, spoken, now)
        assert (called is None) == (not here)
        if called:
            gone.add(called.id)
            assert not [one for one in here if one.id != called.id and called.came > one.due]


@given(_lines())
def test_of_two_with_one_aim_the_earlier_is_first_and_the_order_of_the_list_says_nothing(
    people: list[Waiting],
) -> None:
    ordered = in_order(people)
    assert ordered == in_order(reversed(people))
    for before, after in pairwise(ordered):
        assert before.due <= after.due
        assert before.aim != after.aim or before.came <= after.came


def test_danger_is_called_before_who_came_half_an_hour_earlier() -> None:
    usual = Waiting(UUID(int=1), 1, 0, aim_of([]))
    danger = Waiting(UUID(int=2), 2, 30, aim_of(["child", "danger"]))
    assert next_for([usual, danger], [], 31) == danger
    # And who waited out their aim is not.
    assert next_for([usual, replace(danger, came=60.0)], [], 61) == usual


def test_a_desk_calls_whom_it_understands_until_anothers_time_has_come() -> None:
    first = Waiting(UUID(int=1), 1, 0, 50, "uk")
    later = Waiting(UUID(int=2), 2, 10, 50, "ar")
    assert next_for([first, later], ["ar"], 20) == later
    assert next_for([first, later], ["ar"], 51) == first
    assert next_for([first], ["ar"], 1) == first


def _line(size: int) -> list[Waiting]:
    return [Waiting(UUID(int=number), number, float(number), 50.0) for number in range(1, size + 1)]


def _true_wait(random: Random, line: list[Waiting], desks: int) -> dict[UUID, float]:
    """What then happens, told apart from the estimate: desks are served in turn, lengths are lognormal."""
    free = [0.0] * desks
    waited = {}
    for one in in_order(line):
        free.sort()
        waited[one.id] = free[0]
        free[0] += random.lognormvariate(2.5, 0.7)
    return waited


def test_four_in_five_wait_within_the_interval() -> None:
    random, line, inside, asked = Random(7), _line(6), 0, 0  # noqa: S311
    for number in range(120):
        seen = [random.lognormvariate(2.5, 0.7) for _ in range(60)]
        told = estimates(Scene(10.0, line, [None, None], seen), runs=120, seed=number)
        true = _true_wait(random, line, 2)
        for one in line[2:]:
            asked += 1
            inside += told[one.id].low <= true[one.id] <= told[one.id].high
    assert 0.74 <= inside / asked <= 0.86


def test_a_free_desk_means_no_wait_and_no_desk_means_no_estimate() -> None:
    line = _line(3)
    told = estimates(Scene(3.0, line, [None, 5.0], [10.0, 20.0]), runs=50)
    assert told[line[0].id].high == 0
    assert 5 <= told[line[1].id].low <= told[line[1].id].high <= 15
    assert estimates(Scene(3.0, line, [], [10.0]), runs=50) == {}


def test_people_who_come_with_a_shorter_aim_make_the_last_wait_longer() -> None:
    line = _line(5)
    alone = estimates(Scene(5.0, line, [None], [10.0]), runs=100)[line[-1].id]
    busy = estimates(Scene(5.0, line, [None], [10.0], {2.0: 0.05}), runs=100)[line[-1].id]
    assert alone.low == alone.high == 40
    assert busy.middle > alone.middle


def test_few_people_served_are_filled_up_with_what_is_assumed() -> None:
    assert filled_lengths([7.0], 3, 15, 0.6)[:1] == [7.0]
    assert sorted(filled_lengths([], 3, 15, 0.6))[1] == pytest.approx(15)
    assert filled_lengths([1.0] * 9, 3, 15, 0.6) == [1.0] * 9
