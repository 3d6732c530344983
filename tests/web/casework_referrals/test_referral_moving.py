"""A case that moves takes all along, also a protected person's; who is asked learns no name too early."""

import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.web.casework.desk_world import Desk, desk_of
from tests.web.casework_referrals.referral_world import FIELDS, World, agreement, agrees, worker

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import Membership
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions.needs import note_need
from philoxenia_web.casework.actions.notes import write_note
from philoxenia_web.casework.models.appointments import Appointment
from philoxenia_web.casework.models.referrals import Emergency, Referral
from philoxenia_web.casework.referrals import closing, emergencies, moving, sending
from philoxenia_web.casework.referrals.times import days
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.models import RightsRequest
from philoxenia_web.registry.people import finding, households, protecting, records, shapes, texts
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import requests

HER, HUSBAND, CHILD = "Yselda Promtik", "Orvan Promtik", "Irmel Promtik"


@pytest.fixture
def team(front: World) -> Desk:
    """A department that takes cases over, and helps under the same agreement."""
    desk = desk_of("Family")
    agreement(front.desk.department, desk.department, purpose="go_on", fields=[*FIELDS, "names"])
    return desk


@pytest.fixture
def protected(front: World) -> World:
    """The desk's case with a protected woman, and with her protected child in it."""
    hers = front.desk.write_down(HER, 1990, restricted=True)
    case = front.desk.open_case(hers)
    need = note_need(front.desk.actor, case.pk, "housing", 5, uuid4())
    agrees(front.desk.actor, hers, front.desk.department)
    child = front.desk.write_down(CHILD, 2019, restricted=True)
    households.join(front.desk.actor, child, households.begin(front.desk.actor, hers), "child")
    note_need(front.desk.actor, case.pk, "school", 3, uuid4(), resident_id=child)
    told = {"child": child, "note": write_note(front.desk.actor, case.pk, "other", "She sleeps.", uuid4())}
    return World(front.desk, front.partner, hers, case, need, front.agreement, told)


def _appointment(front: World, when: datetime.datetime, state: str) -> UUID:
    with visiting(SYSTEM):
        made = Appointment.objects.create(
            key=uuid4(), organisation=front.desk.department, resident_id=front.resident_id, case=front.case,
            purpose="next_talk", way="phone", worker_id=front.desk.person.pk, starts_at=when,
            ends_at=when + datetime.timedelta(minutes=30), state=state,
        )  # fmt: skip
    return made.pk


def _offered(front: World, team: Desk) -> Referral:
    made = agreement(front.desk.department, team.department, purpose="go_on")
    draft = front.draft(kind="transfer", need_id=None, agreement_id=made.pk)
    return sending.send(front.desk.actor, draft, sending.preview(front.desk.actor, draft).mark, uuid4())


