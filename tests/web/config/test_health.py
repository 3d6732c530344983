"""What machines that watch this one are told."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings

from philoxenia_web.config import health
from philoxenia_web.config.environment import environment


@pytest.fixture
def worker(db: None) -> Iterator[None]:
    """A worker that has just been heard of."""
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers default values")
    yield


def checks(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/health/ready")
    return answer.status_code, answer.json()["checks"]


def test_it_lives_without_asking_the_database(client: Client) -> None:
    # No `db` fixture: a query would fail. A probe knows no host name.
    assert client.get("/health/live", HTTP_HOST="10.0.0.7").status_code == 200


def test_it_is_ready_when_every_part_is(client: Client, worker: None) -> None:
    status, said = checks(client)
    assert (status, set(said.values())) == (200, {"ok"})


def test_without_a_worker_it_is_not_ready_and_says_so(client: Client, db: None) -> None:
    status, said = checks(client)
    assert status == 503
    assert "studies" in said["worker"] and said["database"] == "ok"


def test_missing_migrations_are_told(client: Client, worker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    health._all_applied.cache_clear()
    monkeypatch.setattr(health, "unapplied", lambda: ["accounts.0002_more"])
    status, said = checks(client)
    health._all_applied.cache_clear()
    assert status == 503 and "migrate" in said["migrations"]


def test_a_full_disk_is_told(client: Client, worker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_LEAST_FREE_BYTES", 2**80)
    status, said = checks(client)
    assert status == 503 and "MB" in said["disk"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "10.1.2.3"}, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.1.2.3"}, 403),
    ],
)
def test_numbers_are_for_this_machine_alone(client: Client, told: dict[str, Any], status: int) -> None:
    assert client.get("/metrics", **told).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "status"), [("Bearer the token", 200), ("Bearer another", 403), ("", 403), ("Bearer ", 403)]
)
def test_or_for_whoever_has_the_token(client: Client, given: str, status: int) -> None:
    known = environment().__class__(**{**vars(environment()), "metrics_token": "the token"})
    with override_settings(ENVIRONMENT=known):
        answer = client.get("/metrics", HTTP_AUTHORIZATION=given, REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == status


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_status_never_by_path(client: Client) -> None:
    client.get("/no/such/page/person@example.org")
    client.get("/account/login/")
    text = client.get("/metrics").content.decode()
    assert 'philoxenia_requests_total{method="GET",status="404",view="none"}' in text
    assert 'view="account_login"' in text
    assert "person@example.org" not in text
