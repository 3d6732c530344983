"""The actions of a study as rows: the catalogue's with what the planner changed, and the planner's own.

Owns turning typed rows into a part of the plan and back; the rules of a row are the catalogue's
(`philoxenia.exchange.actions`), which name the field of whatever is wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from philoxenia.exchange.action_rows import CatalogueError
from philoxenia.exchange.actions import action_of, known_of, rows_of
from philoxenia.vocabulary.actions import Action
from philoxenia_web.studies.catalogue import Catalogue
from philoxenia_web.studies.foresight_plan import Plan

Row = dict[str, Any]
PARTS = ("effects", "benefits")
_OWN = "own_"
_LONGEST_ID = 40


@dataclass(frozen=True)
class Rows:
    """One action as the three tables hold it."""

    row: Row
    effects: tuple[Row, ...] = ()
    benefits: tuple[Row, ...] = ()

    def part(self, name: str) -> tuple[Row, ...]:
        """Effects or benefits."""
        return self.effects if name == "effects" else self.benefits


@dataclass(frozen=True)
class Planned:
    """An action of the study. `base`: its rows in the catalogue, None for one of the planner's own."""

    rows: Rows
    base: Rows | None
    reason: str = ""

    @property
    def id(self) -> str:
        """Its short name."""
        return str(self.rows.row.get("action", ""))

    @property
    def own(self) -> bool:
        """Whether the planner made it."""
        return self.base is None

    @property
    def changed(self) -> bool:
        """Whether it says something else than the catalogue."""
        return self.base is not None and bool(changes_between(self.base, self.rows))


def rows_from(action: Action) -> Rows:
    """An action as rows, without its id in each effect and benefit."""
    row, effects, benefits = rows_of(action)
    return Rows(row, *(tuple(_without_id(one) for one in part) for part in (effects, benefits)))


def _without_id(row: Mapping[str, Any]) -> Row:
    return {name: value for name, value in row.items() if name != "action"}


def planned_actions(catalogue: Catalogue, plan: Mapping[str, Any]) -> list[Planned]:
    """Every action a study may choose from, the catalogue's first."""
    changed = plan.get("changed", {})
    found = [_planned(action, changed.get(action.id, {})) for action in catalogue.actions]
    return [*found, *(_own(one) for one in plan.get("added", []))]


def planned_action(catalogue: Catalogue, plan: Mapping[str, Any], name: str) -> Planned | None:
    """One action of a study."""
    return next((one for one in planned_actions(catalogue, plan) if one.id == name), None)


def _planned(action: Action, change: Mapping[str, Any]) -> Planned:
    base = rows_from(action)
    row = base.row | {key: value for key, value in change.items() if key not in (*PARTS, "reason")}
    parts = [_merged(base.part(part), change.get(part, {})) for part in PARTS]
    return Planned(Rows(row, *parts), base, str(change.get("reason", "")))


def _merged(rows: Sequence[Row], changes: Mapping[str, Mapping[str, Any]]) -> tuple[Row, ...]:
    return tuple({**row, **changes.get(str(number), {})} for number, row in enumerate(rows))


def _own(given: Mapping[str, Any]) -> Planned:
    row = {key: value for key, value in given.items() if key not in (*PARTS, "reason")}
    parts = [tuple(dict(one) for one in given.get(part, [])) for part in PARTS]
    return Planned(Rows(row, *parts), None, str(given.get("reason", "")))


def changes_between(base: Rows, wanted: Rows) -> Plan:
    """What of the wanted rows is not as in the catalogue, as `changed` of a plan holds it."""
    told: Plan = _differing(base.row, wanted.row)
    for part in PARTS:
        pairs = enumerate(zip(base.part(part), wanted.part(part), strict=True))
        rows = {str(number): _differing(*pair) for number, pair in pairs}
        if rows := {number: row for number, row in rows.items() if row}:
            told[part] = rows
    return told


def _differing(base: Mapping[str, Any], wanted: Mapping[str, Any]) -> Row:
    return {
        name: value for name, value in wanted.items() if name != "action" and not same(value, base.get(name))
    }


def same(one: Any, other: Any) -> bool:
    """Whether two cells say the same."""
    return _plain(one) == _plain(other)


def _plain(value: Any) -> str:
    """A cell so that 2 and 2.0, an empty cell and none, "1; 2" and "1;2" are the same."""
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, int | float):
        return f"{value:.12g}"
    return ";".join(part.strip() for part in str(value).split(";"))


def with_change(plan: Mapping[str, Any], name: str, change: Plan, reason: str) -> Plan:
    """The part of the plan in which an action is changed so, or not changed at all."""
    changed = {key: value for key, value in plan.get("changed", {}).items() if key != name}
    return {"changed": changed | ({name: change | {"reason": reason}} if change else {})}


def with_own(plan: Mapping[str, Any], wanted: Rows, reason: str) -> Plan:
    """The part of the plan with an action of the planner's own, in its place or at the end."""
    one = {**wanted.row, "effects": list(wanted.effects), "benefits": list(wanted.benefits), "reason": reason}
    added = list(plan.get("added", []))
    places = [place for place, row in enumerate(added) if row.get("action") == wanted.row["action"]]
    if places:
        added[places[0]] = one
    else:
        added.append(one)
    part: Plan = {"added": added}
    if plan.get("chosen") and not places:
        part["chosen"] = [*plan["chosen"], wanted.row["action"]]
    return part


def without_own(plan: Mapping[str, Any], name: str) -> Plan:
    """The part of the plan without an action of the planner's own, nor its name anywhere."""
    part: Plan = {"added": [row for row in plan.get("added", []) if row.get("action") != name]}
    for key in ("chosen", "required", "banned"):
        part[key] = [one for one in plan.get(key, []) if one != name]
    return part


def faults_of(catalogue: Catalogue, wanted: Rows) -> list[tuple[str, str]]:
    """What is wrong with an action: the place (`cost_once`, `effects/0/size`) and the sentence of each."""
    try:
        action_of(wanted.row, wanted.effects, wanted.benefits, known_of(catalogue.city))
    except CatalogueError as problem:
        return [(fault.field.replace(".", "/"), fault.message) for fault in problem.faults]
    return []


def read(catalogue: Catalogue, planned: Planned) -> Action | None:
    """An action as the engine takes it; None where its rows no longer fit the city."""
    rows = planned.rows
    try:
        return action_of(rows.row, rows.effects, rows.benefits, known_of(catalogue.city))
    except CatalogueError:
        return None


def id_for(title: str, taken: Iterable[str]) -> str:
    """A short name for an action of the planner's own, from its title where that has plain letters."""
    signs = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in title.casefold())
    words = "_".join(filter(None, signs.split("_")))[:_LONGEST_ID].strip("_")
    wanted = _OWN + words if words else f"{_OWN}1"
    known, number = set(taken), 2
    name = wanted
    while name in known:
        name, number = f"{wanted}_{number}", number + 1
    return name


def blank() -> Rows:
    """An action to begin with."""
    return Rows({}, ({},), ())


def copied(rows: Rows) -> Rows:
    """The rows of an action as the beginning of another."""
    return replace(rows, row={name: value for name, value in rows.row.items() if name != "action"})
