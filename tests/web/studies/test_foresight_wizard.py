"""The pages that make a foresight study: what is typed is kept, refused at its field, never lost."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import polars as pl
import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from tests.engine.report.made_foresight import foresight

from philoxenia.report.foresight import keep_foresight
from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.studies import actions, queries, scenario
from philoxenia_web.studies.actions import Settings
from philoxenia_web.studies.models import Study

NAMES = [shock.name for shock in scenario.shocks_of({})]
CARDS = {f"on:{name}": "yes" for name in NAMES}
OWN = {
    "row:title": "Night bus",
    "row:summary": "A bus from the border at night.",
    "row:funder": "city",
    "row:cost_once": "1,200,000",
    "row:cost_per_month": "8 000",
    "row:lead_months": "٣",
    "row:cost_source": "assumption: as the day line",
}


@pytest.fixture(autouse=True)
def acting(settings: LazySettings, own_folder: Path, acting_city: Path) -> None:
    """These studies are about a city that has actions."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, city=acting_city)


@pytest.fixture
def planner_page(sign_in: Callable[..., Client], planner: Actor) -> Client:
    """A planner in a browser; another one than who made the draft."""
    return sign_in(Role.PLANNER, email="colleague@example.org")


@pytest.fixture
def study(planner: Actor, department: Organisation, loaded: None) -> Study:
    """A draft."""
    wanted = Settings(title="What pays back?", kind="foresight", plan={"months": 24})
    return actions.create(planner, department.pk, key=uuid4(), wanted=wanted)


def address(name: str, study: Study, *more: str) -> str:
    return reverse(name, args=[study.pk, *more])


def sent(client: Client, name: str, study: Study, told: dict[str, Any], *more: str) -> Any:
    study.refresh_from_db()
    return client.post(address(name, study, *more), {"version": study.version} | told)


def plan(study: Study) -> dict[str, Any]:
    study.refresh_from_db()
    return dict(study.plan)


class TestQuestion:
    def test_the_kind_leads_to_its_own_steps(self, planner_page: Client, loaded: None) -> None:
        told = {"kind": "foresight", "title": "T", "purpose": "planning", "key": str(uuid4())}
        answer = planner_page.post(reverse("study-new"), told)
        made = Study.objects.get()
        assert (made.kind, answer["Location"]) == ("foresight", address("study-scenario", made))

    def test_pages_of_one_kind_lead_a_study_of_the_other_to_its_own(
        self, planner_page: Client, draft: Study
    ) -> None:
        for name in ("study-scenario", "study-actions", "study-budget", "study-action-new"):
            assert planner_page.get(address(name, draft))["Location"] == address("study-check", draft)


class TestScenario:
    def test_only_what_differs_is_kept(self, planner_page: Client, study: Study) -> None:
        told = {**CARDS, "months": "36", "futures": "500", "rule": "need_first"}
        told |= {"chance:sudden_influx": "20", "size:sudden_influx": "2000", "size:economic_slump": "30"}
        told.pop("on:flood_or_heat")
        answer = sent(planner_page, "study-scenario", study, told | {"next": "1"})
        assert answer["Location"] == address("study-actions", study)
        assert plan(study) == {
            "futures": 500,
            "rule": "need_first",
            "shocks": {
                "sudden_influx": {"probability_per_year": 0.2},
                "economic_slump": {"size": 0.3},
                "flood_or_heat": {"probability_per_year": 0.0},
            },
        }
        assert study.horizon == 36

    def test_what_cannot_be_stands_there_again_with_a_sentence_at_its_field(
        self, planner_page: Client, study: Study
    ) -> None:
        told = {**CARDS, "months": "999", "futures": "80", "chance:sudden_influx": "often"}
        answer = sent(planner_page, "study-scenario", study, told)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="999"' in page and 'value="often"' in page and 'value="80"' in page
        assert 'href="#f-months"' in page and 'id="f-chance-sudden_influx-e"' in page
        assert plan(study) == {}

    def test_the_sentence_follows_what_is_typed_before_it_is_saved(
        self, planner_page: Client, study: Study
    ) -> None:
        asked = {
            **CARDS,
            "look": "sudden_influx",
            "months": "120",
            "futures": "10",
            "chance:sudden_influx": "5",
        }
        page = planner_page.get(address("study-scenario", study), asked, headers={"HX-Request": "true"})
        assert "in about 4 of 10 futures this comes within 10 years" in page.content.decode().lower()
        assert b"<form" not in page.content
        nothing = planner_page.get(
            address("study-scenario", study), {"look": "meteor"}, headers={"HX-Request": "true"}
        )
        assert nothing.status_code == 404

    def test_a_colleagues_change_is_shown_and_not_overwritten(
        self, planner_page: Client, study: Study, planner: Actor
    ) -> None:
        old = study.version
        actions.change(planner, study.pk, old, Settings(plan={"rule": "equal_shares"}))
        told = {**CARDS, "version": old, "months": "24", "futures": "70", "rule": "need_first"}
        answer = planner_page.post(address("study-scenario", study), told)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert 'value="70"' in page and "Somebody changed this study meanwhile" in page
        assert plan(study) == {"rule": "equal_shares"}
        again = sent(planner_page, "study-scenario", study, told | {"version": study.version})
        assert (again.status_code, plan(study)["rule"]) == (302, "need_first")


