"""Changes of a device against the real records: what pages would do, once, under the same rights."""

import random
from ast import literal_eval
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.web.casework.desk_world import Desk, desk_of
from tests.web.casework_offline.plain_desk import Desk as PlainDesk
from tests.web.casework_offline.plain_desk import Device, Ledger, serve

from philoxenia_web.accounts import actions
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import AuditEntry, Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions import needs, plans
from philoxenia_web.casework.actions.cases import close
from philoxenia_web.casework.demo import Front
from philoxenia_web.casework.models import Case, CaseNeed, Note, Task
from philoxenia_web.casework.models.offline import OfflineChange, OfflineConflict, OfflineDevice, TakenCase
from philoxenia_web.casework.offline import (
    devices,
    disputes,
    leaving,
    moving,
    part,
    syncing,
    taking,
    versions,
    words,
)
from philoxenia_web.casework.offline import ledger as real
from philoxenia_web.casework.offline.demo import make_demo_offline
from philoxenia_web.casework.offline.protocol import settle
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry.models import KeptText, Reading
from philoxenia_web.registry.people import limits, protecting, records
from philoxenia_web.registry.people.visits import resident_visit, visiting

pytestmark = pytest.mark.django_db
NAME = "Zephyrine Quillhollow"


class Tablet:
    """What the script on a device keeps and sends, as far as tests need it."""

    def __init__(self, desk: Desk, *cases: Case) -> None:
        self.desk, self.number = desk, 0
        self.device, copies = taking.take(desk.actor, "tablet", [one.pk for one in cases], uuid4())
        self.copies = {one["id"]: one for one in copies}

    def thing(self, case: Case, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = next(
            one for one in self.copies[str(case.pk)]["things"] if one["kind"] == kind
        )
        return found

    def _change(self, case: Case, **told: Any) -> dict[str, Any]:
        self.number += 1
        common = {"key": str(uuid4()), "case": str(case.pk), "base": "", "seen": "", "over": [],
                  "after": None, "was": None, "number": self.number,
                  "at": timezone.now().isoformat()}  # fmt: skip
        return common | told

    def set(self, case: Case, kind: str, field: str, value: Any) -> dict[str, Any]:
        thing = self.thing(case, kind)
        return self._change(
            case, kind=kind, object=thing["id"], field=field, value=value,
            was=thing["values"][field], base=thing["versions"][field], seen=thing["version"],
        )  # fmt: skip

    def add(self, case: Case, kind: str, value: dict[str, Any]) -> dict[str, Any]:
        return self._change(case, kind=kind, object=str(uuid4()), field="", value=value)

    def send(self, *changes: dict[str, Any]) -> list[str]:
        return [one["result"] for one in self.answers(*changes)]

    def answers(self, *changes: dict[str, Any]) -> list[dict[str, Any]]:
        return syncing.sync(self.desk.actor, self.device.pk, changes, 0)


@pytest.fixture
def desk() -> Desk:
    return desk_of("Shelter")


@pytest.fixture
def case(desk: Desk) -> Case:
    """A case with a need, a task and a way to reach the person."""
    made = desk.open_case(desk.write_down(NAME), worker_id=desk.person.pk)
    needs.note_need(desk.actor, made.pk, "housing", 3, uuid4())
    plans.add_task(desk.actor, made.pk, "call", date.today(), uuid4())
    return made


def need_of(desk: Desk, case: Case) -> CaseNeed:
    with visiting(desk.actor):
        return CaseNeed.objects.get(case=case, need="housing")


def count(desk: Desk, model: Any, **told: Any) -> int:
    with visiting(desk.actor):
        return int(model.objects.filter(**told).count())


def test_a_day_without_a_network_comes_back_once_however_often_it_is_sent(desk: Desk, case: Case) -> None:
    tablet = Tablet(desk, case)
    day = [
        tablet.add(case, "note", {"kind": "visit", "text": "Saw the room together."}),
        tablet.set(case, "need", "severity", 5),
        tablet.set(case, "task", "state", "done"),
        tablet.add(case, "need", {"need": "food", "severity": 2}),
        tablet.set(case, "contact", "contacts", [{"kind": "phone", "value": "+14165550100", "safe": True}]),
    ]
    assert tablet.send(*day) == ["applied"] * 5
    # The answer got lost; then a part of it, the other way round; then all again.
    again = [*tablet.answers(*day[3:]), *tablet.answers(*reversed(day[:3])), *tablet.answers(*day)]
    assert {(one["result"], one["repeat"]) for one in again} == {("applied", True)}
    assert (count(desk, Note, case=case), count(desk, CaseNeed, case=case)) == (1, 2)
    assert need_of(desk, case).severity == 5
    with visiting(desk.actor):
        assert Task.objects.get(case=case).done_by == desk.person.pk
        record = records.open_record(desk.actor, case.resident_id, "serving_now")
    assert [one.value for one in record.contacts] == ["+14165550100"]


def test_every_copy_is_a_reading_the_person_can_be_shown(desk: Desk, case: Case) -> None:
    with visiting(desk.actor):
        before = Reading.objects.filter(resident_id=case.resident_id).count()
    Tablet(desk, case)
    with visiting(desk.actor):
        assert Reading.objects.filter(resident_id=case.resident_id).count() > before
    assert AuditEntry.objects.filter(action="casework.take_along", object_id=str(case.pk)).count() == 1


def test_a_field_the_desk_changed_meanwhile_is_never_written_over(desk: Desk, case: Case) -> None:
    tablet = Tablet(desk, case)
    colleague = desk_of("Shelter", organisation=desk.department)
    need = need_of(desk, case)
    needs.set_severity(colleague.actor, need.pk, need.version, 1)
    change = tablet.set(case, "need", "severity", 5)
    assert tablet.send(change) == ["conflict"]
    assert tablet.send(change) == ["conflict"]
    assert need_of(desk, case).severity == 1
    with visiting(desk.actor):
        [conflict] = disputes.open_conflicts(desk.actor)
        seen = disputes.look(desk.actor, conflict.pk)
    assert (seen.was, seen.theirs, seen.now, seen.mine) == (3, 1, 1, 5)
    assert (conflict.mine_by, conflict.theirs_by) == (desk.person.pk, colleague.person.pk)


def test_other_fields_of_the_same_need_are_merged(desk: Desk, case: Case) -> None:
    tablet = Tablet(desk, case)
    need = need_of(desk, case)
    needs.step_need(desk.actor, need.pk, need.version, "take_in_hand")
    assert tablet.send(tablet.set(case, "need", "severity", 5)) == ["merged"]
    need = need_of(desk, case)
    assert (need.severity, need.state) == (5, "in_hand")


@pytest.fixture
def conflict(desk: Desk, case: Case) -> OfflineConflict:
    """1 at the desk, 5 on the device."""
    tablet = Tablet(desk, case)
    need = need_of(desk, case)
    needs.set_severity(desk.actor, need.pk, need.version, 1)
    tablet.send(tablet.set(case, "need", "severity", 5))
    with visiting(desk.actor):
        return disputes.open_conflicts(desk.actor)[0]


@pytest.mark.parametrize(("decision", "severity"), [("mine", 5), ("theirs", 1)])
def test_a_person_decides_and_twice_is_once(
    desk: Desk, case: Case, conflict: OfflineConflict, decision: str, severity: int
) -> None:
    seen = disputes.look(desk.actor, conflict.pk)
    for _time in range(2):
        disputes.decide(desk.actor, conflict.pk, decision, seen.version)
    need = need_of(desk, case)
    assert need.severity == severity
    assert AuditEntry.objects.filter(action="casework.decide_conflict").count() == 1
    other = "theirs" if decision == "mine" else "mine"
    with pytest.raises(Conflict):
        disputes.decide(desk.actor, conflict.pk, other, seen.version)
    assert need_of(desk, case).version == need.version


def test_a_decision_is_made_on_what_was_shown(desk: Desk, case: Case, conflict: OfflineConflict) -> None:
    seen = disputes.look(desk.actor, conflict.pk)
    need = need_of(desk, case)
    needs.set_severity(desk.actor, need.pk, need.version, 2)
    with pytest.raises(Conflict):
        disputes.decide(desk.actor, conflict.pk, "mine", seen.version)
    assert need_of(desk, case).severity == 2
    disputes.decide(desk.actor, conflict.pk, "mine", disputes.look(desk.actor, conflict.pk).version)
    assert need_of(desk, case).severity == 5


def test_values_of_a_conflict_are_sealed(desk: Desk, case: Case) -> None:
    tablet = Tablet(desk, case)
    with visiting(desk.actor):
        records.change(
            desk.actor,
            case.resident_id,
            1,
            {"contacts": [{"kind": "phone", "value": "+14165550111"}]},
            uuid4(),
        )
    mine = [{"kind": "other", "value": "Quillhollow bakery"}]
    assert tablet.send(tablet.set(case, "contact", "contacts", mine)) == ["conflict"]
    with visiting(desk.actor):
        [text] = KeptText.objects.filter(kind=disputes.TEXT)
        rows = repr(list(OfflineConflict.objects.values())) + repr(list(OfflineChange.objects.values()))
    assert b"Quillhollow" not in bytes(text.content)
    assert "Quillhollow" not in rows + repr(list(AuditEntry.objects.values()))


def test_another_department_sees_neither_case_nor_device_nor_conflict(
    desk: Desk, case: Case, conflict: OfflineConflict
) -> None:
    other = desk_of("Employment", Role.SUPERVISOR)
    with visiting(other.actor):
        assert disputes.open_conflicts(other.actor) == []
        assert devices.listed(other.actor) == []
        for model in (OfflineDevice, OfflineChange, OfflineConflict):
            assert not model.objects.exists()
    for tried in (
        lambda: disputes.look(other.actor, conflict.pk),
        lambda: disputes.decide(other.actor, conflict.pk, "mine", ""),
        lambda: syncing.sync(other.actor, conflict.device_id, [], 0),
        lambda: devices.stop(other.actor, conflict.device_id),
        lambda: devices.hear_wiped(other.actor, conflict.device_id, "hand"),
        lambda: taking.take_again(other.actor, conflict.device_id, [case.pk]),
        lambda: taking.take(other.actor, "tablet", [case.pk], uuid4()),
    ):
        with pytest.raises(Http404):
            tried()


def test_a_colleague_does_not_send_for_my_device(desk: Desk, case: Case) -> None:
    tablet = Tablet(desk, case)
    colleague = desk_of("Shelter", organisation=desk.department)
    with pytest.raises(Http404):
        syncing.sync(colleague.actor, tablet.device.pk, [], 0)


def test_a_case_that_was_not_taken_along_is_out_of_reach(desk: Desk, case: Case) -> None:
    tablet = Tablet(desk, case)
    other = desk.open_case(desk.write_down("Orsolya Vane", 1990))
    change = tablet.add(case, "note", {"kind": "visit", "text": "x"}) | {"case": str(other.pk)}
    assert [(one["result"], one["reason"]) for one in tablet.answers(change)] == [("refused", "not_taken")]
    assert count(desk, Note) == 0


def test_a_restricted_case_stays_at_the_desk(desk: Desk) -> None:
    hidden = desk.open_case(desk.write_down(NAME, restricted=True))
    with pytest.raises(NotPossible):
        Tablet(desk, hidden)
    with visiting(desk.actor):
        assert not OfflineDevice.objects.exists()


def test_a_closed_case_refuses_and_says_so(desk: Desk) -> None:
    quiet = desk.open_case(desk.write_down("Orsolya Vane", 1990))
    tablet = Tablet(desk, quiet)
    close(desk.actor, quiet.pk, quiet.version, "met")
    told = tablet.answers(tablet.add(quiet, "note", {"kind": "visit", "text": "x"}))
    assert [(one["result"], one["reason"]) for one in told] == [("refused", "closed")]


def test_a_stopped_device_sends_nothing_any_more(desk: Desk, case: Case) -> None:
    tablet = Tablet(desk, case)
    lead = desk_of("Shelter", Role.SUPERVISOR, desk.department)
    colleague = desk_of("Shelter", organisation=desk.department)
    with pytest.raises(Http404):
        devices.stop(colleague.actor, tablet.device.pk)
    devices.stop(lead.actor, tablet.device.pk)
    with pytest.raises(syncing.Stopped):
        tablet.send(tablet.add(case, "note", {"kind": "visit", "text": "x"}))
    assert count(desk, Note) == 0
    devices.hear_wiped(desk.actor, tablet.device.pk, "revoked")
    with visiting(desk.actor):
        assert OfflineDevice.objects.get().state == "wiped"


def test_work_is_taken_after_the_time_of_the_copies_but_not_for_ever(desk: Desk, case: Case) -> None:
    tablet = Tablet(desk, case)
    with visiting(desk.actor):
        OfflineDevice.objects.update(until=timezone.now() - timedelta(hours=1))
    assert tablet.send(tablet.add(case, "note", {"kind": "visit", "text": "x"})) == ["applied"]
    with visiting(desk.actor):
        OfflineDevice.objects.update(keep_until=timezone.now() - timedelta(hours=1))
    with pytest.raises(syncing.Stopped):
        tablet.send()


def test_the_same_request_to_take_along_makes_one_device(desk: Desk, case: Case) -> None:
    key = uuid4()
    made = {taking.take(desk.actor, "tablet", [case.pk], key)[0].pk for _time in range(2)}
    assert len(made) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"severity": 9}, {"severity": True}, {"severity": "5"}, {"state": "gone"}, {"state": 3},
        {"severity": None}, {"contacts": "call me"}, {"severity": {"$gt": 0}},
    ],
)  # fmt: skip
def test_values_that_are_none_are_refused(desk: Desk, case: Case, bad: dict[str, Any]) -> None:
    tablet = Tablet(desk, case)
    [(field, value)] = bad.items()
    kind = "contact" if field == "contacts" else "need"
    assert tablet.send(tablet.set(case, kind, field, value)) == ["refused"]
    need = need_of(desk, case)
    assert (need.severity, need.state, need.version) == (3, "open", 1)


