"""The pages for choosing, following, sharing, comparing and downloading, as used without scripts."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.studies import actions, queries, running
from philoxenia_web.studies.actions import Settings
from philoxenia_web.studies.models import Share, Study
from philoxenia_web.studies.parameters import Change

SPEED = "needs.walking_speed"
HOSTILE = "<script>alert(1)</script> مأوى {{ 7|add:7 }}"


@pytest.fixture
def browser(planner: Actor) -> Client:
    """Signed in as the planner."""
    client = Client()
    client.force_login(Person.objects.get(pk=planner.person_id))
    return client


@pytest.fixture
def another(browser: Client, sign_in: Callable[..., Client], partner_organisation: Organisation) -> Client:
    """Signed in as a planner of another organisation."""
    return sign_in(Role.PLANNER, organisation=partner_organisation, email="planner@partner.example.org")


def words(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


class TestList:
    def test_it_says_how_to_begin_when_there_is_nothing(self, browser: Client) -> None:
        assert "Make the first study" in words(browser.get("/studies/"))

    def test_its_queries_do_not_grow_with_its_rows(
        self,
        browser: Client,
        department: Organisation,
        planner: Actor,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for number in range(25):
            Study.objects.create(
                organisation=department, title=f"Study {number}", created_by_id=planner.person_id
            )
        browser.get("/studies/")
        # Session, person, memberships, roles' second factor; how many studies, and those of the page.
        with django_assert_num_queries(_base_queries(browser) + 2):
            browser.get("/studies/")

    def test_a_hostile_title_is_shown_as_text(self, browser: Client, department: Organisation) -> None:
        Study.objects.create(organisation=department, title=HOSTILE)
        page = words(browser.get("/studies/"))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; مأوى {{ 7|add:7 }}" in page

    def test_it_is_narrowed_by_state_and_by_words(self, browser: Client, department: Organisation) -> None:
        Study.objects.create(organisation=department, title="Schools")
        Study.objects.create(organisation=department, title="Shelters", state=Study.State.FAILED)
        assert "Schools" not in words(browser.get("/studies/?studies-state=failed"))
        assert "Shelters" not in words(browser.get("/studies/?studies-q=school"))


def _base_queries(browser: Client) -> int:
    """What every page asks for before its own work: measured on one that reads no study."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as asked:
        browser.get("/studies/?view=all&studies-q=\x00nothing\x00")
    return len([one for one in asked.captured_queries if "studies_study" not in one["sql"]])


