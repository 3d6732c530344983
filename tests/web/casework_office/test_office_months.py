"""A month as the desk worked it: counted by hand, protected, made once, the same for pages and programs."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from tests.web.api.programs import program, send, token_for
from tests.web.casework.desk_world import Desk, desk_of
from tests.web.casework_referrals.referral_world import world

from philoxenia.office import Month
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import AuditEntry
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions.needs import note_need, step_need
from philoxenia_web.casework.models import Case, CaseNeed, OfficeMonth, Referral
from philoxenia_web.casework.office.gathering import gather
from philoxenia_web.casework.office.making import make, make_missing
from philoxenia_web.casework.referrals import answering
from philoxenia_web.directory.city import city
from philoxenia_web.registry.people import records, shapes
from philoxenia_web.registry.people.visits import visiting

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)


def clock(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of the city's clocks."""
    return datetime(2026, month, day, hour, minute, tzinfo=city().zone)


@pytest.fixture
def worked(desk: Desk) -> dict[str, Case]:
    """Thirteen people in May, one of them protected and one forgotten since; one more in June."""
    named = {}
    spoken = ["en"] * 6 + ["ar"] * 5 + ["uk", "fr", "en"]
    for number, language in enumerate(spoken):
        resident_id = desk.write_down(
            f"Dawit Tesfay{'abcdefghijklmn'[number]}",
            languages=[shapes.Language(language)],
            restricted=number == 0,
        )
        named[f"{number}"] = desk.open_case(resident_id)
    last, after, gone = named["12"], named["13"], named["12"].resident_id
    for case in list(named.values())[:6]:
        note_need(desk.actor, case.pk, "housing", 3, uuid4())
    met = note_need(desk.actor, named["6"].pk, "housing", 3, uuid4())
    step_need(desk.actor, met.pk, met.version, "meet")
    with visiting(SYSTEM):
        Case.objects.update(opened_at=clock(5, 10))
        # The last evening of May is already June for who counts in UTC, and is not for the city.
        Case.objects.filter(pk=last.pk).update(opened_at=clock(5, 31, 23, 30))
        Case.objects.filter(pk=after.pk).update(opened_at=clock(6, 1, 0, 30))
        CaseNeed.objects.update(noted_at=clock(5, 11))
        CaseNeed.objects.filter(pk=met.pk).update(met_at=clock(5, 12))
        records.erase(SYSTEM, gone, "asked")
    return named


def counts(one: OfficeMonth) -> dict[tuple[str, str, str], int | None]:
    """What is shown, by measure, breakdown and category."""
    return {(row["measure"], row["by"], row["category"]): row["shown"] for row in one.tables["counts"]}


def test_a_month_is_counted_as_one_would_by_hand(worked: dict[str, Case], desk: Desk) -> None:
    assert make_missing(clock(6, 1).astimezone(UTC)) == [], "not before late entries are in"
    assert make_missing(clock(6, 20).astimezone(UTC)) == [MAY]
    with visiting(SYSTEM):
        one = OfficeMonth.objects.get()
    shown = counts(one)
    assert shown["served", "language", ""] == 13
    # Six spoke English, the protected person among them; of whom is forgotten nothing is known any more.
    languages = {category: count for (measure, by, category), count in shown.items() if by == "language"}
    assert languages == {"": 13, "en": 6, "ar": None, "uk": None, "unknown": None}
    # Seven needs were noted, six go on, thirteen cases are open: told in steps.
    assert shown["noted", "need", "housing"] == 5 and shown["unmet", "need", "housing"] == 5
    assert shown["open_cases", "team", str(desk.department.pk)] == 15
    assert AuditEntry.objects.filter(action="casework.make_office_month").count() == 1


def test_a_month_stays_as_it_was_shown(worked: dict[str, Case]) -> None:
    before = make(MAY).tables
    with visiting(SYSTEM):
        Case.objects.all().delete()
    assert make(MAY).tables == before and make_missing(clock(6, 20).astimezone(UTC)) == []


def rows(client: Client, name: str) -> list[list[str]]:
    """A table of the page as it is downloaded."""
    answer = client.get(reverse("office"), {"month": "2026-05", f"{name}-export": "csv"})
    assert answer.headers["Content-Type"].startswith("text/csv"), answer.content
    content = answer.getvalue() if answer.streaming else answer.content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_page_file_and_program_show_the_same(
    worked: dict[str, Case], desk: Desk, settings: LazySettings
) -> None:
    make(MAY)
    planner = desk_of("Planning", Role.PLANNER)
    browser = planner.browser()
    page = browser.get(reverse("office"), {"month": "2026-05"}).content.decode()
    assert "13 people were served" in page and "Newcomers" in page
    assert [line[-1] for line in rows(browser, "served-language")[1:]] == ["6", "–", "–", "–"]
    assert rows(browser, "open_cases-team")[1][-1] == "15"
    told: Any = send(program(token_for(planner.person, planner.department)), "GET", "/casework/office").json()
    with visiting(SYSTEM):
        assert told["counts"] == OfficeMonth.objects.get().tables["counts"]
    assert told["month"] == "2026-05" and told["waits"] == []
    for role, place in ((Role.PARTNER, "Warm Rooms"), (Role.DATA_STEWARD, "Data")):
        other = desk_of(place, role)
        assert other.browser().get(reverse("office")).status_code == 403
        token = token_for(other.person, other.department)
        assert send(program(token), "GET", "/casework/office").status_code == 403


def test_help_that_began_is_known_to_both_sides(db: None) -> None:
    front = world()
    referral, actor = front.send(), front.partner.actor
    answering.begin(actor, referral.pk, answering.accept(actor, referral.pk, referral.version).version)
    with visiting(SYSTEM):
        Case.objects.update(opened_at=clock(4, 10))
        CaseNeed.objects.update(noted_at=clock(4, 10))
        Referral.objects.update(sent_at=clock(4, 10), begun_at=clock(5, 10))
    acts = gather(Month(MAY, city().zone)).acts
    assert set(acts["organisation"]) == {str(front.desk.department.pk), str(front.partner.department.pk)}
    assert set(acts["person"]) == {str(front.resident_id)}
