"""A package of programmes against every package there is, and the bounds it claims."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.needs.overlap import Overlap
from philoxenia.needs.packages import Programme, packages
from philoxenia.needs.types import NeedsError

CODES = ("housing", "work", "language", "health", "school")
GROUPS = ("long_term_residents", "newcomers")


def made_overlap(seed: int) -> Overlap:
    random = np.random.default_rng(seed)
    masks = np.arange(1 << len(CODES))
    rows = [
        pl.DataFrame({"population": group, "mask": masks, "people": random.integers(0, 30, 32)})
        for group in GROUPS
    ]
    return Overlap(pl.concat(rows), CODES, ("population",))


@st.composite
def programmes(draw: st.DrawFn) -> list[Programme]:
    needs = st.sets(st.sampled_from(CODES), min_size=1, max_size=3)
    return [
        Programme(
            f"p{number}",
            tuple(sorted(draw(needs))),
            draw(st.integers(1, 6)),
            only={"population": (draw(st.sampled_from(GROUPS)),)} if draw(st.booleans()) else {},
        )
        for number in range(draw(st.integers(1, 6)))
    ]


def reached(found: Overlap, chosen: tuple[Programme, ...], objective: str) -> dict[str, int]:
    """Person by person: whose needs some programme meets."""
    sums = dict.fromkeys(GROUPS, 0)
    for group, mask, people in found.cells.iter_rows():
        wanted = {code for bit, code in enumerate(CODES) if mask >> bit & 1}
        met = set().union(
            *(wanted & set(p.needs) for p in chosen if group in p.only.get("population", GROUPS)), set()
        )
        sums[group] += people * (bool(met) if objective == "people" else len(met))
    return sums


def best_of_all(found: Overlap, listed: list[Programme], budget: float, most: int, objective: str) -> int:
    affordable = (
        some
        for size in range(min(most, len(listed)) + 1)
        for some in combinations(listed, size)
        if sum(one.cost for one in some) <= budget
    )
    return max(sum(reached(found, some, objective).values()) for some in affordable)


@settings(max_examples=25)
@given(
    programmes(),
    st.integers(1, 12),
    st.integers(1, 4),
    st.sampled_from(["people", "needs"]),
    st.integers(0, 3),
)
def test_the_exact_package_is_the_best_and_greedy_keeps_its_bounds(
    listed: list[Programme], budget: int, most: int, objective: str, seed: int
) -> None:
    found = made_overlap(seed)
    best = best_of_all(found, listed, budget, most, objective)
    exact = packages(found, listed, budget=budget, most=most, objective=objective)
    assert exact.best == pytest.approx(best)
    assert exact.value == pytest.approx(best)
    greedy = packages(found, listed, budget=budget, most=most, objective=objective, exact=False)
    assert greedy.spent <= budget and len(greedy.programmes) <= most
    assert greedy.guarantee * best - 1e-6 <= greedy.value <= best + 1e-6 <= greedy.upper + 2e-6
    by_hand = reached(found, tuple(p for p in listed if p.id in greedy.programmes), objective)
    assert greedy.value == pytest.approx(sum(by_hand.values()))
    column = "reached" if objective == "people" else "needs_met"
    told = dict(greedy.reach.select("group", column).iter_rows())
    assert {group: told[group] for group in GROUPS} == pytest.approx(by_hand)


def test_greedy_by_number_reaches_its_share_where_it_is_not_the_best() -> None:
    # 12, 7 and 7 of 24: the large one first leaves less than the two that fit together.
    cells = pl.DataFrame({"mask": [1, 2, 4, 8], "people": [6, 6, 6, 6]})
    found = Overlap(cells, ("housing", "work", "language", "health"))
    listed = [
        Programme("wide", ("work", "language"), 1.0),
        Programme("left", ("housing", "work"), 1.0),
        Programme("right", ("language", "health"), 1.0),
    ]
    exact = packages(found, listed, most=2)
    assert (exact.value, exact.best, set(exact.programmes)) == (24, 24, {"left", "right"})
    greedy = packages(found, listed, most=2, exact=False)
    assert greedy.value == 18
    assert greedy.guarantee == pytest.approx(1 - 1 / np.e)
    assert greedy.value >= greedy.guarantee * exact.best
    assert greedy.upper >= 24
    assert greedy.chosen["gained"].to_list() == [12, 6]


def test_a_floor_for_newcomers_changes_what_is_chosen_and_is_told() -> None:
    cells = pl.DataFrame(
        {"population": ["newcomers", "long_term_residents"], "mask": [1, 2], "people": [10, 90]}
    )
    found = Overlap(cells, ("language", "housing"), ("population",))
    listed = [Programme("lessons", ("language",), 1.0), Programme("homes", ("housing",), 1.0)]
    assert packages(found, listed, most=1).programmes == ("homes",)
    kept = packages(found, listed, most=1, floors={"newcomers": 0.5})
    assert kept.programmes == ("lessons",)
    row = kept.reach.filter(group="newcomers").row(0, named=True)
    assert (row["share"], row["floor"], row["floor_kept"]) == (1.0, 0.5, True)
    assert kept.guarantee == 0.0
    with pytest.raises(NeedsError, match=r"keeps the floors\. Lower a floor"):
        packages(found, listed, most=1, floors={"newcomers": 0.5, "long_term_residents": 0.5})


@pytest.mark.parametrize(
    ("listed", "options", "said"),
    [
        ([], {}, "each programme once"),
        ([Programme("a", ("food",))], {}, "meets food, which this overlap does not count"),
        ([Programme("a", ("work",), 0.0)], {}, "must cost something"),
        ([Programme("a", ("work",), only={"ward": ("1",)})], {}, "for some ward"),
        ([Programme("a", ("work",))], {"budget": 0}, "budget above zero"),
        ([Programme("a", ("work",))], {"objective": "joy"}, "choose one of people, needs"),
        ([Programme("a", ("work",))], {"floors": {"elders": 0.1}}, "nobody of that group"),
        ([Programme("a", ("work",))], {"floors": {"newcomers": 2.0}}, "a share from 0 to 1"),
    ],
)
def test_what_cannot_be_planned_is_refused(listed: list[Programme], options: dict, said: str) -> None:
    with pytest.raises(NeedsError, match=said):
        packages(made_overlap(0), listed, **options)
