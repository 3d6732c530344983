"""Nothing that is translated is shown in English on a page of another language."""

from collections.abc import Callable, Iterator
from functools import cache
from html import unescape

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from philoxenia_web.accounts.roles import Role
from philoxenia_web.ui import catalogues
from philoxenia_web.ui.gathering import Reader

# Tried in each test: what a person of each of these roles may open without naming an object.
ROLES = (Role.PLANNER, Role.DATA_STEWARD, Role.ADMINISTRATOR, Role.AUDITOR)
_NO_PAGES = ("api/", "account/logout/", "metrics", "health", "design/", "language/", "appearance/")


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every address that names no object."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if "<" in route or "(" in route or route.startswith(_NO_PAGES):
            continue
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield "/" + route.replace("^", "").replace("$", "").replace("\\Z", "")


@cache
def translated(language: str) -> dict[str, str]:
    """What each string of the application is called in a language."""
    known = catalogues.opened(language).translated_entries()
    return {entry.msgid: entry.msgstr for entry in known if entry.msgstr and entry.msgstr != entry.msgid}


def left_in_english(page: str, language: str) -> set[str]:
    """Strings of the page that have a translation and were not translated."""
    reader = Reader()
    reader.feed(page)
    said = {unescape(text).strip() for text in reader.said}
    # A translation may be the same word as another English string.
    return (said & set(translated(language))) - set(translated(language).values())


@pytest.mark.django_db
@pytest.mark.parametrize("language", list(catalogues.PLURALS))
def test_a_page_speaks_its_language(language: str, sign_in: Callable[..., Client]) -> None:
    client = sign_in(*ROLES)
    client.cookies["django_language"] = language
    seen, found = 0, {}
    for address in sorted(set(addresses(get_resolver().url_patterns))):
        answer = client.get(address)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        seen += 1
        page = answer.content.decode()
        assert f'<html lang="{language}"' in page, address
        if left := left_in_english(page, language):
            found[address] = left
    assert seen > 10
    assert found == {}


def test_what_stays_english_is_found() -> None:
    assert left_in_english("<p>Nothing was changed.</p>", "ar") == {"Nothing was changed."}
    assert left_in_english('<p lang="en">Nothing was changed.</p>', "ar") == set()
