"""The frame of every page: errors, language, light and dark, the gallery."""

from urllib.parse import unquote

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from philoxenia_web.accounts.access import PUBLIC, access
from philoxenia_web.config import urls
from philoxenia_web.ui import errors

pytestmark = pytest.mark.django_db


@access(PUBLIC)
def fails(request: HttpRequest) -> HttpResponse:
    raise {"database": OperationalError, "bug": RuntimeError}[request.GET["kind"]]("secret detail")


@access(PUBLIC)
def refuses(request: HttpRequest) -> HttpResponse:
    return HttpResponseNotAllowed(["POST"])


class Addresses:
    urlpatterns = (*urls.urlpatterns, path("fails/", fails), path("refuses/", refuses))
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.mark.parametrize(("kind", "code"), [("bug", 500), ("database", 503)])
def test_a_broken_page_says_what_was_kept_and_nothing_of_the_cause(kind: str, code: int) -> None:
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF=Addresses):
        answer = client.get(f"/fails/?kind={kind}")
    assert answer.status_code == code
    said = answer.content.decode()
    assert "What was saved before is safe" in said
    assert "secret detail" not in said
    assert (code == 503) == ("Retry-After" in answer)


def test_a_broken_page_needs_no_database(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert errors.broken(RequestFactory().get("/")).status_code == 500


def test_nothing_here_is_said_alike_for_missing_and_hidden(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "it is not shared with you" in answer.content.decode()


def test_an_empty_refusal_gets_a_page_and_keeps_its_headers(client: Client) -> None:
    with override_settings(ROOT_URLCONF=Addresses):
        answer = client.get("/refuses/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "<h1>" in answer.content.decode()


def test_a_refusal_tells_a_script_in_words(client: Client) -> None:
    answer = client.get("/no/such/page/", headers={"HX-Request": "true", "Accept-Language": "en"})
    assert unquote(answer["X-Said"]) == "There is nothing at this address for you"


def test_a_form_from_elsewhere_is_refused_with_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "ar"})
    assert answer.status_code == 403
    assert "What you wrote is still on the page before" in answer.content.decode()


@pytest.mark.parametrize("code", sorted(code for code in errors.WORDS if isinstance(code, int)))
def test_every_refusal_says_what_happened_what_was_kept_and_what_to_do(code: int) -> None:
    happened, kept, then = errors.WORDS[code]
    assert str(happened) and str(kept).endswith(".") and str(then).endswith(".")


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("el", "ltr"), ("uk", "ltr")])
def test_a_chosen_language_stays(client: Client, language: str, direction: str) -> None:
    answer = client.post("/language/", {"language": language, "next": "/account/login/"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/")
    page = client.get("/account/login/").content.decode()
    assert f'<html lang="{language}" dir="{direction}"' in page


def test_languages_are_called_by_their_own_names(client: Client) -> None:
    page = client.get("/account/login/").content.decode()
    for name in ("English", "Français", "Español", "العربيّة", "Ελληνικά", "Українська"):
        assert name in page


@pytest.mark.parametrize("place", ["/language/", "/appearance/"])
def test_choosing_never_leads_elsewhere_and_needs_a_form(client: Client, place: str) -> None:
    answer = client.post(place, {"language": "fr", "appearance": "dark", "next": "https://example.org/"})
    assert answer["Location"] == "/"
    assert client.get(place).status_code in (302, 405)


def test_dark_is_kept_and_anything_else_ignored(client: Client) -> None:
    client.post("/appearance/", {"appearance": "dark"})
    assert 'data-appearance="dark"' in client.get("/account/login/").content.decode()
    client.post("/appearance/", {"appearance": '"><script>'})
    assert 'data-appearance="dark"' in client.get("/account/login/").content.decode()


@pytest.mark.parametrize("query", ["", "?direction=rtl", "?places-q=12", "?places-sort=-gap&places-page=2"])
def test_the_gallery_shows_every_component(client: Client, query: str) -> None:
    page = client.get(f"/design/{query}").content.decode()
    for sign in (
        "city-map",
        "chart-stage",
        'class="table"',
        "drop-zone",
        "<dialog",
        'class="steps"',
        "field-wrong",
    ):
        assert sign in page
    assert " style=" not in page
    assert " onclick=" not in page
