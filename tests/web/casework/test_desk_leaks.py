"""Where a name could come out: addresses, titles, cookies, logs, the trail, other desks, conflicts."""

import logging
import re
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.web.casework.desk_world import Desk, desk_of

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import AuditEntry
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions import needs, notes, plans
from philoxenia_web.casework.models import Case
from philoxenia_web.casework.referrals import mails
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import records, shapes
from philoxenia_web.registry.people.visits import visiting

pytestmark = pytest.mark.django_db
NAME = "Zebrafinch Quillon"


@pytest.fixture
def desk() -> Desk:
    return desk_of("Shelter")


def told(**more: str) -> dict[str, str]:
    return {"names": NAME, "birth": "1987", "phone": "", "number": "", "reason": "serving_now"} | more


def record_page(desk: Desk, resident_id: Any) -> Any:
    return desk.browser().get(reverse("front-person", args=[resident_id]))


def test_a_name_stands_on_the_page_and_nowhere_else(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    resident = desk.write_down(NAME)
    desk.open_case(resident)
    browser = desk.browser()
    with caplog.at_level(logging.DEBUG, logger="philoxenia"):
        hits = browser.post(reverse("front-find"), told())
        page = browser.get(reverse("front-person", args=[resident]))
    for answer in (hits, page):
        assert NAME in answer.content.decode()
        title = re.search("<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
        assert title and "Zebrafinch" not in title[1]
        assert "no-store" in answer["Cache-Control"]
    assert "Zebrafinch" not in str(browser.cookies) + caplog.text + str(dict(browser.session))
    trail = list(AuditEntry.objects.values_list("action", "object_id", "before", "after", "reason"))
    assert "Zebrafinch" not in str(trail) and any("read_resident" in row[0] for row in trail)


def test_searching_by_address_is_not_possible(desk: Desk) -> None:
    assert desk.browser().get(reverse("front-find"), told())["Location"] == reverse("front")


@pytest.mark.parametrize("asked", [{"birth": ""}, {"names": "", "phone": ""}, {"names": "Z", "birth": ""}])
def test_one_thing_alone_finds_nobody(desk: Desk, asked: dict[str, str]) -> None:
    desk.write_down(NAME)
    one = {"names": NAME.split()[0]} | asked
    answer = desk.browser().post(reverse("front-find"), told(**one))
    assert answer.status_code == 422 and NAME not in answer.content.decode()


def test_a_new_record_without_a_search_is_refused(desk: Desk) -> None:
    form = {"do": "save", "mark": "made up", "key": str(uuid4()), "name": NAME, "order": "given"}
    form |= {"certainty": "year_only", "organisation": str(desk.department.pk)}
    answer = desk.browser().post(reverse("front-new"), form)
    assert answer.status_code == 422
    assert not desk.browser().post(reverse("front-find"), told()).context["found"].hits


def test_another_desk_sees_the_person_but_nothing_of_the_work(desk: Desk) -> None:
    resident = desk.write_down(NAME)
    case = desk.open_case(resident)
    notes.write_note(desk.actor, case.pk, "visit", "Secretword", uuid4())
    needs.note_need(desk.actor, case.pk, "safety", 5, uuid4())
    other = desk_of("Housing").browser()
    address = reverse("front-person", args=[resident])
    assert "Why do you open" in other.get(address).content.decode()
    page = other.get(address, {"why": "serving_now"}).content.decode()
    assert NAME in page and "Secretword" not in page and "Shelter" not in page
    assert other.get(address, {"why": "browsing"}).content.decode().count("<h1>Why do you open") == 1


def test_a_protected_record_is_not_there_for_others(desk: Desk) -> None:
    resident = desk.write_down(NAME, restricted=True)
    desk.open_case(resident)
    assert NAME in record_page(desk, resident).content.decode()
    other = desk_of("Housing").browser()
    found = other.post(reverse("front-find"), told())
    assert NAME not in found.content.decode().partition("<form")[0] and not found.context["found"].hits
    for name in ("front-person", "front-person-edit", "front-member"):
        assert other.get(reverse(name, args=[resident]), {"why": "serving_now"}).status_code == 404
    nobody = other.get(reverse("front-person", args=[uuid4()]), {"why": "serving_now"})
    assert nobody.status_code == 404


def test_two_who_correct_the_same_field_see_both_values_and_different_fields_merge(desk: Desk) -> None:
    resident = desk.write_down(NAME)
    desk.open_case(resident)
    address = reverse("front-person-edit", args=[resident])
    page = desk.browser().get(address)
    shown = {f"initial-{name}": value for name, value in page.context["form"].initial.items() if value}
    base = {"name": NAME, "order": "given", "certainty": "year_only", "born_in": "1987", "version": "1"}
    first = desk.browser().post(
        address, shown | base | {"district_id": "", "language": "ar", "key": str(uuid4())}
    )
    assert first.status_code == 302
    merged = desk.browser().post(address, shown | base | {"here_since": "2025-01", "key": str(uuid4())})
    assert merged.status_code == 302
    clash = desk.browser().post(address, shown | base | {"language": "uk", "key": str(uuid4())})
    text = clash.content.decode()
    assert clash.status_code == 422 and "Arabic" in text and "Ukrainian" in text
    again = clash.context["version"]
    last = desk.browser().post(
        address, shown | base | {"language": "uk", "version": str(again), "key": str(uuid4())}
    )
    assert last.status_code == 302
    with visiting(desk.actor):
        now = records.open_record(desk.actor, resident, "correction")
    assert [one.code for one in now.languages] == ["uk"] and now.here_since == "2025-01"


def test_what_a_form_does_not_show_is_not_lost(desk: Desk) -> None:
    contacts = [
        shapes.Contact("phone", "+1 416 555 0101", True, how="text first"),
        shapes.Contact("address", "x"),
    ]
    resident = desk.write_down(NAME, contacts=contacts)
    desk.open_case(resident)
    form = {"name": NAME, "order": "given", "certainty": "year_only", "born_in": "1987", "version": "1"}
    form |= {"phone": "+1 416 555 0199", "phone_safe": "on", "key": str(uuid4())}
    assert desk.browser().post(reverse("front-person-edit", args=[resident]), form).status_code == 302
    with visiting(desk.actor):
        kept = records.open_record(desk.actor, resident, "correction").contacts
    assert [(one.kind, one.value, one.how) for one in kept] == [
        ("phone", "+1 416 555 0199", "text first"),
        ("address", "x", ""),
    ]


def test_pages_ask_as_often_however_much_there_is(desk: Desk) -> None:
    resident = desk.write_down(NAME)
    case: Case = desk.open_case(resident)
    plans.add_task(desk.actor, case.pk, "call", case.opened_at.date(), uuid4(), words="one")
    browser = desk.browser()

    def asked() -> list[str]:
        found: list[str] = []
        for address in (
            reverse("front-person", args=[resident]),
            reverse("front"),
            reverse("front-caseload"),
        ):
            browser.get(address)
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert browser.get(address).status_code == 200
            found += [" ".join(one["sql"].split())[:60] for one in caught if "SAVEPOINT" not in one["sql"]]
        return sorted(found)

    before = asked()
    for number, need in enumerate(needs.need_codes()[:6]):
        needs.note_need(desk.actor, case.pk, need, 1 + number % 5, uuid4())
        notes.write_note(desk.actor, case.pk, "visit", f"note {number}", uuid4())
        plans.add_task(desk.actor, case.pk, "call", case.opened_at.date(), uuid4(), words=f"task {number}")
    second = desk.open_case(desk.write_down("Dawit Tesfay", 1990))
    plans.add_task(desk.actor, second.pk, "call", case.opened_at.date(), uuid4())
    assert Counter(asked()) - Counter(before) == Counter()


def test_a_person_written_down_twice_is_shown_as_one_and_taken_apart_again(desk: Desk) -> None:
    first, second = desk.write_down(NAME), desk.write_down(NAME, 1988)
    desk.open_case(first)
    older = desk.open_case(second)
    notes.write_note(desk.actor, older.pk, "visit", "Of the second record", uuid4())
    with visiting(desk.actor):
        number = records.number_of(second)
    browser, address = desk.browser(), reverse("front-person", args=[first])
    both = browser.post(reverse("front-same", args=[first]), {"number": number})["Location"]
    assert both == reverse("front-same-look", args=[first, second])
    assert browser.get(both).content.decode().count(NAME) >= 2
    browser.post(both, {"do": "join", "version": "1", "other_version": "1"})
    assert "Of the second record" in browser.get(address, {"case": str(older.pk)}).content.decode()
    assert browser.get(reverse("front-person", args=[second]))["Location"] == address
    browser.post(both, {"do": "part", "version": "1", "other_version": "1"})
    assert browser.get(reverse("front-person", args=[second])).status_code == 200


def test_who_has_to_do_with_neither_joins_nothing_and_who_holds_the_other_is_told(desk: Desk) -> None:
    holder, stranger = desk_of("Housing"), desk_of("Libraries")
    first, second = desk.write_down(NAME), holder.write_down(NAME, 1988)
    both, yes = reverse("front-same-look", args=[first, second]), {"version": "1", "other_version": "1"}

    def joined() -> bool:
        with visiting(SYSTEM):
            return Resident.objects.get(pk=second).merged_into_id == first

    nobody = stranger.browser()
    assert NAME not in nobody.get(both).content.decode()
    nobody.post(both, {"do": "join"} | yes)
    desk.browser().post(both, {"do": "join", "version": "1", "other_version": "2"})
    assert not joined()
    chief = desk_of("Housing", Role.SUPERVISOR, holder.department)
    desk.browser().post(both, {"do": "join"} | yes)
    assert joined()
    [job] = ProcrastinateJob.objects.filter(task_name=mails.TASK)
    assert job.args == {"kind": "joined", "people": [str(chief.person.pk)]}
    assert mails.send("joined", job.args["people"]) == 1
    assert str(second) not in mail.outbox[0].body and NAME not in mail.outbox[0].body
    assert both in chief.browser().get(reverse("front-joined")).content.decode()
    nobody.post(both, {"do": "part"} | yes)
    assert joined()
    chief.browser().post(both, {"do": "part"} | yes)
    assert not joined()
