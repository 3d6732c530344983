"""The fixed release plan: what leaves the server is rounded once, and nothing behind it can be found."""

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog
from tests.web.needs.made_people import cells

from philoxenia.reference import default_parameters
from philoxenia_web.needs import cube
from philoxenia_web.needs.cube_check import bounds, mended

SECRET = b"a secret of the agreement's own!"
NEEDS = ("housing", "food", "income", "work", "language")


@pytest.fixture(scope="module")
def made() -> cube.Cube:
    return cube.protected(cells(), NEEDS, SECRET)


def beside(made: cube.Cube, grouping: str) -> pl.DataFrame:
    """True and shown people of every cell of a table that is let out."""
    table = made.tables[grouping]
    shown = pl.DataFrame(
        {"population": table.populations, "group": table.groups, "mask": table.mask, "shown": table.people}
    )
    true = cube._large(cube._counted(cells(), grouping))
    return true.join(shown, on=["population", "group", "mask"], how="full", coalesce=True).with_columns(
        pl.col("shown").fill_null(0)
    )


@pytest.mark.parametrize("grouping", cube.GROUPINGS)
def test_each_cell_is_a_multiple_next_to_the_truth(made: cube.Cube, grouping: str) -> None:
    both = beside(made, grouping)
    assert both["people"].null_count() == 0, "a cell is shown that holds nobody"
    assert (both["shown"] % made.base == 0).all()
    assert (both["shown"] - both["people"]).abs().max() < made.base  # type: ignore[operator]


@pytest.mark.parametrize("grouping", cube.GROUPINGS)
def test_no_cell_can_be_found_by_who_knows_every_view_and_the_true_totals(
    made: cube.Cube, grouping: str
) -> None:
    """A true total known from elsewhere narrows the bounds of no cell to one number."""
    both = beside(made, grouping).with_columns(
        low=pl.max_horizontal(pl.col("shown") - (made.base - 1), 0), high=pl.col("shown") + made.base - 1
    )
    group = ["population", "group"]
    narrowed = both.with_columns(
        most=pl.min_horizontal(
            "high", pl.col("people").sum().over(group) - (pl.col("low").sum().over(group) - pl.col("low"))
        ),
        least=pl.max_horizontal(
            "low", pl.col("people").sum().over(group) - (pl.col("high").sum().over(group) - pl.col("high"))
        ),
    )
    small = narrowed.filter(pl.col("people").is_between(1, made.base - 1))
    assert small.height > 5
    assert (small["most"] - small["least"]).min() >= made.base - 1  # type: ignore[operator]


def test_tables_laid_beside_each_other_tell_no_cell_to_fewer_than_the_least_width(made: cube.Cube) -> None:
    tables = {grouping: beside(made, grouping) for grouping in made.tables}
    width = default_parameters()["disclosure.width"]
    for grouping, found in bounds(tables, made.base, ["district_id"]).items():
        assert ((found["low"] <= found["people"]) & (found["people"] <= found["high"])).all(), grouping
        assert (found["high"] - found["low"]).min() >= width, grouping  # type: ignore[operator]


def test_without_mending_some_cells_could_be_told() -> None:
    """So that the test above cannot pass for nothing: four people, one a group, each rounded up."""
    four = table([(group, 5) for group in "abcd"]).with_columns(people=pl.lit(1, pl.Int64))
    told = {"all": table([("", 0)]).with_columns(people=pl.lit(4, pl.Int64)), "sex": four}
    assert bounds(told, 5)["sex"].select("low", "high").unique().rows() == [(1, 1)]
    safe = bounds(mended(told, 5), 5)
    assert min((one["high"] - one["low"]).min() for one in safe.values()) >= 3


def test_bounds_are_those_of_two_linear_programs_a_cell() -> None:
    told = {
        "all": table([("", 10)]),
        "sex": table([("f", 5), ("m", 0)]),
        "age_band": table([("0-17", 0), ("18-64", 5), ("65+", 10)]),
    }
    cells_ = [
        (name, row["group"], row["shown"]) for name, one in told.items() for row in one.iter_rows(named=True)
    ]
    each = [(max(shown - 4, 0), shown + 4) for _name, _group, shown in cells_]
    equal = [
        [1.0 if name == "all" else -1.0 if name == other else 0.0 for name, _group, _shown in cells_]
        for other in ("sex", "age_band")
    ]
    found = bounds(told, 5)
    for place, (name, group, _shown) in enumerate(cells_):
        aim = np.eye(len(cells_))[place]
        least, most = (linprog(way * aim, A_eq=equal, b_eq=[0, 0], bounds=each).fun * way for way in (1, -1))
        row = found[name].row(by_predicate=pl.col("group") == group, named=True)
        assert (row["low"], row["high"]) == (least, most)


def table(shown: list[tuple[str, int]]) -> pl.DataFrame:
    groups, people = zip(*shown, strict=True)
    return pl.DataFrame({"group": groups, "shown": people}).with_columns(
        population=pl.lit("newcomers"), mask=pl.lit(1, pl.Int64)
    )


def test_sums_of_needs_stay_near_the_truth(made: cube.Cube) -> None:
    both = beside(made, "district_id")
    for need in range(len(NEEDS)):
        held = both.filter(pl.col("mask") & (1 << need) != 0)
        error = held.group_by("population", "group").agg((pl.col("shown") - pl.col("people")).sum().abs())
        assert error["shown"].max() <= 2 * made.base  # type: ignore[operator]


def test_a_group_of_few_is_not_let_out_at_all(made: cube.Cube) -> None:
    table = made.tables["district_id"]
    assert "004" not in table.known_groups
    assert made.withheld["district_id"] == 1


def test_made_again_from_the_same_lists_it_is_the_same(made: cube.Cube) -> None:
    again = cube.protected(cells().sample(fraction=1.0, shuffle=True, seed=9), NEEDS, SECRET)
    assert cube.to_bytes(again) == cube.to_bytes(made)
    other = cube.protected(cells(), NEEDS, b"the secret of another agreement.")
    assert cube.to_bytes(other) != cube.to_bytes(made)


def test_people_whose_time_of_coming_is_unknown_are_in_neither_group(made: cube.Cube) -> None:
    unknown = cells(500, seed=4).with_columns(population=pl.lit("unknown"))
    more = cube.protected(pl.concat([cells(), unknown]), NEEDS, SECRET)
    assert cube.to_bytes(more) == cube.to_bytes(made)


def test_what_is_kept_is_what_was_made(made: cube.Cube) -> None:
    kept = cube.from_bytes(cube.to_bytes(made))
    assert cube.to_bytes(kept) == cube.to_bytes(made)
    assert kept.tables["sex"].known_groups == ["female", "male"]


def test_lists_without_districts_or_people_make_a_cube_too() -> None:
    bare = cells().drop("district_id", "language")
    assert set(cube.protected(bare, NEEDS, SECRET).tables) == {"all", "sex", "age_band"}
    empty = cube.protected(cells().clear(), NEEDS, SECRET)
    assert empty.tables["all"].people.size == 0
