"""What readers say is wrong: kept once, without a cookie, with nothing of who wrote."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from philoxenia_web.directory.models import Feedback
from philoxenia_web.directory.public import feedback


@pytest.fixture
def form(records: SimpleNamespace) -> str:
    """Where the form of the clinic is."""
    return reverse("help-wrong", args=["ar", records.clinic.pk])


def token_of(visitor: Client, form: str) -> str:
    page = visitor.get(form).content.decode()
    return re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]


def test_a_report_is_kept_with_words_and_a_day(form: str, visitor: Client, records: SimpleNamespace) -> None:
    told = {
        "csrfmiddlewaretoken": token_of(visitor, form),
        "kind": "hours",
        "words": "\u202eمغلق\x00\nيوم الاثنين",
    }
    answer = visitor.post(form, told)
    assert (answer.status_code, answer["Location"]) == (302, form.replace("wrong", "thanks"))
    assert not visitor.cookies
    row = Feedback.objects.get()
    assert (row.service_id, row.service_version, row.kind) == (records.clinic.pk, 1, "hours")
    assert (row.words, row.language, row.state) == ("مغلق\nيوم الاثنين", "ar", "open")
    assert row.day == timezone.now().date()
    kept = {field.name for field in Feedback._meta.get_fields()}
    assert not kept & {"ip", "address", "email", "phone", "name", "person", "user_agent", "created_at"}


def test_sent_twice_it_counts_once(form: str, visitor: Client) -> None:
    told = {"csrfmiddlewaretoken": token_of(visitor, form), "kind": "phone"}
    for _time in range(3):
        assert visitor.post(form, told).status_code == 302
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example.org"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_other_sites_cannot_send_it(form: str, visitor: Client, headers: dict[str, str]) -> None:
    told = {"csrfmiddlewaretoken": token_of(visitor, form), "kind": "phone"}
    assert visitor.post(form, told, headers=headers).status_code == 403
    assert not Feedback.objects.exists()


def test_a_token_is_for_one_service_and_one_day(form: str, visitor: Client, records: SimpleNamespace) -> None:
    other = feedback.token(str(records.line.pk))
    for token in ("", "made up", other):
        answer = visitor.post(form, {"csrfmiddlewaretoken": token, "kind": "phone", "words": "still here"})
        assert answer.status_code == 403
        assert "still here" in answer.content.decode(), "what was written is not lost"
    assert timedelta(hours=24) == feedback._VALID
    assert not Feedback.objects.exists()


def test_without_a_kind_nothing_is_kept(form: str, visitor: Client) -> None:
    answer = visitor.post(form, {"csrfmiddlewaretoken": token_of(visitor, form), "kind": "nonsense"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not Feedback.objects.exists()


def test_machines_are_thanked_and_not_heard(form: str, visitor: Client) -> None:
    told = {
        "csrfmiddlewaretoken": token_of(visitor, form),
        "kind": "phone",
        "website": "https://spam.example",
    }
    assert visitor.post(form, told).status_code == 302
    assert not Feedback.objects.exists()


def test_a_flood_stops_at_a_day_s_worth(form: str, visitor: Client) -> None:
    for _time in range(feedback._MOST_A_DAY + 3):
        told = {
            "csrfmiddlewaretoken": feedback.token(form.split("/")[-3]),
            "kind": "other",
            "words": "x" * 9000,
        }
        assert visitor.post(form, told).status_code == 302
    assert Feedback.objects.count() == feedback._MOST_A_DAY
    assert len(Feedback.objects.first().words) == feedback.LONGEST
