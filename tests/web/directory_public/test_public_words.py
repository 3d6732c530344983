"""Numbers, hours, addresses and texts as people read them; no database."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation
from tests.web.directory_public.conftest import HOSTILE, shown

from philoxenia.reference import reference_table
from philoxenia_web.directory.city import city
from philoxenia_web.directory.public import asked, frame, opening, signs, words
from philoxenia_web.directory.public.lines import emergency_lines
from philoxenia_web.directory.public.map import found_map
from philoxenia_web.directory.public.showing import card, translation_words, web_address
from philoxenia_web.directory.public.telephones import dialled
from philoxenia_web.directory.shown import ShownPhone, Text
from philoxenia_web.directory.templatetags import help as tags

MONDAY_TO_FRIDAY = {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}
# In Toronto: a Monday, 10:00 and 18:00.
MONDAY, EVENING = datetime(2026, 11, 23, 15, tzinfo=UTC), datetime(2026, 11, 23, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "extension", "kind", "address"),
    [
        ("416-555-0100", "", "voice", "tel:4165550100"),
        ("+1 (416) 555-0100", "12", "", "tel:+14165550100;ext=12"),
        ("+44 (0)20 7946 0000", "", "", "tel:+442079460000"),
        ("1-800-555-HELP", "", "", "tel:18005554357"),
        ("٤١٦ ٥٥٥ ٠١٠٠", "", "", "tel:4165550100"),
        ("911", "", "", "tel:911"),
        ("416.555.0100", "", "text", "sms:4165550100"),
        ("416-555-0100", "", "fax", ""),
        ("416-555-0100 or 416-555-0111", "", "", ""),
        ("ask at the desk", "", "", ""),
        ("javascript:alert(1)", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_a_number_is_dialled_as_it_is_read(number: str, extension: str, kind: str, address: str) -> None:
    assert dialled(number, extension, kind).address == address


def test_a_number_stays_left_to_right_without_its_override() -> None:
    one = ShownPhone("\u202e416-555-0100", "", "voice", None, [])
    with translation.override("ar"):
        made = tags.phone(one)
    assert made == '<a href="tel:4165550100"><bdi dir="ltr">416-555-0100</bdi></a>'


def test_a_text_says_its_language_and_how_it_was_translated() -> None:
    assert tags.told(Text("Hello", "en")) == "<span>Hello</span>"
    assert tags.told(Text("مرحبا", "ar")) == '<span lang="ar" dir="rtl">مرحبا</span>'
    assert tags.told(Text("whatever", "")) == '<span dir="auto">whatever</span>'
    assert "by a machine" in tags.told(Text("Bonjour", "fr", "machine"))
    assert "older text" in tags.told(Text("Bonjour", "fr", "outdated"))
    assert "(" not in tags.told(Text("Bonjour", "fr", "human"))
    assert tags.told(None) == tags.told_long(Text(" \n ", "en")) == ""


def test_hostile_words_stay_words() -> None:
    for made in (tags.told(Text(HOSTILE, "en")), tags.told_long(Text(HOSTILE, 'en"><script>'))):
        assert "<script" not in made
        assert "\u202e" not in made
    assert web_address("javascript:alert(1)") == web_address("//example.org") == web_address("http://[") == ""
    assert web_address("https://example.org/x") == "https://example.org/x"


def test_a_page_says_once_how_it_was_translated() -> None:
    service = shown(name=Text("عيادة", "ar", "machine"), description=Text("A clinic", "en"))
    with translation.override("ar"):
        assert len(translation_words(service)) == 2
    assert translation_words(shown()) == []
    assert translation_words(shown(name=Text("Clinic", "en", "human"))) == ["Translated by a person."]


def test_hours_are_told_for_now() -> None:
    def words_at(moment: datetime, *rows: dict[str, Any]) -> tuple[str, str]:
        state, said = opening.opening(rows, moment).today
        return state, "".join(sign for sign in said if sign.isprintable()).replace("\u202f", " ")

    assert words_at(MONDAY, MONDAY_TO_FRIDAY) == ("open", "Open now, until 5:00PM")
    assert words_at(EVENING, MONDAY_TO_FRIDAY) == ("shut", "Closed now. Opens tomorrow at 9:00AM")
    assert words_at(MONDAY) == ("unknown", "Opening hours are not known: call first")
    always = {"freq": "DAILY", "opens_at": "00:00", "closes_at": "00:00"}
    assert words_at(MONDAY, always)[0] == "open"
    once = MONDAY_TO_FRIDAY | {"byday": "FR"}
    assert words_at(MONDAY, once) == ("shut", "Closed now. Opens Friday at 9:00AM")


def test_a_week_begins_today_and_has_seven_days() -> None:
    week = opening.opening([MONDAY_TO_FRIDAY], MONDAY).week
    assert (len(week), week[0].name, week[0].today, week[5].words) == (7, "Monday", True, "Closed")


def test_a_closed_service_is_not_called_open() -> None:
    always = {"freq": "DAILY", "opens_at": "00:00", "closes_at": "00:00"}
    assert card(shown(status="temporarily closed", schedules=[always])).today.state == "shut"


def test_what_is_asked_survives_its_address() -> None:
    one = asked.read({"q": "  a  b ", "need": "food", "near": "M5V", "open": "1", "page": "3", "view": "map"})
    assert (one.text, one.need, one.near, one.open, one.page, one.view) == (
        "a b",
        "food",
        "M5V",
        True,
        3,
        "map",
    )
    assert one.address() == "?q=a+b&need=food&near=M5V&open=1&view=map"
    assert next(address for _said, address in one.chips()) == "?q=a+b&near=M5V&open=1&view=map"


@pytest.mark.parametrize(
    "given",
    [
        {"page": "-1"}, {"page": "0"}, {"page": "٣"}, {"page": "9" * 400}, {"page": "1e9"},
        {"need": "no such need"}, {"view": "3d"}, {"open": "yes"}, {"q": "\x00\u202e" * 10_000},
    ],
)  # fmt: skip
def test_what_an_address_cannot_mean_is_left_out(given: dict[str, str]) -> None:
    one = asked.read(given)
    assert 1 <= one.page <= 500
    assert not one.anything


@pytest.mark.parametrize(
    "rest", ["/evil.example.org", "//evil", "\\evil", "https://evil", "a/../../account/", "x" * 700, "a\nb"]
)
def test_choosing_a_language_leads_nowhere_else(rest: str) -> None:
    assert frame.within(rest) == ""


def test_choosing_a_language_keeps_the_page() -> None:
    assert frame.within("find/?q=a%26b&need=food") == "find/?q=a%26b&need=food"


def test_every_need_of_the_reference_has_words_and_a_sign() -> None:
    codes = set(reference_table("needs")["code"])
    assert set(words.NEEDS) == codes
    assert codes <= set(signs.signs())


def test_a_map_shows_places_with_a_point_and_counts_the_others() -> None:
    hidden = shown(places=[], confidential=True, name=Text("Safe house", "en"))
    drawn = found_map([card(shown(), 1), card(shown(name=Text("Other", "en")), 2), card(hidden, 3)])
    assert drawn is not None
    assert [(one.label, one.anchor) for one in drawn.spots] == [("1+", "s1")]
    assert drawn.unplaced == 1
    assert "Safe house" not in str(drawn)
    assert 0 < len("".join(drawn.paths)) < 20_000
    assert found_map([card(hidden, 1)]) is None


def test_a_city_without_a_package_has_no_lines_and_no_map(settings: Any, tmp_path: Any) -> None:
    settings.ENVIRONMENT = SimpleNamespace(city=tmp_path, url="", demo=False)
    assert city().zone.key == "UTC"
    assert found_map([card(shown(), 1)]) is None
    assert emergency_lines() == []


def test_languages_are_called_by_their_own_names() -> None:
    assert [words.own_name(code) for code in ("en", "uk", "ti")] == ["English", "Українська", "ትግርኛ"]
    assert words.own_name("Rohingya, spoken") == "Rohingya, spoken"
    assert words.direction("fa") == "rtl"


def test_signs_take_few_bytes() -> None:
    assert all(len(signs.sign(name)) < 700 for name in (*words.NEEDS, "phone", "place"))
