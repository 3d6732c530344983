"""Changes of devices arrive late, twice, in any order, in part: nothing is lost, nothing is doubled."""

from collections import Counter
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.web.casework_offline.plain_desk import (
    CASE,
    FIELDS,
    Desk,
    Device,
    Ledger,
    key,
    meant,
    serve,
    typed,
)

from philoxenia_web.casework.offline.protocol import Change, Outcome, Reason, Result, settle

NEEDS = [key("need", number) for number in range(2)]


class Shelter(RuleBasedStateMachine):
    """Two devices and the desk itself work on one case, over a network that loses, doubles and reorders."""

    def __init__(self) -> None:
        super().__init__()
        self.desk, self.values = Desk(), 0
        for need in NEEDS:
            self.desk.make(need, str(need), {name: self.fresh() for name in FIELDS})
        self.devices = [Device(name, self.desk, Ledger(self.desk)) for name in ("tablet", "laptop")]
        for one in self.devices:
            one.take()
        self.on_the_way: list[tuple[Device, list[Change]]] = []
        self.answers: list[tuple[Device, list[Result]]] = []
        # What each change may overwrite: the values its author had before their eyes.
        self.seen: dict[Any, set[Any]] = {}
        self.notes: list[str] = []

    def fresh(self) -> int:
        self.values += 1
        return self.values

    # --- people ---

    @rule(
        device=st.integers(0, 1), need=st.integers(0, 1), name=st.sampled_from(FIELDS), untidy=st.booleans()
    )
    def works(self, device: int, need: int, name: str, untidy: bool) -> None:
        one, value = self.devices[device], self.fresh()
        before = meant(one.fields[NEEDS[need], name].value)
        if one.edit(NEEDS[need], name, typed(value, untidy)) is not None:
            self.seen[value] = {before} | self.seen.get(before, set())

    @rule(device=st.integers(0, 1), untidy=st.booleans())
    def works_where_there_is_a_network(self, device: int, untidy: bool) -> None:
        one = self.devices[device]
        for _time in range(2):
            self.works(device, 0, FIELDS[0], untidy)
            one.hear(serve(one.ledger, one.batch(99)))

    @rule(device=st.integers(0, 1), code=st.sampled_from(["food", "school"]))
    def notes_a_need(self, device: int, code: str) -> None:
        one, severity, state = self.devices[device], self.fresh(), self.fresh()
        one.need(code, severity, state)
        self.seen[severity], self.seen[state] = set(), set()

    @precondition(lambda self: any(len(one.fields) > 4 for one in self.devices))
    @rule(data=st.data(), name=st.sampled_from(FIELDS))
    def works_on_any_need(self, data: st.DataObject, name: str) -> None:
        one = data.draw(st.sampled_from([found for found in self.devices if len(found.fields) > 4]))
        need = data.draw(st.sampled_from(sorted({object_id for object_id, _ in one.fields})))
        value, before = self.fresh(), meant(one.fields[need, name].value)
        if one.edit(need, name, value) is not None:
            self.seen[value] = {before} | self.seen.get(before, set())

    @rule(device=st.integers(0, 1))
    def writes_a_note(self, device: int) -> None:
        self.notes.append(self.devices[device].note().value["text"])

    @rule(need=st.integers(0, 1), name=st.sampled_from(FIELDS))
    def somebody_works_at_the_desk(self, need: int, name: str) -> None:
        value = self.fresh()
        self.seen[value] = {self.desk.objects[NEEDS[need]][name]}
        self.desk.put(NEEDS[need], name, value)

    @precondition(lambda self: any(one.open for one in self.desk.conflicts))
    @rule(mine=st.booleans())
    def a_person_decides(self, mine: bool) -> None:
        one = next(found for found in self.desk.conflicts if found.open)
        one.open = False
        if mine:
            self.seen[one.mine[-1]] |= {self.desk.objects[one.object_id][one.field]}
            self.desk.put(one.object_id, one.field, one.mine[-1])

    @precondition(lambda self: any(not one.outbox for one in self.devices))
    @rule()
    def takes_the_case_along_anew(self) -> None:
        next(one for one in self.devices if not one.outbox).take()

    # --- network ---

    @rule(device=st.integers(0, 1), most=st.integers(1, 4))
    def sends(self, device: int, most: int) -> None:
        one = self.devices[device]
        if batch := one.batch(most):
            self.on_the_way.append((one, batch))

    @precondition(lambda self: self.on_the_way)
    @rule(data=st.data(), again=st.booleans(), cut=st.integers(0, 3))
    def arrives(self, data: st.DataObject, again: bool, cut: int) -> None:
        at = data.draw(st.integers(0, len(self.on_the_way) - 1))
        device, batch = self.on_the_way[at] if again else self.on_the_way.pop(at)
        # The server stops after some of them; each was settled in a transaction of its own.
        self.answers.append((device, serve(device.ledger, batch[: len(batch) - cut] if cut else batch)))

    @precondition(lambda self: self.answers)
    @rule(data=st.data(), heard=st.booleans())
    def answer_comes_back(self, data: st.DataObject, heard: bool) -> None:
        device, results = self.answers.pop(data.draw(st.integers(0, len(self.answers) - 1)))
        if heard:
            device.hear(results)

    # --- what must hold ---

    @invariant()
    def nobody_overwrites_what_they_have_not_seen(self) -> None:
        for history in self.desk.history.values():
            for before, after in pairwise(history):
                assert before in self.seen[after], (before, after)

    @invariant()
    def no_note_is_there_twice(self) -> None:
        assert not [one for one, times in Counter(self.desk.notes).items() if times > 1]

    @invariant()
    def no_value_is_written_twice(self) -> None:
        written = [value for history in self.desk.history.values() for value in history]
        assert len(written) == len(set(written))

    @invariant()
    def nobody_is_in_conflict_with_what_they_know(self) -> None:
        for one in (found for found in self.desk.conflicts if found.open):
            assert one.theirs not in self.seen[one.mine[0]], one
            assert one.mine[0] not in self.seen.get(one.theirs, ()), one

    def teardown(self) -> None:
        """The network comes back: every device sends until it has nothing left."""
        for device in self.devices:
            while batch := device.batch(3):
                device.hear(serve(device.ledger, batch))
        # What was on the way all the time arrives after everything else.
        held = repr(self.desk)
        for device, batch in self.on_the_way:
            serve(device.ledger, batch)
        assert repr(self.desk) == held
        assert sorted(self.desk.notes) == sorted(self.notes)
        self._every_value_is_accounted_for()

    def _every_value_is_accounted_for(self) -> None:
        written = {value for history in self.desk.history.values() for value in history}
        told = {value for one in self.desk.conflicts for value in one.mine}
        # An author may change their own mind before anybody saw it.
        replaced = {earlier for value, before in self.seen.items() for earlier in before if value != earlier}
        for value in self.seen:
            assert value in written | told or value in replaced, value


