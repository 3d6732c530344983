"""Messages in many languages, and what comes back."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from philoxenia_web.directory.sms import answering, reading
from philoxenia_web.directory.sms.answering import answer

# Harbour Library is open on Mondays from 9 to 17.
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "need", "place"),
    [
        ("food Scarborough Village", "en", "food", "Scarborough Village"),
        ("Scarborough Village food", "en", "food", "Scarborough Village"),
        ("food, scarboro village", "en", "food", "scarboro village"),
        ("طعام Agincourt North", "ar", "طعام", "Agincourt North"),
        ("їжа", "uk", "їжа", ""),
        ("yizha", "uk", "yizha", ""),
        ("ta3am", "ar", "ta3am", ""),
        ("comida", "es", "comida", ""),
        ("médecin", "fr", "médecin", ""),
        ("φαγητό", "el", "φαγητό", ""),
        ("", "en", "", ""),
    ],
)
def test_a_message_is_read_in_its_language(db: None, text: str, language: str, need: str, place: str) -> None:
    request = reading.read(text)
    assert (request.language, request.need, request.place) == (language, need, place)
    assert (request.near is not None) == bool(place)


def test_the_answer_names_the_open_service_and_its_number(records: SimpleNamespace) -> None:
    _request, parts = answer("english lessons", MONDAY)
    assert "English lessons" in parts[0].text
    assert "+14165550100" in parts[0].text
    assert "open until" in parts[0].text


def test_where_nothing_is_open_it_says_when(records: SimpleNamespace) -> None:
    _request, parts = answer("english lessons", SUNDAY)
    assert "opens" in parts[0].text
    assert "None is open now." in " ".join(part.text for part in parts)


def test_a_confidential_service_has_a_number_and_no_place(records: SimpleNamespace) -> None:
    _request, parts = answer("night shelter", MONDAY)
    told = " ".join(part.text for part in parts)
    assert "+14165550199" in told
    assert "Front St" not in told and " km" not in told


@pytest.mark.parametrize(
    "text",
    ["", "zzqx wvut", "2", "\x00\u202e" * 50, "a" * 5000, "💥" * 300],
    ids=["empty", "unknown", "number", "signs", "endless", "pictures"],
)
def test_every_message_gets_an_answer_that_fits(records: SimpleNamespace, text: str) -> None:
    _request, parts = answer(text, MONDAY)
    assert parts and len(parts) <= 3
    assert all(part.fits for part in parts)


def test_a_number_is_read_from_the_left_in_an_arabic_message(records: SimpleNamespace) -> None:
    request, parts = answer("دروس إنجليزية", MONDAY)
    assert request.language == "ar"
    told = " ".join(part.text for part in parts)
    assert f"{answering._LEFT_TO_RIGHT}+14165550100" in told
