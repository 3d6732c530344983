"""A change as a device sends it: plain JSON, checked before anything is done with it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from philoxenia_web.casework.models.offline import Field, Kind
from philoxenia_web.casework.offline.protocol import Change, Outcome, Reason, Result

# Of one value, written as JSON; a note is cut off by its own action before that.
MOST_LETTERS = 60_000
MOST_OVER = 200


class Unreadable(Exception):  # noqa: N818 (an answer, not a fault)
    """This is no change; `key` is its number where at least that can be read."""

    def __init__(self, key: str = "") -> None:
        super().__init__(key)
        self.key = key


def read_change(told: Any) -> Change:
    """A change. Raises `Unreadable`."""
    key = told.get("key", "") if isinstance(told, Mapping) else ""
    try:
        return _change(told)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as fault:
        raise Unreadable(key if isinstance(key, str) and len(key) < 50 else "") from fault


def _change(told: Mapping[str, Any]) -> Change:
    value = told["value"]
    if len(json.dumps(value)) > MOST_LETTERS or len(told["over"]) > MOST_OVER:
        raise ValueError
    field = Field(told["field"]).value if told["field"] else ""
    if not field and not isinstance(value, dict):
        raise ValueError
    return Change(
        key=UUID(told["key"]),
        case_id=UUID(told["case"]),
        kind=Kind(told["kind"]).value,
        object_id=UUID(told["object"]),
        field=field,
        value=value,
        was=told.get("was"),
        base=_short(told["base"]),
        seen=_short(told["seen"]),
        over=tuple(UUID(one) for one in told["over"]),
        after=UUID(told["after"]) if told["after"] else None,
        number=_number(told["number"]),
        made_at=_moment(told["at"]),
    )


def _short(text: Any) -> str:
    if not isinstance(text, str) or len(text) > 64:
        raise ValueError
    return text


def _moment(told: str) -> str:
    found = datetime.fromisoformat(told)
    if found.tzinfo is None:
        raise ValueError
    return found.isoformat()


def _number(told: Any) -> int:
    if not isinstance(told, int) or not 0 <= told < 2**31:
        raise ValueError
    return told


def answer(result: Result) -> dict[str, Any]:
    """What the device is told of one change."""
    return {
        "key": str(result.key),
        "result": result.outcome.value,
        "reason": str(result.reason),
        "version": result.version,
        "object": str(result.object_id) if result.object_id else "",
        "repeat": result.repeat,
    }


def refused(key: str) -> dict[str, Any]:
    """What the device is told of something that cannot be read."""
    told = {"reason": Reason.BAD_VALUE.value, "version": "", "object": "", "repeat": False}
    return {"key": key, "result": Outcome.REFUSED.value} | told