def test_what_cannot_be_read_is_refused_and_the_rest_goes_on(desk: Desk, case: Case) -> None:
    tablet = Tablet(desk, case)
    good = tablet.add(case, "note", {"kind": "visit", "text": "x"})
    bad = [
        None, 7, "x", [], {}, good | {"key": "no"}, good | {"key": str(uuid4()), "kind": "secret"},
        good | {"key": str(uuid4()), "at": "yesterday"}, good | {"key": str(uuid4()), "over": ["x"]},
        good | {"key": str(uuid4()), "number": -1}, 
        good | {"key": str(uuid4()), "value": {"text": "x" * 99_000}},
        good | {"key": str(uuid4()), "field": "worker_id", "value": 1},
    ]  # fmt: skip
    assert sorted(tablet.send(*bad, good)) == ["applied"] + ["refused"] * len(bad)
    assert count(desk, Note) == 1


def test_a_note_keeps_the_time_it_was_written_and_none_of_the_future(desk: Desk, case: Case) -> None:
    tablet, hour = Tablet(desk, case), timedelta(hours=3)
    with visiting(desk.actor):
        OfflineDevice.objects.update(made_at=timezone.now() - 2 * hour)
    for moment in (timezone.now() - hour, timezone.now() + hour):
        change = tablet.add(case, "note", {"kind": "visit", "text": "x"}) | {"at": moment.isoformat()}
        assert tablet.send(change) == ["applied"]
    with visiting(desk.actor):
        early, late = Note.objects.order_by("at")
    assert timezone.now() - early.at > hour
    assert late.at <= timezone.now()


