"""The desk serves people in their rights: agreements, slips, requests, files, forgetting, what may go."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from philoxenia.vocabulary.states import StepError
from philoxenia_web.accounts.access import SYSTEM, Actor, Denied
from philoxenia_web.accounts.models import Person
from philoxenia_web.casework.city_time import today
from philoxenia_web.registry.models import (
    Consent,
    ConsentEvent,
    KeptText,
    Resident,
    RetentionItem,
    RightsRequest,
    Slip,
)
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.shapes import Birth
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import Conflict, NotPossible
from philoxenia_web.registry.rights import consents, forgetting, parts, requests, retention
from philoxenia_web.registry.rights.consents import Said
from philoxenia_web.registry.rights.purposes import purpose, purposes


def desk(actor: Actor) -> Client:
    client = Client()
    client.force_login(
        Person.objects.get(pk=actor.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def home(resident: Resident) -> str:
    return f"/front/rights/people/{resident.pk}/"


# --- agreements -------------------------------------------------------------------------------------------


def test_an_agreement_is_written_once_with_notice_language_and_day(worker: Actor, resident: Resident) -> None:
    page = desk(worker).get(home(resident) + "agreements/referral/?language=ar").content.decode()
    assert 'dir="rtl"' in page
    form = {"key": str(uuid4()), "language": "ar", "by": "self", "method": "spoken", "name": "", "do": "give"}
    for _ in range(2):
        assert desk(worker).post(home(resident) + "agreements/referral/", form).status_code == 302
    with visiting(worker):
        said = ConsentEvent.objects.get()
        assert said.notice_mark == purpose("referral").mark("ar")
        assert said.language == "ar"
        assert said.valid_until == consents.months_on(today(), 12)
        assert consents.consent(resident.pk, "referral", resident.organisation_id) == said.consent_id


def test_what_needs_no_agreement_is_not_asked(worker: Actor, resident: Resident) -> None:
    assert desk(worker).get(home(resident) + "agreements/service/").status_code == 404
    with visiting(worker), pytest.raises(NotPossible):
        consents.give(worker, resident.pk, "service", resident.organisation_id, Said(), uuid4())


def test_a_child_does_not_agree_alone_and_is_asked_anew_when_of_age(
    worker: Actor, write_down: Callable[..., Resident]
) -> None:
    born = date(timezone.localdate().year - 17, 7, 1)
    child = write_down(worker, "Kolvena Brusten", birth=Birth(born.isoformat()))
    place = child.organisation_id
    with visiting(worker):
        with pytest.raises(NotPossible, match="not of age"):
            consents.give(worker, child.pk, "reminders", place, Said(), uuid4())
        said = Said(by="guardian", name="Trivane Brusten")
        one = consents.give(worker, child.pk, "reminders", place, said, uuid4())
        assert one.valid_until == date(born.year + 18, 6, 30)
        said = Said(by="representative", name="Trivane Brusten")
        again = consents.give(worker, child.pk, "photo", place, said, uuid4())
        assert again.valid_until == date(born.year + 18, 6, 30)
        for text in KeptText.objects.filter(kind="representative"):
            assert b"Trivane" not in bytes(text.content)


@pytest.mark.parametrize(
    ("birth", "of_age"),
    [
        (Birth("2008-02-29"), date(2026, 2, 28)),
        (Birth(year=2010, certainty="year_only"), date(2028, 1, 1)),
        (Birth("2010-06-05", certainty="estimated"), date(2028, 1, 1)),
        (Birth(), None),
        (None, None),
    ],
)
def test_coming_of_age_is_the_earliest_day_it_may_be(birth: Birth | None, of_age: date | None) -> None:
    assert consents.comes_of_age(birth) == of_age


def test_an_agreement_runs_out_and_can_be_given_again(worker: Actor, resident: Resident) -> None:
    place = resident.organisation_id
    with visiting(worker):
        consents.give(worker, resident.pk, "photo", place, Said(), uuid4())
    with visiting(SYSTEM):
        Consent.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
        assert consents.consent(resident.pk, "photo", place) is None
        assert consents.run_out() == 1
        assert consents.run_out() == 0
    with visiting(worker):
        assert consents.give(worker, resident.pk, "photo", place, Said(), uuid4()).state == "given"
        assert [one.verb for one in consents.events(resident.pk)] == ["give", "run out", "give"]


def test_what_was_said_cannot_be_changed_by_the_application(worker: Actor, resident: Resident) -> None:
    with visiting(worker):
        consents.give(worker, resident.pk, "photo", resident.organisation_id, Said(), uuid4())
        assert ConsentEvent.objects.update(verb="refuse") == 0
        assert ConsentEvent.objects.filter(verb="give").exists()


def test_every_purpose_has_terms_of_the_vocabulary_and_says_what_happens_without() -> None:
    for one in purposes().values():
        assert one.dpv_purpose.startswith("https://w3id.org/dpv#")
        assert one.dpv_basis.startswith("https://w3id.org/dpv#")
        assert one.without
        assert (one.renew_months > 0) == one.asked


# --- requests ---------------------------------------------------------------------------------------------


def ask(actor: Actor, resident: Resident, kind: str = "correct") -> RightsRequest:
    with visiting(actor):
        return requests.ask(actor, resident.pk, requests.Wish(kind, "names", "Two letters"), uuid4())


def test_a_request_is_worked_off_by_the_departments_desk(
    worker: Actor, supervisor: Actor, other_worker: Actor, resident: Resident
) -> None:
    asked = ask(worker, resident)
    address = f"/front/rights/requests/{asked.pk}/"
    assert desk(other_worker).get(address).status_code == 404
    assert b"Zoreta" not in desk(worker).get("/front/rights/").content
    assert desk(worker).post(address, {"do": "take up", "version": 1}).status_code == 302
    stale = desk(worker).post(address, {"do": "answer", "version": 1, "words": "Done"})
    assert stale.status_code == 422
    answered = desk(worker).post(address, {"do": "answer", "version": 2, "words": "It is right now"})
    assert answered.status_code == 302
    assert "It is right now" in desk(worker).get(address).content.decode()


def test_only_a_supervisor_declines_and_with_a_reason(
    worker: Actor, supervisor: Actor, resident: Resident
) -> None:
    asked = ask(worker, resident)
    with visiting(worker), pytest.raises(Denied):
        requests.step(worker, asked.pk, 1, "decline", "law")
    with visiting(supervisor):
        with pytest.raises(NotPossible):
            requests.step(supervisor, asked.pk, 1, "decline")
        assert requests.step(supervisor, asked.pk, 1, "decline", "law").state == "declined"
        with pytest.raises(Conflict):
            requests.step(supervisor, asked.pk, 1, "answer")
        with pytest.raises(StepError):
            requests.step(supervisor, asked.pk, 2, "answer")


def test_the_same_form_twice_asks_once(worker: Actor, resident: Resident) -> None:
    form = {"key": str(uuid4()), "kind": "see", "field": "", "words": ""}
    for _ in range(2):
        assert desk(worker).post(home(resident) + "ask/", form).status_code == 302
    with visiting(worker):
        assert RightsRequest.objects.count() == 1


# --- slip and page ----------------------------------------------------------------------------------------


def test_the_slip_is_shown_once_in_the_persons_language_and_only_hashes_are_kept(
    worker: Actor, resident: Resident
) -> None:
    form = {"key": str(uuid4()), "language": "ar", "pin": "4702"}
    answer = desk(worker).post(home(resident) + "slip/", form)
    page = answer.content.decode()
    found = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert found
    assert 'lang="ar" dir="rtl"' in page
    assert "Zoreta" not in page
    assert answer.headers["Cache-Control"].startswith("no-store")
    with connection.cursor() as cursor, visiting(SYSTEM):
        cursor.execute("select registry_slip::text from registry_slip")
        (row,) = cursor.fetchone()
    assert found[0][6:10] not in row
    assert "4702" not in row


def test_a_second_slip_of_a_day_is_a_supervisors_and_ends_the_one_before(
    worker: Actor, supervisor: Actor, resident: Resident
) -> None:
    answers = []
    for actor in (worker, worker, supervisor):
        form = {"key": str(uuid4()), "language": "en", "pin": "4702"}
        answers.append(desk(actor).post(home(resident) + "slip/", form).status_code)
    assert answers == [200, 422, 200]
    with visiting(SYSTEM):
        assert sorted(Slip.objects.values_list("state", flat=True)) == ["ended", "printed"]


def test_pages_show_what_they_say_and_titles_name_nobody(worker: Actor, resident: Resident) -> None:
    client = desk(worker)
    for path in ("", "agreements/reminders/", "slip/", "ask/"):
        page = client.get(home(resident) + path).content.decode()
        assert "Zoreta Quillimand" in page
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        assert title
        assert "Zoreta" not in title[1]


def test_a_supervisor_hands_out_the_file_where_it_was_asked_for_and_the_person_sees_it(
    worker: Actor, supervisor: Actor, resident: Resident
) -> None:
    address = home(resident) + "take-along/"
    assert desk(worker).post(address).status_code == 403
    assert desk(supervisor).post(address).status_code == 302
    # Two people: who writes a request down does not answer it.
    own = ask(supervisor, resident, "take_along")
    assert desk(supervisor).post(address).status_code == 302
    with visiting(supervisor), pytest.raises(NotPossible):
        requests.step(supervisor, own.pk, 1, "answer")
    asked = ask(worker, resident, "take_along")
    assert desk(supervisor).post(address).content[:2] == b"PK"
    with visiting(worker):
        asked.refresh_from_db()
    assert asked.state == "done"
    page = desk(supervisor).get(home(resident) + "readings/").content.decode()
    assert "Your record was handed out as a file" in page


def test_other_desks_learn_nothing_of_where_else_somebody_goes(
    worker: Actor, other_worker: Actor, resident: Resident
) -> None:
    with visiting(worker):
        consents.give(worker, resident.pk, "referral", resident.organisation_id, Said(), uuid4())
    ask(worker, resident)
    page = desk(other_worker).get(home(resident)).content.decode()
    assert "Zoreta" in page
    assert "Shelter and Support" not in page
    assert desk(other_worker).get(home(resident) + "readings/").status_code == 403
    with visiting(other_worker):
        assert not Consent.objects.exists()
        assert not ConsentEvent.objects.exists()
        assert not RightsRequest.objects.exists()


def test_another_desk_writes_a_request_down_for_the_department_that_answers(
    worker: Actor, other_worker: Actor, resident: Resident
) -> None:
    form = {"key": str(uuid4()), "kind": "correct", "field": "names", "words": "Two letters"}
    for _ in range(2):
        assert desk(other_worker).post(home(resident) + "ask/", form).status_code == 302
    with visiting(worker):
        asked = RightsRequest.objects.get()
    assert "Two letters" in desk(worker).get(f"/front/rights/requests/{asked.pk}/").content.decode()


# --- being forgotten --------------------------------------------------------------------------------------


def test_forgetting_asks_for_the_number_and_leaves_nothing_that_can_be_read(
    worker: Actor, supervisor: Actor, resident: Resident
) -> None:
    ask(supervisor, resident, "erase")
    page = desk(supervisor).get(home(resident) + "erase/").content.decode()
    assert "a record is erased by two people" in page
    asked = ask(worker, resident, "erase")
    with visiting(worker):
        consents.give(worker, resident.pk, "photo", resident.organisation_id, Said(), uuid4())
        number = records.number_of(resident.pk)
    client = desk(supervisor)
    assert desk(worker).get(home(resident) + "erase/").status_code == 403
    assert client.post(home(resident) + "erase/", {"number": "111-111-111-1"}).status_code == 422
    assert client.post(home(resident) + "erase/", {"number": number.replace("-", " ")}).status_code == 302
    assert client.get(home(resident)).status_code == 404
    with visiting(SYSTEM):
        asked.refresh_from_db()
        assert (asked.state, asked.text_id) == ("done", None)
        assert not KeptText.objects.exists()
        assert not Consent.objects.exists()


def test_what_stands_against_forgetting_is_said_and_holds(
    worker: Actor, supervisor: Actor, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased: list[object] = []
    against = parts.Eraser("test", lambda _: ["A case is open."], lambda *told: erased.append(told))
    monkeypatch.setitem(parts._ERASERS, "test", against)
    page = desk(supervisor).get(home(resident) + "erase/").content.decode()
    assert "A case is open." in page
    ask(worker, resident, "erase")
    with pytest.raises(NotPossible, match="A case is open"):
        forgetting.forget(supervisor, resident.pk, "asked")
    assert erased == []


def test_another_departments_supervisor_does_not_erase(
    person: Callable[..., Person], other_worker: Actor, resident: Resident
) -> None:
    from philoxenia_web.accounts.access import Actor as Somebody  # noqa: PLC0415
    from philoxenia_web.accounts.roles import Role  # noqa: PLC0415

    (place,) = other_worker.organisations
    elsewhere = Somebody(other_worker.person_id, "", frozenset({(place, Role.SUPERVISOR)}))
    with pytest.raises(Denied):
        forgetting.forget(elsewhere, resident.pk, "asked")


# --- the database itself ----------------------------------------------------------------------------------


TABLES = ("consent", "consentevent", "rightsrequest", "slip", "sliptry", "retentionitem", "peopleimport")


def rows_of(table: str, **settings: str) -> int:
    """How many rows the application's role sees with these settings."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name in ("person", "organisations", "desks", "supervises", "system", "resident"):
            cursor.execute("select set_config(%s, %s, true)", [f"philoxenia.{name}", settings.get(name, "")])
        cursor.execute(f"select current_user, count(*) from registry_{table}")  # noqa: S608 (our own names)
        role, found = cursor.fetchone()
    assert role == "philoxenia_app"
    return int(found)


