"""What HTTP promises, at every address: problems, methods, types, tags, limits."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from tests.web.api.programs import BASE, make, program, send, token_for

from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.api.openapi import document
from philoxenia_web.config.logs import JsonFormatter

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(caller: Callable[..., Client]) -> Client:
    return caller(Role.PLANNER)


@pytest.fixture
def administrator(caller: Callable[..., Client]) -> Client:
    return caller(Role.ADMINISTRATOR)


def check_problem(answer: object, status: int, name: str) -> dict:
    """A problem in the shape of RFC 9457."""
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == f"/api/v1/problems/{name}"
    assert told["status"] == status
    assert told["detail"].endswith(".")
    return told


@pytest.mark.parametrize("path", ["", "/", "/nowhere", "/contracts/", "/me/../x", "/contracts/%00"])
def test_unknown_addresses_are_problems(planner: Client, path: str) -> None:
    check_problem(planner.get(BASE + path), 404, "not-found")


def test_other_versions_are_problems(client: Client) -> None:
    check_problem(client.get("/api/v2/studies"), 404, "not-found")


def test_an_unknown_host_is_a_problem(client: Client) -> None:
    check_problem(client.get(f"{BASE}/me", headers={"Host": "evil.example"}), 400, "malformed")


def test_nobody_gets_a_challenge(client: Client) -> None:
    answer = client.get(f"{BASE}/me")
    check_problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Philoxenia"'


def test_a_method_nobody_knows_is_answered_with_those_known(planner: Client) -> None:
    answer = send(planner, "PUT", "/me", {})
    check_problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_options_and_head(planner: Client) -> None:
    options = planner.options(f"{BASE}/me")
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    get, head = planner.get(f"{BASE}/me"), planner.head(f"{BASE}/me")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["ETag"] == get.headers["ETag"]


def test_a_type_nobody_gives_is_not_acceptable(planner: Client) -> None:
    check_problem(planner.get(f"{BASE}/me", headers={"Accept": "text/html"}), 406, "not-acceptable")
    assert planner.get(f"{BASE}/me", headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200


def test_bodies_are_json(administrator: Client) -> None:
    path = f"{BASE}/organisations"
    key = {"Idempotency-Key": "one"}
    check_problem(administrator.post(path, {"name": "Parks"}, headers=key), 415, "unsupported-media-type")
    for body in ("{", "[1", '{"name": NaN}', '{"name": 1, "name": 2}', b"\xff", "[" * 100_000):
        answer = make(administrator, "/organisations", body)
        assert answer.status_code in (400, 422), body
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_large_bodies_are_refused(administrator: Client) -> None:
    body = json.dumps({"name": "x" * 1_000_001, "kind": "department"})
    check_problem(make(administrator, "/organisations", body), 413, "too-large")


def test_unknown_fields_are_refused_and_named(administrator: Client) -> None:
    told = {"name": "Parks", "kind": "department", "version": 9, "id": "x"}
    problem = check_problem(make(administrator, "/organisations", told), 422, "invalid")
    assert sorted(one["pointer"] for one in problem["errors"]) == ["/id", "/version"]
    assert Organisation.objects.filter(name="Parks").count() == 0


@pytest.mark.parametrize(
    "query", ["colour=red", "limit=1&limit=2", "limit=0", "limit=1.0", "limit=+5", "cursor=x"]
)
def test_unknown_or_wrong_parameters_are_refused(planner: Client, query: str) -> None:
    problem = check_problem(planner.get(f"{BASE}/contracts?{query}"), 422, "invalid")
    assert problem["errors"][0]["parameter"] == query.split("=")[0]


def test_errors_do_not_repeat_what_was_sent(administrator: Client) -> None:
    answer = make(administrator, "/organisations", {"name": ["secret-word"], "kind": "secret-kind"})
    assert answer.status_code == 422
    assert b"secret" not in answer.content


def test_a_failure_tells_nothing_of_the_inside(
    planner: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_args: object) -> None:
        raise RuntimeError("password of test@example.org")

    monkeypatch.setattr("philoxenia_web.api.endpoints.me.actor_of", break_down)
    answer = planner.get(f"{BASE}/me")
    check_problem(answer, 500, "failed")
    assert b"password" not in answer.content
    logged = "".join(JsonFormatter().format(one) for one in caplog.records)
    assert "test@example.org" not in logged
    assert "RuntimeError" in logged


def test_reading_again_costs_nothing_while_nothing_changed(planner: Client) -> None:
    first = planner.get(f"{BASE}/contracts/schools")
    tag = first.headers["ETag"]
    for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        again = planner.get(f"{BASE}/contracts/schools", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    other = planner.get(f"{BASE}/contracts/schools", headers={"If-None-Match": '"x"'})
    assert other.status_code == 200


def test_too_many_requests_wait(planner: Client, settings: object) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, api_requests_per_minute=2)
    answers = [planner.get(f"{BASE}/me") for _ in range(6)]
    assert [one.status_code for one in answers[:2]] == [200, 200]
    # The minute may end once while the test runs, not oftener.
    limited = [one for one in answers if one.status_code == 429]
    assert limited
    check_problem(limited[0], 429, "too-many-requests")
    assert 1 <= int(limited[0].headers["Retry-After"]) <= 60
    assert answers[0].headers["RateLimit-Policy"] == '"minute";q=2;w=60'


def test_other_origins_are_refused_unless_listed(planner: Client, settings: object) -> None:
    ask = {"Origin": "https://maps.example.org", "Access-Control-Request-Method": "GET"}
    assert "Access-Control-Allow-Origin" not in planner.options(f"{BASE}/me", headers=ask).headers
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, api_origins=("https://maps.example.org",))
    answer = planner.options(f"{BASE}/me", headers=ask)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://maps.example.org"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_a_page_needs_its_csrf_token_to_change(person: Callable[..., Person]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.ADMINISTRATOR))
    assert client.get(f"{BASE}/me").status_code == 200
    answer = make(client, "/organisations", {"name": "Parks", "kind": "department"})
    check_problem(answer, 403, "csrf")
    assert Organisation.objects.filter(name="Parks").count() == 0


def test_answers_are_private(planner: Client) -> None:
    answer = planner.get(f"{BASE}/me")
    assert "private" in answer.headers["Cache-Control"]
    assert "Authorization" in answer.headers["Vary"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_document_says_version_3_1_and_every_operation_its_permission(client: Client) -> None:
    found = client.get(f"{BASE}/openapi.json").json()
    assert found["openapi"].startswith("3.1")
    described = [one for methods in found["paths"].values() for one in methods.values()]
    assert all(one["x-permission"] for one in described)
    assert found == json.loads(json.dumps(document(), default=str))


def test_a_scope_that_is_missing_forbids(person: Callable[..., Person], department: Organisation) -> None:
    client = program(token_for(person(Role.ADMINISTRATOR), department, scopes=["studies.run"]))
    answer = make(client, "/organisations", {"name": "Parks", "kind": "department"})
    check_problem(answer, 403, "forbidden")
    assert settings.ENVIRONMENT.api_requests_per_minute > 0
