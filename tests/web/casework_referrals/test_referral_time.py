"""Lost on the way, transfers that move a case, emergencies that end and are reviewed; the drawn machines."""

import datetime
import re
from uuid import uuid4

import pytest
from django.core import mail
from django.http import Http404
from django.urls import reverse
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.web.casework.desk_world import Desk, desk_of
from tests.web.casework_referrals.referral_world import NAME, World, agreement, agrees, worker

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions.needs import note_need
from philoxenia_web.casework.actions.notes import write_note
from philoxenia_web.casework.models.cases import Case, Note
from philoxenia_web.casework.models.referrals import Emergency, Referral
from philoxenia_web.casework.referrals import emergencies, following, mails, sending, states
from philoxenia_web.casework.referrals.times import days, due
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people import households, records, texts
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.ui.machines import Shown, svg_of


def waited(referral: Referral, number: float) -> None:
    with visiting(SYSTEM):
        since = timezone.now() - datetime.timedelta(days=number)
        Referral.objects.filter(pk=referral.pk).update(waiting_since=since)


def test_what_nobody_answers_is_lost_on_the_way_shown_and_chased(front: World) -> None:
    referral, desk = front.send(), front.desk.browser()
    waited(referral, days("referral_answer_days_soon") - 0.1)
    assert following.lapse_due() == 0
    waited(referral, days("referral_answer_days_soon") + 0.1)
    assert (following.lapse_due(), following.lapse_due()) == (1, 0)
    page = desk.get(reverse("referrals"))
    assert [row.pk for row in page.context["lost"]] == [referral.pk] and page.context["lost_count"] == 1
    assert front.take(desk, referral, "chase").status_code == 302
    row = front.fresh(referral)
    assert (row.state, row.times_chased) == ("sent", 1) and due(row) > timezone.now()
    assert desk.get(reverse("referrals")).context["lost"] == []


def test_accepted_help_that_never_begins_is_lost_too_and_a_question_left_open(front: World) -> None:
    referral, partner = front.send(), front.partner.browser()
    front.take(partner, referral, "ask", words="Which floor?")
    waited(referral, days("referral_reply_days") + 1)
    assert following.lapse_due() == 1 and front.fresh(referral).state == "left_open"
    front.take(front.desk.browser(), referral, "answer", words="The second.")
    front.take(partner, referral, "accept")
    waited(referral, days("referral_begin_days") + 1)
    assert following.lapse_due() == 1 and front.fresh(referral).state == "not_begun"
    # Late is better than never: what is lost can still begin.
    assert front.take(partner, referral, "begin").status_code == 302


@pytest.fixture
def other(front: World) -> Desk:
    """A department that takes cases over."""
    desk = desk_of("Family")
    agreement(front.desk.department, desk.department, purpose="go_on")
    return desk


def offer(front: World, other: Desk) -> Referral:
    made = agreement(front.desk.department, other.department, purpose="go_on")
    draft = front.draft(kind="transfer", need_id=None, agreement_id=made.pk)
    return sending.send(front.desk.actor, draft, sending.preview(front.desk.actor, draft).mark, uuid4())


def test_a_transfer_moves_the_case_and_the_old_team_sees_it_no_longer(front: World, other: Desk) -> None:
    note = write_note(front.desk.actor, front.case.pk, "other", "A word of the old team.", uuid4())
    referral, browser = offer(front, other), other.browser()
    with visiting(other.actor):
        assert not Note.objects.filter(case=front.case).exists()
    moved = front.take(browser, referral, "take_over")
    assert moved["Location"] == reverse("front-person", args=[front.resident_id])
    with visiting(other.actor):
        case = Case.objects.get(pk=front.case.pk)
        assert (case.organisation_id, case.worker_id) == (other.department.pk, other.person.pk)
        assert Note.objects.filter(case=case).exists()
    with visiting(front.desk.actor):
        assert not Note.objects.filter(case=front.case).exists()
        assert texts.read_texts(front.desk.actor, [note.text_id], "serving_now") == {}
    assert "A word of the old team." in browser.get(moved["Location"]).content.decode()
    assert front.desk.browser().get(reverse("referral-choose", args=[front.case.pk])).status_code == 404
    assert front.fresh(referral).state == "taken_over"


def test_a_case_is_offered_to_one_team_at_a_time_and_to_departments_alone(front: World, other: Desk) -> None:
    draft = front.draft(kind="transfer", need_id=None)
    with pytest.raises(NotPossible, match="No agreement"):
        sending.preview(front.desk.actor, draft)
    offer(front, other)
    with pytest.raises(NotPossible, match="on its way"):
        offer(front, desk_of("Health"))


