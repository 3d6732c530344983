"""A study of the kind foresight: settings kept and refused, started, run, its result in the agreed places."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.http import Http404

from philoxenia.report.foresight import TABLES, read_foresight
from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.models import AuditEntry, Organisation
from philoxenia_web.studies import actions, computing, progress, queries, running
from philoxenia_web.studies.actions import Settings
from philoxenia_web.studies.foresight_plan import plan_of
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.parameters import Change
from philoxenia_web.studies.refusals import Conflict, Refused
from philoxenia_web.studies.steps import ForesightStep

SMALL = {"months": 12, "futures": 6, "starts": [0], "sizes": False}


@pytest.fixture(autouse=True)
def acting(settings: LazySettings, own_folder: Path, acting_city: Path) -> None:
    """These studies are about a city that has actions."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, city=acting_city)


@pytest.fixture
def foresight(planner: Actor, department: Organisation, loaded: None) -> Study:
    """A draft with few futures."""
    wanted = Settings(title="What pays back?", kind="foresight", plan=SMALL)
    return actions.create(planner, department.pk, key=uuid4(), wanted=wanted)


def changed(planner: Actor, study: Study, plan: Mapping[str, Any]) -> Study:
    study.refresh_from_db()
    return actions.change(planner, study.pk, study.version, Settings(plan=plan))


