"""What changed between two states of a record, and joining two changes of one state. Plain values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# A record as plain values: a field's value, or the rows of a part as a list of dicts.
Draft = dict[str, Any]


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names whose value is another, in the order of `after`."""
    return [name for name in after if not _same(before.get(name), after[name])]


def _same(left: Any, right: Any) -> bool:
    """Rows are compared by what they say: an id given on saving is no change."""
    if isinstance(left, list) and isinstance(right, list):
        return [_said(one) for one in left] == [_said(one) for one in right]
    return bool(left == right)


def _said(row: Any) -> Any:
    return {key: value for key, value in row.items() if key != "id"} if isinstance(row, Mapping) else row


@dataclass(frozen=True)
class Merged:
    """Two changes joined; `conflicts` names what both changed, where `draft` holds mine."""

    draft: Draft
    conflicts: tuple[str, ...]
    # What only somebody else changed, and is taken over.
    taken: tuple[str, ...]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """Join my change and theirs, both begun from `base`. Nothing of either is dropped without being named."""
    draft, conflicts, taken = dict(mine), [], []
    for name in mine:
        if _same(mine[name], theirs.get(name)):
            draft[name] = theirs.get(name)
        elif _same(base.get(name), theirs.get(name)):
            continue
        elif _same(base.get(name), mine[name]):
            draft[name] = theirs.get(name)
            taken.append(name)
        else:
            conflicts.append(name)
    return Merged(draft, tuple(conflicts), tuple(taken))
