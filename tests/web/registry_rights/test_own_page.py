"""A resident's own page: one slip, one device, few tries; what is shown, asked and taken back there."""

import io
import json
import re
import zipfile
from datetime import timedelta
from uuid import uuid4

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone
from tests.web.registry_rights.conftest import PIN

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.accounts.models import AuditEntry
from philoxenia_web.casework.city_time import today
from philoxenia_web.registry.models import Consent, Resident, RightsRequest, Slip
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import consents, export, slips
from philoxenia_web.registry.rights.consents import Said

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def token(phone: Client) -> str:
    found = _TOKEN.search(phone.get("/mine/en/").content.decode())
    assert found
    return found[1]


def slip() -> Slip:
    with visiting(SYSTEM):
        return Slip.objects.get()


def test_a_slip_opens_the_page_and_says_what_is_kept_and_who_read(
    own: Client, worker: Actor, resident: Resident
) -> None:
    records.open_record(worker, resident.pk, "appointment")
    page = own.get("/mine/en/").content.decode()
    assert "Zoreta Quillimand" in page
    assert "+1 416 555 0143" in page
    assert "An appointment was prepared" in page
    assert "Shelter and Support" in page
    assert "<title>What the city keeps about you" in page


def test_the_cookie_is_of_this_page_alone(code: str) -> None:
    phone = Client()
    phone.post("/mine/en/", {"code": code.lower().replace("-", " "), "pin": PIN})
    cookie = phone.cookies["mine"]
    assert cookie["path"] == "/mine/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert set(phone.cookies) == {"mine"}


def test_the_slip_opens_on_one_device(own: Client, code: str) -> None:
    second = Client()
    answer = second.post("/mine/en/", {"code": code, "pin": PIN})
    assert answer.status_code == 422
    assert b"opened on another device" in answer.content
    assert "Zoreta" in own.get("/mine/en/").content.decode()


def test_a_wrong_number_ends_the_slip_after_few_tries_and_says_the_same_as_a_wrong_code(code: str) -> None:
    phone = Client()
    said = {
        re.sub(r'value="[^"]+"', "", phone.post("/mine/en/", {"code": one, "pin": pin}).content.decode())
        for one, pin in [(code, "9999"), (code[:-1] + "!", PIN), ("ZZZZZ-ZZZZ-ZZZZ", PIN), ("", "")]
    }
    assert len(said) == 1
    # Strangers who know the half by which it is found end nobody's slip.
    assert slip().tries_left == 4
    for _ in range(4):
        phone.post("/mine/en/", {"code": code, "pin": "9999"})
    assert slip().because == Slip.Because.TRIES
    # People type numbers that open more than this: of an ended slip none can be tried.
    assert (bytes(slip().pin), bytes(slip().code)) == (b"", b"")
    assert phone.post("/mine/en/", {"code": code, "pin": PIN}).status_code == 422