class TestChoosing:
    def test_four_steps_from_the_question_to_a_waiting_study(self, browser: Client, loaded: None) -> None:
        key = str(uuid4())
        sent = {"title": "Shelter places", "question": "How many?", "purpose": "planning", "key": key}
        first = browser.post("/studies/new/", sent)
        assert browser.post("/studies/new/", sent)["Location"] == first["Location"]
        study = Study.objects.get()
        assert "handed in by" in words(browser.get(first["Location"])) or study.inputs.count() == 2
        chosen = {f"input:{one.table}": str(one.dataset_version_id) for one in study.inputs.all()}
        browser.post(f"/studies/{study.pk}/inputs/", {"version": study.version, **chosen})
        study.refresh_from_db()
        changed = {"version": study.version, f"value:{SPEED}": "4,5", f"reason:{SPEED}": "Hills", "next": "1"}
        assert browser.post(f"/studies/{study.pk}/parameters/", changed)["Location"].endswith("/check/")
        study.refresh_from_db()
        assert study.parameters.get().value == 4.5
        ahead = {"version": study.version, "horizon": 6, "seed": 4, "start": "1"}
        assert browser.post(f"/studies/{study.pk}/check/", ahead)["Location"].endswith("/status/")
        study.refresh_from_db()
        assert (study.state, study.horizon, study.seed) == ("waiting", 6, 4)

    def test_fields_that_are_not_the_forms_change_nothing(
        self, browser: Client, draft: Study, partner_organisation: Organisation
    ) -> None:
        sent = {
            "title": "Changed",
            "purpose": "planning",
            "version": draft.version,
            "state": "done",
            "organisation": str(partner_organisation.pk),
            "result": "../../etc",
            "seed": 99,
        }
        assert browser.post(f"/studies/{draft.pk}/question/", sent).status_code == 302
        draft.refresh_from_db()
        assert (draft.title, draft.state, draft.seed, draft.result) == ("Changed", "draft", 3, "")
        assert draft.organisation_id != partner_organisation.pk

    def test_a_value_outside_its_range_stays_in_the_form_with_a_sentence(
        self, browser: Client, draft: Study
    ) -> None:
        sent = {"version": draft.version, f"value:{SPEED}": "60", f"reason:{SPEED}": "Fast"}
        answer = browser.post(f"/studies/{draft.pk}/parameters/", sent)
        assert answer.status_code == 422
        assert "it must lie between 3 and 6 (km/h)" in words(answer)
        assert 'value="60"' in words(answer)
        assert not draft.parameters.exists()

    @pytest.mark.parametrize("text", ["fast", "4_5", "1e999", "nan", "--4", "4,5,6"])
    def test_what_is_no_number_is_refused(self, browser: Client, draft: Study, text: str) -> None:
        sent = {"version": draft.version, f"value:{SPEED}": text}
        assert browser.post(f"/studies/{draft.pk}/parameters/", sent).status_code == 422
        assert not draft.parameters.exists()

    @pytest.mark.parametrize("text", ["4.5", " 4,5 ", "٤٫٥", "4.50"])
    def test_numbers_as_people_write_them(self, browser: Client, draft: Study, text: str) -> None:
        browser.post(f"/studies/{draft.pk}/parameters/", {"version": draft.version, f"value:{SPEED}": text})
        assert draft.parameters.get().value == 4.5

    def test_parameters_that_a_search_hides_are_kept(
        self, browser: Client, planner: Actor, draft: Study
    ) -> None:
        changed = actions.change(
            planner, draft.pk, draft.version, Settings(parameters={SPEED: Change(4.0, "Hills")})
        )
        page = words(browser.get(f"/studies/{draft.pk}/parameters/?q=newcomer"))
        assert f'name="value:{SPEED}"' not in page
        sent = {"version": changed.version, "value:scenarios.newcomer_months": "48", "q": "newcomer"}
        browser.post(f"/studies/{draft.pk}/parameters/", sent)
        assert {one.name for one in draft.parameters.all()} == {SPEED, "scenarios.newcomer_months"}

    def test_reset_takes_back_one_or_all(self, browser: Client, planner: Actor, draft: Study) -> None:
        both = {SPEED: Change(4.0), "scenarios.newcomer_months": Change(48)}
        actions.change(planner, draft.pk, draft.version, Settings(parameters=both))
        browser.post(f"/studies/{draft.pk}/parameters/", {"version": draft.version + 1, "reset": SPEED})
        assert draft.parameters.get().name == "scenarios.newcomer_months"
        browser.post(f"/studies/{draft.pk}/parameters/", {"version": draft.version + 2, "reset": "all"})
        assert not draft.parameters.exists()

    def test_what_somebody_changed_meanwhile_is_shown_and_can_be_replaced(
        self, browser: Client, planner: Actor, draft: Study
    ) -> None:
        actions.change(planner, draft.pk, draft.version, Settings(title="Theirs"))
        sent = {"title": "Mine", "purpose": "planning", "version": draft.version}
        answer = browser.post(f"/studies/{draft.pk}/question/", sent)
        assert answer.status_code == 409
        assert "Saved now: Theirs. You sent: Mine." in words(answer)
        assert f'name="version" value="{draft.version + 1}"' in words(answer)
        browser.post(f"/studies/{draft.pk}/question/", sent | {"version": draft.version + 1})
        assert Study.objects.get(pk=draft.pk).title == "Mine"

    def test_a_table_that_is_missing_says_what_it_costs(
        self, browser: Client, draft: Study, planner: Actor
    ) -> None:
        from philoxenia_web.datasets.models import Version  # noqa: PLC0415

        version = draft.inputs.get(table="series").dataset_version_id
        Version.objects.filter(pk=version).update(state=Version.State.WITHDRAWN)
        page = words(browser.get(f"/studies/{draft.pk}/inputs/"))
        assert "was withdrawn by" in page
        assert "The study runs without it." in page
        assert "Forecasts of who may come" in page

    def test_a_study_of_another_organisation_is_not_there(self, another: Client, draft: Study) -> None:
        for step in ("question", "inputs", "parameters", "check", "status", "settings", "share", "download"):
            assert another.get(f"/studies/{draft.pk}/{step}/").status_code == 404, step
        assert another.get(f"/studies/{uuid4()}/check/").status_code == 404


