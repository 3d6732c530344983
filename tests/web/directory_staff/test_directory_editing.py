"""Editing with preview; two people at once lose nothing; a confidential place is erased everywhere."""

import re
from datetime import date
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from philoxenia_web.accounts.models import AuditEntry
from philoxenia_web.directory import models as m
from philoxenia_web.directory import queries
from philoxenia_web.directory.models.feedback import Feedback


def form_of(page: str) -> dict[str, Any]:
    """The fields of a record's form as a browser would send them."""
    body = page[page.index('class="form record-form"') :]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", body):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        ticked = "checked" in tag or not re.search(r'type="(checkbox|radio)"', tag)
        if name and ticked:
            sent.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, inner in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', body, re.DOTALL):
        sent[name] = [unescape(inner).removeprefix("\n")]
    for name, inner in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', inner)
        sent[name] = [unescape(chosen[0])] if chosen else [""]
    return sent


def opened(client: Client, record: Any) -> tuple[str, dict[str, Any]]:
    kind = {"service": "services", "location": "places", "organization": "organisations"}
    address = f"/directory/{kind[record._meta.model_name]}/{record.pk}/edit/"
    return address, form_of(client.get(address).content.decode())


def test_a_form_sent_as_it_was_changes_nothing(editor: Client, records: SimpleNamespace) -> None:
    for record in (records.lessons, records.room, records.body):
        address, sent = opened(editor, record)
        assert editor.post(address, sent | {"do": "save"}).status_code == 302
        record.refresh_from_db()
        assert record.version == 1
        assert record.held == []


def test_preview_shows_what_would_change_and_writes_nothing(editor: Client, records: SimpleNamespace) -> None:
    address, sent = opened(editor, records.lessons)
    before = queries.last_change()
    page = editor.post(address, sent | {"name": "French lessons", "do": "preview"}).content.decode()
    assert "French lessons" in page
    assert "English lessons" in page
    records.lessons.refresh_from_db()
    assert records.lessons.name == "English lessons"
    assert queries.last_change() == before


def test_saving_grows_the_version_and_tells_search_and_trail(
    editor: Client, records: SimpleNamespace
) -> None:
    m.Translation.objects.create(
        table="service", record_id=records.lessons.pk, field="name", language="fr", text="Cours",
        status="human", source_hash="of an older text",
    )  # fmt: skip
    address, sent = opened(editor, records.lessons)
    before = queries.last_change()
    hours = {
        "schedules-0-days": ["MO", "WE"],
        "schedules-0-opens_at": "9:00",
        "schedules-0-closes_at": "17:30",
    }
    changed = sent | hours | {"name": "French lessons", "spoken": "English, Tigrinya", "do": "save"}
    assert editor.post(address, changed).status_code == 302
    found = queries.shown(records.lessons.pk, "en")
    assert found is not None
    assert (found.name.text, found.version) == ("French lessons", 2)
    assert set(found.languages) == {"en", "ti"}
    assert [(one["byday"], one["opens_at"]) for one in found.schedules] == [("MO,WE", "09:00")]
    assert records.lessons.pk in queries.changed_since(before)[0]
    assert m.Translation.objects.get(language="fr").status == "outdated"
    entry = AuditEntry.objects.get(action="directory.edit")
    assert entry.after == {"fields": ["languages", "name", "schedules"], "version": 2}
    records.lessons.refresh_from_db()
    assert records.lessons.held == ["languages", "name", "schedules"]