@pytest.mark.parametrize("seed", range(3))
def test_the_database_answers_as_the_plain_model_does(desk: Desk, case: Case, seed: int) -> None:
    """The same changes, in the same disorder, to both: the same answers, the same values."""
    chance = random.Random(seed)  # noqa: S311
    need, plain = need_of(desk, case), PlainDesk()
    plain.make(need.pk, "housing", {"severity": 3, "state": "open"})
    pairs = [(Device(str(one), plain, Ledger(plain)), Tablet(desk, case).device) for one in range(2)]
    for device, _real in pairs:
        device.take()
    sent: list[tuple[Device, OfflineDevice, Any]] = []
    for step in range(30):
        device, device_row = chance.choice(pairs)
        if step % 2:
            device.edit(need.pk, "severity", chance.randint(1, 5))
            sent += [(device, device_row, one) for one in device.batch(3)]
        elif sent:
            device, device_row, change = chance.choice(sent)
            expected = serve(device.ledger, [change])[0]
            found = _settled(desk, device_row, case, change)
            assert (_effect(found), found.repeat) == (_effect(expected), expected.repeat), step
            if chance.random() < 0.5:
                device.hear([expected])
        assert need_of(desk, case).severity == plain.objects[need.pk]["severity"]
    assert count(desk, OfflineConflict) == len(plain.conflicts)