class TestSettings:
    def test_months_and_seed_of_a_plan_are_those_of_the_study(self, foresight: Study) -> None:
        assert (foresight.horizon, foresight.seed) == (12, 1)
        assert "months" not in foresight.plan
        assert plan_of(foresight) == {**SMALL, "seed": 1}

    def test_a_new_one_looks_five_years_ahead(
        self, planner: Actor, department: Organisation, loaded: None
    ) -> None:
        wanted = Settings(title="T", kind="foresight")
        made = actions.create(planner, department.pk, key=uuid4(), wanted=wanted)
        assert (made.horizon, made.plan) == (60, {})

    @pytest.mark.parametrize(
        ("plan", "field"),
        [
            ({"months": 121}, "horizon"),
            ({"futures": 1}, "plan/futures"),
            ({"rule": "strongest_first"}, "plan/rule"),
            ({"chosen": ["no_such"]}, "plan/chosen"),
            ({"shocks": {"sudden_influx": {"size": -5}}}, "plan/shocks/sudden_influx/size"),
            ({"changed": {"rent": {"cost_once": "much", "reason": "r"}}}, "plan/changed/rent/cost_once"),
            (
                {"changed": {"more_homes": {"effects": {"0": {"low": 3}}}}},
                "plan/changed/more_homes/effects/0/low",
            ),
            ({"months": 12, "starts": [1]}, "plan/starts"),
            ({"months": "twelve"}, "plan/months"),
            ({"unheard": 1}, "plan/unheard"),
        ],
    )
    def test_what_cannot_be_run_is_refused_at_its_place(
        self, planner: Actor, foresight: Study, plan: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(Refused) as refusal:
            changed(planner, foresight, {**SMALL, **plan})
        assert refusal.value.field == field
        foresight.refresh_from_db()
        assert plan_of(foresight) == {**SMALL, "seed": 1}

    def test_numbers_without_an_end_are_refused(self, planner: Actor, foresight: Study) -> None:
        with pytest.raises(Refused, match="finite"):
            changed(planner, foresight, {"worst_share": float("nan")})

    def test_a_conflict_names_the_parts_that_differ(self, planner: Actor, foresight: Study) -> None:
        changed(planner, foresight, {**SMALL, "aim": "cvar"})
        with pytest.raises(Conflict) as conflict:
            wanted = Settings(plan={**SMALL, "aim": "regret"})
            actions.change(planner, foresight.pk, foresight.version, wanted)
        assert [one.words for one in conflict.value.differences] == ["Aim"]

    def test_a_study_of_pressure_has_no_plan_and_kinds_do_not_change(
        self, planner: Actor, draft: Study, foresight: Study
    ) -> None:
        with pytest.raises(Refused, match="Only a foresight study"):
            changed(planner, draft, SMALL)
        with pytest.raises(Refused, match="kind of a study cannot be changed"):
            actions.change(planner, foresight.pk, foresight.version, Settings(kind="pressure"))
        with pytest.raises(IntegrityError), transaction.atomic():
            Study.objects.filter(pk=draft.pk).update(plan={"aim": "mean"})

    def test_each_kind_has_its_own_parameters(self, planner: Actor, draft: Study, foresight: Study) -> None:
        speed, rate = {"needs.walking_speed": Change(4.0)}, {"valuation.elasticity": Change(0.0)}
        for study, wanted in ((draft, rate), (foresight, speed)):
            with pytest.raises(Refused, match="changes nothing in a study of this kind"):
                actions.change(planner, study.pk, study.version, Settings(parameters=wanted))
        kept = actions.change(planner, foresight.pk, foresight.version, Settings(parameters=rate))
        assert [one.name for one in kept.parameters.all()] == ["valuation.elasticity"]

    def test_the_trail_keeps_numbers_and_no_words(self, planner: Actor, foresight: Study) -> None:
        change = {"rent": {"cost_per_month": 6000, "reason": "Rents rose, says the landlord."}}
        changed(planner, foresight, {**SMALL, "changed": change})
        entry = AuditEntry.objects.filter(object_id=str(foresight.pk)).latest("id")
        assert entry.after["plan"]["changed"] == {"rent": {"cost_per_month": 6000}}

    def test_a_copy_asks_the_same(
        self, planner: Actor, foresight: Study, run_now: Callable[[UUID], Study]
    ) -> None:
        actions.start(planner, foresight.pk)
        made = actions.copy(planner, run_now(foresight.pk).pk, key=uuid4())
        assert (made.kind, plan_of(made)) == ("foresight", plan_of(foresight))


class TestRunning:
    def test_a_finished_one_holds_foresight_tables_and_manifest(
        self, planner: Actor, foresight: Study, run_now: Callable[[UUID], Study]
    ) -> None:
        change = {"rent": {"cost_per_month": 6000, "reason": "Rents"}}
        changed(planner, foresight, {**SMALL, "changed": change})
        actions.start(planner, foresight.pk)
        done = run_now(foresight.pk)
        found = read_foresight(queries.foresight_folder(done))
        folder = queries.result_folder(done)
        manifest = json.loads((folder / "manifest.json").read_bytes())
        assert found["actions"].filter(pl.col("action") == "rent")["changed"].item() == "cost_per_month"
        assert (manifest["kind"], manifest["plan"]["changed"]["rent"]["reason"]) == ("foresight", "Rents")
        full = {name for name in TABLES if not found[name].is_empty()}
        assert {file.stem for file in (folder / "tables").glob("*.parquet")} == full
        assert done.headline.endswith("averaged over 6 futures.") or "brings most" in done.headline
        with pytest.raises(Http404):
            queries.findings_folder(done)

    @pytest.mark.usefixtures("run_now")
    def test_actions_of_an_attempt_that_was_stopped_are_kept(self, planner: Actor, foresight: Study) -> None:
        actions.start(planner, foresight.pk)
        told: list[tuple[int, float, dict[str, int]]] = []
        for _attempt in range(2):
            held = running.take(foresight.pk)
            assert held is not None
            told.clear()
            computing.compute(held.pk, held.lease, lambda *one: told.append(one))
            running.ATTEMPTS.give_back(held)
        assert (ForesightStep.ACTIONS, 1.0, {"actions": 2, "kept": 2}) in told
        assert progress.found_words({"actions": 2, "kept": 2}) == "2 actions, 2 kept from an earlier attempt"

    def test_only_finished_foresight_has_its_folder(self, draft: Study, foresight: Study) -> None:
        for study in (draft, foresight):
            with pytest.raises(Http404):
                queries.foresight_folder(study)

    def test_its_steps_are_its_own_and_so_is_its_time(self, foresight: Study, draft: Study) -> None:
        Study.objects.filter(pk=draft.pk).update(
            state="done", result="r", found=[{"step": 2, "seconds": 90.0, "found": {}}]
        )
        told = progress.progress_of(foresight)
        assert [one.title for one in told.steps] == [str(step.label) for step in ForesightStep]
        assert (told.expected, progress.expected_total("pressure")) == ({}, 90.0)

    def test_a_catalogue_that_broke_since_is_told_before_the_start(
        self, planner: Actor, foresight: Study, settings: LazySettings, small_city: Path
    ) -> None:
        changed(planner, foresight, {**SMALL, "chosen": ["rent", "more_homes"]})
        Study.objects.filter(pk=foresight.pk).update(plan={**foresight.plan, "chosen": ["gone"]})
        with pytest.raises(Refused, match="no action 'gone'"):
            actions.start(planner, foresight.pk)
        foresight.refresh_from_db()
        assert foresight.is_draft