class TestFollowing:
    def test_a_waiting_study_is_looked_at_again_with_and_without_scripts(
        self, browser: Client, planner: Actor, draft: Study
    ) -> None:
        actions.start(planner, draft.pk)
        page = words(browser.get(f"/studies/{draft.pk}/status/"))
        assert f'hx-get="/studies/{draft.pk}/status/"' in page
        assert '<noscript><meta http-equiv="refresh"' in page

    def test_a_script_is_sent_on_when_the_study_is_done(self, browser: Client, done: Study) -> None:
        answer = browser.get(f"/studies/{done.pk}/status/", headers={"HX-Request": "true"})
        assert answer["HX-Redirect"] == f"/studies/{done.pk}/"
        assert browser.get(f"/studies/{done.pk}/status/")["Location"] == f"/studies/{done.pk}/"

    def test_steps_say_what_they_found_and_how_long_is_left(
        self, browser: Client, planner: Actor, draft: Study, done: Study
    ) -> None:
        again = actions.copy(planner, draft.pk, key=uuid4())
        Study.objects.filter(pk=done.pk).update(
            found=[{"step": step, "seconds": 20.0, "found": {"rows": 7}} for step in range(1, 7)]
        )
        actions.start(planner, again.pk)
        held = running.take(again.pk)
        assert held is not None
        held.step, held.found = 2, [{"step": 1, "seconds": 20.0, "found": {"tables": 2, "districts": 4}}]
        running.ATTEMPTS.beat(held)
        Study.objects.filter(pk=again.pk).update(started_at=timezone.now() - timedelta(seconds=30))
        page = words(browser.get(f"/studies/{again.pk}/status/"))
        assert "2 tables, 4 districts" in page
        assert "About 90 seconds to go" in page

    def test_cancel_and_try_again_are_buttons(self, browser: Client, planner: Actor, draft: Study) -> None:
        actions.start(planner, draft.pk)
        assert browser.get(f"/studies/{draft.pk}/cancel/").status_code == 405
        browser.post(f"/studies/{draft.pk}/cancel/")
        assert "This study was cancelled" in words(browser.get(f"/studies/{draft.pk}/status/"))
        browser.post(f"/studies/{draft.pk}/retry/")
        assert Study.objects.get(pk=draft.pk).state == "waiting"

    def test_a_failure_is_a_sentence_in_the_readers_language(
        self, browser: Client, planner: Actor, draft: Study
    ) -> None:
        actions.start(planner, draft.pk)
        held = running.take(draft.pk)
        assert held is not None
        running.ATTEMPTS.fail(held, "", "tables/series.csv: <b>bad</b>")
        page = words(browser.get(f"/studies/{draft.pk}/status/"))
        assert '<span lang="en" dir="ltr" class="lines">tables/series.csv: &lt;b&gt;bad' in page


class TestDownloads:
    def test_every_file_and_one_zip_of_all(self, browser: Client, done: Study) -> None:
        page = words(browser.get(f"/studies/{done.pk}/download/"))
        assert "report.html" in page and "pressure.csv" in page
        answer = browser.get(f"/studies/{done.pk}/download/everything.zip")
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.namelist() == ["report.html", "tables/pressure.csv", "manifest.json"]
        assert answer["Content-Disposition"].startswith('attachment; filename="shelter-places-')

    def test_a_report_opened_from_here_may_run_nothing(self, browser: Client, done: Study) -> None:
        answer = browser.get(f"/studies/{done.pk}/download/report.html")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Disposition"].startswith("attachment")
        assert b"Report" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        "name",
        [
            "../../../secret-key",
            "..%2f..%2fsecret-key",
            "/etc/passwd",
            "tables/../../../secret-key",
            "findings/../manifest.json",
            "log.txt",
            "tables",
            "",
        ],
    )
    def test_only_names_of_the_manifest_open(
        self, browser: Client, done: Study, own_folder: Path, name: str
    ) -> None:
        (own_folder / "secret-key").write_text("hidden words", encoding="utf-8")
        answer = browser.get(f"/studies/{done.pk}/download/{name}")
        assert answer.status_code in (301, 302, 404) or name == ""
        assert b"hidden words" not in getattr(answer, "content", b"")

    def test_an_unchanged_file_is_not_sent_again(self, browser: Client, done: Study) -> None:
        first = browser.get(f"/studies/{done.pk}/download/report.html")
        assert b"Report" in b"".join(first.streaming_content)  # type: ignore[attr-defined]
        again = browser.get(
            f"/studies/{done.pk}/download/report.html", headers={"If-None-Match": first["ETag"]}
        )
        assert again.status_code == 304

    def test_a_study_that_is_not_done_has_nothing_to_download(self, browser: Client, draft: Study) -> None:
        assert browser.get(f"/studies/{draft.pk}/download/report.html").status_code == 404


