"""The pages as anybody gets them: bytes, cookies, languages, what must never be there."""

import gzip
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from philoxenia_web.directory.public.style_sheet import style_sheet
from philoxenia_web.ui.made import MADE

LANGUAGES = ("en", "fr", "es", "ar", "el", "uk")
FIRST_PAGE_MOST = 50_000


def at(name: str, *parts: object, language: str = "en") -> str:
    return reverse(f"help-{name}", args=[language, *parts])


@pytest.fixture
def everything(records: SimpleNamespace) -> list[str]:
    """One address of each public page."""
    clinic = records.clinic.pk
    return [
        *(
            "/",
            "/help/",
            at("first"),
            at("about"),
            at("person"),
            at("find"),
            at("find") + "?q=clinic&view=map",
        ),
        *(at(name, clinic) for name in ("service", "poster", "wrong", "thanks")),
        *(at("service", records.line.pk), at("place", records.house.pk), at("organisation", records.body.pk)),
        *("/help/en/nothing/here/", "/help/xx/", at("service", records.gone.pk)),
    ]


def test_no_page_sets_a_cookie_or_makes_a_session(everything: list[str], visitor: Client) -> None:
    for path in everything:
        answer = visitor.get(path)
        assert answer.status_code in (200, 302, 404), path
        assert not answer.cookies, path
        assert "Set-Cookie" not in answer.headers, path
    visitor.post(everything[9], {"kind": "hours"})
    assert not visitor.cookies
    assert not Session.objects.exists()


def test_no_page_needs_a_script_or_another_site(everything: list[str], visitor: Client) -> None:
    for path in everything[1:]:
        page = visitor.get(path).content.decode()
        assert not re.search(r"<script(?! type=\"application/ld\+json\")", page), path
        assert not re.search(r"\son\w+=|style=|<iframe|<img|@import", page), path
        assert not re.search(r'(?:src|<link[^>]*href)="(?:https?:)?//', page), path


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_is_under_fifty_kilobytes(language: str, visitor: Client) -> None:
    page = visitor.get(at("first", language=language))
    linked = set(re.findall(r'<link rel="(?:icon|stylesheet)" href="/static/([^"]+)"', page.content.decode()))
    assert linked == {"directory/help.css", "ui/mark.svg"}
    bodies = [page.content, *(MADE[name]().encode() for name in linked)]
    assert sum(map(len, bodies)) < FIRST_PAGE_MOST
    # What travels: packed, with room for the headers of three answers.
    assert sum(len(gzip.compress(body)) for body in bodies) + 3 * 1200 < FIRST_PAGE_MOST / 3
    assert "<script" not in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_in_the_language_of_its_address(language: str, visitor: Client) -> None:
    answer = visitor.get(at("first", language=language), headers={"Accept-Language": "el"})
    way = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{way}">' in answer.content.decode()
    assert answer["Content-Language"] == language


@pytest.mark.django_db
def test_languages_are_chosen_by_their_own_names(visitor: Client) -> None:
    page = visitor.get("/help/?to=find/%3Fq%3Dfood", headers={"Accept-Language": "uk"}).content.decode()
    for name in ("English", "Français", "Español", "العربية", "Ελληνικά", "Українська", "فارسی", "ትግርኛ"):
        assert name in page, name
    assert page.index("Українська") < page.index("English")
    assert 'href="/help/ar/find/?q=food"' in page
    assert not re.search("[\U0001f1e6-\U0001f1ff]", page), "flags are countries, not languages"


def test_a_page_that_has_not_changed_does_not_travel_again(records: SimpleNamespace, visitor: Client) -> None:
    first = visitor.get(at("service", records.clinic.pk))
    again = visitor.get(at("service", records.clinic.pk), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "public" in first["Cache-Control"]


def test_a_service_says_what_one_needs_to_know(records: SimpleNamespace, visitor: Client) -> None:
    page = visitor.get(at("service", records.clinic.pk)).content.decode()
    assert '<a class="button" href="tel:4165550100;ext=12">' in page
    assert '<bdi dir="ltr">416-555-0101</bdi>' in page
    assert "tel:4165550101" not in page, "a fax is not called"
    for said in ("955 Queen St E", "No, they do not ask", "Nothing: it is free", "Any paper with your name"):
        assert said in page, said
    for said in ("Arabic", "Nobody has checked this yet", "Source", "CC0", "geo:43.661700,-79.352000"):
        assert said in page, said


def test_machines_read_the_same_as_people(records: SimpleNamespace, visitor: Client) -> None:
    page = visitor.get(at("service", records.clinic.pk)).content.decode()
    told = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0])
    assert (told["@type"], told["name"]) == ("Service", "Walk-in clinic")
    assert told["@id"].endswith(at("service", records.clinic.pk))
    hidden = visitor.get(at("service", records.line.pk)).content.decode()
    assert "serviceLocation" not in hidden