def test_a_triangle_has_the_deciles_of_its_distribution() -> None:
    even = scenario.Triangle(0.0, 1.0, 2.0)
    assert even.at(0.5) == pytest.approx(1.0)
    # Below x lies x^2 / 2 of it, up to the middle.
    assert even.at(0.1) == pytest.approx(0.2**0.5)
    moved = scenario.Triangle(500, 2000, 8000).moved(1000)
    assert (moved.low, moved.high) == (250, 4000)


def test_a_citys_own_shocks_stand_in_the_place_of_the_usual_ones() -> None:
    usual = scenario.reference_table("shocks")
    fire = usual.head(1).with_columns(name=pl.lit("fire"))
    none = usual.filter(pl.col("name") == "flood_or_heat").with_columns(probability_per_year=pl.lit(0.0))
    with_types = usual.cast({"probability_per_year": pl.Float64}).clear()
    own = pl.concat([with_types, *(one.cast(with_types.schema) for one in (fire, none))])
    names = [shock.name for shock in scenario.shocks_of({}, own)]
    assert names == [*(name for name in NAMES if name != "flood_or_heat"), "fire"]


class TestActions:
    def test_all_chosen_is_no_list_and_those_a_filter_hides_stay(
        self, planner_page: Client, study: Study
    ) -> None:
        sent(planner_page, "study-actions", study, {"shown": ["rent"], "chosen": []})
        assert plan(study) == {"chosen": ["more_homes"]}
        sent(planner_page, "study-actions", study, {"shown": ["rent"], "chosen": ["rent"]})
        assert plan(study) == {}

    def test_none_at_all_is_refused(self, planner_page: Client, study: Study) -> None:
        answer = sent(planner_page, "study-actions", study, {"shown": ["rent", "more_homes"]})
        assert (answer.status_code, plan(study)) == (422, {})

    @pytest.mark.parametrize(
        ("query", "there", "gone"),
        [
            ({"blueprint": "P1"}, "More homes", "Rent support"),
            ({"goal": "4"}, "Rent support", "More homes"),
            ({"funder": "state"}, "Rent support", "More homes"),
            ({"serves": "women"}, "Rent support", "More homes"),
            ({"q": "bought"}, "More homes", "Rent support"),
        ],
    )
    def test_the_list_is_filtered(
        self, planner_page: Client, study: Study, query: dict[str, str], there: str, gone: str
    ) -> None:
        page = planner_page.get(address("study-actions", study), query).content.decode()
        assert (f">{there}<" in page, f">{gone}<" in page) == (True, False)

    def test_an_action_that_is_left_out_is_neither_required_nor_needed_unseen(
        self, planner_page: Client, study: Study, planner: Actor
    ) -> None:
        actions.change(planner, study.pk, study.version, Settings(plan={"required": ["rent"]}))
        sent(
            planner_page, "study-actions", study, {"shown": ["rent", "more_homes"], "chosen": ["more_homes"]}
        )
        assert plan(study) == {"chosen": ["more_homes"]}
        sent(planner_page, "study-actions", study, {"shown": ["rent", "more_homes"], "chosen": ["rent"]})
        page = planner_page.get(address("study-actions", study)).content.decode()
        assert "can only be taken with" in page


