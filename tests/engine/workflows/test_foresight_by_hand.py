"""The two-district city of docs/explanation/futures.md: its dividend is worked out by hand."""

import numpy as np
import polars as pl
import pytest
from tests.engine.report.made_city import districts
from tests.engine.workflows.made_world import DAY, MADE, action, classes_benefit, effect

from philoxenia.reference import default_parameters
from philoxenia.report import CityFacts
from philoxenia.report.foresight import Foresight
from philoxenia.scenarios.futures import Model
from philoxenia.scenarios.futures.types import FLOWS, GROUPS, Homes, Service, ShelterSystem, Span
from philoxenia.workflows.foresight import foresee, read_settings
from philoxenia.workflows.foresight.catalogue import INCOMES, VALUES, Catalogue
from philoxenia.workflows.foresight.run import Subject

SURE = (1.0, 1.0, 1.0)
BEDS = action(
    "more_beds", "city", 0, 2_000, lead=0, ramp=0, cost=SURE,
    effects=(effect("capacity", 10, "shelter", factor=SURE),),
    benefits=(classes_benefit(name="calm", amount=5.0, value=(2.0, 2.0, 2.0), pillar="co_benefit",
                              groups=("newcomer_men",)),),
)  # fmt: skip


def city() -> Model:
    """600 long-term residents in 01, 400 in 02; a hundred newcomers to homes, twenty to the shelter in 01."""
    none, certain = np.zeros((4, 61)), Span(0.0, 0.0, 0.0)
    long_term, in_shelter = none.copy(), none.copy()
    long_term[2, 60], in_shelter[2, 12] = 1000, 20
    in_homes = np.zeros((4, 6, 2))
    in_homes[2, 5] = 600, 400
    paths = {name: np.zeros((1, 1)) for name in FLOWS}
    paths |= {"newcomers_to_homes": np.array([[100.0]]), "newcomers_to_shelter": np.array([[20.0]])}
    men = np.array([0.0, 0.0, 1.0, 0.0])
    there = np.array([700.0, 400.0])
    return Model(
        districts=("001", "002"),
        months=("2025-01",),
        in_homes=in_homes,
        homes_months=long_term,
        shelter_months=in_shelter,
        waiting_months=none,
        paths=paths,
        arrival_classes=men,
        homeless_classes=men,
        homes=Homes(
            vacant=np.array([100.0, 100.0]),
            added=np.zeros(2),
            shares=np.array([0.25, 0.75]),
            rent=np.ones(2),
            persons_per_home=2.0,
            moving=0.0,
            departing=(0.0, 0.0),
            network=0.0,
            vacancy_pull=0.0,
            rent_elasticity=certain,
        ),
        shelter=ShelterSystem(
            places=30,
            districts=np.array([1.0, 0.0]),
            to_homes=(0.1, 0.0),
            to_elsewhere=(0.0, 0.0),
            stop_waiting=0.5,
            stopped_leave_city=0.0,
            stay_near=0.0,
        ),
        services=(Service("clinic", "visits", np.ones((4, 6)), there, there),),
    )


@pytest.fixture(scope="module")
def found() -> Foresight:
    """Ten more beds in two equal futures; a month without a place costs 1,000, a missed visit 10."""
    prices = [
        ("waiting", "month", -1000.0, -1000.0, -1000.0, "avoided_loss", MADE, DAY),
        ("unmet.clinic", "visit", -10.0, -10.0, -10.0, "avoided_loss", MADE, DAY),
    ]
    incomes = [(group, 100.0, MADE, DAY) for group in GROUPS] + [("homeless", 50.0, MADE, DAY)]
    catalogue = Catalogue(
        actions=(BEDS,),
        values=pl.DataFrame(prices, schema=VALUES, orient="row"),
        incomes=pl.DataFrame(incomes, schema=INCOMES, orient="row"),
    )
    study = read_settings({"months": 1, "futures": 2}, catalogue, default_parameters())
    subject = Subject(city(), CityFacts("two", "Two"), districts(2), default_parameters(), "by hand")
    return foresee(subject, study)


def mean(found: Foresight, kind: str, name: str, column: str = "mean") -> float:
    rows = found["dividends"].filter(action="more_beds", kind=kind, name=name)
    return float(rows[column].item())


def test_the_whole(found: Foresight) -> None:
    # Eight newcomers without a place have one; three of the four who gave up would have moved to 02 and asked
    # for a visit there; calm is worth 5 x 2; beds cost 2,000.
    assert mean(found, "total", "gross") == pytest.approx(8 * 1000 + 3 * 10 + 10, rel=1e-12)
    assert mean(found, "total", "cost") == pytest.approx(2000, rel=1e-12)
    assert mean(found, "total", "net") == pytest.approx(6040, rel=1e-12)


def test_who_gains(found: Foresight) -> None:
    # Visits are missed in proportion to who asks: 79.5 of 479.5 are newcomers', then 76.5 of 476.5.
    before, after = 79.5 * 79.5 / 479.5, 76.5 * 76.5 / 476.5
    assert mean(found, "cell", "newcomer_men.homeless") == pytest.approx(8000, rel=1e-12)
    assert mean(found, "cell", "newcomer_men") == pytest.approx(10 * (before - after) + 10, rel=1e-9)
    assert mean(found, "constituency", "homeless_people") == pytest.approx(8000, rel=1e-12)
    long_term = 10 * (79.5 - before) - 10 * (76.5 - after)
    assert mean(found, "constituency", "long_term_residents") == pytest.approx(long_term, rel=1e-9)
    assert mean(found, "constituency", "women") == 0


def test_where_it_falls(found: Foresight) -> None:
    rows = found["districts"].filter(action="more_beds")
    by_district = dict(rows.group_by("district_id").agg(pl.col("mean").sum()).iter_rows())
    # Calm goes with newcomers' homes without the beds: 106, a quarter of them in 001.
    assert by_district["001"] == pytest.approx(8000 + 2.5, rel=1e-9)
    assert by_district["002"] == pytest.approx(30 + 7.5, rel=1e-9)


def test_through_what(found: Foresight) -> None:
    assert mean(found, "measure", "waiting") == pytest.approx(8000, rel=1e-12)
    assert mean(found, "measure", "unmet.clinic") == pytest.approx(30, rel=1e-9)
    assert mean(found, "measure", "benefit.more_beds.calm") == pytest.approx(10, rel=1e-12)
    assert mean(found, "pillar", "avoided_loss") == pytest.approx(8030, rel=1e-12)
    assert mean(found, "pillar", "co_benefit") == pytest.approx(10, rel=1e-12)


def test_weighted_by_need(found: Foresight) -> None:
    # Half the income of the median weighs 2 to the power of the elasticity.
    heavier = 2 ** default_parameters()["valuation.elasticity"]
    assert mean(found, "total", "weighted") == pytest.approx(8000 * heavier + 40 - 2000, rel=1e-9)


def test_what_would_turn_it(found: Foresight) -> None:
    rows = found["switching"].filter(action="more_beds")
    switching = dict(zip(rows["name"], rows["switching"], strict=True))
    assert switching["cost.more_beds"] == pytest.approx(8040 / 2000, rel=1e-9)
    assert switching["value.waiting"] == pytest.approx(-1000 * (2000 - 40) / 8000, rel=1e-9)