def test_a_protected_persons_case_moves_with_her_record_her_child_and_all_that_hangs_on_it(
    protected: World, team: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought: list[tuple[UUID, UUID, UUID]] = []
    monkeypatch.setattr(moving, "case_moved", lambda *told: brought.append(told))
    asked = protected.send()
    partner = protected.partner.browser()
    protected.take(partner, asked, "accept")
    protected.take(partner, asked, "finish", outcome="met", words="A bed was found.")
    now = timezone.now()
    past = _appointment(protected, now - datetime.timedelta(days=3), "held")
    ahead = _appointment(protected, now + datetime.timedelta(days=3), "booked")
    referral, browser = _offered(protected, team), team.browser()

    # Until it is taken over nobody there learns who it is, by no page.
    page = browser.get(reverse("referral", args=[referral.pk]))
    assert page.context["ending"] == 1 and HER not in page.content.decode()
    with visiting(team.actor):
        asked_for = finding.Question(HER, "1990")
        assert finding.find(team.actor, asked_for, "serving_now").hits == []

    moved = protected.take(browser, referral, "take_over")
    assert moved["Location"] == reverse("front-person", args=[protected.resident_id])
    shown = browser.get(moved["Location"] + "?why=serving_now").content.decode()
    assert HER in shown and "She sleeps." in shown
    with visiting(team.actor):
        assert records.open_record(team.actor, protected.others["child"], "serving_now").name == CHILD
        kept = Appointment.objects.get()
        assert (kept.pk, kept.organisation_id) == (past, team.department.pk)
    assert brought == [(protected.case.pk, protected.desk.department.pk, team.department.pk)]
    # What was asked before and what came of it goes along with the case.
    assert "A bed was found." in browser.get(reverse("referral", args=[asked.pk])).content.decode()

    old = protected.desk.actor
    with visiting(old):
        gone = Appointment.objects.get()
        assert (gone.pk, gone.state, gone.because) == (ahead, "cancelled", "elsewhere")
        assert texts.read_texts(old, [protected.others["note"].text_id], "serving_now") == {}
        for whose in (protected.resident_id, protected.others["child"]):
            with pytest.raises(Http404):
                records.open_record(old, whose, "serving_now")
    # The new team can refer and move it in its turn.
    agrees(team.actor, protected.resident_id, team.department)
    agreement(team.department, protected.partner.department)
    assert browser.get(reverse("referral-choose", args=[protected.case.pk])).status_code == 200


def test_what_a_person_asked_for_is_answered_by_the_team_that_holds_the_record_now(
    protected: World, team: Desk
) -> None:
    giver, taker = protected.desk.department.pk, team.department.pk
    asked = {}
    with visiting(protected.desk.actor):
        for kind in ("correct", "erase", "see", "take_along"):
            wish = requests.Wish(kind, "names", f"Please {kind}.")
            asked[kind] = requests.ask(protected.desk.actor, protected.resident_id, wish, uuid4())
        requests.step(protected.desk.actor, asked["correct"].pk, 1, "take up")
        requests.step(protected.desk.actor, asked["see"].pk, 1, "answer")
    protected.take(team.browser(), _offered(protected, team), "take_over")
    with visiting(SYSTEM):
        rows = {one.kind: one for one in RightsRequest.objects.all()}
    at = {kind: one.organisation_id for kind, one in rows.items()}
    assert at == {"correct": taker, "erase": taker, "see": giver, "take_along": giver}
    moved = rows["correct"]
    assert (moved.state, moved.taken_by, moved.version) == ("asked", None, 3)
    with visiting(team.actor):
        assert texts.read_texts(team.actor, [moved.text_id], "serving_now") == {
            moved.text_id: "Please correct."
        }
        assert requests.step(team.actor, moved.pk, 3, "answer").state == "done"
    with visiting(protected.desk.actor):
        assert texts.read_texts(protected.desk.actor, [moved.text_id], "serving_now") == {}


def test_who_is_asked_finds_no_protected_person_by_a_husband_or_a_search(
    protected: World, team: Desk
) -> None:
    household = households.begin(protected.desk.actor, protected.resident_id)
    husband = protected.desk.write_down(HUSBAND, 1985)
    households.join(protected.desk.actor, husband, household, "partner")
    made = agreement(protected.desk.department, team.department, fields=["languages", "names"])
    referral = protected.send(agreement_id=made.pk, fields=("languages", "names"))
    browser = team.browser()
    assert HER not in browser.get(reverse("referral", args=[referral.pk])).content.decode()
    with visiting(team.actor):
        assert HER not in str([one.name for one in households.members(team.actor, husband)])
    assert protected.take(browser, referral, "accept").status_code == 302
    assert HER in browser.get(reverse("referral", args=[referral.pk])).content.decode()
    # Protected anew: what was asked ends, and a page kept open can accept nothing.
    protecting.protect(worker(protected.desk.department, Role.SUPERVISOR).actor, protected.resident_id, False,
                    _version(protected), uuid4())  # fmt: skip
    protecting.protect(protected.desk.actor, protected.resident_id, True, _version(protected), uuid4())
    assert browser.get(reverse("referral", args=[referral.pk])).status_code == 404
    row = protected.fresh(referral)
    assert (row.state, row.reason) == ("withdrawn", "protected")


def _version(front: World) -> int:
    with visiting(front.desk.actor):
        return records.open_record(front.desk.actor, front.resident_id, "serving_now").version


def test_a_case_that_closes_can_end_what_was_asked_for_it(front: World) -> None:
    referral = front.send()
    assert (closing.end_with_case(front.case.pk), closing.end_with_case(front.case.pk)) == (1, 0)
    assert front.partner.browser().get(reverse("referral", args=[referral.pk])).status_code == 404
    assert front.fresh(referral).reason == "not_needed"


# --- words and repeats --------------------------------------------------------------------------------------


def _step(browser: Any, referral: Referral, verb: str, version: int, **said: str) -> Any:
    address = reverse("referral-step", args=[referral.pk, verb])
    return browser.post(address, {"version": version} | said)


def test_two_colleagues_who_ask_at_once_are_both_heard_and_nobody_twice(front: World) -> None:
    referral, other = front.send(), worker(front.partner.department, Role.PARTNER)
    one, two, desk = front.partner.browser(), other.browser(), front.desk.browser()
    one.get(reverse("referral", args=[referral.pk]))
    old = front.fresh(referral).version
    assert _step(one, referral, "ask", old, words="Which floor?").status_code == 302
    assert _step(two, referral, "ask", old, words="A pram?").status_code == 302
    assert _step(one, referral, "ask", old, words="Which floor?").status_code == 302
    said = [each.text for each in desk.get(reverse("referral", args=[referral.pk])).context["words"]]
    assert said == ["Kitchen with a step.", "Which floor?", "A pram?"]

    asked = front.fresh(referral).version
    for words in ("The second.", "No pram."):
        assert _step(desk, referral, "answer", asked, words=words).status_code == 302
    # An answer that comes when it is too late is shown with what was written, on the newest version.
    assert front.take(one, referral, "accept").status_code == 302
    late = _step(desk, referral, "answer", asked, words="Too late.")
    assert late.status_code == 422 and "Too late." in late.content.decode()
    assert f'name="version" value="{front.fresh(referral).version}"' in late.content.decode()
    page = one.get(reverse("referral", args=[referral.pk]))
    assert [each.text for each in page.context["words"]][-2:] == ["The second.", "No pram."]

    old = front.fresh(referral).version
    assert _step(desk, referral, "withdraw", old, reason="mistake").status_code == 302
    assert _step(desk, referral, "withdraw", old, reason="mistake").status_code == 302
    assert _step(desk, referral, "withdraw", old, reason="elsewhere").status_code == 422
    assert front.fresh(referral).reason == "mistake"


def test_one_need_is_asked_of_one_organisation_once_and_a_form_says_what_it_sent(front: World) -> None:
    draft, key = front.draft(), uuid4()
    mark = sending.preview(front.desk.actor, draft).mark
    made = sending.send(front.desk.actor, draft, mark, key)
    assert sending.send(front.desk.actor, draft, mark, key).pk == made.pk
    with pytest.raises(NotPossible, match="sent already, as it was"):
        sending.send(front.desk.actor, front.draft(message="Other words."), mark, key)
    with pytest.raises(NotPossible, match="sent already"):
        sending.send(front.desk.actor, draft, mark, uuid4())
    with visiting(SYSTEM):
        assert Referral.objects.filter(need=front.need).count() == 1


def test_who_works_on_both_sides_can_answer_too(front: World) -> None:
    referral = front.send()
    Membership.objects.create(
        person=front.desk.person, organisation=front.partner.department, role=Role.PARTNER
    )
    both = front.desk.browser()
    assert f"{reverse('referral', args=[referral.pk])}?as=receiver" in (
        both.get(reverse("referral-inbox")).content.decode()
    )
    page = both.get(reverse("referral", args=[referral.pk]), {"as": "receiver"})
    assert "accept" in [one["verb"] for one in page.context["steps"]]
    assert front.take(both, referral, "accept").status_code == 302
    assert front.fresh(referral).state == "accepted"
    assert both.get(reverse("referral", args=[referral.pk])).context["side"] == "sender"


# --- emergencies --------------------------------------------------------------------------------------------


def _born(desk: Desk, name: str, born: str, **more: Any) -> UUID:
    with visiting(desk.actor):
        found = finding.find(desk.actor, finding.Question(name, born), "serving_now")
        birth = shapes.Birth(date=born, year=int(born[:4]))
        return records.create(
            desk.actor, shapes.Draft([shapes.NameForm(name)], birth=birth, **more), found.mark, uuid4()
        ).pk


def test_an_emergency_is_one_persons_and_by_name_a_supervisors_who_knows_who_is_meant(front: World) -> None:
    hers = _born(front.desk, HER, "1990-05-03", restricted=True)
    nights = desk_of("Nights")
    chief = worker(nights.department, Role.SUPERVISOR)
    address = reverse("emergency-open")
    assert "names" not in nights.browser().get(address).context["form"].fields
    told = {"reason": "danger", "words": "He stands at the door now.", "number": ""}
    told |= {"organisation": str(nights.department.pk)}

    def ask(names: str, birth: str) -> Any:
        return chief.browser().post(address, told | {"key": str(uuid4()), "names": names, "birth": birth})

    # Somebody like her is nobody, in the same words as where there is nobody.
    near = ask(HER, "5.3.1990"), ask("Nobody Atall", "3.5.1990")
    said = [answer.content.decode().split("beyond doubt")[0][-60:] for answer in near]
    assert said[0] == said[1] and [answer.status_code for answer in near] == [422, 422]
    opened = ask(HER, "3.5.1990")
    assert opened.status_code == 302, opened.content.decode()
    assert HER in chief.browser().get(opened["Location"] + "?why=serving_now").content.decode()
    with visiting(nights.actor), pytest.raises(Http404):
        records.open_record(nights.actor, hers, "serving_now")
    with visiting(nights.actor):
        assert finding.find(nights.actor, finding.Question(HER, "1990"), "serving_now").hits == []
    with visiting(SYSTEM):
        row = Emergency.objects.get()
    assert (row.found_by, row.holders) == ("name", [front.desk.department.pk])
    assert int(days("break_glass_names_a_day")) == 3
    assert "Too many tries" in ask(HER, "3.5.1990").content.decode()


def test_by_name_only_supervisors_and_whole_dates_open(front: World) -> None:
    _born(front.desk, HER, "1990-05-03", restricted=True)
    nights = desk_of("Nights")
    chief = worker(nights.department, Role.SUPERVISOR)
    why = ("danger", "It could not wait.", nights.department.pk)
    with pytest.raises(NotPossible, match="supervisor of your team"):
        emergencies.open_by_name(nights.actor, HER, "3.5.1990", *why, uuid4())
    for names, birth in ((HER, "1990"), ("Yselda", "3.5.1990")):
        with pytest.raises(NotPossible, match="whole date"):
            emergencies.open_by_name(chief.actor, names, birth, *why, uuid4())
    with visiting(SYSTEM):
        assert not Emergency.objects.exists()