class TestSharing:
    def test_shared_until_a_date_and_ended(
        self, browser: Client, another: Client, done: Study, partner_organisation: Organisation
    ) -> None:
        until = timezone.localdate() + timedelta(days=3)
        sent = {"organisation": str(partner_organisation.pk), "until": until.isoformat(), "key": str(uuid4())}
        browser.post(f"/studies/{done.pk}/share/", sent)
        assert Share.objects.get().until == until
        assert another.get(f"/studies/{done.pk}/download/").status_code == 200
        assert another.get(f"/studies/{done.pk}/share/").status_code == 404
        browser.post(f"/studies/{done.pk}/share/{Share.objects.get().pk}/end/")
        assert another.get(f"/studies/{done.pk}/download/").status_code == 404

    def test_an_end_in_the_past_is_told_at_its_field(self, browser: Client, done: Study) -> None:
        answer = browser.post(f"/studies/{done.pk}/share/", {"until": "2020-01-01", "key": str(uuid4())})
        assert answer.status_code == 422
        assert "The last day must be today or later." in words(answer)

    def test_an_auditor_sees_how_it_was_made_and_no_result(
        self, done: Study, sign_in: Callable[..., Client]
    ) -> None:
        auditor = sign_in(Role.AUDITOR)
        assert "What made this study?" in words(auditor.get(f"/studies/{done.pk}/settings/"))
        assert f"/studies/{done.pk}/settings/" in words(auditor.get("/studies/"))
        assert auditor.get(f"/studies/{done.pk}/download/").status_code == 403
        assert auditor.post(f"/studies/{done.pk}/settings/", {"notes": "x", "version": 1}).status_code == 404


class TestComparing:
    def test_settings_first_then_what_they_changed(
        self, browser: Client, planner: Actor, draft: Study, run_now: Callable[[UUID], Study]
    ) -> None:
        other = actions.copy(planner, draft.pk, key=uuid4())
        heavier = {"needs.weight.low_income": Change(9, "Council's priority")}
        actions.change(planner, other.pk, other.version, Settings(title="Poverty first", parameters=heavier))
        for study in (draft, other):
            actions.start(planner, study.pk)
        first, second = run_now(draft.pk), run_now(other.pk)
        page = words(browser.get(f"/studies/compare/?first={first.pk}&second={second.pk}"))
        assert page.index("Council&#x27;s priority") < page.index("Districts that changed most")
        assert "Pressure changes most in" in page
        assert "What each service lacks, in" in page
        same = words(browser.get(f"/studies/compare/?first={first.pk}&second={first.pk}"))
        assert "This is the same study twice" in same

    def test_studies_one_may_not_read_are_not_there(self, another: Client, done: Study) -> None:
        assert another.get(f"/studies/compare/?first={done.pk}&second={done.pk}").status_code == 404
        assert another.get("/studies/compare/?first=x&second=y").status_code == 404
        assert str(done.pk) not in words(another.get("/studies/compare/"))


def test_the_settings_of_a_study_say_when_its_data_were_withdrawn(
    browser: Client, planner: Actor, draft: Study, run_now: Callable[[UUID], Study]
) -> None:
    from philoxenia_web.datasets.models import Version  # noqa: PLC0415

    actions.start(planner, draft.pk)
    done = run_now(draft.pk)
    assert queries.findings_folder(done).is_dir()
    Version.objects.filter(pk=done.inputs.get(table="series").dataset_version_id).update(
        state=Version.State.WITHDRAWN
    )
    assert "Data behind this study were withdrawn since" in words(
        browser.get(f"/studies/{done.pk}/settings/")
    )