def test_a_case_with_referrals_on_their_way_is_not_offered(front: World, other: Desk) -> None:
    front.send()
    with pytest.raises(NotPossible, match="their answers come to you"):
        offer(front, other)


def test_a_team_that_has_a_case_with_the_person_is_told_so(front: World, other: Desk) -> None:
    other.open_case(front.resident_id)
    referral = offer(front, other)
    answer = front.take(other.browser(), referral, "take_over")
    assert answer.status_code == 422 and "open case with this person already" in answer.content.decode()
    with visiting(SYSTEM):
        assert Case.objects.get(pk=front.case.pk).organisation_id == front.desk.department.pk


# --- emergencies --------------------------------------------------------------------------------------------


@pytest.fixture
def hidden(front: World) -> tuple[Desk, str]:
    """A protected record of the desk, and its number."""
    resident = front.desk.write_down("Yselda Promtik", 1990, restricted=True)
    with visiting(front.desk.actor):
        return front.desk, records.number_of(resident)


def broken(browser: object, number: str, **more: str) -> object:
    told = {"key": str(uuid4()), "number": number, "reason": "danger"}
    told |= {"words": "He stands at the door now.", "organisation": more.pop("organisation", "")} | more
    return browser.post(reverse("emergency-open"), told)  # type: ignore[attr-defined]


def test_an_emergency_opens_a_protected_record_for_an_hour(hidden: tuple[Desk, str]) -> None:
    holder, number = hidden
    other = desk_of("Nights")
    place = str(other.department.pk)
    assert broken(other.browser(), number, words="short", organisation=place).status_code == 422
    opened = broken(other.browser(), number, organisation=place)
    assert opened.status_code == 302, opened.content.decode()
    with visiting(SYSTEM):
        row = Emergency.objects.get()
    assert row.holders == [holder.department.pk]
    with visiting(other.actor):
        assert records.open_record(other.actor, row.resident_id, "break_glass").name == "Yselda Promtik"
    with visiting(SYSTEM):
        past = timezone.now() - datetime.timedelta(minutes=1)
        Emergency.objects.update(opened_at=past - datetime.timedelta(hours=1), until=past)
        emergencies.lapse_due()
    with visiting(other.actor), pytest.raises(Http404):
        records.open_record(other.actor, row.resident_id, "break_glass")


def test_those_concerned_see_it_and_somebody_else_reviews_it(hidden: tuple[Desk, str]) -> None:
    holder, number = hidden
    other = worker(desk_of("Nights").department, Role.SUPERVISOR)
    assert broken(other.browser(), number, organisation=str(other.department.pk)).status_code == 302
    with visiting(SYSTEM):
        row = Emergency.objects.get()
    team = holder.browser().get(reverse("emergency", args=[row.pk])).content.decode()
    assert "He stands at the door now." in team and "Promtik" not in team
    review = reverse("emergency-step", args=[row.pk, "justified"])
    for nobody in (other, holder):
        nobody.browser().post(review, {"version": row.version})
    with visiting(SYSTEM):
        assert Emergency.objects.get().reviewed_by is None
    supervisor = worker(holder.department, Role.SUPERVISOR)
    supervisor.browser().post(
        reverse("emergency-step", args=[row.pk, "not-justified"]), {"version": row.version}
    )
    with visiting(SYSTEM):
        row = Emergency.objects.get()
    assert (row.state, row.reviewed_by) == ("not_justified", supervisor.person.pk)
    stranger = desk_of("Trees").browser()
    assert stranger.get(reverse("emergency", args=[row.pk])).status_code == 404
    with visiting(other.actor), pytest.raises(Http404):
        records.open_record(other.actor, row.resident_id, "break_glass")


def test_the_supervisor_of_who_opened_it_reads_the_reason_after_it_is_over(hidden: tuple[Desk, str]) -> None:
    _holder, number = hidden
    other = desk_of("Nights")
    assert broken(other.browser(), number).status_code == 302
    with visiting(SYSTEM):
        past = timezone.now() - datetime.timedelta(minutes=1)
        Emergency.objects.update(opened_at=past - datetime.timedelta(hours=1), until=past)
        emergencies.lapse_due()
        row = Emergency.objects.get()
    supervisor = worker(other.department, Role.SUPERVISOR)
    page = supervisor.browser().get(reverse("emergency", args=[row.pk])).content.decode()
    assert "He stands at the door now." in page and "Promtik" not in page
    with visiting(supervisor.actor), pytest.raises(Http404):
        records.open_record(supervisor.actor, row.resident_id, "supervision")


