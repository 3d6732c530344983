"""Versions of values: keyed hashes that tell whether a value is still the one its author saw, no more.

They are bound to the case, kind and field, so that equal values of two people look different.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.crypto import salted_hmac

from philoxenia_web.casework.offline.protocol import Change, Thing

_SALT = "philoxenia.casework.offline"


def of_value(change: Change, field: str, value: Any) -> str:
    """The version of a value of a field in the case and kind of a change."""
    return version(change.case_id, change.kind, field, value)


def version(case_id: UUID, kind: str, field: str, value: Any) -> str:
    """The version of a value."""
    told = json.dumps([str(case_id), kind, field, value], sort_keys=True, ensure_ascii=True)
    return salted_hmac(_SALT, told, algorithm="sha256").hexdigest()[:32]


def of_values(case_id: UUID, kind: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The versions of an object's fields."""
    return {name: version(case_id, kind, name, value) for name, value in values.items()}


def thing(change: Change, object_id: UUID, values: Mapping[str, Any]) -> Thing:
    """An object with the versions of its fields and of the whole."""
    return as_thing(change.case_id, change.kind, object_id, values)


def as_thing(case_id: UUID, kind: str, object_id: UUID, values: Mapping[str, Any]) -> Thing:
    """The same for an object of a case."""
    found = of_values(case_id, kind, values)
    return Thing(object_id, values, found, version(case_id, kind, "", [str(object_id), found]))


def read(text: str) -> UUID | None:
    """A version as a column keeps it."""
    return UUID(text) if text else None


def shown(kept: UUID | None) -> str:
    """A version as devices know it."""
    return kept.hex if kept else ""
