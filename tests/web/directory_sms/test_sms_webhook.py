"""The webhook: signed, fresh, once, not too often, and nothing of the sender stays."""

import json
import logging
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client

from philoxenia.reference import default_parameters
from philoxenia_web.directory.sms import receiving
from philoxenia_web.directory.sms.receiving import Refused, received, signature

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
NUMBER = "+14165551234"


def body(sender: str = NUMBER, text: str = "food") -> bytes:
    return json.dumps({"sender": sender, "text": text}).encode()


def take(content: bytes, secret: str, stamp: str = STAMP) -> receiving.Message:
    return received(content, stamp, signature(content, stamp, secret), NOW)


def refused(content: bytes, stamp: str, given: str) -> int:
    with pytest.raises(Refused) as fault:
        received(content, stamp, given, NOW)
    return fault.value.status


def test_it_is_not_there_without_a_secret(db: None) -> None:
    assert Client().post("/sms/", body(), content_type="application/json").status_code == 404


def test_a_signed_message_is_answered_and_sets_no_cookie(provider: str, records: SimpleNamespace) -> None:
    stamp = str(int(datetime.now(UTC).timestamp()))
    content = body(text="english lessons")
    headers = {
        "X-Philoxenia-Timestamp": stamp,
        "X-Philoxenia-Signature": signature(content, stamp, provider),
    }
    answer = Client().post("/sms/", content, content_type="application/json", headers=headers)
    assert answer.status_code == 200
    assert not answer.cookies
    told = answer.json()
    assert told["language"] == "en"
    assert "English lessons" in told["parts"][0]["text"]
    assert told["parts"][0]["units"] <= 160
    again = Client().post("/sms/", content, content_type="application/json", headers=headers)
    assert again.status_code == 409


def test_a_message_changed_on_the_way_is_refused(provider: str) -> None:
    good = signature(body(), STAMP, provider)
    assert refused(body(text="other"), STAMP, good) == 401
    assert refused(body(), str(int(STAMP) + 1), good) == 401
    assert refused(body(), STAMP, signature(body(), STAMP, "another secret")) == 401
    assert refused(body(), STAMP, "") == 401
    assert refused(body(), STAMP, "ü") == 401


def test_an_old_message_and_one_of_tomorrow_are_refused(provider: str) -> None:
    for away in (-301, 301):
        stamp = str(int(STAMP) + away)
        assert refused(body(), stamp, signature(body(), stamp, provider)) == 401


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b'{"sender": 1, "text": "x"}', b'{"sender": "", "text": "x"}']
)
def test_what_is_no_message_is_refused_with_a_sentence(provider: str, content: bytes) -> None:
    assert refused(content, STAMP, signature(content, STAMP, provider)) == 400


def test_a_sender_has_so_many_answers_an_hour_and_others_have_theirs(provider: str) -> None:
    most = int(default_parameters()["directory.sms_messages_an_hour"])
    for number in range(most):
        take(body(text=f"food {number}"), provider)
    with pytest.raises(Refused) as fault:
        take(body(text="once more"), provider)
    assert fault.value.status == 429
    assert take(body("another sender"), provider).sender == "another sender"


def test_neither_the_cache_nor_a_log_holds_the_sender(
    provider: str, records: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    stamp = str(int(datetime.now(UTC).timestamp()))
    content = body(text="a very particular wish")
    headers = {
        "X-Philoxenia-Timestamp": stamp,
        "X-Philoxenia-Signature": signature(content, stamp, provider),
    }
    with caplog.at_level(logging.DEBUG, logger="philoxenia"):
        Client().post("/sms/", content, content_type="application/json", headers=headers)
    logged = " ".join(str(record.__dict__) for record in caplog.records)
    kept = " ".join(cache._cache)
    assert "sms-" in kept
    for held in (logged, kept):
        assert NUMBER not in held and NUMBER[1:] not in held
        assert "particular wish" not in held
