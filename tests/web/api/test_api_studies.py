"""Studies through the interface: made, changed, run, shared, read; and by nobody else."""

import io
import json
import zipfile
from collections.abc import Callable

import polars as pl
import pytest
from django.http import HttpResponse
from django.test import Client
from tests.web.api import worlds
from tests.web.api.programs import BASE, make, program, send, token_for

from philoxenia.report.foresight import TABLES
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.studies.models import Study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


@pytest.fixture
def planner(person: Callable[..., Person]) -> Person:
    return person(Role.PLANNER)


@pytest.fixture
def client(planner: Person, department: Organisation) -> Client:
    return program(token_for(planner, department))


@pytest.fixture
def done(planner: Person, department: Organisation) -> Study:
    return worlds.make_done_study(department, planner)


@pytest.fixture
def stranger(person: Callable[..., Person]) -> Client:
    place = Organisation.objects.create(name="Parks and Trees", kind="department")
    return program(token_for(person(Role.PLANNER, organisation=place, email="other@example.org"), place))


def draft(client: Client, department: Organisation, **more: object) -> HttpResponse:
    told = {"organisation_id": department.pk, "title": "Beds next winter", "inputs": {}} | more
    return make(client, "/studies", told)


def test_a_study_is_made_changed_and_started(client: Client, department: Organisation) -> None:
    made = draft(client, department, horizon=6)
    assert (made.status_code, made.json()["state"], made.json()["horizon"]) == (201, "draft", 6)
    path = made.headers["Location"].removeprefix(BASE)
    changed = send(client, "PATCH", path, {"notes": "Asked for."}, If_Match=made.headers["ETag"])
    assert (changed.status_code, changed.json()["notes"]) == (200, "Asked for.")
    started = send(client, "POST", f"{path}/start", If_Match=changed.headers["ETag"])
    assert (started.status_code, started.json()["state"]) == (202, "waiting")
    progress = client.get(started.headers["Location"])
    assert (progress.json()["state"], progress.json()["percent"]) == ("waiting", 0)
    cancelled = send(client, "POST", f"{path}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (202, "cancelled")
    assert send(client, "POST", f"{path}/retry").json()["state"] == "waiting"


def test_a_started_study_keeps_its_settings(client: Client, done: Study) -> None:
    answer = send(client, "PATCH", f"/studies/{done.pk}", {"seed": 7}, If_Match="*")
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/problems/conflict")
    gone = send(client, "DELETE", f"/studies/{done.pk}", If_Match="*")
    assert gone.status_code == 409
    assert Study.objects.filter(pk=done.pk, seed=1).exists()


def test_a_parameter_outside_its_range_is_named(client: Client, department: Organisation) -> None:
    name = client.get(f"{BASE}/parameters?limit=1").json()["items"][0]["name"]
    answer = draft(client, department, parameters={name: {"value": 1e12}})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{name}")
    assert Study.objects.count() == 0


@pytest.mark.parametrize("told", [{"state": "done"}, {"version": 9}, {"result": "../../etc"}, {"key": "x"}])
def test_nobody_sets_what_is_not_theirs_to_set(client: Client, department: Organisation, told: dict) -> None:
    assert draft(client, department, **told).status_code == 422


def test_another_organisation_finds_nothing(stranger: Client, done: Study, department: Organisation) -> None:
    path = f"/studies/{done.pk}"
    reads = ["", "/progress", "/shares", "/result", "/tables", "/tables/pressure", "/files", "/districts"]
    assert {stranger.get(BASE + path + one).status_code for one in reads} == {404}
    assert send(stranger, "PATCH", path, {"title": "Mine"}, If_Match="*").status_code == 404
    assert send(stranger, "DELETE", path, If_Match="*").status_code == 404
    assert make(stranger, f"{path}/copy", {}).status_code == 404
    assert make(stranger, f"{path}/shares", {}).status_code == 404
    assert stranger.get(f"{BASE}/studies").json()["items"] == []
    assert draft(stranger, department).status_code == 403


def test_sharing_lets_others_read_until_it_ends(client: Client, stranger: Client, done: Study) -> None:
    place = Organisation.objects.get(name="Parks and Trees")
    shared = make(client, f"/studies/{done.pk}/shares", {"organisation_id": place.pk})
    assert shared.status_code == 201
    assert stranger.get(f"{BASE}/studies/{done.pk}").status_code == 200
    assert send(stranger, "PATCH", f"/studies/{done.pk}", {"title": "x"}, If_Match="*").status_code == 404
    ended = send(client, "DELETE", f"/studies/{done.pk}/shares/{shared.json()['id']}")
    assert ended.status_code == 204
    assert stranger.get(f"{BASE}/studies/{done.pk}").status_code == 404


def test_an_auditor_sees_settings_and_no_finding(caller: Callable[..., Client], done: Study) -> None:
    auditor = caller(Role.AUDITOR)
    assert auditor.get(f"{BASE}/studies/{done.pk}").json()["headline"] == ""
    assert auditor.get(f"{BASE}/studies").json()["items"][0]["headline"] == ""
    assert auditor.get(f"{BASE}/studies/{done.pk}/result").status_code == 403


def test_a_table_comes_in_three_types(client: Client, done: Study) -> None:
    path = f"{BASE}/studies/{done.pk}/tables/pressure"
    first = client.get(f"{path}?limit=1").json()
    assert (first["total"], [row["district_id"] for row in first["items"]]) == (2, ["1"])
    assert [row["district_id"] for row in client.get(first["next"]).json()["items"]] == ["2"]
    csv = client.get(path, headers={"Accept": "text/csv"})
    assert csv.headers["Content-Type"] == "text/csv"
    assert b"#" in b"".join(csv).splitlines()[1]
    parquet = client.get(path, headers={"Accept": "application/vnd.apache.parquet"})
    assert pl.read_parquet(b"".join(parquet)).height == 2
    known = {"Accept": "text/csv", "If-None-Match": csv.headers["ETag"]}
    assert client.get(path, headers=known).status_code == 304


def test_files_are_those_of_the_result_and_no_other(client: Client, done: Study) -> None:
    path = f"{BASE}/studies/{done.pk}/files"
    listed = {one["path"] for one in client.get(f"{path}?limit=200").json()["items"]}
    assert {"report.html", "tables/pressure.csv"} <= listed
    page = client.get(f"{path}/report.html")
    # A report is saved, never run as a page of this site.
    assert page.headers["Content-Disposition"].startswith("attachment")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(client.get(f"{path}/everything.zip"))))
    assert "report.html" in packed.namelist()
    for other in ("../../secret-key", "..%2f..%2fsecret-key", "/etc/passwd", "findings/../../x", "tables"):
        assert client.get(f"{path}/{other}").status_code == 404