def _settled(desk: Desk, device: OfflineDevice, case: Case, change: Any) -> Any:
    def version(text: str) -> str:
        return versions.version(case.pk, "need", "severity", literal_eval(text)) if text else ""

    told = replace(change, case_id=case.pk, base=version(change.base), made_at=timezone.now().isoformat())
    with visiting(desk.actor):
        whole = versions.as_thing(
            case.pk, "need", UUID(str(change.object_id)), {"severity": 3, "state": "open"}
        )
        told = replace(told, seen=whole.version)
        return settle(real.Ledger(desk.actor, device, told), told)


def _effect(result: Any) -> str:
    # Applied or merged depends on the whole, which is another in the model.
    return "applied" if result.took_effect else result.outcome.value


def test_who_is_forgotten_is_forgotten_here_too(desk: Desk, case: Case, conflict: OfflineConflict) -> None:
    with resident_visit(case.resident_id):
        told = part._rows(case.resident_id)
    assert {"taken_along_at", "conflict_at"} <= {name for row in told for name in row}
    with visiting(SYSTEM):
        part._erase(SYSTEM, case.resident_id)
        for model in (OfflineConflict, OfflineChange, TakenCase):
            assert not model.objects.filter(resident=case.resident_id).exists()


def test_the_demonstration_brings_one_conflict_to_decide(desk: Desk, case: Case) -> None:
    front = Front(desk.actor, desk.actor, desk.actor, desk.department.pk, desk.department.pk, timezone.now())
    assert (make_demo_offline(front), make_demo_offline(front)) == (1, 0)
    with visiting(desk.actor):
        assert len(disputes.open_conflicts(desk.actor)) == 1


