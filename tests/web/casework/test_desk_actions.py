"""What the desk's actions promise: once for a key, a conflict for an old version, steps by the machines."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.web.casework.desk_world import Desk, desk_of

from philoxenia_web.accounts.access import SYSTEM, Denied
from philoxenia_web.accounts.models import AuditEntry, Membership
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions import cases, needs, notes, plans
from philoxenia_web.casework.desk.own_rights import exported, last_served, needs_in_other_cases
from philoxenia_web.casework.models import Case, CaseNeed, Note, Task
from philoxenia_web.casework.queries import Work, caseload, colleagues, live_codes
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry.people import grants, households, protecting
from philoxenia_web.registry.people.texts import read_texts
from philoxenia_web.registry.people.visits import resident_visit, visiting

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def desk() -> Desk:
    return desk_of("Shelter")


@pytest.fixture
def case(desk: Desk) -> Case:
    return desk.open_case(desk.write_down())


def test_one_person_has_one_live_case_at_a_desk(desk: Desk, case: Case) -> None:
    assert desk.open_case(case.resident_id).pk == case.pk
    elsewhere = desk_of("Housing")
    assert elsewhere.open_case(case.resident_id).pk != case.pk


def test_the_same_key_is_one_note_and_its_words_are_nowhere_in_the_clear(desk: Desk, case: Case) -> None:
    key = uuid4()
    first = notes.write_note(desk.actor, case.pk, "visit", "Zebrafinch sings", key)
    again = notes.write_note(desk.actor, case.pk, "visit", "Zebrafinch sings", key)
    assert first.pk == again.pk
    with visiting(desk.actor):
        assert Note.objects.count() == 1
        assert read_texts(desk.actor, [first.text_id], "serving_now") == {first.text_id: "Zebrafinch sings"}
    trail = AuditEntry.objects.values_list("action", "before", "after", "reason")
    assert "Zebrafinch" not in str(list(trail)) and "Haddad" not in str(list(trail))


def test_a_key_of_another_desk_gives_nothing_away(desk: Desk, case: Case) -> None:
    key = uuid4()
    notes.write_note(desk.actor, case.pk, "visit", "words", key)
    other = desk_of("Housing")
    theirs = other.open_case(case.resident_id)
    with pytest.raises(NotPossible) as refused:
        notes.write_note(other.actor, theirs.pk, "visit", "other words", key)
    assert str(key) not in str(refused.value)


def test_a_need_noted_twice_is_one_need_and_its_severity_is_not_written_over(desk: Desk, case: Case) -> None:
    key = uuid4()
    first = needs.note_need(desk.actor, case.pk, "housing", 5, key)
    with pytest.raises(Conflict) as met:
        needs.note_need(desk.actor, case.pk, "housing", 2, uuid4())
    assert met.value.fields == {"severity": (None, 5, 2)}
    assert needs.note_need(desk.actor, case.pk, "housing", 5, uuid4()).pk == first.pk
    needs.set_severity(desk.actor, first.pk, 1, 4)
    assert needs.note_need(desk.actor, case.pk, "housing", 5, key).severity == 4
    sent = {"need": "housing", "severity": "2", "key": str(uuid4())}
    page = desk.browser().post(reverse("front-add", args=[case.pk, "need"]), sent, follow=True)
    assert "It says now: Severe: within days. You wanted: Some: within months." in page.content.decode()


def test_a_need_is_noted_for_the_household_and_nobody_else(desk: Desk, case: Case) -> None:
    child, stranger = desk.write_down("Yusuf Haddad", 2019), desk.write_down("Dawit Tesfay", 1990)
    browser, household = desk.browser(), reverse("front-member", args=[case.resident_id])
    browser.post(household, {"resident": str(child), "relation": "child"})
    with pytest.raises(Http404):
        needs.note_need(desk.actor, case.pk, "housing", 2, uuid4(), resident_id=stranger)
    sent = {"need": "school", "severity": "3", "whose": str(child), "key": str(uuid4())}
    page = browser.post(reverse("front-add", args=[case.pk, "need"]), sent, follow=True)
    assert "Yusuf Haddad" in page.content.decode().partition('id="needs"')[2].partition("</ul>")[0]
    needs.note_need(desk.actor, case.pk, "school", 2, uuid4())
    for resident_id, mine, told in ((case.resident_id, ["household", "own"], []), (child, [], ["own"])):
        with resident_visit(resident_id):
            assert [one["whose"] for found in exported(resident_id) for one in found["needs"]] == mine
            assert [one["whose"] for one in needs_in_other_cases(resident_id)] == told
    with visiting(SYSTEM):
        assert set(last_served([child, stranger])) == {child}
    leaving = reverse("front-member-leave", args=[case.resident_id])
    browser.post(leaving, {"resident": str(stranger)})
    browser.post(leaving, {"resident": str(child)})
    with visiting(desk.actor):
        assert households.member_ids([case.resident_id]) == {case.resident_id}


def test_a_protected_members_needs_are_told_to_nobody_of_the_household(desk: Desk, case: Case) -> None:
    hers = desk.write_down("Layla Haddad", 1989)
    households.join(desk.actor, hers, households.begin(desk.actor, case.resident_id), "partner")
    needs.note_need(desk.actor, case.pk, "housing", 2, uuid4())
    hidden = needs.note_need(desk.actor, case.pk, "safety", 5, uuid4(), resident_id=hers)

    def seen() -> tuple[list[str], list[str], list[int]]:
        with visiting(desk.actor):
            load = [one.severity for one in caseload(desk.actor, mine=False)]
            return [one.need for one in Work(desk.actor, case).needs], live_codes([case])[case.pk], load

    assert seen() == (["safety", "housing"], ["safety", "housing"], [5])
    # She goes to another department, which protects her.
    refuge = desk_of("Refuge")
    with visiting(SYSTEM):
        protecting.hand_over(SYSTEM, hers, desk.department.pk, refuge.department.pk)
    protecting.protect(refuge.actor, hers, True, 1, uuid4())
    assert seen() == (["housing"], ["housing"], [2])
    with resident_visit(case.resident_id):
        assert [one["need"] for found in exported(case.resident_id) for one in found["needs"]] == ["housing"]
    with resident_visit(hers):
        assert [one["need"] for one in needs_in_other_cases(hers)] == [hidden.need]


def test_two_who_change_one_severity_meet_and_nothing_is_lost(desk: Desk, case: Case) -> None:
    need = needs.note_need(desk.actor, case.pk, "housing", 2, uuid4())
    needs.set_severity(desk.actor, need.pk, 1, 4)
    with pytest.raises(Conflict) as met:
        needs.set_severity(desk.actor, need.pk, 1, 5)
    assert met.value.fields == {"severity": (None, 4, 5)}
    assert needs.set_severity(desk.actor, need.pk, 1, 4).version == 2


def test_a_step_taken_twice_is_taken_once_and_one_that_cannot_be_is_refused(desk: Desk, case: Case) -> None:
    task = plans.add_task(desk.actor, case.pk, "call", TODAY(), uuid4())
    done = plans.step_task(desk.actor, task.pk, 1, "finish")
    assert done.state == "done" and done.done_at and done.done_by == desk.person.pk
    assert plans.step_task(desk.actor, task.pk, 1, "finish").version == done.version
    with pytest.raises(Conflict):
        plans.step_task(desk.actor, task.pk, 1, "drop")
    with pytest.raises(NotPossible):
        plans.step_task(desk.actor, task.pk, 2, "drop")


def test_a_case_with_tasks_to_do_is_not_closed_and_a_closed_one_takes_nothing(desk: Desk, case: Case) -> None:
    task = plans.add_task(desk.actor, case.pk, "call", TODAY() + timedelta(days=3), uuid4())
    with pytest.raises(NotPossible):
        cases.close(desk.actor, case.pk, 1, "met")
    plans.step_task(desk.actor, task.pk, 1, "drop")
    closed = cases.close(desk.actor, case.pk, 1, "met")
    assert closed.closed_at and closed.outcome == "met"
    assert cases.close(desk.actor, case.pk, 1, "met").version == closed.version
    with pytest.raises(Conflict):
        cases.close(desk.actor, case.pk, 1, "left")
    with pytest.raises(NotPossible):
        notes.write_note(desk.actor, case.pk, "visit", "late", uuid4())
    with pytest.raises(Denied):
        cases.reopen(desk.actor, case.pk, closed.version)
    supervisor = desk_of("", Role.SUPERVISOR, desk.department)
    assert cases.reopen(supervisor.actor, case.pk, closed.version).closed_at is None


def test_a_case_is_given_by_its_worker_or_a_supervisor_to_somebody_of_the_desk(
    desk: Desk, case: Case
) -> None:
    colleague, stranger = desk_of("", organisation=desk.department), desk_of("Housing")
    with pytest.raises(Denied):
        cases.assign(colleague.actor, case.pk, 1, colleague.person.pk)
    with pytest.raises(NotPossible):
        cases.assign(desk.actor, case.pk, 1, stranger.person.pk)
    # Somebody who works at another desk, and here in another way, is no colleague.
    Membership.objects.create(person=stranger.person, organisation=desk.department, role=Role.EDITOR)
    with pytest.raises(NotPossible):
        cases.assign(desk.actor, case.pk, 1, stranger.person.pk)
    names = {name for _id, name in colleagues(desk.department.pk)}
    assert names == {desk.person.name, colleague.person.name}
    assert cases.assign(desk.actor, case.pk, 1, colleague.person.pk).worker_id == colleague.person.pk


def test_a_task_is_put_off_or_given_to_a_colleague(desk: Desk, case: Case) -> None:
    colleague, stranger = desk_of("", organisation=desk.department), desk_of("Housing")
    task = plans.add_task(desk.actor, case.pk, "call", TODAY(), uuid4())
    later = TODAY() + timedelta(days=7)
    browser, address = desk.browser(), reverse("front-step", args=["task", task.pk])
    sent = {"version": "1", "due_on": later.isoformat(), "worker": str(colleague.person.pk)}
    browser.post(address, sent)
    with visiting(desk.actor):
        moved = Task.objects.get(pk=task.pk)
    assert (moved.due_on, moved.worker_id, moved.version) == (later, colleague.person.pk, 2)
    page = browser.post(address, sent | {"due_on": TODAY().isoformat()}, follow=True).content.decode()
    assert "You wanted" in page
    with pytest.raises(NotPossible):
        plans.change_task(desk.actor, task.pk, 2, later, stranger.person.pk)
    with pytest.raises(NotPossible):
        plans.add_task(desk.actor, case.pk, "call", TODAY(), uuid4(), worker_id=stranger.person.pk)
    need = needs.note_need(desk.actor, case.pk, "housing", 2, uuid4())
    odd = browser.post(reverse("front-step", args=["need", need.pk]), {"version": "1", "severity": "²"})
    assert odd.status_code == 302 and browser.get(reverse("front-caseload"), {"page": "²"}).status_code == 200


def test_who_opened_a_protected_record_in_an_emergency_opens_no_case(desk: Desk) -> None:
    hidden = desk.write_down("Zebrafinch Quillon", restricted=True)
    other = desk_of("Housing")
    until = timezone.now() + timedelta(hours=1)
    grants.give(SYSTEM, hidden, other.department.pk, "break_glass", frozenset({"names"}), until, uuid4())
    with pytest.raises(NotPossible):
        other.open_case(hidden)
    page = other.browser().get(reverse("front-person", args=[hidden]), {"why": "serving_now"})
    assert page.status_code == 200 and reverse("front-case-open", args=[hidden]) not in page.content.decode()
    assert desk.open_case(hidden).restricted


@pytest.mark.parametrize("act", ["note", "need", "step", "close"])
def test_another_desk_cannot_write_into_a_case_whose_id_it_knows(desk: Desk, case: Case, act: str) -> None:
    task = plans.add_task(desk.actor, case.pk, "call", TODAY(), uuid4())
    other = desk_of("Housing").actor
    acts = {
        "note": lambda: notes.write_note(other, case.pk, "visit", "x", uuid4()),
        "need": lambda: needs.note_need(other, case.pk, "food", 1, uuid4()),
        "step": lambda: plans.step_task(other, task.pk, 1, "finish"),
        "close": lambda: cases.close(other, case.pk, 1, "met"),
    }
    with pytest.raises(Http404):
        acts[act]()


def test_the_database_shows_a_desk_its_own_rows_whatever_is_asked(desk: Desk, case: Case) -> None:
    needs.note_need(desk.actor, case.pk, "housing", 2, uuid4())
    plans.add_task(desk.actor, case.pk, "call", TODAY(), uuid4())
    notes.write_note(desk.actor, case.pk, "visit", "x", uuid4())
    tables = (Case, CaseNeed, Task, Note)
    with visiting(desk.actor):
        assert [table.objects.count() for table in tables] == [1, 1, 1, 1]
    with visiting(desk_of("Housing").actor):
        assert [table.objects.count() for table in tables] == [0, 0, 0, 0]
    assert [table.objects.count() for table in tables] == [0, 0, 0, 0]


def test_words_that_hide_or_turn_text_are_taken_out_and_long_ones_refused(desk: Desk, case: Case) -> None:
    made = notes.write_note(desk.actor, case.pk, "visit", "a\u202eb\x00c <script>", uuid4())
    with visiting(desk.actor):
        assert read_texts(desk.actor, [made.text_id], "serving_now")[made.text_id] == "abc <script>"
    with pytest.raises(NotPossible):
        notes.write_note(desk.actor, case.pk, "visit", "x" * 10_001, uuid4())


def test_a_goal_of_another_case_is_not_taken(desk: Desk, case: Case) -> None:
    second = desk.open_case(desk.write_down("Dawit Tesfay", 1990))
    goal = plans.set_goal(desk.actor, second.pk, "work", uuid4())
    with pytest.raises(NotPossible):
        plans.add_task(desk.actor, case.pk, "call", TODAY(), uuid4(), goal_id=UUID(str(goal.pk)))