def test_figures_come_as_svg_with_words(client: Client, done: Study) -> None:
    path = f"{BASE}/studies/{done.pk}/figures"
    listed = client.get(path).json()["items"]
    assert all(one["title"] and one["words"] for one in listed)
    answer = client.get(f"{path}/{listed[0]['name']}")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer).startswith(b"<svg")
    assert client.get(f"{path}/../../x").status_code == 404
    assert client.get(f"{path}/{done.pk}").status_code == 404


def test_districts_come_as_geojson(client: Client, done: Study) -> None:
    answer = client.get(f"{BASE}/studies/{done.pk}/districts")
    assert answer.headers["Content-Type"] == "application/geo+json"
    features = json.loads(answer.content)["features"]
    assert [one["properties"]["name"] for one in features] == ["East", "West"]
    assert features[0]["properties"]["basic_services_score"] == 80.0
    assert features[0]["geometry"]["type"] == "Polygon"


def test_two_studies_are_compared(client: Client, done: Study, planner: Person) -> None:
    other = worlds.make_done_study(done.organisation, planner, title="Another")
    answer = client.get(f"{BASE}/studies/{done.pk}/differences/{other.pk}").json()
    assert {one["district_id"] for one in answer["pressure"]} == {"1", "2"}
    assert all(one["first"] == one["second"] for one in answer["pressure"])