def test_two_people_who_change_different_things_lose_nothing(
    editor: Client, records: SimpleNamespace
) -> None:
    address, mine = opened(editor, records.lessons)
    theirs = dict(mine)
    editor.post(address, theirs | {"description": "Lessons in the evening", "do": "save"})
    answer = editor.post(address, mine | {"name": "French lessons", "do": "save"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "changed different things" in page
    editor.post(address, form_of(page) | {"do": "save"})
    records.lessons.refresh_from_db()
    assert records.lessons.name == "French lessons"
    assert records.lessons.description == "Lessons in the evening"


@pytest.mark.parametrize(("choice", "name"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_two_people_who_change_the_same_thing_see_both_and_choose(
    editor: Client, records: SimpleNamespace, choice: str, name: str
) -> None:
    address, mine = opened(editor, records.lessons)
    editor.post(address, dict(mine) | {"name": "Theirs", "do": "save"})
    page = editor.post(address, mine | {"name": "Mine", "do": "save"}).content.decode()
    assert "Theirs" in page
    assert "Mine" in page
    editor.post(address, form_of(page) | {"take-name": choice, "do": "save"})
    records.lessons.refresh_from_db()
    assert records.lessons.name == name


def test_what_could_hide_or_run_is_refused_or_taken_out(editor: Client, records: SimpleNamespace) -> None:
    address, sent = opened(editor, records.lessons)
    wrong = editor.post(address, sent | {"url": "javascript:alert(1)", "do": "save"})
    assert wrong.status_code == 422
    turned = sent | {
        "name": "safe\u202etxt.exe\x07",
        "description": "<script>alert(1)</script>",
        "do": "save",
    }
    assert editor.post(address, turned).status_code == 302
    records.lessons.refresh_from_db()
    assert records.lessons.name == "safetxt.exe"
    shown = editor.get(f"/directory/services/{records.lessons.pk}/").content.decode()
    assert "<script>alert" not in shown
    assert editor.post(address, sent | {"base": "forged", "do": "save"}).status_code == 422


def test_a_partner_edits_the_services_of_its_own_organisation_alone(
    sign_in: Any, records: SimpleNamespace, department: Any
) -> None:
    partner = sign_in("partner", email="p@example.org")
    address = f"/directory/services/{records.lessons.pk}/edit/"
    assert partner.get(address).status_code == 404
    records.body.member = department
    records.body.save()
    assert partner.get(address).status_code == 200
    assert partner.get("/directory/organisations/new/").status_code == 403


def test_a_withdrawn_service_is_shown_nowhere_until_it_is_brought_back(
    editor: Client, records: SimpleNamespace
) -> None:
    address = f"/directory/services/{records.lessons.pk}/withdraw/"
    assert editor.post(address, {"version": 1, "reason": "x"}).status_code == 422
    editor.post(address, {"version": 1, "reason": "It has moved away"})
    assert queries.shown(records.lessons.pk, "en") is None
    editor.post(address, {"version": 2, "reason": "It came back"})
    assert queries.shown(records.lessons.pk, "en") is not None


def everything_written() -> str:
    """Every cell of every table of the directory, and the trail."""
    text = []
    with connection.cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_name like 'directory%'")
        tables = [name for (name,) in cursor.fetchall()] + ["accounts_auditentry"]
        for table in tables:
            cursor.execute(f"select t::text from {table} t")  # noqa: S608 (names of our tables)
            text += [row for (row,) in cursor.fetchall()]
    return "\n".join(text)


def test_making_a_place_confidential_erases_it_from_every_table(
    editor: Client, records: SimpleNamespace
) -> None:
    m.Metadata.objects.create(
        resource_id=records.room.pk, resource_type="location", field_name="name", previous_value="1 Front St"
    )
    records.lessons.description = "Lessons for adults. Come to 1 Front St. on Mondays! Bring a friend."
    records.lessons.save()
    m.Translation.objects.create(
        table="service", record_id=records.lessons.pk, field="description", language="fr",
        text="Venez au 1 Front St.", status="human", source_hash="",
    )  # fmt: skip
    Feedback.objects.create(
        service=records.lessons, kind="other", words="I went to 1 Front St. in vain.", language="en",
        day=date(2026, 11, 1),
    )  # fmt: skip
    edit, sent = opened(editor, records.room)
    editor.post(edit, sent | {"transportation": "Past the harbour", "do": "save"})
    assert "1 Front St" in everything_written()
    address = f"/directory/services/{records.lessons.pk}/confidential/"
    page = editor.get(address).content.decode()
    assert "Main branch" in page
    version = int(re.search(r'name="version" value="(\d+)"', page)[1])  # type: ignore[index]
    assert editor.post(address, {"version": version, "reason": "Threats at 1 Front St."}).status_code == 302
    left = everything_written()
    for telling in ("1 Front St", "M5J 2H7", "Main branch", "43.65", "-79.38", "harbour", "Ramp"):
        assert telling not in left, telling
    found = queries.shown(records.lessons.pk, "en")
    assert found is not None
    assert (found.places, found.confidential) == ([], True)
    assert found.description is not None
    assert found.description.text == "Lessons for adults. Bring a friend."
    assert found.phones[0].number == "+1 416 555 0100"
    assert editor.get(f"/directory/services/{records.lessons.pk}/places/new/").status_code == 302


def test_a_place_shared_with_other_services_stays_for_them(editor: Client, records: SimpleNamespace) -> None:
    other = m.Service.objects.create(organization=records.body, name="Reading club")
    m.ServiceAtLocation.objects.create(service=other, location=records.room)
    editor.post(
        f"/directory/services/{records.lessons.pk}/confidential/", {"version": 1, "reason": "Threats"}
    )
    kept = queries.shown(other.pk, "en")
    assert kept is not None
    assert kept.places[0].postal_code == "M5J 2H7"


def test_new_records_come_to_be_once_however_often_the_form_is_sent(
    editor: Client, records: SimpleNamespace
) -> None:
    address = f"/directory/organisations/{records.body.pk}/services/new/"
    page = editor.get(address).content.decode()
    sent = form_of(page) | {"name": "Chess club", "do": "save"}
    for _again in range(2):
        assert editor.post(address, sent).status_code == 302
    made = m.Service.objects.get(name="Chess club")
    assert queries.shown(made.pk, "en") is not None
    place = f"/directory/services/{made.pk}/places/new/"
    filled = form_of(editor.get(place).content.decode())
    filled |= {
        "name": "Hall",
        "addresses-0-address_1": "2 King St",
        "addresses-0-city": "Toronto",
        "do": "save",
    }
    for _again in range(2):
        assert editor.post(place, filled).status_code == 302
    found = queries.shown(made.pk, "en")
    assert found is not None
    assert [one.address for one in found.places] == [["2 King St", "Toronto"]]
