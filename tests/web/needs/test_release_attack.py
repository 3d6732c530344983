"""A planner who lays every view, export and total beside each other finds no small group behind them."""

import csv
import io
from itertools import product

import numpy as np
import polars as pl
import pytest
from django.test import Client
from tests.web.needs.made_people import NEEDS, cells
from tests.web.needs.made_runs import finished_run

from philoxenia.disclosure.attacker import Attacker
from philoxenia.disclosure.release.knowledge import Joined, Published
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.linkage.models import Run
from philoxenia_web.linkage.runs import queries as runs
from philoxenia_web.needs import cube
from philoxenia_web.needs.keeping import cube_of

BASE, FEWEST = 5, 10


def exported(client: Client, run: Run, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/needs/overlap/{run.pk}/?{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_no_number_of_any_file_is_small_or_lies_within_a_few_of_its_neighbour(
    planner: Client, run: Run
) -> None:
    """Files of all needs, each group apart: what is shown, and each difference of nested figures."""
    chosen = "".join(f"need={need}&" for need in NEEDS)
    groups = ["", "group=sex:female&", "group=sex:male&", "group=language:ar&", "district=001&"]
    for group, count in product(groups, ("at-least", "exactly")):
        rows = exported(planner, run, f"{chosen}{group}count={count}&combinations-export=csv")
        assert rows
        for column in ("Newcomers", "Long-term residents"):
            shown = {row["Needs together"]: float(row[column]) for row in rows if row[column]}
            assert min(shown.values()) >= FEWEST
            assert all(people % BASE == 0 for people in shown.values())


@pytest.mark.django_db
def test_who_knows_every_rounded_cell_and_how_they_add_up_finds_no_small_cell(run: Run) -> None:
    """The strongest reader of these pages, by the engine's own attacker: programs over all tables at once."""
    made = cube_of(SYSTEM, runs.run_facts(SYSTEM, run.pk))
    # Which cells are empty nobody sees: each holds 0 to 4 people like any that is rounded to nothing.
    masks = cells().select("population", pl.col("mask").cast(pl.Int64)).unique()
    truth = {name: _counted(name, made, masks) for name in made.tables if name != "district_id"}
    joined = Joined([_published(name, table) for name, table in truth.items()])
    attacker = Attacker(joined.known)
    assert attacker.feasible()
    for release, figures in zip(joined.releases, joined.figures, strict=True):
        people = truth[release.name]["people"].to_numpy()
        small = np.flatnonzero((people > 0) & (people < BASE))
        low, high, _exact = attacker.spreads(figures[small], np.full(small.size, 3.0))
        assert (high - low >= 3).all(), release.name


def _counted(name: str, made: cube.Cube, masks: pl.DataFrame) -> pl.DataFrame:
    """Every cell of a table there could be, with the people in it and what is shown."""
    table = made.tables[name]
    cell = ["population", "group", "mask"]
    shown = pl.DataFrame(
        {"population": table.populations, "group": table.groups, "mask": table.mask, "shown": table.people}
    )
    grid = shown.select("population", "group").unique().join(masks, on="population")
    people = cube._large(cube._counted(cells(), name))
    both = grid.join(people, on=cell, how="left").join(shown, on=cell, how="left")
    return both.with_columns(pl.col("people", "shown").fill_null(0)).sort(cell)


def _published(name: str, table: pl.DataFrame) -> Published:
    """One table as its readers have it: each cell within a base of what is shown."""
    value = table["shown"].to_numpy().astype(float)
    keys = ("population", "mask", *(() if name == cube.EVERYBODY else (name,)))
    named = table.select("population", pl.col("mask").cast(pl.String), pl.col("group").alias(name))
    return Published(
        name=name,
        keys=keys,
        several=(),
        cells=named.select(keys),
        margins=(),
        parts={},
        low=np.maximum(value - (BASE - 1), 0.0),
        high=value + BASE - 1,
        whole=True,
    )


def test_a_group_where_everybody_has_a_need_is_not_told(
    planner: Client, own_folder: object, department: Organisation
) -> None:
    """Six hundred of six hundred tells of each of them what they need."""
    all_need_food = (pl.col("district_id") == "001") & (pl.col("population") == "newcomers")
    frame = cells().with_columns(
        mask=pl.when(all_need_food).then(pl.col("mask").cast(pl.Int64) | 0b10).otherwise(pl.col("mask"))
    )
    summed = frame.group_by(pl.exclude("people")).agg(pl.col("people").sum())
    run = finished_run([department], summed)
    rows = exported(planner, run, "need=food&need=housing&district=001&combinations-export=csv")
    food = next(row for row in rows if row["Needs together"] == "Food")
    assert food["Newcomers"] == ""
    assert food["Long-term residents"] != ""