def test_row_level_security_shows_nothing_outside_a_visit_and_their_own_to_a_resident(
    worker: Actor, resident: Resident, code: str
) -> None:
    with visiting(worker):
        consents.give(worker, resident.pk, "photo", resident.organisation_id, Said(), uuid4())
    ask(worker, resident)
    seen = {"consent": 1, "consentevent": 1, "rightsrequest": 1, "slip": 1}
    for table in TABLES:
        assert rows_of(table) == 0
        assert rows_of(table, resident=str(uuid4())) == 0
        assert rows_of(table, desks=str(uuid4())) == (1 if table == "slip" else 0)
        assert rows_of(table, resident=str(resident.pk)) == seen.get(table, 0)
        assert rows_of(table, desks=str(resident.organisation_id)) == seen.get(table, 0)


# --- what may go ------------------------------------------------------------------------------------------


@pytest.fixture
def unused(resident: Resident) -> Resident:
    with visiting(SYSTEM):
        Resident.objects.update(changed_at=timezone.now() - timedelta(days=5 * 365))
        with connection.cursor() as cursor:
            cursor.execute("select set_config('philoxenia.system', 'yes', true)")
    return resident


def test_a_record_nobody_used_is_proposed_and_goes_when_confirmed(
    supervisor: Actor, unused: Resident
) -> None:
    assert retention.propose()["record_unused"] == 1
    assert retention.propose()["record_unused"] == 0
    with visiting(SYSTEM):
        item = RetentionItem.objects.get()
        assert Resident.objects.get().erased_at is None
    client = desk(supervisor)
    assert str(item.pk) in client.get("/front/rights/retention/").content.decode()
    client.post("/front/rights/retention/", {"item": [str(item.pk)]})
    with visiting(SYSTEM):
        assert Resident.objects.get().erased_at is not None
        assert RetentionItem.objects.get().state == "ended"


