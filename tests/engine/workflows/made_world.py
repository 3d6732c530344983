"""A made-up city with actions, values, budgets and incomes, small enough to look into the future in a second.

Nobody lives there and every number is invented. `made_foresight()` is a whole foresight of it, computed
through the chain, with every table filled.
"""

from functools import cache

import polars as pl
from tests.engine.report.made_city import districts

from philoxenia.exchange.actions import Known
from philoxenia.reference import default_parameters
from philoxenia.report import CityFacts
from philoxenia.report.foresight import Foresight
from philoxenia.scenarios.futures.made_up import made_up_city
from philoxenia.scenarios.futures.types import GROUPS
from philoxenia.vocabulary.actions import Action, Benefit, Effect
from philoxenia.workflows.foresight import ForesightSettings, Subject, foresee, read_settings
from philoxenia.workflows.foresight.catalogue import BUDGETS, INCOMES, VALUES, Catalogue

MADE, DAY = "assumption: made for tests", "2025"
SMALL = {"months": 24, "futures": 30, "starts": [0, 1]}


def effect(kind: str, size: float, target: str = "", **changed: object) -> Effect:
    """One effect, uncertain by a fifth unless told otherwise."""
    given: dict[str, object] = {
        "relative": False, "districts": (), "groups": (), "bands": (), "factor": (0.8, 1.0, 1.2),
        "cost_per_exit": 0.0, "cost_per_exit_month": 0.0, "source": MADE, "date": DAY,
    }  # fmt: skip
    return Effect(kind=kind, target=target, size=size, **(given | changed))  # type: ignore[arg-type]


def action(name: str, funder: str, once: float, monthly: float, **changed: object) -> Action:
    """One action whose cost is uncertain by a fifth unless told otherwise."""
    given: dict[str, object] = {
        "title": name.replace("_", " ").capitalize(), "summary": "Made up.", "blueprint": ("P1",),
        "crf_goals": (1,), "lead": 2, "ramp": 3, "duration": None, "cost": (0.8, 1.0, 1.2),
        "cost_source": MADE, "cost_date": DAY,
    }  # fmt: skip
    costs = {"cost_once": once, "cost_per_month": monthly}
    return Action(id=name, funder=funder, **(given | costs | changed))  # type: ignore[arg-type]


def classes_benefit(**changed: object) -> Benefit:
    """A benefit outside the model, to newcomers of working age."""
    given: dict[str, object] = {
        "name": "earnings", "unit": "months in work", "amount": 30.0, "value": (500.0, 900.0, 1500.0),
        "pillar": "unlocked_potential", "groups": ("newcomer_women", "newcomer_men"), "source": MADE,
        "date": DAY,
    }  # fmt: skip
    return Benefit(**(given | changed))  # type: ignore[arg-type]


ACTIONS = (
    action("rent_support", "city", 0, 60_000, effects=(effect("exits", 0.6),), sizes=(1.0, 2.0)),
    action("more_places", "city", 400_000, 50_000, effects=(effect("capacity", 60, "shelter"),), lead=6),
    action("clinic_hours", "health", 10_000, 4_000,
           effects=(effect("capacity", 0.05, "clinic", relative=True),)),
    action("classes", "donors", 20_000, 9_000, benefits=(classes_benefit(),), needs=("clinic_hours",)),
    action(
        "cash_for_work",
        "donors",
        5_000,
        70_000,
        effects=(effect("exits", 0.1, groups=("newcomer_men",)), effect("entries", -0.1)),
        benefits=(
            classes_benefit(name="clean_streets", unit="streets", amount=100.0, value=(10.0, 20.0, 40.0),
                            pillar="co_benefit", groups=()),
        ),
        excludes=("classes",),
    ),
)  # fmt: skip


@cache
def catalogue() -> Catalogue:
    """Five actions of three funders, values of four measures, two budgets, all incomes."""
    prices = [
        ("waiting", "month without a place", -3000.0, -5000.0, -1500.0, "avoided_loss"),
        ("in_shelter", "month in a shelter", -800.0, -1500.0, -300.0, "avoided_loss"),
        ("unmet.clinic", "visit", -60.0, -90.0, -30.0, "avoided_loss"),
        ("served.school", "month at school", 15.0, 5.0, 30.0, "unlocked_potential"),
    ]
    budgets = [("city", "The city", year, 1_500_000.0, MADE) for year in (1, 2)]
    budgets += [("donors", "Donors", 1, 400_000.0, MADE)]
    incomes = [(group, 20_000.0 + 2_000 * place, MADE, DAY) for place, group in enumerate(GROUPS)]
    return Catalogue(
        actions=ACTIONS,
        values=pl.DataFrame([(*row, MADE, DAY) for row in prices], schema=VALUES, orient="row"),
        budgets=pl.DataFrame(budgets, schema=BUDGETS, orient="row"),
        incomes=pl.DataFrame([*incomes, ("homeless", 6_000.0, MADE, DAY)], schema=INCOMES, orient="row"),
        known=Known(("clinic", "school", "waste")),
    )


def settings(**asked: object) -> ForesightSettings:
    """Settings for the made-up city, small unless asked otherwise."""
    return read_settings(SMALL | asked, catalogue(), default_parameters())


def subject(asked: ForesightSettings, places: int = 4, seed: int = 3) -> Subject:
    """The made-up city itself, as many months ahead as asked."""
    return Subject(
        model=made_up_city(places, asked.months, seed),
        facts=CityFacts("made", "Made", "GRC", ("en", "ar"), "EUR", "who came within five years"),
        districts=districts(places),
        parameters=default_parameters(),
        key=f"made {places} {seed}",
    )


@cache
def made_foresight() -> Foresight:
    """Everything foresight tells of the made-up city, computed through the chain."""
    asked = settings()
    return foresee(subject(asked), asked)
