"""A morning at the desk by its pages: search, duplicates, a new record, its page, what is added to it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.web.casework.desk_world import Desk, desk_of

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.casework.actions import needs, notes, plans
from philoxenia_web.casework.city_time import today
from philoxenia_web.registry.models import Reading
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights.words import facts_of

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


def test_what_is_most_pressing_comes_first_and_older_notes_are_a_click_away(desk: Desk) -> None:
    people = [
        desk.open_case(desk.write_down(name, 1990)) for name in ("Zahra One", "Yara Two", "Xenia Three")
    ]
    mild, late, grave = people
    needs.note_need(desk.actor, mild.pk, "food", 1, uuid4())
    needs.note_need(desk.actor, grave.pk, "food", 2, uuid4())
    needs.note_need(desk.actor, grave.pk, "safety", 5, uuid4())
    plans.add_task(desk.actor, late.pk, "call", today() - timedelta(days=2), uuid4())
    browser = desk.browser()
    page = browser.get(reverse("front-caseload"))
    assert [one.pk for one, *_more in page.context["lines"]] == [late.pk, grave.pk, mild.pk]
    assert (page.context["total"], page.context["late"]) == (3, 1)
    for number in range(22):
        notes.write_note(desk.actor, mild.pk, "visit", f"note {number}.", uuid4())
    record = reverse("front-person", args=[mild.resident_id])
    newest = browser.get(record).content.decode()
    assert "note 21." in newest and "note 1." not in newest and "Older notes" in newest
    older = browser.get(record, {"notes": "100"}).content.decode()
    assert "note 0." in older and "Older notes" not in older


def test_a_page_beside_the_record_asks_why_too(desk: Desk) -> None:
    resident = desk.write_down()
    other = desk_of("Housing")
    for name in ("front-person-edit", "appointment-new"):
        address = reverse(name, args=[resident])
        page = other.browser().get(address).content.decode()
        assert "Why do you open" in page and "Amal" not in page
        assert "Amal" in other.browser().get(address, {"why": "supervision"}).content.decode()
    with visiting(SYSTEM):
        looks = Reading.objects.filter(resident_id=resident, person_id=other.person.pk)
        assert set(looks.values_list("reason", flat=True)) == {"supervision"}


def test_days_and_times_are_those_of_the_citys_clocks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = desk.open_case(desk.write_down())
    # Nine in the evening of New Year's Day in Toronto; in UTC it is the day after.
    evening = datetime(2026, 1, 2, 2, 0, tzinfo=UTC)
    plans.add_task(desk.actor, case.pk, "call", date(2026, 1, 1), uuid4())
    plans.add_task(desk.actor, case.pk, "visit", date(2026, 1, 2), uuid4())
    notes.write_note(desk.actor, case.pk, "visit", "came in", uuid4(), at=evening)
    browser = desk.browser()
    monkeypatch.setattr(timezone, "now", lambda: evening)
    assert today() == date(2026, 1, 1)
    front = browser.get(reverse("front"))
    assert [task.kind for task, _brief in front.context["tasks"]] == ["call"]
    assert [one.late for one, *_more in browser.get(reverse("front-caseload")).context["lines"]] == [0]
    page = browser.get(reverse("front-person", args=[case.resident_id])).content.decode()
    assert "Jan 1, 2026, 21:00" in page and "Today" in page and "Tomorrow" in page
    assert 'value="2026-01-01"' in page


def test_ones_own_page_says_languages_and_districts_by_their_names() -> None:
    told = facts_of({"languages": [{"code": "prs"}], "district_id": "149"})
    assert [line for _label, lines in told for line in lines] == ["Dari", "Parkwoods-O'Connor Hills"]
