"""Programs of a desk, of a partner and of others: each gets its own, follows it, and leaves a trace."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client
from tests.web.api.programs import make, program, send, token_for
from tests.web.casework.desk_world import Desk, desk_of
from tests.web.casework_office.front_world import committed, talk
from tests.web.casework_referrals.referral_world import NAME, PHONE, World, worker, world

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.api import operations
from philoxenia_web.api.models import KeptAnswer
from philoxenia_web.casework import feed
from philoxenia_web.casework.actions.cases import pause
from philoxenia_web.casework.actions.needs import set_severity
from philoxenia_web.casework.models import Case, CaseNeed, Referral, ReferralWord
from philoxenia_web.casework.referrals import answering, following
from philoxenia_web.registry.models import Reading, Resident
from philoxenia_web.registry.people.visits import visiting

pytestmark = pytest.mark.django_db
WORDS = "Zyxwvutka asks for the lease."


@pytest.fixture
def front() -> World:
    """A referral to a partner and an appointment of the same person; another desk and another partner."""
    made = world()
    made.others["referral"] = made.send()
    made.others["appointment"] = talk(made.desk, made.resident_id, made.case)
    made.others["other"] = desk_of("Public Health")
    stranger = Organisation.objects.create(name="Cold Rooms", kind=Organisation.Kind.PARTNER)
    made.others["stranger"] = worker(stranger, Role.PARTNER)
    committed()
    return made


def of(desk: Desk, *scopes: str) -> Client:
    """The program of somebody."""
    return program(token_for(desk.person, desk.department, list(scopes) or None))


def listed(client: Client, kind: str, **query: Any) -> list[dict[str, Any]]:
    """All pages of a list, two things at a time."""
    address = f"/casework/{kind}?{urlencode({'limit': 2} | query)}"
    items: list[dict[str, Any]] = []
    while address:
        answer = send(client, "GET", address)
        assert answer.status_code == 200, answer.content
        assert NAME.encode() not in answer.content and PHONE.encode() not in answer.content
        items += answer.json()["items"]
        address = (answer.json()["next"] or "").removeprefix("/api/v1")
    return items


def ids(client: Client, kind: str, **query: Any) -> list[tuple[str, bool]]:
    """What a list holds, and of which that it is gone."""
    return [(one["id"], one.get("gone", False)) for one in listed(client, kind, **query)]


def answered(client: Client, referral: Referral, verb: str, tag: str = "", **said: str) -> Any:
    """A step of the receiver, based on what was read."""
    address = f"/casework/referrals/{referral.pk}"
    tag = tag or send(client, "GET", address).headers.get("ETag", '"none"')
    return send(client, "POST", f"{address}/answer", {"verb": verb} | said, If_Match=tag)


def test_each_program_gets_what_is_its_own(front: World) -> None:
    referral, appointment = front.others["referral"], front.others["appointment"]
    desk, partner = of(front.desk), of(front.partner)
    (case,) = listed(desk, "cases")
    assert case["resident_id"] == str(front.resident_id) and case["needs"][0]["need"] == "housing"
    (sent,), (received,) = listed(desk, "referrals"), listed(partner, "referrals")
    assert (sent["case_id"], sent["resident_id"]) == (case["id"], case["resident_id"])
    assert received["need_code"] == "housing" and {received["case_id"], received["resident_id"]} == {None}
    assert ids(desk, "appointments") == [(str(appointment.pk), False)]
    for kind in ("cases", "appointments", f"cases/{front.case.pk}"):
        assert send(partner, "GET", f"/casework/{kind}").status_code == 403
    # A token for answering alone is no token for the desk's own work.
    narrow = of(front.desk, "casework.receive")
    assert ids(narrow, "referrals") == [(str(referral.pk), True)]
    assert send(narrow, "GET", "/casework/cases").status_code == 403
    other, stranger = of(front.others["other"]), of(front.others["stranger"])
    assert [listed(other, kind) for kind in ("cases", "referrals", "appointments")] == [[], [], []]
    assert listed(stranger, "referrals") == [] and send(stranger, "GET", "/casework/cases").status_code == 403
    for client in (other, stranger):
        assert send(client, "GET", f"/casework/referrals/{referral.pk}").status_code == 404
        assert answered(client, referral, "accept").status_code == 404
    assert send(other, "GET", f"/casework/cases/{front.case.pk}").status_code == 404
    # Who sent it does not answer it.
    assert answered(desk, referral, "accept").status_code == 404
    assert answered(partner, referral, "accept").status_code == 204
    assert front.fresh(referral).state == "accepted"


def test_the_person_sees_which_organisation_s_program_read(front: World) -> None:
    listed(of(front.partner), "referrals")
    send(of(front.desk), "GET", f"/casework/cases/{front.case.pk}")
    with visiting(SYSTEM):
        read = Reading.objects.filter(resident_id=front.resident_id).order_by("-pk")[:2]
        told = {(one.organisation_id, one.reason, *one.fields) for one in read}
    assert told == {
        (front.partner.department.pk, "referral_follow_up", "needs", "referrals"),
        (front.desk.department.pk, "serving_now", "needs"),
    }


def test_needs_at_home_are_read_of_whose_they_are_and_not_of_who_is_protected(front: World) -> None:
    child, hidden = (front.desk.write_down(f"Dawit Tesfay{one}") for one in "ab")
    with visiting(SYSTEM):
        for number, whose in enumerate((child, hidden)):
            CaseNeed.objects.create(
                case=front.case, resident_id=whose, need="school" if number else "health", severity=2
            )
        Resident.objects.filter(pk=hidden).update(restricted=True)
    (case,) = listed(of(front.desk), "cases")
    assert [one["resident_id"] for one in case["needs"]] == [str(front.resident_id), str(child)]
    with visiting(SYSTEM):
        read = Reading.objects.filter(fields=["needs"], organisation_id=front.desk.department.pk)
        assert set(read.values_list("resident_id", flat=True)) == {front.resident_id, child}


def test_a_partner_asks_for_more_and_its_words_are_sealed(front: World) -> None:
    partner, referral = of(front.partner), front.others["referral"]
    assert answered(partner, referral, "ask").status_code in (409, 422)
    assert answered(partner, referral, "ask", words=WORDS).status_code == 204
    assert front.fresh(referral).state == "asked"
    with visiting(SYSTEM):
        assert ReferralWord.objects.filter(referral=referral, kind="question").exists()
    page = front.desk.browser().get(f"/front/referrals/{referral.pk}/").content.decode()
    assert WORDS in page
    assert WORDS not in send(partner, "GET", f"/casework/referrals/{referral.pk}").content.decode()
    assert not KeptAnswer.objects.exists()


def test_an_answer_rests_on_what_was_read(front: World, monkeypatch: pytest.MonkeyPatch) -> None:
    partner, referral = of(front.partner), front.others["referral"]
    tag = send(partner, "GET", f"/casework/referrals/{referral.pk}").headers["ETag"]
    assert answered(partner, referral, "decline", "*", reason="no_place").status_code == 428
    compare = operations.check_if_match

    def colleague(*told: Any, **more: Any) -> None:
        # A step of somebody else, committed after the tag was compared.
        compare(*told, **more)
        answering.ask(front.partner.actor, referral.pk, front.fresh(referral).version, WORDS)

    with monkeypatch.context() as patched:
        patched.setattr(operations, "check_if_match", colleague)
        assert answered(partner, referral, "decline", tag, reason="no_place").status_code == 412
    answering.ask(front.partner.actor, referral.pk, front.fresh(referral).version, WORDS)
    committed()
    assert answered(partner, referral, "decline", tag, reason="no_place").status_code == 412
    assert front.fresh(referral).state == "asked"


def test_a_need_is_noted_once_and_no_copy_is_kept(front: World) -> None:
    desk, address = of(front.desk), f"/casework/cases/{front.case.pk}/needs"
    body = {"need": "health", "severity": 4}
    first, second = (make(desk, address, body, "one") for _twice in range(2))
    assert (first.status_code, second.status_code) == (201, 201) and first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert bytes(KeptAnswer.objects.get().body) == b""
    assert make(desk, address, body | {"severity": 5}, "one").status_code == 422
    # What a colleague found is not overwritten by who has not seen it.
    assert make(desk, address, body | {"severity": 2}, "two").status_code in (201, 409)
    assert make(of(front.others["other"]), address, body).status_code == 404
    committed()
    assert [one["need"] for one in listed(desk, "cases")[0]["needs"]] == ["housing", "health"]


def last(client: Client, kind: str) -> str:
    """When the newest of a list changed."""
    return str(listed(client, kind)[-1]["modified_at"])


def test_following_misses_nothing_and_is_told_what_is_gone(front: World) -> None:
    desk, partner, referral = of(front.desk), of(front.partner), front.others["referral"]
    other: Desk = front.others["other"]
    further = [str(front.desk.open_case(front.desk.write_down(f"Dawit Tesfay{n}")).pk) for n in "abc"]
    committed()
    case = str(front.case.pk)
    assert ids(desk, "cases") == [(one, False) for one in (case, *further)]
    seen = last(desk, "cases")
    assert listed(desk, "cases", modified_after=seen) == []
    # A need is a part of its case.
    set_severity(front.desk.actor, front.need.pk, front.need.version, 5)
    committed()
    (changed,) = listed(desk, "cases", modified_after=seen)
    assert (changed["id"], changed["needs"][0]["severity"]) == (case, 5)
    # What ended is over for its receiver, and its sender reads what became of it.
    known = last(partner, "referrals")
    following.withdraw(front.desk.actor, referral.pk, front.fresh(referral).version, "mistake")
    committed()
    assert ids(partner, "referrals", modified_after=known) == [(str(referral.pk), True)]
    assert send(partner, "GET", f"/casework/referrals/{referral.pk}").status_code == 404
    assert ids(desk, "referrals", modified_after=known) == [(str(referral.pk), False)]
    # What moved is told once where it was, and not what others do with it there.
    seen = last(desk, "cases")
    with visiting(SYSTEM):
        Case.objects.filter(pk=further[0]).update(organisation=other.department, version=2)
    committed()
    assert ids(desk, "cases", modified_after=seen) == [(further[0], True)]
    assert ids(of(other), "cases") == [(further[0], False)]
    seen = last(desk, "cases")
    pause(other.actor, UUID(further[0]), 2)
    with visiting(SYSTEM):
        Case.objects.filter(pk=further[1]).delete()
    committed()
    assert ids(desk, "cases", modified_after=seen) == [(further[1], True)]


def test_who_served_somebody_once_does_not_hear_that_they_are_protected_now(front: World) -> None:
    partner, referral = of(front.partner), front.others["referral"]
    assert answered(partner, referral, "decline", reason="no_place").status_code == 204
    committed()
    seen = last(partner, "referrals")
    for restricted in (True, False):
        with visiting(SYSTEM):
            Resident.objects.filter(pk=front.resident_id).update(restricted=restricted)
            feed.follow_protection(SYSTEM, front.resident_id, restricted)
        committed()
        assert ids(partner, "referrals", modified_after=seen) == []


def test_protected_people_stay_at_the_desk(front: World) -> None:
    desk, partner, referral = of(front.desk), of(front.partner), front.others["referral"]
    seen = last(desk, "appointments")
    with visiting(SYSTEM):
        Resident.objects.filter(pk=front.resident_id).update(restricted=True)
        feed.follow_protection(SYSTEM, front.resident_id, True)
    committed()
    # Who holds a copy is told to drop it.
    assert ids(desk, "appointments", modified_after=seen) == [(str(front.others["appointment"].pk), True)]
    for client, kinds in ((desk, ("cases", "referrals", "appointments")), (partner, ("referrals",))):
        for kind in kinds:
            assert [(sorted(one), one["gone"]) for one in listed(client, kind)] == [
                (["gone", "id", "modified_at"], True)
            ]
            one = listed(client, kind)[0]["id"]
            if kind != "appointments":
                assert send(client, "GET", f"/casework/{kind}/{one}").status_code == 404
    assert answered(partner, referral, "accept").status_code == 404
    with visiting(SYSTEM):
        Resident.objects.filter(pk=front.resident_id).update(restricted=False)
        Case.objects.filter(pk=front.case.pk).update(restricted=True)
    assert {gone for kind in ("cases", "referrals", "appointments") for _one, gone in ids(desk, kind)} == {
        True
    }
