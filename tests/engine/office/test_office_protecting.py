"""No small count of a month can be worked out, by readers or by a team that knows its own people."""

from collections import defaultdict
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from philoxenia.office import Counted, rounded, shown
from philoxenia.office.plain import possible
from philoxenia.office.protecting import Limits

LIMITS = Limits(minimum=3, width=2)
_CATEGORIES = "abcd"


@st.composite
def tables(draw: st.DrawFn) -> Counted:
    """Small tables, with what two teams know of them."""
    people = {one: draw(st.integers(0, 7)) for one in _CATEGORIES[: draw(st.integers(1, 4))]}
    known = {
        team: {one: draw(st.integers(0, count)) for one, count in people.items()}
        for team in ("x", "y")[: draw(st.integers(0, 2))]
    }
    return Counted(people, known)


def doubts(cells: dict[str, int | None], total: int, own: dict[str, int]) -> dict[str, set[int]]:
    """For each hidden count, what the others' people in it may be for who knows `own`."""
    ways = list(possible(cells, total, own))
    return {
        one: {way[one] - own.get(one, 0) for way in ways} for one, count in cells.items() if count is None
    }


@given(tables())
def test_nobody_works_out_a_hidden_count(counted: Counted) -> None:
    cells, total = shown(counted, LIMITS)
    if total is None:
        assert set(cells.values()) <= {None}
        return
    for own in ({}, *counted.known.values()):
        theirs = all(counted.people[one] == own.get(one, 0) for one, count in cells.items() if count is None)
        for values in doubts(cells, total, dict(own)).values():
            # Where all hidden people are one's own there is nothing left to learn.
            assert theirs or max(values) - min(values) >= LIMITS.width


@given(tables())
def test_what_is_shown_is_true_and_tells_of_few_to_nobody(counted: Counted) -> None:
    cells, total = shown(counted, LIMITS)
    for one, count in cells.items():
        if count is not None:
            assert count == counted.people[one]
            for own in ({}, *counted.known.values()):
                assert not 0 < count - own.get(one, 0) < LIMITS.minimum
    assert total in (None, sum(counted.people.values()))


def test_a_lone_small_count_takes_another_with_it() -> None:
    cells, total = shown(Counted({"ar": 40, "so": 2, "ti": 9}), LIMITS)
    assert (cells, total) == ({"ar": 40, "so": None, "ti": None}, 51)


def test_two_ones_are_not_hidden_by_each_other() -> None:
    # Each hidden count is at least one, so a sum of two would give both away.
    cells, _total = shown(Counted({"a": 1, "b": 1, "c": 8, "d": 30}), LIMITS)
    assert cells == {"a": None, "b": None, "c": None, "d": 30}


def test_a_team_does_not_learn_of_another_teams_two_people() -> None:
    counted = Counted({"ar": 12, "so": 20, "uk": 30}, {"x": {"ar": 10, "so": 5, "uk": 4}})
    cells, total = shown(counted, LIMITS)
    assert cells["ar"] is None and cells["so"] is None and cells["uk"] == 30 and total == 62


def test_a_month_of_few_shows_nothing() -> None:
    assert shown(Counted({"a": 2, "b": 0}), LIMITS) == ({"a": None, "b": None}, None)


def test_counts_without_a_total_hide_the_small_alone() -> None:
    cells, total = shown(Counted({"housing": 2, "work": 4}, has_total=False), LIMITS)
    assert (cells, total) == ({"housing": None, "work": 4}, None)


def told(own: int, others: int) -> int | None:
    """What is shown of a need that goes on, or none."""
    counted = Counted({"safety": own + others}, {"x": {"safety": own}} if own else {})
    return rounded(counted, Limits(minimum=3, width=2, base=5))["safety"] if own + others else 0


def test_two_months_and_what_came_between_do_not_tell_of_one_person() -> None:
    """Every June and July of a need with every number of new ones, as readers and as a team see them."""
    for own_june, own_july, own_new in ((0, 0, 0), (7, 7, 0), (4, 6, 2), (12, 9, 1)):
        ended = defaultdict(set)
        for june, july, new in product(range(13), range(13), range(9)):
            if july <= june + new:
                seen = told(own_june, june), told(own_july, july), told(own_new, new)
                ended[seen].add(june + new - july)
        for seen, values in ended.items():
            # Nobody learns that one or two people of the others no longer lack something.
            assert len(values) > 1 or values <= {0} or min(values) >= 3, (own_june, own_july, seen, values)


def test_what_goes_on_is_told_in_steps_and_never_as_nothing() -> None:
    counted = Counted({"housing": 2, "work": 12, "health": 13, "safety": 3, "school": 0})
    assert rounded(counted, Limits(3, 2, 5)) == {
        "housing": None,
        "work": 10,
        "health": 15,
        "safety": 5,
        "school": 0,
    }
