"""Profiles of surveys: handed in with a spec or a few lines, refused with a sentence, kept as tables."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from philoxenia.needs.profiles import read_spec
from philoxenia.needs.profiles.made_up import example_spec, made_up_survey
from philoxenia_web.accounts.models import AuditEntry, Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.needs.models import Profile
from philoxenia_web.needs.profiles import actions
from philoxenia_web.needs.profiles.usual import usual_spec

LINES = "More than two people a room: members / rooms > 2\nNobody works: workers = 0"


def hand_in(
    client: Client, department: Organisation, survey: bytes | None = None, **entries: str
) -> Profile | str:
    """The profile it led to, or the page that says what was wrong."""
    content = made_up_survey().write_csv().encode() if survey is None else survey
    told = {"key": str(uuid4()), "organisation": str(department.pk), "is_anonymous": "on", **entries}
    answer = client.post("/needs/profiles/", told | {"survey": SimpleUploadedFile("households.csv", content)})
    if answer.status_code != 302:
        assert answer.status_code == 422
        return answer.content.decode()
    return Profile.objects.get(pk=answer["Location"].split("/")[-2])


def left(own_folder: Path) -> list[Path]:
    return [one for one in (own_folder / "surveys").rglob("*") if one.is_file()]


def test_a_survey_becomes_tables_and_is_gone(
    own_folder: Path, planner: Client, department: Organisation
) -> None:
    made = hand_in(planner, department, spec=example_spec())
    assert isinstance(made, Profile)
    assert made.state == Profile.State.DONE
    assert left(own_folder) == []
    shown = planner.get(f"/needs/profiles/{made.pk}/").content.decode()
    assert "Synthetic households" in shown
    assert "points more than long-term residents" in shown
    assert "of 404 asked" in shown
    assert AuditEntry.objects.filter(action="needs.profile", object_id=str(made.pk)).exists()


def test_every_view_opens_and_its_file_says_the_same(
    own_folder: Path, planner: Client, department: Organisation
) -> None:
    made = hand_in(planner, department, spec=example_spec())
    assert isinstance(made, Profile)
    for view in ("compare", "deprivation", "severity", "overlap", "districts"):
        assert planner.get(f"/needs/profiles/{made.pk}/?show={view}").status_code == 200
    answer = planner.get(f"/needs/profiles/{made.pk}/?indicators-export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    line = next(
        one
        for one in csv.DictReader(io.StringIO(text))
        if (one["Indicator"], one["Group"]) == ("More than two people a room", "Newcomers")
    )
    assert float(line["Figure, low"]) < float(line["Figure"]) < float(line["Figure, high"])
    assert line["Base"] == "404"


def test_a_few_lines_do_for_the_common_case(
    own_folder: Path, planner: Client, department: Organisation
) -> None:
    lines = {"title": "Ours", "newcomers": "years_in_city < 5", "weight": "weight", "indicators": LINES}
    made = hand_in(planner, department, **lines)
    assert isinstance(made, Profile)
    shown = planner.get(f"/needs/profiles/{made.pk}/").content.decode()
    assert "Nobody works" in shown
    assert "Newcomers" in shown


def test_displaced_newcomer_and_host_households_do_not_overlap() -> None:
    spec = read_spec(
        usual_spec({"displaced": "moved = 'yes'", "newcomers": "years < 5", "indicators": LINES})
    )
    assert spec.displacement == "moved"
    assert [one.id for one in spec.groups] == ["displaced", "newcomers", "others"]
    assert spec.groups[1].where == "not (moved = 'yes') and (years < 5)"
    assert spec.groups[2].reference


def test_entries_cannot_leave_their_place_in_the_spec() -> None:
    hostile = 'x"\n[design]\nweight = "w'
    spec = read_spec(usual_spec({"title": hostile, "indicators": f"{hostile.splitlines()[0]}: a > 1"}))
    assert spec.weight == ""
    assert spec.indicators[0].name == 'x"'


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("[survey]\nname = 'A'\n", "anonymous"),
        ("[survey\n", "not TOML"),
        ("[survey]\nname = 'A'\nanonymous = true\nsurvay = 1\n", "survay"),
    ],
)
def test_a_wrong_spec_is_told_with_its_place_and_nothing_is_kept(
    own_folder: Path, planner: Client, department: Organisation, spec: str, said: str
) -> None:
    shown = hand_in(planner, department, spec=spec)
    assert isinstance(shown, str)
    assert said in shown
    assert not Profile.objects.exists()
    assert left(own_folder) == []


def test_what_tells_people_is_refused_and_nothing_is_kept(
    own_folder: Path, planner: Client, department: Organisation
) -> None:
    survey = b"full_name,members,rooms,workers\nA,1,1,1\nB,2,1,0\n"
    made = hand_in(planner, department, survey, indicators=LINES)
    assert isinstance(made, Profile)
    assert made.state == Profile.State.FAILED
    assert "full_name" in made.fault
    assert "households.csv" in made.fault
    assert left(own_folder) == []
    assert made.fault.split(".")[0] in planner.get(f"/needs/profiles/{made.pk}/").content.decode()


def test_without_the_promise_that_nobody_can_be_told_nothing_is_taken(
    own_folder: Path, planner: Client, department: Organisation
) -> None:
    shown = hand_in(planner, department, spec=example_spec(), is_anonymous="")
    assert isinstance(shown, str)
    assert not Profile.objects.exists()


def test_sent_twice_it_is_made_once(own_folder: Path, planner: Client, department: Organisation) -> None:
    key = str(uuid4())
    first, second = (hand_in(planner, department, spec=example_spec(), key=key) for _ in range(2))
    assert first == second
    assert Profile.objects.count() == 1


def test_a_large_survey_waits_for_the_worker(
    own_folder: Path, planner: Client, department: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE_BYTES", 10)
    made = hand_in(planner, department, spec=example_spec())
    assert isinstance(made, Profile)
    assert made.state == Profile.State.WAITING
    assert "is being made" in planner.get(f"/needs/profiles/{made.pk}/").content.decode()
    assert len(left(own_folder)) == 1
    actions.make(made.pk)
    actions.make(made.pk)
    made.refresh_from_db()
    assert made.state == Profile.State.DONE
    assert left(own_folder) == []


def test_the_example_is_for_all_readers_and_nobodys_to_delete(
    own_folder: Path, department: Organisation, sign_in: Callable[..., Client]
) -> None:
    made = actions.make_example(department.pk)
    assert actions.make_example(department.pk) == made
    elsewhere = Organisation.objects.create(name="Parks", kind=Organisation.Kind.DEPARTMENT)
    steward = sign_in(Role.DATA_STEWARD, organisation=elsewhere)
    assert steward.get(f"/needs/profiles/{made.pk}/").status_code == 200
    assert steward.post(f"/needs/profiles/{made.pk}/delete/").status_code == 404
    assert Profile.objects.filter(pk=made.pk).exists()


def test_a_profile_is_deleted_by_its_own(own_folder: Path, planner: Client, department: Organisation) -> None:
    made = hand_in(planner, department, indicators=LINES)
    assert isinstance(made, Profile)
    planner.post(f"/needs/profiles/{made.pk}/delete/")
    assert not Profile.objects.exists()
    assert planner.get(f"/needs/profiles/{made.pk}/").status_code == 404
