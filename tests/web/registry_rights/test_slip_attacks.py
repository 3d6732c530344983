"""Whoever prints a slip might become the person: who may, what people are told, what it never opens."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from tests.web.registry_rights.conftest import PIN

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for
from philoxenia_web.accounts.models import AuditEntry, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions.cases import open_case
from philoxenia_web.casework.actions.notes import write_note
from philoxenia_web.registry.models import Reading, Resident, RightsRequest, Slip
from philoxenia_web.registry.people import grants, protecting
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import printing, requests, slips
from philoxenia_web.registry.rights.parts import tells_words_of
from philoxenia_web.registry.rights.views import people

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def desk(actor: Actor) -> Client:
    client = Client()
    client.force_login(
        Person.objects.get(pk=actor.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def printed(actor: Actor, resident: Resident) -> str:
    """The code of a new slip."""
    with visiting(actor):
        return printing.print_slip(actor, resident.pk, PIN, "en", uuid4())[1]


def opened(code: str) -> Client:
    """A phone with the page open."""
    phone = Client()
    assert phone.post("/mine/en/", {"code": code, "pin": PIN}).status_code == 302
    return phone


def token(phone: Client) -> str:
    found = _TOKEN.search(phone.get("/mine/en/").content.decode())
    assert found
    return found[1]


def taken_along(phone: Client) -> dict[str, object]:
    """The file of the page, as other programs read it."""
    answer = phone.post("/mine/en/take-along/", {"csrfmiddlewaretoken": token(phone)})
    read: dict[str, object] = json.loads(
        zipfile.ZipFile(io.BytesIO(answer.content)).read("record.json").decode()
    )
    return read


@pytest.fixture
def colleague(person: Callable[..., Person]) -> Actor:
    """Another caseworker of the same desk."""
    return actor_for(person(Role.CASEWORKER, email="colleague@example.org"))


def test_a_desk_that_neither_holds_nor_works_with_somebody_prints_no_slip_of_theirs(
    person: Callable[..., Person], other_worker: Actor, resident: Resident
) -> None:
    (place,) = other_worker.organisations
    at = f"/front/rights/people/{resident.pk}/slip/"
    form = {"key": str(uuid4()), "language": "en", "pin": PIN}
    assert b"printed by the department that keeps the record" in desk(other_worker).get(at).content
    assert desk(other_worker).post(at, form).status_code == 422
    # A case of one's own is begun in a minute; a colleague's is not.
    open_case(other_worker, resident.pk, place, uuid4())
    assert desk(other_worker).post(at, form).status_code == 422
    with visiting(SYSTEM):
        assert not Slip.objects.exists()
    where = Person.objects.get(pk=other_worker.person_id).memberships.get().organisation
    second = actor_for(person(Role.CASEWORKER, organisation=where, email="second@example.org"))
    assert desk(second).post(at, form).status_code == 200
    with visiting(SYSTEM):
        assert Slip.objects.get().organisation_id == place


def test_the_person_learns_of_every_slip_on_the_page_among_readings_and_on_the_phone_it_ended(
    worker: Actor, supervisor: Actor, resident: Resident
) -> None:
    phone = opened(printed(worker, resident))
    page = phone.get("/mine/en/").content.decode()
    assert "Printed by <strong><bdi>Shelter and Support</bdi></strong>" in page
    assert "A slip for your own page was printed" in page
    second = opened(printed(supervisor, resident))
    said = phone.get("/mine/en/").content.decode()
    assert "The slip has ended" in said
    # Whoever holds the old device learns neither from whom the person got another, nor when.
    for told in ("Zoreta", "Shelter and Support", "printed", "a newer one"):
        assert told not in said
    # Once said, the device forgets: nothing of the slip is left on it.
    assert "The slip has ended" not in phone.get("/mine/en/").content.decode()
    page = second.get("/mine/en/").content.decode()
    assert "<bdi>Shelter and Support</bdi> printed a newer one" in page
    assert page.count("Printed by <strong>") == 2
    assert "A newer slip was printed" in page
    with visiting(SYSTEM):
        assert Reading.objects.filter(resident_id=resident.pk, reason="slip_printed").count() == 2
        told = AuditEntry.objects.filter(action="registry.slip_for").first()
    assert told is not None and told.organisation_id == resident.organisation_id


def test_no_page_opens_where_a_member_of_staff_is_signed_in(worker: Actor, resident: Resident) -> None:
    code, staff = printed(worker, resident), desk(worker)
    for sent in ({"code": code, "pin": PIN}, {"pin": PIN}):
        answer = staff.post("/mine/en/", sent)
        assert (answer.status_code, "mine" in answer.cookies) == (403, False)
    with visiting(SYSTEM):
        assert Slip.objects.get().state == "printed"


def test_a_second_person_opens_theirs_on_the_same_phone_and_a_wrong_code_leaves_the_first(
    worker: Actor, write_down: Callable[..., Resident], resident: Resident
) -> None:
    child = write_down(worker, "Bexiro Tamblin")
    phone, code = opened(printed(worker, resident)), printed(worker, child)
    form = {"code": "ZZZZZ-ZZZZ-ZZZZ", "pin": PIN, "csrfmiddlewaretoken": token(phone)}
    assert phone.post("/mine/en/", form).status_code == 422
    assert "Zoreta Quillimand" in phone.get("/mine/en/").content.decode()
    form = {"code": code, "pin": PIN, "csrfmiddlewaretoken": token(phone)}
    assert phone.post("/mine/en/", form).status_code == 302
    page = phone.get("/mine/en/").content.decode()
    assert "Bexiro Tamblin" in page
    assert "Zoreta" not in page


def test_words_of_staff_stand_in_the_file_once_another_person_let_them_out(
    worker: Actor, colleague: Actor, resident: Resident
) -> None:
    place = resident.organisation_id
    case = open_case(worker, resident.pk, place, uuid4())
    write_note(worker, case.pk, "visit", "Marzelline sounded afraid", uuid4())
    phone = opened(printed(worker, resident))
    told = json.dumps(taken_along(phone))
    assert "Marzelline" not in told
    assert '"words_told": false' in told
    form = {"kind": "take_along", "key": str(uuid4()), "csrfmiddlewaretoken": token(phone)}
    assert phone.post("/mine/en/ask/", form).status_code == 302
    with visiting(worker):
        asked = RightsRequest.objects.get()
        # Who printed the slip might be the one who asks.
        assert asked.asked_by == worker.person_id
        with pytest.raises(NotPossible, match="A colleague answers it"):
            requests.step(worker, asked.pk, 1, "answer")
    assert b"ask the person whether it was theirs" in (
        desk(colleague).get(f"/front/rights/requests/{asked.pk}/").content
    )
    with visiting(colleague):
        requests.step(colleague, asked.pk, 1, "answer")
    assert "Marzelline sounded afraid" in json.dumps(taken_along(phone))
    assert not tells_words_of(place)
    with visiting(SYSTEM):
        RightsRequest.objects.update(decided_at="2020-01-01T00:00Z")
    assert "Marzelline" not in json.dumps(taken_along(phone))


def test_each_department_that_wrote_words_is_asked_for_its_own(
    worker: Actor, other_worker: Actor, resident: Resident
) -> None:
    (elsewhere,) = other_worker.organisations
    open_case(other_worker, resident.pk, elsewhere, uuid4())
    key = uuid4()
    with visiting(worker):
        for _ in range(2):
            requests.ask(worker, resident.pk, requests.Wish("take_along"), key)
        assert RightsRequest.objects.count() == 1
        with pytest.raises(NotPossible, match="This page is old"):
            requests.ask(worker, resident.pk, requests.Wish("see"), key)
    with visiting(SYSTEM):
        places = set(RightsRequest.objects.values_list("organisation_id", flat=True))
    assert places == {elsewhere, resident.organisation_id}


def test_what_several_departments_answer_counts_as_asked_once(
    worker: Actor, other_worker: Actor, resident: Resident
) -> None:
    (elsewhere,) = other_worker.organisations
    open_case(other_worker, resident.pk, elsewhere, uuid4())
    for kind in ["take_along", "see"] * (requests.MOST_OPEN // 2):
        with visiting(worker):
            requests.ask(worker, resident.pk, requests.Wish(kind), uuid4())
    with visiting(SYSTEM):
        assert RightsRequest.objects.count() == requests.MOST_OPEN * 3 // 2
    with visiting(worker), pytest.raises(NotPossible, match="Many requests are open"):
        requests.ask(worker, resident.pk, requests.Wish("see"), uuid4())


def test_a_key_of_another_persons_slip_prints_none(
    worker: Actor, write_down: Callable[..., Resident], resident: Resident
) -> None:
    key, other = uuid4(), write_down(worker, "Bexiro Tamblin")
    with visiting(worker):
        printing.print_slip(worker, resident.pk, PIN, "en", key)
        with pytest.raises(NotPossible, match="This page is old"):
            printing.print_slip(worker, other.pk, PIN, "en", key)


def test_a_backup_with_the_applications_secret_opens_no_number(
    worker: Actor, resident: Resident, settings: object
) -> None:
    code = printed(worker, resident)
    with visiting(SYSTEM):
        held = Slip.objects.get()
    assert slips._matches(held, code[6:].replace("-", ""), PIN) == (True, True)
    settings.SECRET_KEY = uuid4().hex  # type: ignore[attr-defined]
    assert slips._matches(held, code[6:].replace("-", ""), PIN) == (True, True)


def test_the_paper_carries_the_code_where_no_server_sees_it_and_never_the_number(
    worker: Actor, resident: Resident, settings: object
) -> None:
    form = {"key": str(uuid4()), "language": "ar", "pin": PIN}
    page = desk(worker).post(f"/front/rights/people/{resident.pk}/slip/", form).content.decode()
    paper = re.search(r'<section class="slip-paper".*?</section>', page, re.DOTALL)
    code = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert paper and code
    address = f"{settings.ENVIRONMENT.url}/mine/ar/#{code[0]}"  # type: ignore[attr-defined]
    assert str(people._sign(address)) in paper[0]
    assert PIN not in re.sub(r"<svg.*?</svg>", "", paper[0], flags=re.DOTALL)


@pytest.fixture
def elsewhere(person: Callable[..., Person], other_worker: Actor, resident: Resident) -> Actor:
    """Somebody of another desk, where a colleague has a case with the person."""
    (place,) = other_worker.organisations
    open_case(other_worker, resident.pk, place, uuid4())
    where = Person.objects.get(pk=other_worker.person_id).memberships.get().organisation
    return actor_for(person(Role.CASEWORKER, organisation=where, email="elsewhere@example.org"))


def test_protecting_somebody_ends_the_slips_that_other_desks_printed(
    worker: Actor, supervisor: Actor, elsewhere: Actor, resident: Resident
) -> None:
    phone = opened(printed(elsewhere, resident))
    protecting.protect(worker, resident.pk, True, 1, uuid4())
    said = phone.get("/mine/en/").content.decode()
    assert ("Zoreta" in said, "The slip has ended" in said) == (False, True)
    protecting.protect(supervisor, resident.pk, False, 2, uuid4())
    own = opened(printed(supervisor, resident))
    protecting.protect(worker, resident.pk, True, 3, uuid4())
    assert "Zoreta" in own.get("/mine/en/").content.decode()


def test_of_a_protected_person_the_holder_alone_prints_slips_and_ends_them(
    worker: Actor, elsewhere: Actor, resident: Resident
) -> None:
    with visiting(elsewhere):
        assert printing.may_end(elsewhere, resident.pk)
    protecting.protect(worker, resident.pk, True, 1, uuid4())
    # An hour of emergency, or a referral that was accepted.
    (place,) = elsewhere.organisations
    grants.give(SYSTEM, resident.pk, place, "referral", grants.ALL, None, uuid4())
    at = f"/front/rights/people/{resident.pk}/"
    form = {"key": str(uuid4()), "language": "en", "pin": PIN}
    assert desk(elsewhere).post(at + "slip/", form).status_code == 422
    printed(worker, resident)
    with visiting(SYSTEM):
        slip = Slip.objects.get()
    page = desk(elsewhere).get(at)
    assert (page.status_code, b"End this slip" in page.content) == (200, False)
    ending = f"/front/rights/slips/{slip.pk}/end/"
    assert desk(elsewhere).post(ending).status_code == 404
    assert b"End this slip" in desk(worker).get(at).content
    assert desk(worker).post(ending).status_code == 302
