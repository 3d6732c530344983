"""Each request leaves one line, with its number and nothing about persons."""

import json
import logging

import pytest
from django.db import IntegrityError
from django.test import Client

from philoxenia_web.accounts.models import AuditEntry
from philoxenia_web.config.logs import JsonFormatter

EMAIL, PASSWORD = "somebody.in.particular@example.org", "a very secret pass phrase"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(JsonFormatter())
    return caplog


def written(caplog: pytest.LogCaptureFixture) -> str:
    formatter = JsonFormatter()
    return "\n".join(formatter.format(record) for record in caplog.records)


@pytest.mark.django_db
def test_signing_in_leaves_no_address_and_no_password(
    client: Client, lines: pytest.LogCaptureFixture
) -> None:
    client.post("/account/login/", {"login": EMAIL, "password": PASSWORD})
    client.post("/account/password/reset/", {"email": EMAIL})
    client.get(f"/no/such/page/{EMAIL}?who={EMAIL}")
    said = written(lines)
    assert said.count('"message": "answered"') == 3
    for secret in (EMAIL, PASSWORD, "somebody.in"):
        assert secret not in said


@pytest.mark.django_db
def test_a_line_is_json_and_says_which_view_answered_how(
    client: Client, lines: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/account/login/", HTTP_X_REQUEST_ID="from-the-proxy-1")
    [line] = [json.loads(text) for text in written(lines).splitlines() if '"message": "answered"' in text]
    assert answer.headers["X-Request-ID"] == "from-the-proxy-1"
    assert line["view"] == "account_login" and line["status"] == 200 and line["method"] == "GET"
    assert line["milliseconds"] > 0


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["short", "x" * 51, "a<script>aaaaaaa", "line\\nbreak-in-it", ""])
def test_a_number_that_looks_like_none_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/account/login/", HTTP_X_REQUEST_ID=given)
    assert len(answer.headers["X-Request-ID"]) == 32


def test_what_an_exception_says_is_left_out_where_it_came_from_is_kept() -> None:
    try:
        raise IntegrityError(f"DETAIL: Key (email)=({EMAIL}) already exists.")
    except IntegrityError as fault:
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Internal", (), None)
        record.exc_info = (type(fault), fault, fault.__traceback__)
    line = JsonFormatter().format(record)
    assert EMAIL not in line
    assert json.loads(line)["exception"] == "IntegrityError"
    assert "test_logs.py" in json.loads(line)["where"][0]


def test_arguments_of_others_messages_are_left_out() -> None:
    record = logging.LogRecord("django.server", logging.INFO, __file__, 1, "Not Found: %s", (EMAIL,), None)
    assert EMAIL not in JsonFormatter().format(record)


@pytest.mark.django_db
def test_the_trail_knows_the_request(client: Client) -> None:
    client.post(
        "/account/login/", {"login": EMAIL, "password": PASSWORD}, HTTP_X_REQUEST_ID="request-of-the-trail"
    )
    assert set(AuditEntry.objects.values_list("request_id", flat=True)) <= {"request-of-the-trail"}