TestShelter = Shelter.TestCase
TestShelter.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def _desk() -> tuple[Desk, Device, Device]:
    desk = Desk()
    desk.make(NEEDS[0], "housing", {"severity": 3, "state": "open"})
    devices = [Device(name, desk, Ledger(desk)) for name in ("tablet", "laptop")]
    for one in devices:
        one.take()
    return desk, devices[0], devices[1]


def _send(device: Device) -> list[Outcome]:
    results = serve(device.ledger, device.batch(99))
    device.hear(results)
    return [one.outcome for one in results]


def test_two_people_who_change_the_same_field_meet_in_a_conflict() -> None:
    desk, tablet, laptop = _desk()
    tablet.edit(NEEDS[0], "severity", 5)
    laptop.edit(NEEDS[0], "severity", 1)
    assert _send(tablet) == [Outcome.APPLIED]
    assert _send(laptop) == [Outcome.CONFLICT]
    assert desk.objects[NEEDS[0]]["severity"] == 5
    assert [(one.field, one.mine, one.open) for one in desk.conflicts] == [("severity", [1], True)]


def test_other_fields_of_one_object_are_merged() -> None:
    desk, tablet, laptop = _desk()
    tablet.edit(NEEDS[0], "severity", 5)
    laptop.edit(NEEDS[0], "state", "met")
    assert (_send(tablet), _send(laptop)) == ([Outcome.APPLIED], [Outcome.MERGED])
    assert desk.objects[NEEDS[0]] == {"severity": 5, "state": "met"}


def test_the_same_value_twice_is_no_conflict() -> None:
    desk, tablet, laptop = _desk()
    tablet.edit(NEEDS[0], "severity", 5)
    laptop.edit(NEEDS[0], "severity", 5)
    assert (_send(tablet), _send(laptop)) == ([Outcome.APPLIED], [Outcome.MERGED])
    assert desk.history[NEEDS[0], "severity"] == [3, 5]


