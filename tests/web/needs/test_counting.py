"""Counts cut from the protected cube: the engine's figures, nothing of too few, honest intervals."""

import polars as pl
import pytest
from tests.web.needs.made_people import NEEDS, cells

from philoxenia.needs.overlap import Overlap
from philoxenia_web.needs import cube
from philoxenia_web.needs.counting import (
    POPULATIONS,
    LinkError,
    by_group,
    counts,
    link_error,
    shown_in_any,
)

SECRET = b"a secret of the agreement's own!"
SURE = LinkError(0.0, 0.0)


@pytest.fixture(scope="module")
def made() -> cube.Cube:
    return cube.protected(cells(), NEEDS, SECRET)


def engine(made: cube.Cube, chosen: tuple[str, ...], population: str) -> Overlap:
    table = made.tables[cube.EVERYBODY]
    frame = pl.DataFrame({"population": table.populations, "mask": table.mask, "people": table.people})
    return Overlap(frame, made.needs, ("population",)).of(population=population).chosen(chosen)


@pytest.mark.parametrize("population", POPULATIONS)
@pytest.mark.parametrize("chosen", [("housing",), ("income", "housing", "language"), NEEDS])
def test_figures_are_those_of_the_engine(made: cube.Cube, chosen: tuple[str, ...], population: str) -> None:
    mine, its = counts(made, chosen, population, SURE), engine(made, chosen, population)
    for row in its.exclusive().iter_rows(named=True):
        assert mine.exactly[row["mask"]] == row["people"]
    for row in its.inclusive(sizes=(1, 2, 3)).iter_rows(named=True):
        assert mine.at_least[row["mask"]] == row["people"]
    for row in its.lift().iter_rows(named=True) if len(chosen) > 1 else ():
        pair = sum(1 << chosen.index(one) for one in (row["a"], row["b"]))
        told = mine.lift(pair)
        assert told is None or told == pytest.approx(row["lift"])


def test_districts_add_up_to_the_districts_chosen_together(made: cube.Cube) -> None:
    apart = by_group(made, NEEDS, "newcomers", SURE, "district_id")
    whole = counts(made, NEEDS, "newcomers", SURE, "district_id", ("001", "003"))
    assert (apart["001"].exactly + apart["003"].exactly == whole.exactly).all()


def test_too_few_have_no_figure_no_share_and_no_lift(made: cube.Cube) -> None:
    found = counts(made, NEEDS, "newcomers", SURE, "language", ("ar",))
    few = [one for one in range(1, 32) if 0 < found.at_least[one] < made.fewest]
    assert few, "the people were made so that some combinations are rare"
    for one in few:
        figure = found.figure(one)
        assert (figure.people, figure.low, figure.high, figure.share) == (None, None, None, None)
        assert found.lift(one) is None
        assert one not in shown_in_any([found], exactly=False)


def test_nearly_everybody_is_as_silent_as_too_few() -> None:
    """Where all of a group have a need, whoever is known to be on the lists would be known to have it."""
    everybody = cells().with_columns(mask=pl.col("mask").cast(pl.Int64) | 1)
    found = counts(cube.protected(everybody, NEEDS, SECRET), NEEDS, "newcomers", SURE)
    figure = found.figure(1)
    assert (figure.people, figure.share, figure.is_nearly_everybody) == (None, None, True)
    assert found.lift(0b11) is None
    assert found.figure(0b10).people is not None


def test_intervals_hold_the_truth_before_rounding(made: cube.Cube) -> None:
    true = cells().group_by("population", "district_id", "mask").agg(pl.col("people").sum())
    inside = every = 0
    for population in POPULATIONS:
        for district, found in by_group(made, NEEDS, population, SURE, "district_id").items():
            here = true.filter(population=population, district_id=district)
            for one in range(1, 32):
                figure = found.figure(one)
                if figure.people is None or figure.low is None or figure.high is None:
                    continue
                people = here.filter(pl.col("mask") & one == one)["people"].sum()
                every += 1
                inside += figure.low <= people <= figure.high
    assert every > 50
    assert inside / every > 0.9


def test_missed_links_widen_upwards_for_several_needs_and_downwards_for_one(made: cube.Cube) -> None:
    sure, unsure = (counts(made, NEEDS, "newcomers", error) for error in (SURE, LinkError(0.2, 0.0)))
    one, two = 0b1, 0b11
    assert unsure.figure(two).high == pytest.approx(sure.figure(two).high / 0.8)  # type: ignore[operator]
    assert unsure.figure(two).low == sure.figure(two).low
    assert unsure.figure(one).low == pytest.approx(sure.figure(one).low * 0.8)  # type: ignore[operator]
    assert unsure.figure(one).high == sure.figure(one).high


def test_errors_of_links_are_read_from_the_quality_report() -> None:
    report = pl.DataFrame(
        {
            "measure": ["missed", "missed", "false"],
            "by": ["all", "script", "all"],
            "high": [0.05, 0.4, 0.01],
        }
    )
    assert link_error(report) == LinkError(0.05, 0.01)
    assert not link_error(pl.DataFrame()).is_known