class TestEditor:
    def form(self, client: Client, study: Study, action: str) -> dict[str, Any]:
        """What the page's own fields hold."""
        page = client.get(address("study-action-edit", study, action))
        told: dict[str, Any] = {}
        editor = page.context["editor"]
        entries = [entry for _title, part in editor.parts for entry in part]
        entries += [entry for row in (*editor.effects, *editor.benefits) for entry in row]
        for entry in entries:
            if entry.kind == "check":
                told |= {entry.name: "yes"} if entry.value else {}
            else:
                told[entry.name] = sorted(entry.value) if entry.kind == "checks" else entry.value
        told |= {"count:effects": len(editor.effects), "count:benefits": len(editor.benefits)}
        return told | {"reason": editor.reason.value}

    @pytest.mark.parametrize("action", ["rent", "more_homes"])
    def test_sending_a_page_back_changes_nothing(
        self, planner_page: Client, study: Study, action: str
    ) -> None:
        answer = sent(
            planner_page, "study-action-edit", study, self.form(planner_page, study, action), action
        )
        assert (answer.status_code, plan(study)) == (302, {})

    def test_a_changed_number_needs_a_reason_and_is_marked_with_what_the_catalogue_says(
        self, planner_page: Client, study: Study
    ) -> None:
        told = self.form(planner_page, study, "more_homes") | {
            "effects:0:size": "30",
            "row:cost_once": "250,000",
        }
        refused = sent(planner_page, "study-action-edit", study, told, "more_homes")
        assert refused.status_code == 422
        assert b"Say why these numbers are changed" in refused.content
        assert 'value="250000"' in refused.content.decode()
        kept = sent(planner_page, "study-action-edit", study, told | {"reason": "New offer"}, "more_homes")
        assert kept.status_code == 302
        assert plan(study) == {
            "changed": {
                "more_homes": {"cost_once": 250_000, "effects": {"0": {"size": 30}}, "reason": "New offer"}
            }
        }
        page = planner_page.get(address("study-action-edit", study, "more_homes")).content.decode()
        assert "The catalogue says: " in page and "100000" in page
        sent(planner_page, "study-action-edit", study, {"reset": "1"}, "more_homes")
        assert plan(study) == {}

    def test_every_field_that_is_wrong_is_named(self, planner_page: Client, study: Study) -> None:
        told = self.form(planner_page, study, "more_homes") | {
            "row:cost_per_month": "a lot",
            "row:sizes": "2;3",
            "effects:0:low": "7",
            "reason": "Because",
        }
        answer = sent(planner_page, "study-action-edit", study, told, "more_homes")
        page = answer.content.decode()
        assert answer.status_code == 422
        for field in ("row-cost_per_month", "row-sizes", "effects-0-low"):
            assert f'id="f-{field}-e"' in page and f'href="#f-{field}"' in page
        assert 'value="a lot"' in page
        assert plan(study) == {}

    def test_an_action_of_ones_own_from_nothing(self, planner_page: Client, study: Study) -> None:
        grown = sent(
            planner_page, "study-action-new", study, OWN | {"more": "benefits", "count:benefits": "0"}
        )
        page = grown.content.decode()
        assert grown.status_code == 200 and 'value="Night bus"' in page and "Benefit 1" in page
        kept = sent(planner_page, "study-action-new", study, OWN)
        assert kept["Location"] == address("study-actions", study)
        added = plan(study)["added"]
        assert [one["action"] for one in added] == ["own_night_bus"]
        assert (added[0]["cost_once"], added[0]["cost_per_month"], added[0]["lead_months"]) == (
            1_200_000,
            8000,
            3,
        )
        sent(planner_page, "study-action-edit", study, {"remove": "1"}, "own_night_bus")
        assert plan(study) == {}

    def test_a_copy_begins_with_the_numbers_of_another(self, planner_page: Client, study: Study) -> None:
        page = planner_page.get(address("study-action-new", study) + "?copy=rent").content.decode()
        assert 'value="Rent support"' in page and "Quiet" in page
        assert planner_page.get(address("study-action-edit", study, "gone")).status_code == 404

    def test_names_without_plain_letters_get_ids_of_their_own(
        self, planner_page: Client, study: Study
    ) -> None:
        for _ in range(2):
            assert (
                sent(planner_page, "study-action-new", study, OWN | {"row:title": "حافلة"}).status_code == 302
            )
        assert [one["action"] for one in plan(study)["added"]] == ["own_1", "own_1_2"]


class TestValues:
    def test_a_worth_is_changed_with_a_reason_and_its_range_moves_along(
        self, planner_page: Client, study: Study
    ) -> None:
        refused = sent(planner_page, "study-values", study, {"value:waiting": "-7000"})
        assert refused.status_code == 422
        assert b'href="#f-reason-waiting"' in refused.content and b'value="-7000"' in refused.content
        told = {"value:waiting": "-7000", "low:waiting": "-6000", "reason:waiting": "Rents doubled"}
        assert sent(planner_page, "study-values", study, told).status_code == 302
        assert plan(study) == {"values": {"waiting": {"value": -7000, "reason": "Rents doubled"}}}
        page = planner_page.get(address("study-check", study)).content.decode()
        assert "Rents doubled" in page
        sent(planner_page, "study-values", study, {"value:waiting": "-3500"})
        assert plan(study) == {}