def test_a_lost_answer_and_a_change_of_mind_do_not_quarrel_with_each_other() -> None:
    desk, tablet, _ = _desk()
    tablet.edit(NEEDS[0], "severity", 4)
    serve(tablet.ledger, tablet.batch(9))
    tablet.edit(NEEDS[0], "severity", 2)
    assert _send(tablet) == [Outcome.APPLIED, Outcome.APPLIED]
    assert desk.history[NEEDS[0], "severity"] == [3, 4, 2]


def test_an_older_change_that_comes_last_is_overtaken() -> None:
    desk, tablet, _ = _desk()
    first = tablet.edit(NEEDS[0], "severity", 4)
    tablet.batch(9)
    second = tablet.edit(NEEDS[0], "severity", 2)
    assert first and second
    assert settle(tablet.ledger, second).outcome is Outcome.APPLIED
    late = settle(tablet.ledger, first)
    assert (late.outcome, late.repeat) == (Outcome.OVERTAKEN, True)
    assert desk.history[NEEDS[0], "severity"] == [3, 2]


def test_a_change_after_a_lost_answer_still_sees_what_others_did_meanwhile() -> None:
    desk, tablet, _ = _desk()
    tablet.edit(NEEDS[0], "severity", 4)
    serve(tablet.ledger, tablet.batch(9))
    desk.put(NEEDS[0], "severity", 3)
    tablet.edit(NEEDS[0], "severity", 2)
    assert _send(tablet)[-1] is Outcome.CONFLICT
    assert desk.objects[NEEDS[0]]["severity"] == 3


def test_a_newer_value_joins_the_open_conflict_of_its_author() -> None:
    desk, tablet, laptop = _desk()
    laptop.edit(NEEDS[0], "severity", 1)
    _send(laptop)
    tablet.edit(NEEDS[0], "severity", 4)
    serve(tablet.ledger, tablet.batch(9))
    tablet.edit(NEEDS[0], "severity", 2)
    assert _send(tablet) == [Outcome.CONFLICT, Outcome.CONFLICT]
    assert [one.mine for one in desk.conflicts] == [[4, 2]]


def test_a_decision_for_the_author_is_what_their_next_change_is_based_on() -> None:
    desk, tablet, laptop = _desk()
    laptop.edit(NEEDS[0], "severity", 1)
    _send(laptop)
    tablet.edit(NEEDS[0], "severity", 4)
    serve(tablet.ledger, tablet.batch(9))
    desk.conflicts[0].open = False
    desk.put(NEEDS[0], "severity", 4)
    tablet.edit(NEEDS[0], "severity", 2)
    assert _send(tablet)[-1] is Outcome.APPLIED


def test_the_same_key_with_another_content_is_refused() -> None:
    desk, tablet, _ = _desk()
    first = tablet.note()
    settle(tablet.ledger, first)
    other = Change(first.key, CASE, "note", first.object_id, "", {"text": "another"})
    assert settle(tablet.ledger, other).reason == Reason.KEY_USED
    assert len(desk.notes) == 1


def test_a_change_of_something_whose_beginning_has_not_come_waits() -> None:
    desk, tablet, _ = _desk()
    born = tablet.need("food", 2)
    tablet.batch(9)
    grown = tablet.edit(born.object_id, "severity", 5)
    assert grown
    assert settle(tablet.ledger, grown).outcome is Outcome.LATER
    assert _send(tablet) == [Outcome.APPLIED, Outcome.APPLIED]
    assert desk.objects[desk.codes["food"]]["severity"] == 5


def test_a_need_that_both_noted_is_one_need_and_its_severity_is_decided() -> None:
    desk, tablet, laptop = _desk()
    tablet.need("food", 2)
    laptop.need("food", 5)
    assert _send(tablet) == [Outcome.APPLIED]
    assert _send(laptop) == [Outcome.CONFLICT]
    assert desk.objects[desk.codes["food"]]["severity"] == 2
    assert ["severity", [5]] in [[one.field, one.mine] for one in desk.conflicts]


def test_what_is_gone_refuses_its_change() -> None:
    desk, tablet, _ = _desk()
    tablet.edit(NEEDS[0], "severity", 5)
    del desk.objects[NEEDS[0]]
    assert _send(tablet) == [Outcome.REFUSED]