def test_numbers_cannot_be_guessed(hidden: tuple[Desk, str]) -> None:
    other = desk_of("Nights")
    browser, place = other.browser(), str(other.department.pk)
    # One that nobody has, and one that is none, are refused in the same words.
    said = {
        re.search(r"There is no record[^<]*", broken(browser, number, organisation=place).content.decode())[0]
        for number in ("572-000-000-1", "572", "x" * 20)
    }
    assert len(said) == 1
    for _try in range(int(days("break_glass_tries_an_hour"))):
        last = broken(browser, "572-000-000-1", organisation=place)
    assert "Too many tries" in last.content.decode()
    assert "Too many tries" in broken(browser, hidden[1], organisation=place).content.decode()
    with visiting(SYSTEM):
        assert not Emergency.objects.exists()


def test_messages_name_nobody_and_nothing(front: World) -> None:
    front.send()
    # The message waits in the transaction that sent the referral: no crash comes between the two.
    [job] = ProcrastinateJob.objects.filter(task_name=mails.TASK)
    assert job.args == {"kind": "received", "people": [str(front.partner.person.pk)]}
    for kind in ("received", "answered", "emergency"):
        assert mails.send(kind, [str(front.partner.person.pk)]) == 1
    told = " ".join(one.subject + one.body for one in mail.outbox)
    for word in (NAME, "Tarimzewa", "Shelter", "Warm Rooms", "housing", str(front.resident_id)):
        assert word not in told


# --- drawings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "machine",
    [states.REFERRAL, states.TRANSFER, states.AGREEMENT, states.EMERGENCY],
    ids=lambda one: one.name,
)
def test_a_drawing_holds_every_state_and_a_dot_for_every_step(machine: states.Machine) -> None:
    shown = Shown(machine, machine.name, {})
    for mirrored in (False, True):
        drawing = svg_of(shown, mirrored)
        assert drawing.count('font-weight="650"') == len(machine.states)
        assert drawing.count("<circle") == sum(len(machine.steps_from(state)) for state in machine.states)
    assert [row["state"] for row in shown.rows] == [one.replace("_", " ") for one in machine.states]


def test_words_in_a_drawing_are_no_markup() -> None:
    shown = Shown(states.EMERGENCY, "x", {"open": "<script>&"})
    assert "<script>" not in svg_of(shown) and "&lt;script&gt;&amp;" in svg_of(shown)


def test_the_page_of_states_mirrors_in_arabic(front: World) -> None:
    browser = front.partner.browser()
    assert "scale(-1 1)" not in browser.get(reverse("states")).content.decode()
    with translation.override("ar"):
        browser.cookies["django_language"] = "ar"
        assert "scale(-1 1)" in browser.get(reverse("states")).content.decode()


def test_a_household_members_need_asks_for_their_own_consent(front: World) -> None:
    child = front.desk.write_down("Irmel Oblankot", 2001)
    with visiting(front.desk.actor):
        household = households.begin(front.desk.actor, front.resident_id)
        households.join(front.desk.actor, child, household, "child")
    need = note_need(front.desk.actor, front.case.pk, "school", 3, uuid4(), resident_id=child)
    draft = front.draft(need_id=need.pk)
    shown = sending.preview(front.desk.actor, draft)
    assert shown.consent_id is None and shown.later[0].values == ("Irmel Oblankot",)
    agrees(front.desk.actor, child, front.desk.department)
    made = sending.send(front.desk.actor, draft, shown.mark, uuid4())
    assert made.resident_id == child


def test_who_closes_a_case_says_what_becomes_of_its_referrals(front: World) -> None:
    referral, browser = front.send(), front.desk.browser()
    closing, page = (
        reverse("front-case-step", args=[front.case.pk]),
        reverse("front-person", args=[front.resident_id]),
    )
    sent = {"verb": "close", "version": str(front.case.version), "outcome": "moved_on"}

    def closed(**more: str) -> tuple[str, bool]:
        browser.post(closing, sent | more)
        with visiting(SYSTEM):
            return Case.objects.get(pk=front.case.pk).state, front.fresh(referral).ended_at is not None

    assert 'name="referrals"' in browser.get(page).content.decode()
    assert closed() == ("open", False)
    assert closed(referrals="withdraw") == ("closed", True)
    assert front.fresh(referral).state == "withdrawn"