def test_many_tries_from_one_address_stop_guessing_and_nobody_who_is_right(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Client()
    with visiting(SYSTEM):
        for _ in range(60):
            slips._wrong(None, slips._mark_of("127.0.0.1"))
    hashed, slow = [], slips._slow
    monkeypatch.setattr(slips, "_slow", lambda *told: hashed.append(told) or slow(*told))
    # As much work for a slip that is there as for none: the clock tells nothing.
    for guess, pin in (("ZZZZZ-ZZZZ-ZZZZ", PIN), (code[:6] + "ZZZZ-ZZZZ", PIN), (code, "9999")):
        assert b"Too many tries" in phone.post("/mine/en/", {"code": guess, "pin": pin}).content
        assert len(hashed) == 2
        hashed.clear()
    assert slip().tries_left == 4
    assert phone.post("/mine/en/", {"code": code, "pin": PIN}).status_code == 302


@pytest.mark.parametrize("pin", ["1234", "9876", "0000", "12", "12a4", "١٢٣٤", "123456789"])
def test_a_number_everybody_would_try_is_refused(pin: str) -> None:
    with pytest.raises(NotPossible):
        slips.check_pin(pin)


def test_the_page_closes_by_itself_and_the_number_opens_it(own: Client) -> None:
    with visiting(SYSTEM):
        Slip.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    closed = own.get("/mine/en/")
    assert b"Zoreta" not in closed.content
    assert own.get("/mine/en/readings/").status_code == 302
    held = _TOKEN.search(closed.content.decode())
    assert held
    assert own.post("/mine/en/", {"pin": "9999", "csrfmiddlewaretoken": held[1]}).status_code == 422
    assert own.post("/mine/en/", {"pin": PIN, "csrfmiddlewaretoken": held[1]}).status_code == 302
    assert "Zoreta" in own.get("/mine/en/").content.decode()


def test_nothing_is_done_for_another_site(own: Client, resident: Resident) -> None:
    own.handler.enforce_csrf_checks = True
    form = {"kind": "erase", "key": str(uuid4())}
    assert own.post("/mine/en/ask/", form).status_code == 403
    right = form | {"csrfmiddlewaretoken": token(own)}
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert own.post("/mine/en/ask/", right, headers=headers).status_code == 403
    with visiting(SYSTEM):
        assert not RightsRequest.objects.exists()


def test_the_form_for_the_slip_is_sent_from_its_page_alone(code: str) -> None:
    phone = Client(enforce_csrf_checks=True)
    form = {"code": code, "pin": PIN}
    assert phone.post("/mine/en/", form).status_code == 403
    found = _TOKEN.search(phone.get("/mine/en/").content.decode())
    assert found
    form["csrfmiddlewaretoken"] = found[1]
    assert phone.post("/mine/en/", form, headers={"Origin": "https://evil.example.org"}).status_code == 403
    assert phone.post("/mine/en/", form).status_code == 302


def test_a_correction_is_asked_once_with_sealed_words_and_a_day(own: Client, resident: Resident) -> None:
    form = {
        "kind": "correct",
        "field": "names",
        "words": "<script>alert(1)</script> Quillimande",
        "key": str(uuid4()),
        "csrfmiddlewaretoken": token(own),
    }
    assert own.post("/mine/en/ask/", form).status_code == 302
    assert own.post("/mine/en/ask/", form).status_code == 302
    with visiting(SYSTEM):
        asked = RightsRequest.objects.get()
    assert asked.due_on == today() + timedelta(days=30)
    assert asked.organisation_id == resident.organisation_id
    page = own.get("/mine/en/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Quillimande" in page
    assert (
        own.post(f"/mine/en/requests/{asked.pk}/back/", {"csrfmiddlewaretoken": token(own)}).status_code
        == 302
    )
    with visiting(SYSTEM):
        assert RightsRequest.objects.get().state == "taken_back"


def test_somebody_elses_request_is_not_there(
    own: Client, worker: Actor, write_down: object, resident: Resident
) -> None:
    from philoxenia_web.registry.rights import requests  # noqa: PLC0415

    other = write_down(worker, "Bexiro Tamblin")  # type: ignore[operator]
    with visiting(worker):
        asked = requests.ask(worker, other.pk, requests.Wish("erase"), uuid4())
        one = consents.give(worker, other.pk, "reminders", other.organisation_id, Said(), uuid4())
    assert (
        own.post(f"/mine/en/requests/{asked.pk}/back/", {"csrfmiddlewaretoken": token(own)}).status_code
        == 404
    )
    own.post(f"/mine/en/agreements/{one.pk}/", {"csrfmiddlewaretoken": token(own), "key": str(uuid4())})
    with visiting(SYSTEM):
        assert RightsRequest.objects.get().state == "asked"
        assert Consent.objects.get().state == "given"


def test_an_agreement_is_taken_back_at_once(own: Client, worker: Actor, resident: Resident) -> None:
    stopped: list[str] = []
    place = resident.organisation_id
    with visiting(worker):
        one = consents.give(worker, resident.pk, "reminders", place, Said(), uuid4())
        assert consents.consent(resident.pk, "reminders", place) == one.pk
    consents.on_withdrawn(lambda actor, whom, purpose, organisation: stopped.append(purpose))
    form = {"csrfmiddlewaretoken": token(own), "key": str(uuid4())}
    try:
        own.post(f"/mine/en/agreements/{one.pk}/", form)
        own.post(f"/mine/en/agreements/{one.pk}/", form)
    finally:
        consents._ON_WITHDRAWN.pop()
    assert stopped == ["reminders"]
    with visiting(worker):
        assert consents.consent(resident.pk, "reminders", place) is None
        assert consents.events(resident.pk)[0].method == "own_page"


def test_the_file_to_take_along_follows_its_schema(own: Client, worker: Actor, resident: Resident) -> None:
    with visiting(worker):
        consents.give(worker, resident.pk, "referral", resident.organisation_id, Said(), uuid4())
    answer = own.post("/mine/en/take-along/", {"csrfmiddlewaretoken": token(own)})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="record.zip"'
    assert "no-store" in answer.headers["Cache-Control"]
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert sorted(packed.namelist()) == ["person-record.schema.json", "record.html", "record.json"]
    record = json.loads(packed.read("record.json"))
    checker = jsonschema.Draft202012Validator(export.schema(), format_checker=jsonschema.FormatChecker())
    assert [one.message for one in checker.iter_errors(record)] == []
    assert record["record"]["names"][0]["text"] == "Zoreta Quillimand"
    assert record["consents"][0]["event_state"] == "https://w3id.org/dpv#ConsentGiven"
    assert "Zoreta Quillimand" in packed.read("record.html").decode()
    assert Client().get("/mine/person-record.schema.json").json() == export.schema()


def test_ending_the_slip_ends_it_everywhere(own: Client) -> None:
    own.post("/mine/en/leave/", {"csrfmiddlewaretoken": token(own), "do": "end"})
    assert b"Zoreta" not in own.get("/mine/en/").content
    assert slip().state == Slip.State.ENDED
    assert slip().device is None


def test_no_value_stands_in_the_trail_or_the_address(own: Client) -> None:
    own.get("/mine/en/")
    told = json.dumps(list(AuditEntry.objects.values("before", "after", "reason")), default=str)
    assert "Zoreta" not in told
    assert PIN not in told


@pytest.mark.parametrize("language", ["ar", "uk"])
def test_the_page_speaks_the_language_of_its_address(own: Client, language: str) -> None:
    answer = own.get(f"/mine/{language}/")
    assert answer.headers["Content-Language"] == language
    assert ('dir="rtl"' in answer.content.decode()) == (language == "ar")
    assert own.get("/mine/xx/").status_code == 404
