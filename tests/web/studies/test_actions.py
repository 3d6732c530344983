"""What may be done with a study, when, and what stays of it."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404

from philoxenia_web.accounts.access import SYSTEM, Actor, Denied
from philoxenia_web.accounts.models import AuditEntry, Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.datasets import queries as datasets
from philoxenia_web.datasets.models import Agreement, Use
from philoxenia_web.studies import actions, queries
from philoxenia_web.studies.actions import Settings
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.parameters import Change
from philoxenia_web.studies.refusals import Conflict, Refused

SPEED = "needs.walking_speed"


def jobs(study: Study) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_jobs "
            "where task_name = 'studies.run' and args ->> 'study_id' = %s",
            [str(study.pk)],
        )
        return int(cursor.fetchone()[0])


def verbs(study: Study) -> list[str]:
    found = AuditEntry.objects.filter(object_id=str(study.pk)).order_by("id")
    return list(found.values_list("action", flat=True))


class TestMaking:
    def test_a_draft_starts_with_a_version_of_every_table(self, draft: Study) -> None:
        assert {one.table for one in draft.inputs.all()} == {"census_profile", "series"}
        assert all(one.dataset_version_id and one.content_hash for one in draft.inputs.all())

    def test_the_same_key_gives_the_same_study(
        self, planner: Actor, department: Organisation, loaded: None
    ) -> None:
        key, wanted = uuid4(), Settings(title="Once")
        made = [actions.create(planner, department.pk, key=key, wanted=wanted) for _ in range(2)]
        assert made[0].pk == made[1].pk
        assert verbs(made[0]) == ["studies.create"]

    def test_a_key_of_somebody_else_gives_nothing_away(
        self, acts: Callable[..., Actor], draft: Study, partner_organisation: Organisation
    ) -> None:
        other = acts(Role.PLANNER, partner_organisation)
        with pytest.raises(Refused, match="sent before by somebody else"):
            actions.create(other, partner_organisation.pk, key=draft.key, wanted=Settings(title="Mine"))

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.PLANNER])
    def test_only_planners_make_studies(
        self, acts: Callable[..., Actor], role: Role, department: Organisation, loaded: None
    ) -> None:
        with pytest.raises(Denied):
            actions.create(acts(role), department.pk, key=uuid4(), wanted=Settings(title="No"))

    def test_a_planner_makes_none_for_another_organisation(
        self, planner: Actor, partner_organisation: Organisation
    ) -> None:
        with pytest.raises(Denied):
            actions.create(planner, partner_organisation.pk, key=uuid4(), wanted=Settings(title="No"))

    @pytest.mark.parametrize("title", ["", "   ", "\x00\x01", "x" * 201])
    def test_a_title_that_is_none_is_refused(
        self, planner: Actor, department: Organisation, title: str
    ) -> None:
        with pytest.raises(Refused) as refusal:
            actions.create(planner, department.pk, key=uuid4(), wanted=Settings(title=title))
        assert refusal.value.field == "title"
        assert not Study.objects.exists()

    def test_a_title_keeps_its_script_and_loses_control_characters(
        self, planner: Actor, department: Organisation, loaded: None
    ) -> None:
        wanted = Settings(title="مأوى\x00 <script>\n\n alert(1)")
        made = actions.create(planner, department.pk, key=uuid4(), wanted=wanted)
        assert made.title == "مأوى <script> alert(1)"

    @pytest.mark.parametrize(
        ("field", "value"), [("horizon", 0), ("horizon", 61), ("seed", -1), ("seed", 2**31)]
    )
    def test_months_and_seed_stay_in_their_range(
        self, planner: Actor, department: Organisation, field: str, value: int
    ) -> None:
        with pytest.raises(Refused) as refusal:
            actions.create(planner, department.pk, key=uuid4(), wanted=Settings(title="T", **{field: value}))
        assert refusal.value.field == field


class TestChanging:
    def test_a_changed_parameter_is_kept_with_its_default_and_reason(
        self, planner: Actor, draft: Study
    ) -> None:
        wanted = Settings(parameters={SPEED: Change(4.0, "Many walk with small children.")})
        changed = actions.change(planner, draft.pk, draft.version, wanted)
        one = changed.parameters.get()
        assert (one.name, one.value, one.default, one.reason) == (
            SPEED,
            4.0,
            4.8,
            "Many walk with small children.",
        )
        assert changed.version == draft.version + 1

    def test_a_value_at_its_default_is_no_change(self, planner: Actor, draft: Study) -> None:
        changed = actions.change(planner, draft.pk, draft.version, Settings(parameters={SPEED: Change(4.8)}))
        assert not changed.parameters.exists()

    @pytest.mark.parametrize("value", [2.9, 6.1, float("nan"), float("inf")])
    def test_a_value_outside_its_range_is_refused_with_range_and_unit(
        self, planner: Actor, draft: Study, value: float
    ) -> None:
        with pytest.raises(Refused, match=r"between 3 and 6 \(km/h\)"):
            actions.change(planner, draft.pk, draft.version, Settings(parameters={SPEED: Change(value)}))
        assert not draft.parameters.exists()

    def test_a_parameter_that_is_not_there_is_refused(self, planner: Actor, draft: Study) -> None:
        with pytest.raises(Refused, match="no parameter called"):
            actions.change(planner, draft.pk, draft.version, Settings(parameters={"needs.speed": Change(1)}))

    def test_a_change_based_on_an_old_version_is_shown_and_not_saved(
        self, planner: Actor, draft: Study
    ) -> None:
        actions.change(planner, draft.pk, draft.version, Settings(title="Changed meanwhile"))
        with pytest.raises(Conflict) as conflict:
            actions.change(planner, draft.pk, draft.version, Settings(title="Mine"))
        assert conflict.value.version == draft.version + 1
        assert [(one.now, one.sent) for one in conflict.value.differences] == [("Changed meanwhile", "Mine")]
        assert Study.objects.get().title == "Changed meanwhile"

    def test_what_made_a_started_study_cannot_change_but_its_notes_can(
        self, planner: Actor, draft: Study
    ) -> None:
        started = actions.start(planner, draft.pk, draft.version)
        with pytest.raises(Refused, match="cannot be changed"):
            actions.change(planner, draft.pk, started.version, Settings(seed=9))
        noted = actions.change(planner, draft.pk, started.version, Settings(notes="Ask the department."))
        assert noted.notes == "Ask the department."

    def test_another_kind_of_version_is_refused(self, planner: Actor, draft: Study) -> None:
        other = draft.inputs.get(table="series").dataset_version_id
        with pytest.raises(Refused, match="another kind"):
            actions.change(planner, draft.pk, draft.version, Settings(inputs={"census_profile": other}))

    def test_a_version_that_is_not_there_is_refused(self, planner: Actor, draft: Study) -> None:
        with pytest.raises(Refused):
            actions.change(planner, draft.pk, draft.version, Settings(inputs={"census_profile": uuid4()}))

    def test_only_drafts_are_deleted(self, planner: Actor, draft: Study, done: Study) -> None:
        with pytest.raises(Refused, match="Only a draft"):
            actions.delete(planner, done.pk)
        copied = actions.copy(planner, done.pk, key=uuid4())
        actions.delete(planner, copied.pk)
        assert list(Study.objects.values_list("pk", flat=True)) == [done.pk]
        assert verbs(copied)[-1] == "studies.delete"


class TestStarting:
    def test_starting_twice_asks_once(self, planner: Actor, draft: Study) -> None:
        actions.start(planner, draft.pk, draft.version)
        again = actions.start(planner, draft.pk, draft.version)
        assert again.state == Study.State.WAITING
        assert jobs(draft) == 1
        assert verbs(draft) == ["studies.create", "studies.start"]

    def test_an_old_version_is_not_started(self, planner: Actor, draft: Study) -> None:
        actions.change(planner, draft.pk, draft.version, Settings(seed=5))
        with pytest.raises(Conflict):
            actions.start(planner, draft.pk, draft.version)
        assert jobs(draft) == 0

    def test_an_agreement_that_ended_between_draft_and_start_is_told(
        self, planner: Actor, draft: Study
    ) -> None:
        version = draft.inputs.get(table="series").dataset_version_id
        ended = date.today() - timedelta(days=1)
        held = Agreement.objects.get(of_id=version)
        Agreement.objects.create(
            of_id=version,
            number=held.number + 1,
            everybody=True,
            purposes=held.purposes,
            valid_from=held.valid_from,
            valid_until=ended,
        )
        with pytest.raises(Refused, match=r"The agreement on .* ended on"):
            actions.start(planner, draft.pk, draft.version)
        assert Study.objects.get(pk=draft.pk).is_draft
        assert jobs(draft) == 0

    def test_a_waiting_study_is_cancelled_and_tried_again(self, planner: Actor, draft: Study) -> None:
        actions.start(planner, draft.pk, draft.version)
        assert actions.cancel(planner, draft.pk).state == Study.State.CANCELLED
        assert actions.cancel(planner, draft.pk).state == Study.State.CANCELLED
        assert actions.retry(planner, draft.pk).state == Study.State.WAITING
        assert verbs(draft)[1:] == ["studies.start", "studies.cancel", "studies.retry"]

    def test_a_draft_is_neither_cancelled_nor_tried_again(self, planner: Actor, draft: Study) -> None:
        with pytest.raises(Refused, match="nothing to cancel"):
            actions.cancel(planner, draft.pk)
        with pytest.raises(Refused, match="never started"):
            actions.retry(planner, draft.pk)

    def test_a_finished_study_is_not_run_again(self, planner: Actor, done: Study) -> None:
        assert actions.retry(planner, done.pk).result == done.result
        assert actions.start(planner, done.pk, done.version).is_done
        with pytest.raises(Refused, match="nothing to cancel"):
            actions.cancel(planner, done.pk)


class TestCopying:
    def test_a_copy_has_the_settings_and_none_of_the_result(self, planner: Actor, draft: Study) -> None:
        actions.change(planner, draft.pk, draft.version, Settings(parameters={SPEED: Change(4.0, "Why")}))
        key = uuid4()
        made = actions.copy(planner, draft.pk, key=key)
        assert actions.copy(planner, draft.pk, key=key).pk == made.pk
        made.refresh_from_db()
        assert (made.seed, made.horizon, made.copied_from_id) == (3, 6, draft.pk)
        assert made.is_draft and made.result == ""
        assert [(one.name, one.value, one.reason) for one in made.parameters.all()] == [(SPEED, 4.0, "Why")]

    def test_a_reader_without_an_organisation_to_plan_for_cannot_copy(
        self, acts: Callable[..., Actor], planner: Actor, done: Study
    ) -> None:
        actions.share(planner, done.pk, key=uuid4())
        with pytest.raises(Denied):
            actions.copy(acts(Role.CASEWORKER), done.pk, key=uuid4())


class TestRecord:
    def test_a_result_is_known_to_the_data_it_came_from(
        self, planner: Actor, draft: Study, run_now: Callable[..., Study]
    ) -> None:
        actions.start(planner, draft.pk, draft.version)
        done = run_now(draft.pk)
        used = {use.of_id for use in Use.objects.filter(object_id=str(done.pk))}
        assert used == {one.dataset_version_id for one in done.inputs.all()}
        assert Use.objects.filter(object_id=str(done.pk), person_id=planner.person_id).count() == len(used)
        assert len(datasets.facts_of(used)) == 2

    def test_what_made_it_is_kept(self, planner: Actor, draft: Study, run_now: Callable[..., Study]) -> None:
        actions.change(planner, draft.pk, draft.version, Settings(parameters={SPEED: Change(4.0)}))
        actions.start(planner, draft.pk)
        done = run_now(draft.pk)
        assert done.engine_version and len(done.engine_fingerprint) == 64
        assert {(one.table, one.rows) for one in done.inputs.all()} == {
            ("census_profile", 28),
            ("series", 60),
        }
        assert len(done.result_hash) == 64
        folder = queries.result_folder(done)
        assert {entry.name for entry in folder.iterdir()} == {
            "everything.zip", "findings", "manifest.json", "report.html", "report.pdf", "tables",
        }  # fmt: skip

    def test_equal_settings_give_equal_bytes(
        self, planner: Actor, draft: Study, run_now: Callable[..., Study]
    ) -> None:
        twin = actions.copy(planner, draft.pk, key=uuid4())
        for study in (draft, twin):
            actions.start(planner, study.pk)
        first, second = (run_now(study.pk) for study in (draft, twin))
        assert first.result_hash == second.result_hash
        zips = [(queries.result_folder(one) / "everything.zip").read_bytes() for one in (first, second)]
        assert zips[0] == zips[1]


def test_the_example_study_is_made_once(
    loaded: None, department: Organisation, monkeypatch: pytest.MonkeyPatch, run_now: Callable[..., Study]
) -> None:
    monkeypatch.setattr("philoxenia_web.studies.actions.demo.running.run", run_now)
    made = [actions.make_demo_study(SYSTEM) for _ in range(2)]
    assert made[0].pk == made[1].pk and made[0].is_done
    assert Study.objects.count() == 1
    assert made[0].shares.count() == 1


def test_a_study_of_another_organisation_is_not_found_by_any_action(
    acts: Callable[..., Actor], draft: Study, partner_organisation: Organisation
) -> None:
    other = acts(Role.PLANNER, partner_organisation)
    for act in (
        lambda: actions.change(other, draft.pk, 1, Settings(title="Mine")),
        lambda: actions.start(other, draft.pk, 1),
        lambda: actions.cancel(other, draft.pk),
        lambda: actions.retry(other, draft.pk),
        lambda: actions.copy(other, draft.pk, key=uuid4()),
        lambda: actions.delete(other, draft.pk),
        lambda: actions.share(other, draft.pk, key=uuid4()),
        lambda: actions.unshare(other, draft.pk, uuid4()),
    ):
        with pytest.raises(Http404):
            act()
    assert Study.objects.get().title == "Shelter places"