def kept(tablet: Tablet) -> tuple[bool, bool, list[str]]:
    """Whether the device keeps copies, whether what was not sent, and which cases it holds."""
    told = leaving.standing(tablet.device.pk)
    return told["keep"], told["unsent"], told["hold"]


def test_signing_out_ends_copies_in_that_browser_alone_and_no_work(
    desk: Desk, case: Case, settings: Any
) -> None:
    tablet, office, here = Tablet(desk, case), desk.browser(), desk.browser()
    note = tablet.add(case, "note", {"kind": "visit", "text": "Written on the way."})
    here.cookies["desk-device"] = str(tablet.device.pk)
    assert here.get("/front/offline/").status_code == office.get("/front/offline/").status_code == 200
    # An ordinary day: the session's time is up, somebody signs out at the desk.
    session = here.session
    session["seen"] -= settings.SESSION_IDLE_SECONDS + 1
    session.save()
    assert here.get("/front/offline/").status_code == 302
    assert office.post("/account/logout/")["Location"] == "/"
    assert kept(tablet) == (True, True, [str(case.pk)])
    here.force_login(desk.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert here.post("/account/logout/")["Location"] == reverse("offline-work")
    assert kept(tablet) == (False, True, [])
    assert tablet.send(note) == ["applied"]
    with pytest.raises(syncing.Stopped):
        taking.take_again(desk.actor, tablet.device.pk, [case.pk])
    with pytest.raises(NotPossible):
        taking.take(desk.actor, "tablet", [case.pk], tablet.device.key)


def test_a_device_ends_with_the_rights_of_its_owner_and_loses_no_work(desk: Desk, case: Case) -> None:
    tablet, mine = Tablet(desk, case), Membership.objects.filter(person=desk.person)
    ends = {
        "the account is closed": lambda: Person.objects.filter(pk=desk.person.pk).update(is_active=False),
        "sessions are ended everywhere": lambda: actions.sign_out_everywhere(SYSTEM, desk.person.pk),
        "the role is taken away": lambda: mine.update(role=Role.AUDITOR),
        "the department is closed": lambda: Organisation.objects.update(active=False),
    }
    for why, end in ends.items():
        with transaction.atomic():
            end()
            assert kept(tablet) == (False, True, []), why
            transaction.set_rollback(True)
        assert kept(tablet)[0], why
    unknown = leaving.standing(uuid4())
    assert (unknown["keep"], unknown["unsent"]) == (False, True)
    devices.stop(desk.actor, tablet.device.pk)
    assert kept(tablet) == (False, False, [])


def test_a_case_that_may_not_lie_on_a_device_any_more_stops_no_other(desk: Desk, case: Case) -> None:
    quiet, hidden, moved, gone = (
        desk.open_case(desk.write_down(f"Orsolya {name}", 1990)) for name in ("Vane", "Wick", "Xu", "Yeo")
    )
    tablet = Tablet(desk, case, quiet, hidden, moved, gone)
    close(desk.actor, quiet.pk, quiet.version, "met")
    protecting.protect(desk.actor, hidden.resident_id, True, 1, uuid4())
    other = desk_of("Employment")
    with visiting(SYSTEM):
        Case.objects.filter(pk=moved.pk).update(organisation_id=other.department.pk)
        part._erase(SYSTEM, gone.resident_id)
    moving.case_moved(moved.pk, desk.department.pk, other.department.pk)
    assert kept(tablet) == (True, True, [str(case.pk)])
    everything = [quiet.pk, hidden.pk, moved.pk, case.pk]
    _device, copies = taking.take_again(desk.actor, tablet.device.pk, everything)
    assert [one["id"] for one in copies] == [str(case.pk)]
    # Work about a protected person is still taken from who was there.
    words = {"kind": "visit", "text": "x"}
    told = [tablet.answers(tablet.add(one, "note", words))[0] for one in (hidden, moved)]
    assert [(one["result"], one["reason"]) for one in told] == [("applied", ""), ("refused", "not_taken")]


def test_a_conflict_goes_along_when_its_case_moves(desk: Desk, case: Case, conflict: OfflineConflict) -> None:
    other = desk_of("Employment")
    with visiting(SYSTEM):
        Case.objects.filter(pk=case.pk).update(organisation_id=other.department.pk)
        protecting.hand_over(SYSTEM, case.resident_id, desk.department.pk, other.department.pk)
    moving.case_moved(case.pk, desk.department.pk, other.department.pk)
    with visiting(desk.actor):
        assert disputes.open_conflicts(desk.actor) == []
    with visiting(other.actor):
        [seen] = disputes.open_conflicts(other.actor)
    values = disputes.look(other.actor, seen.pk)
    assert (values.theirs, values.mine) == (1, 5)
    disputes.decide(other.actor, seen.pk, "mine", values.version)
    with visiting(other.actor):
        assert CaseNeed.objects.get(case=case).severity == 5


def test_a_number_typed_with_a_space_does_not_quarrel_with_itself(desk: Desk, case: Case) -> None:
    tablet = Tablet(desk, case)
    phone = {"kind": "phone", "value": " 416\u200b 555  0183 ", "safe": False}
    first = tablet.set(case, "contact", "contacts", [phone])
    [told] = tablet.answers(first)
    safe = tablet.set(case, "contact", "contacts", [phone | {"safe": True}]) | {"base": told["version"]}
    assert (told["result"], tablet.send(safe)) == ("applied", ["merged"])
    with visiting(desk.actor):
        record = records.open_record(desk.actor, case.resident_id, "serving_now")
    assert [(one.value, one.safe) for one in record.contacts] == [("416 555 0183", True)]


def test_what_cannot_be_settled_now_waits_and_nothing_waits_behind_it(
    desk: Desk, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet = Tablet(desk, case)
    phone = tablet.set(case, "contact", "contacts", [{"kind": "phone", "value": "416 555 0183"}])
    step, note = (tablet.set(case, "task", "state", "done"),
                  tablet.add(case, "note", {"kind": "visit", "text": "x"}))  # fmt: skip
    with monkeypatch.context() as at_fault:
        # Of the hour's limit a sentence is known, of the other nothing.
        at_fault.setattr(limits, "whole", lambda _name: 0)
        at_fault.setattr(plans, "step_task", lambda *_told: 1 / 0)
        assert tablet.send(phone, step, note) == ["later", "later", "applied"]
    assert tablet.send(phone, step, note) == ["applied"] * 3


def test_a_device_is_seen_and_stopped_by_each_desk_whose_case_it_holds(desk: Desk, case: Case) -> None:
    other = desk_of("Employment", Role.SUPERVISOR)
    theirs = other.open_case(other.write_down("Orsolya Vane", 1990))
    Membership.objects.create(person=desk.person, organisation=other.department, role=Role.CASEWORKER)
    tablet = Tablet(desk, *sorted([case, theirs], key=lambda one: one.organisation_id != desk.department.pk))
    for department in (desk.department, other.department):
        lead = desk_of("", Role.SUPERVISOR, department)
        with visiting(lead.actor):
            assert [line.device.pk for line in devices.listed(lead.actor)] == [tablet.device.pk]
    assert tablet.send(tablet.add(theirs, "note", {"kind": "visit", "text": "x"})) == ["applied"]
    assert devices.stop(other.actor, tablet.device.pk).state == "revoked"


def test_a_device_says_when_within_reason(desk: Desk, case: Case) -> None:
    tablet = Tablet(desk, case)
    need = need_of(desk, case)
    needs.set_severity(desk.actor, need.pk, need.version, 1)
    change = tablet.set(case, "need", "severity", 5) | {"at": "2038-01-19T03:14:08+00:00"}
    naive = tablet.add(case, "note", {"kind": "visit", "text": "x"}) | {"at": "2026-11-22T10:00:00"}
    early = tablet.add(case, "note", {"kind": "visit", "text": "x"}) | {"at": "0001-01-01T00:00:00+00:00"}
    assert tablet.send(change, naive, early) == ["refused", "conflict", "applied"]
    with visiting(desk.actor):
        assert OfflineConflict.objects.get().mine_at <= timezone.now()
        assert Note.objects.get().at == tablet.device.made_at


def test_who_decides_sees_which_way_to_reach_somebody_is_not_safe() -> None:
    phone = {"kind": "phone", "value": "+1 416 555 0183", "safe": True, "how": "", "hours": "after six"}
    told = [words.said("record", "contacts", [phone | {"safe": safe}]) for safe in (True, False)]
    assert told[0] != told[1]
    assert "not safe" in told[1] and "not safe" not in told[0]
    assert "after six" in told[0]
