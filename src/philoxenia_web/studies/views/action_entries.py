"""The fields of the editor of an action: what stands in each, what the catalogue says, what is wrong."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from philoxenia.exchange.actions import BANDS, GROUPS, PLACES, known_of
from philoxenia.reference import reference_table
from philoxenia_web.studies import action_fields, planned_actions
from philoxenia_web.studies.catalogue import Catalogue
from philoxenia_web.studies.entered import typed
from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.planned_actions import Planned, Row
from philoxenia_web.studies.report import names as report_names
from philoxenia_web.studies.views.entries import Entry, error_at, said
from philoxenia_web.studies.views.plan_step import Trouble

_CURRENCY = "city's currency"
# A bound that only keeps slips of the pen out tells a planner nothing.
_BEYOND = 1e6
_Choices = Sequence[tuple[str, str]]


class Editor:
    """One action as fields, in parts."""

    def __init__(
        self, catalogue: Catalogue, plan: Mapping[str, Any], planned: Planned, trouble: Trouble | None
    ) -> None:
        self._catalogue, self._plan, self._planned, self._trouble = catalogue, plan, planned, trouble

    @cached_property
    def parts(self) -> list[tuple[str, list[Entry]]]:
        """Headings with the fields of the action itself."""
        base = self._planned.base.row if self._planned.base else None
        row = self._planned.rows.row
        return [
            (str(title), [self._entry("row", name, "row", name, row, base) for name in columns])
            for title, columns in action_fields.ROW
        ]

    @cached_property
    def effects(self) -> list[list[Entry]]:
        """The fields of each effect."""
        return self._rows("effects", action_fields.EFFECT)

    @cached_property
    def benefits(self) -> list[list[Entry]]:
        """The fields of each benefit."""
        return self._rows("benefits", action_fields.BENEFIT)

    @cached_property
    def reason(self) -> Entry:
        """Why the numbers are other ones."""
        return Entry(
            "reason",
            _("Reason for the changes"),
            self._planned.reason,
            "area",
            _("Who says so, and why it fits this city better. It stands in the study and in the case."),
            place="reason",
            optional=self._planned.own,
            **error_at(self._trouble, "reason"),
        )

    @property
    def said(self) -> list[tuple[str, str, bool]]:
        """What was refused."""
        entries = [one for _title, part in self.parts for one in part]
        entries += [one for row in (*self.effects, *self.benefits) for one in row]
        return said(self._trouble, [*entries, self.reason])

    def _rows(self, part: str, columns: Sequence[str]) -> list[list[Entry]]:
        base = self._planned.base.part(part) if self._planned.base else ()
        found = []
        for number, row in enumerate(self._planned.rows.part(part)):
            known = base[number] if number < len(base) else None
            places = f"{part}/{number}"
            found.append(
                [
                    self._entry(part, name, f"{part}:{number}", f"{places}/{name}", row, known)
                    for name in columns
                ]
            )
        return found

    def _entry(
        self, part: str, name: str, prefix: str, place: str, row: Row, base: Mapping[str, Any] | None
    ) -> Entry:
        words = action_fields.WORDS[part][name]
        column = action_fields.column(part, name)
        choices = self._choices(words.shape)
        kind = _kind(column.type, words.shape)
        value = row.get(name)
        changed = base is not None and not planned_actions.same(value, base.get(name))
        told = _told(base.get(name), choices) if base is not None and changed else ""
        return Entry(
            f"{prefix}:{name}",
            str(words.label),
            set(_items(value)) if kind == "checks" else bool(value) if kind == "check" else typed(value),
            kind,
            _help(words, column),
            self._unit(column.unit) if kind != "check" else "",
            choices,
            place=place,
            was=told or (_("nothing") if changed else ""),
            optional=column.may_be_blank and kind != "check",
            **error_at(self._trouble, place),
        )

    def _unit(self, unit: str) -> str:
        return self._catalogue.city.currency if unit == _CURRENCY else report_names.unit(unit)

    def _choices(self, shape: str) -> _Choices:
        if shape == "kind":
            kinds = action_fields.column("effects", "kind").categories
            return [(one, names.effect(one)) for one in kinds]
        if shape == "pillar":
            return [(one, names.pillar(one)) for one in action_fields.column("benefits", "pillar").categories]
        if shape == "groups":
            return [(one, names.cell(one)) for one in GROUPS]
        if shape == "bands":
            return [(one, one) for one in BANDS]
        if shape == "goals":
            return [
                (str(goal), names.goal(str(goal))) for goal in reference_table("crf_goals")["goal"].to_list()
            ]
        if shape == "target":
            return [("", _("The whole city")), *self._targets()]
        if shape == "funder":
            return self._funders()
        return self._others() if shape == "actions" else ()

    def _targets(self) -> _Choices:
        services = known_of(self._catalogue.city).services
        return [
            *((one, names.measure(one)) for one in PLACES),
            *((one, report_names.service(one)) for one in services),
        ]

    def _funders(self) -> _Choices:
        titles = dict(self._catalogue.budgets.select("funder", "title").iter_rows())
        known = dict.fromkeys([*titles, *(one.funder for one in self._catalogue.actions)])
        return [(one, titles.get(one, one)) for one in known]

    def _others(self) -> _Choices:
        found = planned_actions.planned_actions(self._catalogue, self._plan)
        return [
            (one.id, str(one.rows.row.get("title", one.id))) for one in found if one.id != self._planned.id
        ]


def _kind(type_: str, shape: str) -> str:
    if shape in ("kind", "pillar", "target", "funder"):
        return "select"
    if shape in ("groups", "bands", "goals", "actions"):
        return "checks"
    if shape == "area":
        return "area"
    return {"number": "decimal", "integer": "whole", "boolean": "check"}.get(type_, "text")


def _items(value: Any) -> list[str]:
    return [part.strip() for part in str(value or "").split(";") if part.strip()]


def _told(value: Any, choices: _Choices) -> str:
    """What the catalogue says, in words where there are some."""
    known = dict(choices)
    return ", ".join(str(known.get(item, item)) for item in _items(typed(value))) if choices else typed(value)


def _help(words: action_fields.FieldWords, column: Any) -> str:
    bounds = [f"{float(bound):g}" if bound is not None else "" for bound in (column.min, column.max)]
    telling = all(bounds) and all(abs(float(bound)) < _BEYOND for bound in (column.min, column.max))
    if column.type not in ("number", "integer") or not telling:
        return str(words.help)
    span = _("From %(low)s to %(high)s.") % {"low": bounds[0], "high": bounds[1]}
    return f"{words.help} {span}".strip()