def test_hostile_records_stay_words(records: SimpleNamespace, visitor: Client) -> None:
    for path in (at("service", records.clinic.pk), at("organisation", records.body.pk)):
        page = visitor.get(path).content.decode()
        assert "javascript:" not in page
        assert "<script>alert" not in page
        assert "\u202e" not in page


def test_arabic_says_how_it_was_translated(records: SimpleNamespace, visitor: Client) -> None:
    page = visitor.get(at("service", records.clinic.pk, language="ar")).content.decode()
    assert "<bdi>عيادة بدون موعد</bdi>" in page
    assert '<span lang="en" dir="ltr">Any paper with your name</span>' in page
    assert page.count('<small class="note">(') == 1, "the machine's work alone is marked"


def test_nobody_learns_where_a_confidential_service_is(records: SimpleNamespace, visitor: Client) -> None:
    paths = [
        at("service", records.line.pk),
        at("poster", records.line.pk),
        at("find") + "?need=safety&view=map",
    ]
    for path in paths:
        page = visitor.get(path).content.decode()
        assert "+1 416 555 0199" in page
        for told in ("Queen", "Main house", "geo:", "43.66", '<svg class="map"'):
            assert told not in page, (path, told)


def test_what_is_gone_is_not_there(records: SimpleNamespace, visitor: Client) -> None:
    for path in (at("service", records.gone.pk), at("wrong", records.gone.pk), at("place", records.gone.pk)):
        answer = visitor.get(path)
        assert answer.status_code == 404
        assert "Old service" not in answer.content.decode()
        assert "This page is not here" in answer.content.decode()


def test_a_poster_holds_a_code_that_opens_the_page(records: SimpleNamespace, visitor: Client) -> None:
    page = visitor.get(at("poster", records.clinic.pk)).content.decode()
    assert re.search(r'<svg[^>]* class="qr"', page)
    assert f"http://testserver{at('service', records.clinic.pk)}" in page


@pytest.mark.django_db
def test_numbers_of_the_city_come_with_their_source(visitor: Client) -> None:
    page = visitor.get(at("person")).content.decode()
    assert '<a href="tel:911">' in page
    assert "toronto.ca" in page
    assert "I speak" not in page, "who reads the desk's own language needs no card"
    card = visitor.get(at("person", language="ar") + "?need=food").content.decode()
    assert (
        '<div class="show" lang="en" dir="ltr"><p>I speak Arabic.</p><p>I am looking for help: Food.</p>'
        in card
    )


def test_results_are_narrowed_by_links_and_a_plain_form(records: SimpleNamespace, visitor: Client) -> None:
    page = visitor.get(at("find") + "?need=health&free=1&spoken=ar").content.decode()
    assert "Walk-in clinic" in page
    assert "Night line" not in page
    assert 'href="?need=health&amp;spoken=ar"' in page, "a narrowing is taken away by a link"
    assert re.search(r'<input type="checkbox" name="free" value="1" checked>', page)
    assert '<form method="post"' not in page
    empty = visitor.get(at("find") + "?need=food&wheelchair=1").content.decode()
    assert "Nothing found." in empty
    assert "Search without narrowing" in empty


def test_search_survives_anything(records: SimpleNamespace, visitor: Client) -> None:
    for query in ("q=%00", "q=" + "a" * 5000, "page=99999", "spoken=%22%3E%3Cscript%3E", "near=%FF", "q='--"):
        answer = visitor.get(f"{at('find')}?{query}")
        assert answer.status_code == 200, query
        assert "<script>" not in answer.content.decode()


def test_a_list_costs_as_many_queries_for_ten_as_for_one(
    records: SimpleNamespace, visitor: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(40):
        visitor.get(at("organisation", records.body.pk))


def test_the_style_sheet_knows_only_colours_of_the_palette() -> None:
    rules = style_sheet().partition("*,::before")[2]
    assert not re.search(r"#[0-9a-f]{3,6}\b", rules)
    assert "url(" not in rules
    assert not re.search(r"(?:margin|padding|border)-(?:left|right)|(?<!-)(?:left|right):", rules)
