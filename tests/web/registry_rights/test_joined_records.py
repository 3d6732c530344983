"""Two records of one person: what was agreed, kept, read and forgotten counts for both."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.registry_rights.conftest import PIN

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for
from philoxenia_web.accounts.models import Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions.cases import open_case
from philoxenia_web.registry.models import Consent, Resident, ResidentKey, Slip
from philoxenia_web.registry.people import merging, protecting, records
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import consents, export, forgetting, printing, requests, retention
from philoxenia_web.registry.rights.consents import Said
from philoxenia_web.registry.rights.views import people

Write = Callable[..., Resident]


@pytest.fixture
def other(worker: Actor, write_down: Write, resident: Resident) -> Resident:
    """A second record of the same person, joined with the first."""
    made = write_down(worker, "Zoreta Kwillimand")
    merging.merge(worker, resident.pk, made.pk)
    return made


def test_the_newest_word_counts_whichever_record_it_was_said_to(
    worker: Actor, resident: Resident, other: Resident
) -> None:
    place, stopped = resident.organisation_id, []

    def holds() -> list[bool]:
        both = consents.agreed([resident.pk, other.pk], "linkage", place)
        one = [consents.consent(row.pk, "linkage", place) is not None for row in (resident, other)]
        assert both == {row.pk for row, held in zip((resident, other), one, strict=True) if held}
        return one

    consents.on_withdrawn(lambda actor, whom, purpose, where: stopped.append(whom))
    try:
        with visiting(worker):
            consents.give(worker, other.pk, "linkage", place, Said(), uuid4())
            assert holds() == [True, True]
            assert [one.state for one in consents.held(resident.pk).values()] == ["given"]
            # On the page of the kept record, as the person does.
            consents.withdraw(worker, resident.pk, "linkage", place, Said(), uuid4())
            assert holds() == [False, False]
            consents.give(worker, resident.pk, "linkage", place, Said(), uuid4())
            assert holds() == [True, True]
            consents.refuse(worker, other.pk, "linkage", place, Said(), uuid4())
            assert holds() == [False, False]
    finally:
        consents._ON_WITHDRAWN.pop()
    assert stopped == [other.pk, resident.pk]


def test_a_key_is_bound_to_what_it_was_for(worker: Actor, resident: Resident, other: Resident) -> None:
    place, key = resident.organisation_id, uuid4()
    with visiting(worker):
        given = consents.give(worker, resident.pk, "photo", place, Said(), key)
        assert consents.give(worker, resident.pk, "photo", place, Said(), key).pk == given.pk
        for say, whom, code in (
            (consents.refuse, resident.pk, "photo"),
            (consents.give, resident.pk, "card"),
            (consents.give, other.pk, "photo"),
        ):
            with pytest.raises(NotPossible, match="This page is old"):
                say(worker, whom, code, place, Said(), key)


def test_the_own_page_and_the_file_hold_both_and_an_agreement_of_either_is_taken_back(
    worker: Actor, resident: Resident, other: Resident
) -> None:
    place = resident.organisation_id
    records.open_record(worker, other.pk, "supervision")
    with visiting(worker):
        one = consents.give(worker, other.pk, "reminders", place, Said(), uuid4())
        code = printing.print_slip(worker, other.pk, PIN, "en", uuid4())[1]
    with visiting(SYSTEM):
        assert Slip.objects.get().resident_id == resident.pk
    phone = Client()
    phone.post("/mine/en/", {"code": code, "pin": PIN})
    page = phone.get("/mine/en/").content.decode()
    for told in ("Zoreta Quillimand", "Zoreta Kwillimand", "The work was supervised", "Remind you"):
        assert told in page
    phone.handler.enforce_csrf_checks = False
    phone.post(f"/mine/en/agreements/{one.pk}/", {"key": str(uuid4())})
    with visiting(SYSTEM):
        assert Consent.objects.get().state == "withdrawn"
    told = export.record_of(other.pk)
    assert [told["record"]["id"], told["joined_records"][0]["id"]] == [str(resident.pk), str(other.pk)]
    assert "supervision" in {one["reason"] for one in told["readings"]}


def test_reads_of_one_day_are_one_line_so_that_none_hides_another(
    own: Client, worker: Actor, resident: Resident
) -> None:
    records.open_record(worker, resident.pk, "supervision")
    for _ in range(9):
        records.briefs(worker, [resident.pk], "serving_now")
    page = own.get("/mine/en/").content.decode()
    assert page.count("You were being served") == 1
    assert "times" in page
    assert "The work was supervised" in page


def test_being_forgotten_asks_every_record_and_forgets_each(
    worker: Actor, supervisor: Actor, resident: Resident, other: Resident
) -> None:
    place = resident.organisation_id
    with visiting(worker):
        requests.ask(worker, resident.pk, requests.Wish("erase"), uuid4())
        consents.give(worker, other.pk, "photo", place, Said(), uuid4())
        printing.print_slip(worker, other.pk, PIN, "en", uuid4())
    case = open_case(worker, other.pk, place, uuid4())
    with pytest.raises(NotPossible, match="Their case is closed first"):
        forgetting.forget(supervisor, resident.pk, "asked")
    with visiting(SYSTEM):
        assert ResidentKey.objects.count() == 2
        type(case).objects.update(state="closed", closed_at=timezone.now())
    forgetting.forget(supervisor, resident.pk, "asked")
    with visiting(SYSTEM):
        assert not ResidentKey.objects.exists()
        assert not Slip.objects.exists()
        assert not Consent.objects.exists()


def test_no_department_erases_what_another_holds_by_joining_it(
    worker: Actor, other_worker: Actor, supervisor: Actor, write_down: Write, resident: Resident
) -> None:
    theirs = write_down(other_worker, "Zoreta Kwillimand")
    merging.merge(worker, resident.pk, theirs.pk)
    with visiting(worker):
        requests.ask(worker, resident.pk, requests.Wish("erase"), uuid4())
    with pytest.raises(NotPossible, match="Make them two again"):
        forgetting.forget(supervisor, resident.pk, "asked")
    with visiting(SYSTEM):
        assert ResidentKey.objects.count() == 2


def test_what_is_served_under_a_joined_record_is_in_use(
    worker: Actor, resident: Resident, other: Resident
) -> None:
    open_case(worker, other.pk, other.organisation_id, uuid4())
    with visiting(SYSTEM):
        Resident.objects.update(changed_at=timezone.now() - timedelta(days=5 * 365))
        assert retention._last_use([resident.pk])[resident.pk] >= timezone.localdate() - timedelta(days=1)


@pytest.fixture
def foreign(other_worker: Actor, write_down: Write) -> Resident:
    """Somebody with a record at another department."""
    return write_down(other_worker, "Zoreta Kwillimand")


def test_who_joins_a_record_with_anothers_becomes_no_holder_of_it(
    worker: Actor, supervisor: Actor, resident: Resident, foreign: Resident
) -> None:
    records.open_record(worker, foreign.pk, "supervision")
    merging.merge(supervisor, resident.pk, foreign.pk)
    for one in (resident, foreign):
        with visiting(supervisor):
            assert printing.place_to_print(supervisor, one.pk) is None
            with pytest.raises(NotPossible, match="printed by the department"):
                printing.print_slip(supervisor, one.pk, PIN, "en", uuid4())
    with visiting(supervisor):
        ids = forgetting.records_of(supervisor, resident.pk)
        assert people._held(supervisor, ids) == [resident.pk]
        requests.ask(worker, resident.pk, requests.Wish("take_along"), uuid4())
        assert people._to_hand_out(supervisor, ids) == []
    with pytest.raises(NotPossible, match="Undo that first"):
        protecting.protect(supervisor, resident.pk, True, 1, uuid4())
    with visiting(SYSTEM):
        assert not Resident.objects.filter(restricted=True).exists()
    merging.unmerge(supervisor, foreign.pk)
    with visiting(supervisor):
        assert printing.place_to_print(supervisor, resident.pk) == resident.organisation_id
        assert people._to_hand_out(supervisor, ids[:1])


def test_readings_of_a_joined_record_are_told_to_its_holder_alone(
    client: Client, worker: Actor, supervisor: Actor, resident: Resident, foreign: Resident
) -> None:
    records.open_record(worker, foreign.pk, "supervision")
    merging.merge(worker, resident.pk, foreign.pk)
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(Person.objects.get(pk=supervisor.person_id), backend=backend)
    page = client.get(f"/front/rights/people/{resident.pk}/readings/").content.decode()
    assert "You were being served" in page
    assert "The work was supervised" not in page


def test_a_slip_of_before_opens_nothing_that_is_joined_and_one_of_between_nothing_after(
    person: Callable[..., Person], worker: Actor, other_worker: Actor, resident: Resident, foreign: Resident
) -> None:
    def live() -> list[tuple[object, object]]:
        with visiting(SYSTEM):
            found = Slip.objects.exclude(state="ended")
            return list(found.values_list("resident_id", "organisation_id"))

    colleague = actor_for(person(Role.SUPERVISOR, email="colleague@example.org"))
    for actor, one in ((worker, resident), (other_worker, foreign)):
        with visiting(actor):
            printing.print_slip(actor, one.pk, PIN, "en", uuid4())
    merging.merge(worker, foreign.pk, resident.pk)
    assert live() == []
    with visiting(colleague):
        printing.print_slip(colleague, resident.pk, PIN, "en", uuid4())
    assert live() == [(foreign.pk, resident.organisation_id)]
    merging.unmerge(worker, resident.pk)
    assert live() == []
    # Both records of one department: whoever has the slip keeps their page.
    with visiting(colleague):
        printing.print_slip(colleague, resident.pk, PIN, "en", uuid4())
    with visiting(SYSTEM):
        Resident.objects.filter(pk=foreign.pk).update(organisation=resident.organisation_id)
    merging.merge(worker, resident.pk, foreign.pk)
    assert live() == [(resident.pk, resident.organisation_id)]
