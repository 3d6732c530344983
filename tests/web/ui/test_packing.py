"""Packed pages: what travels packed, and what must not."""

import gzip
from dataclasses import replace

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from philoxenia_web.ui.packing import PackedPages

WORDS = b"Newcomers and long-term residents. " * 200


def answered(path: str, kind: str, asks: str = "gzip", **headers: str) -> HttpResponse:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(WORDS, content_type=kind, headers=headers)

    request = RequestFactory().get(path, headers={"Accept-Encoding": asks})
    return PackedPages(view)(request)


def test_a_page_is_packed_and_whole() -> None:
    answer = answered("/studies/", "text/html; charset=utf-8")
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < len(WORDS) / 5
    assert gzip.decompress(answer.content) == WORDS
    assert "Accept-Encoding" in answer["Vary"]


def test_a_browser_that_cannot_unpack_gets_it_plain() -> None:
    assert answered("/studies/", "text/html", asks="identity").content == WORDS


@pytest.mark.parametrize("path", ["/account/tokens/", "/account/2fa/recovery-codes/"])
def test_pages_with_secrets_stay_as_they_are(path: str) -> None:
    assert not answered(path, "text/html").has_header("Content-Encoding")


def test_answers_of_the_api_keep_their_tags() -> None:
    answer = answered("/api/v1/studies", "application/json", ETag='"3"')
    assert answer["ETag"] == '"3"'
    assert not answer.has_header("Content-Encoding")


def test_a_packed_page_of_a_study_is_known_again_by_its_tag() -> None:
    assert answered("/studies/x/", "text/html", ETag='"a"')["ETag"] == 'W/"a"'


@pytest.mark.django_db
@pytest.mark.parametrize("demo", [True, False])
def test_only_a_demonstration_says_that_it_is_one_and_who_can_be_tried(client: Client, demo: bool) -> None:
    with override_settings(ENVIRONMENT=replace(settings.ENVIRONMENT, demo=demo)):
        page = client.get("/account/login/").content.decode()
    assert ('class="demonstration"' in page) is demo
    assert ("data-steward@example.org" in page) is demo
    assert ("demo-people.txt" in page) is demo
