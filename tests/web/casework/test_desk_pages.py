"""A morning at the desk by its pages: search, duplicates, a new record, its page, what is added to it."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.web.casework.desk_world import Desk, desk_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return desk_of("Shelter")


def search(browser: Any, **said: str) -> Any:
    asked = {"names": "", "birth": "", "phone": "", "number": "", "reason": "serving_now"} | said
    return browser.post(reverse("front-find"), asked)


def test_a_person_is_searched_written_down_and_found_again(desk: Desk) -> None:
    browser = desk.browser()
    nobody = search(browser, names="Amal Haddad", birth="1987")
    assert nobody.status_code == 200 and not nobody.context["found"].hits
    begun = browser.post(
        reverse("front-new"),
        {"do": "begin", "mark": nobody.context["found"].mark, "names": "Amal Haddad", "birth": "1987"},
    )
    assert 'value="Amal Haddad"' in begun.content.decode()
    sent = {
        "do": "save",
        "mark": nobody.context["found"].mark,
        "key": str(uuid4()),
        "name": "Amal Haddad",
        "order": "given",
        "certainty": "year_only",
        "born_in": "1987",
        "language": "ar",
        "organisation": str(desk.department.pk),
    }
    made = browser.post(reverse("front-new"), sent)
    assert made.status_code == 302, made.content.decode()
    again = browser.post(reverse("front-new"), sent)
    assert again["Location"] == made["Location"]
    page = browser.get(made["Location"])
    assert page.status_code == 200 and "Amal Haddad" in page.content.decode()
    hits = search(browser, names="أمل حداد", birth="1987").context["found"].hits
    assert [hit.name for hit in hits] == ["Amal Haddad"]