def test_a_foresight_study_is_made_with_its_plan(client: Client, department: Organisation) -> None:
    plan = {"months": 24, "futures": 50, "aim": "cvar", "budgets": {"city": [1e6, 2e6]}}
    plan["changed"] = {"housing_benefit": {"cost_per_month": 1.0, "reason": "New contract"}}
    made = draft(client, department, kind="foresight", plan=plan)
    told = made.json()
    assert (made.status_code, told["kind"], told["horizon"]) == (201, "foresight", 24)
    assert told["plan"] == plan | {"seed": 1}
    path = made.headers["Location"].removeprefix(BASE)
    changed = send(client, "PATCH", path, {"plan": {"months": 12}}, If_Match=made.headers["ETag"])
    assert changed.json()["plan"] == {"months": 12, "seed": 1}
    kinds = [one["kind"] for one in client.get(f"{BASE}/studies?kind=foresight").json()["items"]]
    assert kinds == ["foresight"]


@pytest.mark.parametrize(
    ("plan", "pointer"),
    [
        ({"chosen": ["no_such_action"]}, "/plan/chosen"),
        ({"changed": {"housing_benefit": {"cost_once": "much"}}}, "/plan/changed/housing_benefit/cost_once"),
        ({"shocks": {"meteor": {}}}, "/plan/shocks/meteor"),
        ({"rule": "strongest"}, "/plan/rule"),
        ({"futures": 1}, "/plan/futures"),
        ({"unheard": 1}, "/plan/unheard"),
    ],
)
def test_what_is_wrong_in_a_plan_is_told_at_its_place(
    client: Client, department: Organisation, plan: dict[str, object], pointer: str
) -> None:
    refused = draft(client, department, kind="foresight", plan=plan)
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]
    assert not Study.objects.filter(kind="foresight").exists()


def test_a_study_of_pressure_takes_no_plan(client: Client, department: Organisation) -> None:
    assert draft(client, department, plan={"months": 12}).json()["errors"][0]["pointer"] == "/plan"
    assert draft(client, department).json()["plan"] is None


def test_foresight_is_read_table_by_table(client: Client, planner: Person, department: Organisation) -> None:
    study = worlds.make_done_foresight(department, planner)
    path = f"{BASE}/studies/{study.pk}/foresight"
    assert {one["name"] for one in client.get(f"{path}?limit=100").json()["items"]} == set(TABLES)
    page = client.get(f"{path}/dividends?limit=5").json()
    assert len(page["items"]) == 5 < page["total"]
    assert client.get(page["next"]).json()["items"][0] not in page["items"]
    whole = client.get(f"{path}/dividends", headers={"Accept": "application/vnd.apache.parquet"})
    frame = pl.read_parquet(io.BytesIO(whole.getvalue()))
    assert (frame.height, tuple(frame.columns)) == (page["total"], TABLES["dividends"])
    assert (
        client.get(f"{path}/dividends", headers={"Accept": "text/csv"}).getvalue().startswith(b"action,kind")
    )
    assert client.get(f"{path}/city_districts").status_code == 404
    assert client.get(f"{BASE}/studies/{study.pk}/result").json()["city"]


def test_results_of_one_kind_are_not_those_of_the_other(client: Client, done: Study, planner: Person) -> None:
    study = worlds.make_done_foresight(done.organisation, planner)
    assert client.get(f"{BASE}/studies/{done.pk}/foresight/plans").status_code == 404
    assert client.get(f"{BASE}/studies/{study.pk}/districts").status_code == 404
    refused = client.get(f"{BASE}/studies/{done.pk}/differences/{study.pk}")
    assert (refused.status_code, "different things" in refused.json()["detail"]) == (409, True)


def test_two_foresight_studies_are_compared(
    client: Client, planner: Person, department: Organisation
) -> None:
    plans = ({"aim": "mean"}, {"aim": "cvar"})
    first, second = (worlds.make_done_foresight(department, planner, plan=plan) for plan in plans)
    told = client.get(f"{BASE}/studies/{first.pk}/differences/{second.pk}").json()
    assert told["plan_keys"] == ["aim"]
    assert told["first_net"] == told["second_net"] is not None
    assert told["actions"] and all(one["first_net"] == one["second_net"] for one in told["actions"])


@pytest.mark.parametrize("count", [1, 15])
def test_a_list_of_studies_costs_the_same_however_long(
    client: Client,
    planner: Person,
    department: Organisation,
    count: int,
    django_assert_num_queries: Callable[..., object],
) -> None:
    for number in range(count):
        worlds.make_study(department, planner, title=f"Study {number}")
    client.get(f"{BASE}/me")
    with django_assert_num_queries(4):
        assert len(client.get(f"{BASE}/studies").json()["items"]) == count