def test_a_record_that_is_used_again_stays(worker: Actor, supervisor: Actor, unused: Resident) -> None:
    retention.propose()
    with visiting(SYSTEM):
        item = RetentionItem.objects.get()
    client = desk(supervisor)
    look = f"{home(unused)}?why=quality"
    assert look in client.get("/front/rights/retention/").content.decode()
    # Who looks through lists, or looks whether it may go, does not serve the person.
    client.get(look)
    records.briefs(worker, [unused.pk], "serving_now")
    with visiting(SYSTEM):
        assert not retention._used_since(item)
    records.open_record(worker, unused.pk, "serving_now")
    answer = client.post("/front/rights/retention/", {"item": [str(item.pk)]}, follow=True)
    assert "1 stays: it was used" in answer.content.decode()
    with visiting(SYSTEM):
        assert Resident.objects.get().erased_at is None


def test_what_other_apps_served_counts_as_use(unused: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    served = {unused.pk: timezone.localdate()}
    monkeypatch.setattr(parts, "_LAST_USES", [lambda ids: {one: served[one] for one in ids if one in served}])
    assert retention.propose()["record_unused"] == 0


def test_ended_slips_and_answered_words_go_by_their_rules(
    worker: Actor, supervisor: Actor, resident: Resident
) -> None:
    asked = ask(worker, resident)
    with visiting(worker):
        requests.step(worker, asked.pk, 1, "answer", words="Yes")
    later = timezone.localdate() + timedelta(days=800)
    found = retention.propose(later)
    assert found["request_closed"] == 1
    with visiting(SYSTEM):
        item = RetentionItem.objects.get(rule="request_closed")
    assert retention.confirm(supervisor, [item.pk])["ended"] == 1
    with visiting(SYSTEM):
        assert not KeptText.objects.exists()
        assert RightsRequest.objects.get().text_id is None
