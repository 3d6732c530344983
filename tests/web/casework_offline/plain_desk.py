"""A desk, devices and a bad network in plain Python: what the real ones are held against.

Every value ever written is a number of its own, so that it tells who wrote it. The desk keeps all it ever
held; a device knows what its author has seen. Some authors type a space too many: the desk stores what they
mean (`meant`), their device goes on with what they typed.
"""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from philoxenia_web.casework.offline.protocol import Change, Outcome, Result, Thing, settle

SPACE = UUID(int=7)
CASE = UUID(int=1)
FIELDS = ("severity", "state")


def key(*parts: Any) -> UUID:
    """A name made of parts, the same each time."""
    return uuid5(SPACE, " ".join(map(str, parts)))


def typed(value: int, untidy: bool) -> Any:
    """A value as somebody typed it."""
    return f" {value} " if untidy else value


def meant(value: Any) -> Any:
    """A value as the desk stores it."""
    return int(value) if isinstance(value, str) and value.strip().isdigit() else value


@dataclass
class Conflict:
    """Two values of a field between which a person decides."""

    object_id: UUID
    field: str
    theirs: Any
    mine: list[Any]
    by: set[UUID]
    open: bool = True


@dataclass
class Desk:
    """What the server holds."""

    objects: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    # Natural key of an object: there is one of a kind on a case.
    codes: dict[str, UUID] = field(default_factory=dict)
    history: dict[tuple[UUID, str], list[Any]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def make(self, object_id: UUID, code: str, values: dict[str, Any]) -> None:
        """A new object."""
        self.objects[object_id], self.codes[code] = dict(values), object_id
        for name, value in values.items():
            self.history[object_id, name] = [value]

    def put(self, object_id: UUID, name: str, value: Any) -> None:
        """A field set anew."""
        self.objects[object_id][name] = meant(value)
        self.history[object_id, name].append(meant(value))

    def thing(self, object_id: UUID) -> Thing:
        """An object with versions: a version is its value, written out."""
        values = self.objects[object_id]
        versions = {name: repr(value) for name, value in values.items()}
        return Thing(object_id, dict(values), versions, repr(sorted(versions.items())))


@dataclass
class Ledger:
    """The rules' store for one device, on the desk all share."""

    desk: Desk
    answers: dict[UUID, tuple[str, Result]] = field(default_factory=dict)
    became: dict[UUID, UUID] = field(default_factory=dict)

    def answered(self, key: UUID) -> tuple[str, Result] | None:
        return self.answers.get(key)

    def keep(self, change: Change, mark: str, result: Result) -> None:
        assert change.key not in self.answers
        self.answers[change.key] = (mark, result)
        if change.adds and result.object_id:
            self.became[change.object_id] = result.object_id

    def overtake(self, change: Change, key: UUID) -> None:
        self.answers[key] = ("", Result(key, Outcome.OVERTAKEN))

    def mark(self, change: Change) -> str:
        return repr((change.case_id, change.kind, change.object_id, change.field, change.value))

    def version(self, change: Change, field: str, value: Any) -> str:
        return repr(meant(value))

    def find(self, change: Change) -> Thing | None:
        object_id = self.became.get(change.object_id, change.object_id)
        return self.desk.thing(object_id) if object_id in self.desk.objects else None

    def twin(self, change: Change) -> Thing | None:
        if change.kind == "note" or change.value["code"] not in self.desk.codes:
            return None
        return self.desk.thing(self.desk.codes[change.value["code"]])

    def add(self, change: Change) -> None:
        if change.kind == "note":
            self.desk.notes.append(change.value["text"])
            return
        values = {name: value for name, value in change.value.items() if name != "code"}
        self.desk.make(change.object_id, change.value["code"], values)

    def write(self, change: Change, thing: Thing) -> None:
        self.desk.put(thing.id, change.field, change.value)

    def dispute(self, change: Change, thing: Thing, field: str) -> None:
        mine = meant(change.value[field] if change.adds else change.value)
        self.desk.conflicts.append(Conflict(thing.id, field, thing.values[field], [mine], {change.key}))

    def amend(self, change: Change, earlier: UUID) -> bool:
        for one in self.desk.conflicts:
            if earlier in one.by and one.open and one.field == change.field:
                one.mine.append(meant(change.value))
                one.by.add(change.key)
                return True
        return False


@dataclass
class Known:
    """What a device knows of a field: the value its author sees, and the version it came with."""

    value: Any
    # "" while only this device knows the object.
    version: str
    # Locked until the author looks again: a person decides.
    disputed: bool = False


@dataclass
class Device:
    """A device's copy, and what it has not had an answer for. The script on the device does the same."""

    name: str
    desk: Desk
    ledger: Ledger
    fields: dict[tuple[UUID, str], Known] = field(default_factory=dict)
    whole: dict[UUID, str] = field(default_factory=dict)
    outbox: list[Change] = field(default_factory=list)
    sent: set[UUID] = field(default_factory=set)
    numbers: count = field(default_factory=lambda: count(1))
    results: dict[UUID, Outcome] = field(default_factory=dict)

    def take(self) -> None:
        """Take the case along anew; only with nothing waiting."""
        assert not self.outbox
        for object_id in self.desk.objects:
            thing = self.desk.thing(object_id)
            self.whole[object_id] = thing.version
            for name, value in thing.values.items():
                self.fields[object_id, name] = Known(value, thing.versions[name])

    def edit(self, object_id: UUID, name: str, value: Any) -> Change | None:
        """Set a field in the copy and put the change into the outbox."""
        known = self.fields[object_id, name]
        if known.disputed:
            return None
        waiting = [one for one in self.outbox if (one.object_id, one.field) == (object_id, name)]
        was, known.value = known.value, value
        born = next((one for one in self.outbox if one.adds and one.object_id == object_id), None)
        if born and born.key not in self.sent:
            grown = replace(born, value={**born.value, name: value})
            self.outbox[self.outbox.index(born)] = grown
            return grown
        if waiting and waiting[-1].key not in self.sent:
            at = self.outbox.index(waiting[-1])
            self.outbox[at] = replace(waiting[-1], value=value)
            return self.outbox[at]
        number = next(self.numbers)
        over = tuple(one.key for one in waiting)
        change = Change(
            key(self.name, number), CASE, "need", object_id, name, value,
            was=was, base=known.version, seen=self.whole.get(object_id, ""), over=over,
            after=born and born.key, number=number,
        )  # fmt: skip
        self.outbox.append(change)
        return change

    def note(self) -> Change:
        """Write a note."""
        number = next(self.numbers)
        name = key(self.name, number)
        self.outbox.append(Change(name, CASE, "note", name, "", {"text": str(name)}, number=number))
        return self.outbox[-1]

    def need(self, code: str, severity: Any, state: Any = "open") -> Change:
        """Note a need that is not in the copy."""
        number = next(self.numbers)
        name = key(self.name, number)
        values = {"severity": severity, "state": state}
        change = Change(name, CASE, "need", name, "", {"code": code, **values}, number=number)
        self.outbox.append(change)
        for field_name, value in values.items():
            self.fields[name, field_name] = Known(value, "")
        return change

    def batch(self, most: int) -> list[Change]:
        """What is sent next, oldest first."""
        found = self.outbox[:most]
        self.sent |= {one.key for one in found}
        return found

    def hear(self, results: list[Result]) -> None:
        """Take answers in, however old they are."""
        for one in results:
            change = next((sent for sent in self.outbox if sent.key == one.key), None)
            if change is None or one.outcome is Outcome.LATER:
                continue
            self.outbox.remove(change)
            self.results[one.key] = one.outcome
            self._learn(change, one)

    def _learn(self, change: Change, result: Result) -> None:
        for name in change.value if change.adds else [change.field]:
            if known := self.fields.get((change.object_id, name)):
                self._learn_of(known, change, result)

    def _learn_of(self, known: Known, change: Change, result: Result) -> None:
        if result.outcome is Outcome.CONFLICT:
            known.disputed = True
        elif result.took_effect and not change.adds:
            known.version = result.version


def serve(ledger: Ledger, batch: list[Change]) -> list[Result]:
    """What the server does with a batch."""
    return [settle(ledger, one) for one in sorted(batch, key=lambda one: one.number)]
