"""Who speaks for a person is written down at the desk, offered where an agreement is asked, and ended."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.registry_rights.test_slip_attacks import desk

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.registry.models import ConsentEvent, KeptText, Reading, Resident
from philoxenia_web.registry.people import grants, limits, protecting, records
from philoxenia_web.registry.people.shapes import Birth, Guardian
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import own, speakers


@pytest.fixture
def child(worker: Actor, write_down: Callable[..., Resident], resident: Resident) -> Resident:
    """Of the resident's household, twelve years old."""
    home = records.household_for(worker, resident.pk)
    born = date(timezone.localdate().year - 12, 7, 1)
    return write_down(
        worker, "Kolvena Brusten", birth=Birth(born.isoformat()), household_id=home, relation="child"
    )


def page_of(child: Resident) -> str:
    return f"/front/rights/people/{child.pk}/speakers/"


def sent(client: Client, child: Resident, **more: object) -> int:
    with visiting(SYSTEM):
        version = own.opened(child.pk).row.version
    form = {"key": str(uuid4()), "version": version, "kind": "parent", "whom": "", "name": "", **more}
    return client.post(page_of(child), form).status_code


def test_a_parent_of_the_household_agrees_by_name_and_no_longer_once_ended(
    worker: Actor, resident: Resident, child: Resident
) -> None:
    client = desk(worker)
    page = client.get(page_of(child)).content.decode()
    assert re.search(rf'<option value="{resident.pk}">\s*Zoreta Quillimand', page)
    assert str(child.pk) not in "".join(re.findall(r"<option.*?</option>", page))
    assert sent(client, child) == 422
    assert sent(client, child, whom=str(resident.pk)) == 302
    at = f"/front/rights/people/{child.pk}/agreements/reminders/"
    asked = client.get(at).content.decode()
    assert 'value="speaker-0"' in asked
    assert "Zoreta Quillimand" in asked
    form = {"key": str(uuid4()), "language": "ar", "by": "speaker-0", "method": "spoken", "do": "give"}
    assert client.post(at, form).status_code == 302
    with visiting(worker):
        said = ConsentEvent.objects.get()
        assert (said.by, said.guardian_id, said.text_id, said.language) == (
            "guardian",
            resident.pk,
            None,
            "ar",
        )
        assert said.valid_until is not None and said.valid_until < date(timezone.localdate().year + 6, 7, 1)
        version = own.opened(child.pk).row.version
    end = {"do": "end", "place": 0, "version": version - 1, "key": str(uuid4())}
    client.post(page_of(child), end)
    assert 'value="speaker-0"' in client.get(at).content.decode()
    client.post(page_of(child), end | {"version": version})
    assert 'value="speaker-0"' not in client.get(at).content.decode()
    assert client.post(at, form | {"key": str(uuid4())}).status_code == 422


def test_a_grown_person_names_a_representative_whose_time_ends_by_itself(
    worker: Actor, resident: Resident
) -> None:
    client = desk(worker)
    assert sent(client, resident, kind="parent", name="Trivane Brusten") == 422
    assert sent(client, resident, kind="representative", name="Trivane Brusten") == 302
    with visiting(worker):
        (one,) = speakers.choices_of(worker, resident.pk)
        assert one.until is not None and one.until > timezone.localdate() + timedelta(days=700)
        said = {"key": str(uuid4()), "language": "en", "by": one.choice, "method": "written", "do": "give"}
    client.post(f"/front/rights/people/{resident.pk}/agreements/photo/", said)
    with visiting(worker):
        assert ConsentEvent.objects.get().by == "representative"
        assert b"Trivane" not in bytes(KeptText.objects.get(kind="representative").content)
        last = Guardian(name="Trivane Brusten", kind="representative", until="2026-01-01")
        version = own.opened(resident.pk).row.version
        records.change(worker, resident.pk, version, {"guardians": [last]}, uuid4())
        assert speakers.choices_of(worker, resident.pk) == []


def test_nobody_of_another_household_is_written_down_by_their_id(
    worker: Actor, write_down: Callable[..., Resident], child: Resident
) -> None:
    stranger = write_down(worker, "Bexiro Tamblin")
    with visiting(worker), pytest.raises(NotPossible, match="of the household"):
        speakers.add(worker, child.pk, Guardian(str(stranger.pk)), 1, uuid4())


def test_who_was_granted_no_birth_reads_neither_it_nor_who_speaks(
    worker: Actor, other_worker: Actor, child: Resident, resident: Resident
) -> None:
    assert sent(desk(worker), child, whom=str(resident.pk)) == 302
    protecting.protect(worker, child.pk, True, 2, uuid4())
    (elsewhere,) = other_worker.organisations
    pages = f"/front/rights/people/{child.pk}/"
    agreeing = pages + "agreements/reminders/"
    with visiting(SYSTEM):
        source = uuid4()
        grants.give(SYSTEM, child.pk, elsewhere, "referral", frozenset({"languages"}), None, source)
    other = desk(other_worker)
    shown = other.get(pages)
    assert (shown.status_code, shown.context["of_age"], shown.context["speakers"]) == (200, "", [])
    assert b'id="speakers"' not in shown.content
    asked = other.get(agreeing)
    assert asked.status_code == 200 and b"speaker-0" not in asked.content
    assert other.get(page_of(child)).status_code == 404
    assert openings(other_worker) == 0
    mine = desk(worker)
    assert b'id="speakers"' in mine.get(pages).content and b"speaker-0" in mine.get(agreeing).content


def openings(actor: Actor) -> int:
    with visiting(SYSTEM):
        return Reading.objects.filter(person_id=actor.person_id, fields=["birth", "guardians"]).count()


def test_reading_who_speaks_is_told_and_counted_within_the_hour(
    worker: Actor, resident: Resident, child: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "whole", lambda name: 2)
    mine = desk(worker)
    for turn, address in enumerate(("", "agreements/reminders/", "speakers/"), 1):
        assert mine.get(f"/front/rights/people/{resident.pk}/{address}").status_code == 200
        assert openings(worker) == turn
    assert mine.get(page_of(child)).status_code == 200
    for address in ("", "agreements/reminders/", "speakers/"):
        assert mine.get(f"/front/rights/people/{child.pk}/{address}").status_code == 429
    with visiting(worker), pytest.raises(NotPossible, match="very many records"):
        records.open_record(worker, child.pk, "serving_now")
