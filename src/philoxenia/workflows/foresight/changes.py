"""A catalogue with the planner's own changes: other numbers, actions of their own, only some of them.

Owns what may be changed and that each change leaves its mark; the rules of a row are those of the tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from philoxenia.exchange.action_rows import ActionFault, CatalogueError
from philoxenia.exchange.actions import action_of, catalogue_faults, rows_of
from philoxenia.vocabulary.actions import Action
from philoxenia.workflows.foresight.catalogue import Catalogue
from philoxenia.workflows.foresight.reading import Reader, SettingsError

_PARTS = {"action_effects": "effects", "action_benefits": "benefits"}
_VALUE_KEYS = ("value", "low", "high", "reason")


def changed_catalogue(catalogue: Catalogue, read: Reader) -> Catalogue:
    """The catalogue as the settings ask for it. Raises `SettingsError` at the key that is wrong."""
    actions = [*_changed(catalogue, read.inside("changed")), *_added(catalogue, read)]
    _hold_together(actions)
    chosen = read.names("chosen", [action.id for action in actions])
    kept = tuple(action for action in actions if not chosen or action.id in chosen)
    return replace(catalogue, actions=kept, values=_values(catalogue.values, read.inside("values")))


def _changed(catalogue: Catalogue, read: Reader) -> list[Action]:
    read.refuse_unknown([action.id for action in catalogue.actions])
    return [
        _with_changes(catalogue, action, read.inside(action.id)) if action.id in read.given else action
        for action in catalogue.actions
    ]


def _with_changes(catalogue: Catalogue, action: Action, read: Reader) -> Action:
    row, effects, benefits = rows_of(action)
    own = {key: value for key, value in read.given.items() if key not in ("effects", "benefits", "reason")}
    if "action" in own:
        read.refuse("action", "the id of an action cannot be changed; add an action of your own instead.")
    marks = [*own, *_merge(read.inside("effects"), effects), *_merge(read.inside("benefits"), benefits)]
    made = _made(catalogue, read.place, row | own, effects, benefits)
    return replace(made, changed=tuple(marks))


def _merge(read: Reader, rows: list[dict[str, object]]) -> list[str]:
    """Put changes by number of the row into the rows; returns their dotted marks."""
    read.refuse_unknown([str(number) for number in range(len(rows))])
    marks = []
    for number in read.given:
        cells = read.inside(number).given
        rows[int(number)].update(cells)
        marks += [f"{read.place.rsplit('.', 1)[-1]}.{number}.{column}" for column in cells]
    return marks


def _added(catalogue: Catalogue, read: Reader) -> list[Action]:
    rows = read.given.get("added") or []
    if isinstance(rows, str) or not isinstance(rows, Sequence):
        read.refuse("added", f"{rows!r} is not a list of actions; write it as [{{...}}, ...].")
    made = []
    for number, row in enumerate(rows):
        one = Reader(f"added.{number}", row)
        own = {key: value for key, value in one.given.items() if key not in ("effects", "benefits", "reason")}
        parts = [_rows(one, key) for key in ("effects", "benefits")]
        made.append(replace(_made(catalogue, one.place, own, *parts), changed=("added",)))
    return made


def _rows(read: Reader, key: str) -> list[Mapping[str, Any]]:
    rows = read.given.get(key) or []
    if isinstance(rows, str) or not isinstance(rows, Sequence):
        read.refuse(key, f"{rows!r} is not a list; write it as [{{...}}, ...].")
    return [Reader(f"{read.at(key)}.{number}", row).given for number, row in enumerate(rows)]


def _made(
    catalogue: Catalogue,
    place: str,
    row: Mapping[str, Any],
    effects: Sequence[Mapping[str, Any]],
    benefits: Sequence[Mapping[str, Any]],
) -> Action:
    try:
        return action_of(row, effects, benefits, catalogue.known)
    except CatalogueError as problem:
        fault = problem.faults[0]
        raise SettingsError(f"{place}.{_column(fault)}", fault.message) from problem


def _column(fault: ActionFault) -> str:
    part = _PARTS.get(fault.table)
    return f"{part}.{fault.row}.{fault.column}" if part and fault.row is not None else fault.column


def _hold_together(actions: Sequence[Action]) -> None:
    for fault in catalogue_faults(actions):
        where = next((action for action in actions if action.id == fault.action and action.changed), None)
        key = "added" if where is not None and where.changed == ("added",) else f"changed.{fault.action}"
        raise SettingsError(f"{key}.{fault.column}", fault.message)


def _values(values: pl.DataFrame, read: Reader) -> pl.DataFrame:
    read.refuse_unknown(values["measure"].to_list())
    rows = values.to_dicts()
    for row in rows:
        if row["measure"] in read.given:
            row.update(_value(read.inside(row["measure"]), row))
    return pl.DataFrame(rows, schema=values.schema) if rows else values


def _value(read: Reader, row: Mapping[str, Any]) -> dict[str, Any]:
    read.refuse_unknown(_VALUE_KEYS)
    names = ("value", "low", "high")
    found = {name: read.number(name, row[name], -1e12, 1e12) for name in names}
    if "value" in read.given:
        # A planner who gives one number moves the whole range with it.
        moved = found["value"] / row["value"] if row["value"] else 1.0
        bounds = sorted(row[name] * moved for name in ("low", "high"))
        given = zip(("low", "high"), bounds, strict=True)
        found |= {name: bound for name, bound in given if name not in read.given}
    if not found["low"] <= found["value"] <= found["high"]:
        said = f"{found['value']:g} is not between {found['low']:g} and {found['high']:g}"
        read.refuse("value", f"{said}; give low, value and high in that order.")
    reason = read.text("reason", "")
    return found | {
        "source": f"assumption: changed for this study ({reason or 'no reason given'})",
        "date": "",
    }
