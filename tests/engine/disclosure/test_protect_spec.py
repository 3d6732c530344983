"""What `protect` promises: no small count stands in a table, and none can be worked out from the rest."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.disclosure import DisclosureError, Rules, attack, protect
from philoxenia.disclosure.figures import every_margin, figures_of
from philoxenia.disclosure.plain import plain_intervals

KEYS = ("district_id", "population")


def table(counts: list[list[int]]) -> pl.DataFrame:
    rows = [(f"d{i}", f"p{j}", n) for i, line in enumerate(counts) for j, n in enumerate(line)]
    return pl.DataFrame(rows, schema=["district_id", "population", "people"], orient="row")


small_tables = st.lists(st.lists(st.integers(0, 7), min_size=3, max_size=3), min_size=2, max_size=3)


def test_a_small_count_is_hidden_and_so_is_what_would_give_it_away() -> None:
    found = protect(table([[3, 20, 30], [40, 50, 60], [70, 80, 90]]), KEYS, within=every_margin(KEYS))
    assert found.filter(why="small")["people"].to_list() == [3]
    # One hidden cell could be had by subtraction, whatever the margin: three more must go.
    assert found.filter(why="complementary").height == 3
    assert found.filter(pl.col("shown").is_not_null())["people"].min() >= 5


def test_without_margins_nothing_else_is_hidden() -> None:
    found = protect(table([[3, 20], [40, 50]]), KEYS)
    assert found["why"].to_list() == ["small", "", "", ""]


@settings(max_examples=20)
@given(small_tables)
def test_no_hidden_figure_can_be_worked_out(counts: list[list[int]]) -> None:
    cells, within = table(counts), every_margin(KEYS)
    found = protect(cells, KEYS, within=within)
    figures = figures_of(cells, KEYS, "people", within)
    shown = found["shown"].to_list()
    if sum(value is None for value in shown[: cells.height]) > 5:
        return
    low, high = plain_intervals(figures.members.toarray(), shown, 1, 9)
    hidden = np.array([value is None for value in shown])
    assert (high[hidden] - low[hidden] >= 1).all()


@settings(max_examples=20)
@given(small_tables, st.data())
def test_the_attacker_finds_what_trying_every_table_finds(
    counts: list[list[int]], data: st.DataObject
) -> None:
    cells, within = table(counts), every_margin(KEYS)
    figures = figures_of(cells, KEYS, "people", within)
    full = cells.filter(pl.col("people") > 0).height
    hidden = set(data.draw(st.lists(st.sampled_from(range(len(figures.values))), max_size=min(4, full))))
    hidden -= {i for i in hidden if i < cells.height and cells["people"][i] == 0}
    shown = [None if i in hidden else int(v) for i, v in enumerate(figures.values)]
    published = figures.rows.with_columns(shown=pl.Series(shown, dtype=pl.Int64))
    found = attack(published, KEYS)
    low, high = plain_intervals(figures.members.toarray(), shown, 1, 24)
    places = sorted(hidden)
    bounded = np.isfinite(found["high"].to_numpy())
    assert found["low"].to_list() == low[places].tolist()
    assert found["high"].to_numpy()[bounded].tolist() == high[places][bounded].tolist()
    assert (found["recoverable"].to_numpy() == (high == low)[places]).all()


def test_two_hidden_people_in_two_cells_are_one_each() -> None:
    # Empty cells are shown, so each hidden one holds somebody: a total of 2 over two of them tells both.
    published = pl.DataFrame(
        {"cell": ["a", "b", None], "margin": ["cell", "cell", ""], "shown": [None, None, 2]}
    )
    assert attack(published, ["cell"])["recoverable"].to_list() == [True, True]
    assert attack(published, ["cell"], zeros="hide")["recoverable"].to_list() == [False, False]


def test_empty_cells_are_hidden_only_where_all_of_them_are_listed() -> None:
    full = table([[0, 20], [40, 50]])
    found = protect(full, KEYS, within=[()], rules=Rules(zeros="hide"))
    assert found["why"][0] == "zero"
    assert not attack(found, KEYS, zeros="hide")["recoverable"].any()
    with pytest.raises(DisclosureError, match="list all 4 combinations"):
        protect(full.filter(pl.col("people") > 0), KEYS, rules=Rules(zeros="hide"))


def test_areas_above_districts_are_protected_with_them() -> None:
    cells = table([[3, 20], [40, 50], [60, 70], [80, 90]]).with_columns(
        area=pl.col("district_id").replace_strict({"d0": "west", "d1": "west", "d2": "east", "d3": "east"})
    )
    within = (("district_id",), ("area",), ("area", "population"), ("population",), ())
    found = protect(cells, KEYS, within=within)
    assert not attack(found, KEYS)["recoverable"].any()
    alone = protect(cells, KEYS, within=(("district_id",), ("population",), ()))
    assert found.filter(pl.col("shown").is_null()).height >= alone.filter(pl.col("shown").is_null()).height


def test_totals_of_the_city_stay_open_where_cells_can_protect_each_other() -> None:
    random = np.random.default_rng(7)
    size = 40 * random.lognormal(0, 1, (40, 1)) * random.uniform(0.2, 2, (1, 8))
    cells = table(random.poisson(size).tolist())
    found = protect(cells, KEYS, within=every_margin(KEYS))
    assert found.filter(pl.col("why") == "small").height > 5
    # 40 and 8 cells each: hiding one of these would be the dear way.
    wide = found.filter(pl.col("margin").is_in(["population", ""]))
    assert wide["shown"].null_count() == 0


def test_a_group_where_everybody_is_counted_is_hidden() -> None:
    cells = pl.DataFrame({"district_id": ["a", "b", "c"], "people": [12, 40, 30], "residents": [12, 41, 90]})
    found = protect(cells, ["district_id"], rules=Rules(base="residents"))
    assert found["why"].to_list() == ["everybody", "few_without", ""]


def test_a_sum_that_one_contributor_makes_up_is_hidden() -> None:
    cells = pl.DataFrame(
        {
            "district_id": ["a", "b", "c", "d"],
            "rent": [100.0, 100.0, 300.0, 400.0],
            "first": [90.0, 20.0, 50.0, 40.0],
            "second": [5.0, 15.0, 40.0, 30.0],
        }
    )
    found = protect(cells, ["district_id"], "rent", within=[()], rules=Rules(largest=("first", "second")))
    assert found["why"][0] == "one_dominates"
    assert found.filter(pl.col("shown").is_null()).height == 2
    assert not attack(found, ["district_id"])["recoverable"].any()


def test_a_weighted_count_is_judged_by_the_people_behind_it() -> None:
    cells = pl.DataFrame({"need": ["a", "b"], "weighted": [250.5, 900.0], "asked": [3, 40]})
    found = protect(cells, ["need"], "weighted", rules=Rules(contributors="asked"))
    assert found["shown"].to_list() == [None, 900.0]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (pl.DataFrame({"need": ["a", "a"], "people": [1, 2]}), "same need"),
        (pl.DataFrame({"need": ["a"], "people": [-1]}), "Row 1"),
        (pl.DataFrame({"need": ["a"], "people": ["many"]}), "holds text"),
        (pl.DataFrame({"need": ["a"]}), "no column 'people'"),
        (pl.DataFrame({"need": [], "people": []}), "no rows"),
        (pl.DataFrame({"need": ["a"], "people": [float("nan")]}), "Row 1"),
    ],
)
def test_a_table_that_cannot_be_protected_is_told_why(cells: pl.DataFrame, says: str) -> None:
    with pytest.raises(DisclosureError, match=says):
        protect(cells, ["need"])
