"""What the script on a device does with changes and answers fits the rules of the server in any weather."""

import random
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page
from tests.journeys.browser import chromium
from tests.web.casework_offline.plain_desk import CASE, FIELDS, Desk, Ledger, key, serve

from philoxenia_web.casework.offline.protocol import Change

SCRIPTS = Path(__file__).resolve().parents[3] / "src/philoxenia_web/casework/static/casework/offline"
NEED = key("need")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.skipif(not chromium(), reason="Chromium is not on this machine"),
]


@pytest.fixture
def device(window: Page, origin: str) -> Page:
    """The script that needs neither page nor storage."""
    window.goto(origin)
    window.add_script_tag(path=str(SCRIPTS / "outbox.js"))
    return window


def _as_change(one: dict[str, Any]) -> Change:
    return Change(
        UUID(one["key"]), CASE, one["kind"], UUID(one["object"]), one["field"], one["value"], was=one["was"],
        base=one["base"], seen=one["seen"], over=tuple(map(UUID, one["over"])),
        after=UUID(one["after"]) if one["after"] else None, number=one["number"],
    )  # fmt: skip


class _Script:
    """A device whose copy and outbox are those of the script."""

    def __init__(self, page: Page, desk: Desk, name: str) -> None:
        self.page, self.desk, self.name, self.ledger, self.keys = page, desk, name, Ledger(desk), 0
        self.outbox: Any = page.evaluate("philoxenia.outbox.empty()")
        # What was written where a person decides.
        self.aside: list[Any] = []
        self.take()

    def take(self) -> None:
        things = [self.desk.thing(one) for one in self.desk.objects]
        self.copy = {"id": str(CASE), "things": [
            {"kind": "need", "id": str(one.id), "values": one.values, "versions": one.versions,
             "version": one.version, "disputed": []} for one in things]}  # fmt: skip

    def _next_key(self) -> str:
        self.keys += 1
        return str(key(self.name, "script", self.keys))

    def edit(self, object_id: str, field: str, value: Any) -> None:
        given = {"object": object_id, "field": field, "value": value, "key": self._next_key(), "at": ""}
        self.copy, self.outbox = self.page.evaluate(
            "([copy, box, given]) => philoxenia.outbox.set(copy, box, given)", [self.copy, self.outbox, given]
        )
        thing = next(one for one in self.copy["things"] if one["id"] == object_id)
        if field in thing["disputed"]:
            self.aside.append(value)

    def add(self, kind: str, value: dict[str, Any]) -> None:
        given = {"kind": kind, "value": value, "key": self._next_key(), "at": ""}
        self.copy, self.outbox = self.page.evaluate(
            "([copy, box, given]) => philoxenia.outbox.add(copy, box, given)", [self.copy, self.outbox, given]
        )

    def batch(self, most: int) -> list[Change]:
        found, self.outbox = self.page.evaluate(
            "([box, most]) => philoxenia.outbox.batch(box, most)", [self.outbox, most]
        )
        return [_as_change(one) for one in found]

    def hear(self, results: list[Any]) -> None:
        told = [{"key": str(one.key), "result": one.outcome, "reason": one.reason, "version": one.version}
                for one in results]  # fmt: skip
        copies, self.outbox = self.page.evaluate(
            "([copies, box, told]) => philoxenia.outbox.hear(copies, box, told)",
            [{str(CASE): self.copy}, self.outbox, told],
        )
        self.copy = copies[str(CASE)]


class _Storm:
    """Two devices, the desk, and a network that loses, doubles and cuts, drawn from a seed."""

    def __init__(self, page: Page, seed: int) -> None:
        self.chance, self.desk, self.values = random.Random(seed), Desk(), iter(range(1, 999))  # noqa: S311
        self.desk.make(NEED, "housing", {"severity": -1, "state": -2})
        self.devices = [_Script(page, self.desk, name) for name in ("tablet", "laptop")]
        self.on_the_way: list[tuple[_Script, list[Change]]] = []
        self.notes: list[str] = []
        self.acts = [
            self.edits,
            self.edits,
            self.sends,
            self.arrives,
            self.notes_down,
            self.needs,
            self.desks,
        ]

    def edits(self, one: _Script) -> None:
        needs = [found for found in one.copy["things"] if found["kind"] == "need"]
        one.edit(self.chance.choice(needs)["id"], self.chance.choice(FIELDS), next(self.values))

    def notes_down(self, one: _Script) -> None:
        self.notes.append(str(next(self.values)))
        one.add("note", {"text": self.notes[-1]})

    def needs(self, one: _Script) -> None:
        if self.chance.random() < 0.4:
            one.add("need", {"code": "food", "severity": next(self.values), "state": next(self.values)})

    def sends(self, one: _Script) -> None:
        if batch := one.batch(self.chance.randint(1, 3)):
            self.on_the_way.append((one, batch))

    def arrives(self, _one: _Script) -> None:
        if not self.on_the_way:
            return
        sender, batch = self.chance.choice(self.on_the_way)
        results = serve(sender.ledger, batch[: self.chance.randint(1, 3)])
        if self.chance.random() < 0.6:
            sender.hear(results)

    def desks(self, _one: _Script) -> None:
        if self.chance.random() < 0.3:
            self.desk.put(NEED, self.chance.choice(FIELDS), next(self.values))

    def rages(self, steps: int) -> None:
        for _step in range(steps):
            self.chance.choice(self.acts)(self.chance.choice(self.devices))

    def calms(self) -> None:
        for one in self.devices:
            while batch := one.batch(5):
                one.hear(serve(one.ledger, batch))


@pytest.mark.parametrize("seed", range(6))
def test_the_script_keeps_the_promises_of_the_rules(device: Page, seed: int) -> None:
    storm = _Storm(device, seed)
    storm.rages(60)
    storm.calms()
    for one, batch in storm.on_the_way:
        assert all(found.repeat for found in serve(one.ledger, batch))
    assert sorted(storm.desk.notes) == sorted(storm.notes)
    written = {value for history in storm.desk.history.values() for value in history}
    told = {value for one in storm.desk.conflicts for value in one.mine}
    for one in storm.devices:
        assert [found["value"] for found in one.outbox["refused"]] == one.aside
        for thing in (found for found in one.copy["things"] if found["kind"] == "need"):
            # What its author sees on the device at last stands on the desk, or before a person.
            assert {thing["values"][name] for name in FIELDS} <= written | told


def test_what_was_set_on_a_thing_that_is_gone_is_kept_beside(device: Page) -> None:
    given = {"kind": "task", "object": "t1", "field": "state", "value": "done", "key": "k", "at": ""}
    _copy, box = device.evaluate(
        "(given) => philoxenia.outbox.set({ id: 'c', things: [] }, philoxenia.outbox.empty(), given)", given
    )
    assert not box["waiting"]
    assert [(one["kind"], one["value"], one["reason"]) for one in box["refused"]] == [
        ("task", "done", "gone")
    ]