class TestBudget:
    told: ClassVar = {"start": ["0", "1"], "sizes": "yes", "aim": "mean"}

    def test_an_empty_page_asks_for_nothing_of_its_own(self, planner_page: Client, study: Study) -> None:
        assert sent(planner_page, "study-budget", study, self.told).status_code == 302
        assert plan(study) == {}

    def test_everything_that_is_said_is_kept(self, planner_page: Client, study: Study) -> None:
        told = {
            "start": ["0"], "aim": "cvar", "worst_share": "20", "budget:state:0": "2,000,000",
            "budget:state:1": "0", "floor:newcomers": "-500", "open": ["men"], "how:rent": "must",
            "how:more_homes": "may", "failure": "net", "net_below": "10000",
        }  # fmt: skip
        assert sent(planner_page, "study-budget", study, told).status_code == 302
        assert plan(study) == {
            "starts": [0], "sizes": False, "aim": "cvar", "worst_share": 0.2,
            "budgets": {"state": [2_000_000, 0]}, "floors": {"newcomers": -500, "men": None},
            "required": ["rent"], "failure": {"net_below": 10_000},
        }  # fmt: skip

    def test_an_empty_year_is_the_catalogues_or_refused_where_it_has_none(
        self, planner_page: Client, study: Study
    ) -> None:
        answer = sent(planner_page, "study-budget", study, self.told | {"budget:city:1": "5"})
        assert (answer.status_code, plan(study)) == (302, {"budgets": {"city": [3_000_000, 5]}})
        refused = sent(planner_page, "study-budget", study, self.told | {"budget:state:0": "5"})
        assert refused.status_code == 422
        assert b'href="#f-budget-state-1"' in refused.content

    def test_what_excludes_itself_is_refused_by_the_engine(
        self, planner_page: Client, study: Study, planner: Actor
    ) -> None:
        actions.change(planner, study.pk, study.version, Settings(plan={"months": 24, "starts": [1]}))
        answer = sent(planner_page, "study-budget", study, self.told | {"start": []})
        assert (answer.status_code, plan(study)) == (422, {"starts": [1]})


def test_check_says_it_all_and_starts(planner_page: Client, study: Study, planner: Actor) -> None:
    change = {"rent": {"cost_per_month": 6000, "reason": "Rents rose"}}
    wanted = {"months": 24, "chosen": ["rent", "more_homes"], "changed": change, "aim": "regret"}
    actions.change(planner, study.pk, study.version, Settings(plan=wanted))
    page = planner_page.get(address("study-check", study)).content.decode()
    assert "Rents rose" in page and "The least to be sorry about" in page and "24 months" in page
    answer = sent(planner_page, "study-check", study, {"seed": "7", "start": "1"})
    study.refresh_from_db()
    assert (answer["Location"], study.state) == (address("study-status", study), "waiting")
    assert (study.seed, study.horizon) == (7, 24)


def test_the_parameters_of_each_kind_are_its_own(planner_page: Client, study: Study, draft: Study) -> None:
    for one, there, gone in ((study, "valuation.", "needs."), (draft, "needs.", "futures.")):
        page = planner_page.get(address("study-parameters", one)).content.decode()
        assert (f"value:{there}" in page, f"value:{gone}" in page) == (True, False)


def test_a_pressure_and_a_foresight_study_are_not_compared(
    planner_page: Client, study: Study, draft: Study
) -> None:
    Study.objects.update(state="done", result="r")
    answer = planner_page.get(reverse("study-compare"), {"first": study.pk, "second": draft.pk})
    assert answer.status_code == 422
    assert b"These two ask different things" in answer.content


def test_two_foresight_studies_are_set_side_by_side(
    planner_page: Client, study: Study, planner: Actor
) -> None:
    other = actions.copy(planner, study.pk, key=uuid4())
    actions.change(planner, other.pk, other.version, Settings(plan={"months": 24, "aim": "cvar"}))
    Study.objects.update(state="done", result="r")
    for one in (study, other):
        one.refresh_from_db()
        keep_foresight(foresight(), queries.foresight_folder(one))
    page = planner_page.get(reverse("study-compare"), {"first": study.pk, "second": other.pk})
    told = page.content.decode()
    assert page.status_code == 200
    assert "The plans of both studies bring the same on average." in told
    assert "The most on average" in told and "The most in bad times" in told
    assert "The two look at other futures" not in told
    asked = {"first": study.pk, "second": other.pk, "actions-export": "csv"}
    assert planner_page.get(reverse("study-compare"), asked)["Content-Type"].startswith("text/csv")
