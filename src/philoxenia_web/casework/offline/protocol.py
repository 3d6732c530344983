"""What becomes of a change that a device made without a network: the rules alone.

No database, no network, no clock: `Store` is what they need of a server. A change is one addition (a note, a
need) or one field set anew. Terms:

- *version*: names a value of a field. Equal values of one field have equal versions, other values others. A
  change carries the version its author had before their eyes.
- *over*: the author's own earlier changes of the same field that the device has no answer for yet. An answer
  that got lost and a change that never came look the same from the device; only the server knows which.
- *after*: the addition that made the object, where the device has no answer for that yet either.

Two promises, held by tests against a plain model. A value is overwritten only by somebody who had seen it,
or by a person who decides a conflict. However often, late or out of order changes arrive, each takes effect
at most once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID


class Outcome(StrEnum):
    """What became of a change."""

    APPLIED = "applied"
    # Others changed the same object meanwhile, though not this field, or to the same value.
    MERGED = "merged"
    CONFLICT = "conflict"
    REFUSED = "refused"
    # A later change of the same author was here first.
    OVERTAKEN = "overtaken"
    # What it rests on has not come yet. Nothing is noted: the device sends it again.
    LATER = "later"


class Reason(StrEnum):
    """Why a change was refused."""

    KEY_USED = "key_used"
    GONE = "gone"
    NOT_TAKEN = "not_taken"
    NOT_ALLOWED = "not_allowed"
    BAD_VALUE = "bad_value"
    CLOSED = "closed"


@dataclass(frozen=True)
class Change:
    """What somebody did. `field` is "" for an addition, whose fields and their values are in `value`."""

    key: UUID
    case_id: UUID
    kind: str
    object_id: UUID
    field: str
    value: Any
    # The value as it was seen; its version, where the server had given one; the version of the whole object.
    was: Any = None
    base: str = ""
    seen: str = ""
    over: tuple[UUID, ...] = ()
    after: UUID | None = None
    number: int = 0
    made_at: str = ""

    @property
    def adds(self) -> bool:
        """Whether it makes a new object."""
        return not self.field


@dataclass(frozen=True)
class Thing:
    """An object as it is on the server now: its values, their versions, the version of the whole."""

    id: UUID
    values: Mapping[str, Any]
    versions: Mapping[str, str]
    version: str


@dataclass(frozen=True)
class Result:
    """The answer to one change; `repeat` says that it was given before."""

    key: UUID
    outcome: Outcome
    reason: str = ""
    # The version of the value that was sent, to base the next change on.
    version: str = ""
    # Where the object is another than the device thought: a need that was noted by somebody else too.
    object_id: UUID | None = None
    repeat: bool = False

    @property
    def took_effect(self) -> bool:
        """Whether the value stands, or stood, on the server."""
        return self.outcome in (Outcome.APPLIED, Outcome.MERGED)


class Refusal(Exception):  # noqa: N818 (an answer, not a fault)
    """Raised by a store: the change may not be made at all."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Store(Protocol):
    """What the rules need of a server. All calls for one change happen in one transaction."""

    def answered(self, key: UUID) -> tuple[str, Result] | None:
        """Mark of the content and answer of a change that was settled; an overtaken one has no mark."""

    def keep(self, change: Change, mark: str, result: Result) -> None:
        """Keep an answer for ever."""

    def overtake(self, change: Change, key: UUID) -> None:
        """Keep that a change which has not come yet was overtaken by this one."""

    def mark(self, change: Change) -> str:
        """Tells one content from another."""

    def version(self, change: Change, field: str, value: Any) -> str:
        """The version of a value of a field of the change's object."""

    def find(self, change: Change) -> Thing | None:
        """The object of a change, held until the end; `Refusal` where the author may not work on it."""

    def twin(self, change: Change) -> Thing | None:
        """The object that an addition would double, held until the end: the same need on the same case."""

    def add(self, change: Change) -> None:
        """Make the object. `Refusal` where its values are none."""

    def write(self, change: Change, thing: Thing) -> None:
        """Set the field. `Refusal` where the value is none of it."""

    def dispute(self, change: Change, thing: Thing, field: str) -> None:
        """Keep both values of a field for a person to decide; nothing is written."""

    def amend(self, change: Change, earlier: UUID) -> bool:
        """Put the newer value into the open conflict of its field that an earlier change began."""


def settle(store: Store, change: Change) -> Result:
    """What becomes of a change, now or when it first came."""
    mark = store.mark(change)
    if (known := store.answered(change.key)) is not None:
        return _again(change, mark, *known)
    try:
        result = _added(store, change) if change.adds else _set(store, change)
    except Refusal as refusal:
        result = Result(change.key, Outcome.REFUSED, refusal.reason)
    if result.outcome is not Outcome.LATER:
        store.keep(change, mark, result)
        for key in change.over:
            if store.answered(key) is None:
                store.overtake(change, key)
    return result


def _again(change: Change, mark: str, known_mark: str, known: Result) -> Result:
    if known.outcome is not Outcome.OVERTAKEN and mark != known_mark:
        return Result(change.key, Outcome.REFUSED, Reason.KEY_USED)
    return replace(known, repeat=True)


def _added(store: Store, change: Change) -> Result:
    twin = store.twin(change)
    if twin is None:
        if store.find(change) is not None:
            # Another addition has this object's name: nothing of ours may touch it.
            raise Refusal(Reason.KEY_USED)
        store.add(change)
        return Result(change.key, Outcome.APPLIED, object_id=change.object_id)
    differing = [
        name
        for name, value in change.value.items()
        if name in twin.values and store.version(change, name, value) != twin.versions[name]
    ]
    for name in differing:
        store.dispute(change, twin, name)
    outcome = Outcome.CONFLICT if differing else Outcome.MERGED
    return Result(change.key, outcome, object_id=twin.id)


def _set(store: Store, change: Change) -> Result:
    thing = store.find(change)
    if thing is None:
        return _without_object(store, change)
    if change.field not in thing.values:
        raise Refusal(Reason.BAD_VALUE)
    version = store.version(change, change.field, change.value)
    earlier = _last_known(store, change)
    if earlier is not None and earlier.outcome is Outcome.CONFLICT and store.amend(change, earlier.key):
        return Result(change.key, Outcome.CONFLICT, version=version, object_id=thing.id)
    base = (earlier.version if earlier else "") or change.base
    base = base or store.version(change, change.field, change.was)
    now = thing.versions[change.field]
    if now not in (base, version):
        store.dispute(change, thing, change.field)
        return Result(change.key, Outcome.CONFLICT, version=version, object_id=thing.id)
    if now != version:
        store.write(change, thing)
    # With an answer outstanding the device cannot know the whole: its own change may be what differs.
    unsure = bool(change.over or change.after)
    alone = now == base and (unsure or thing.version == change.seen)
    outcome = Outcome.APPLIED if alone else Outcome.MERGED
    return Result(change.key, outcome, version=version, object_id=thing.id)


def _without_object(store: Store, change: Change) -> Result:
    known = store.answered(change.after) if change.after else None
    if change.after is not None and known is None:
        return Result(change.key, Outcome.LATER)
    raise Refusal(Reason.GONE)


def _last_known(store: Store, change: Change) -> Result | None:
    """The answer to the author's last earlier change of this field that came and had an effect."""
    for key in (*reversed(change.over), change.after):
        known = store.answered(key) if key else None
        if known is not None and (known[1].took_effect or known[1].outcome is Outcome.CONFLICT):
            return known[1]
    return None
