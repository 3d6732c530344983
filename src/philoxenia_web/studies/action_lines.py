"""The actions of a study as a list: what each is, costs and whom it serves, and what they are filtered by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from philoxenia.vocabulary.actions import Action
from philoxenia_web.studies import planned_actions
from philoxenia_web.studies.catalogue import Catalogue
from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.planned_actions import Planned

EVERYBODY, HOMELESS = "everybody", "homeless_people"
_ASSUMED = "assumption"
_OF_CLASS = {"children": "children", "women": "women", "men": "men", "older": "older_people"}
_OF_KIND = {"newcomer": "newcomers", "long_term": "long_term_residents"}
FILTERS = ("blueprint", "goal", "funder", "serves")


@dataclass(frozen=True)
class Line:
    """One action of the list. `action` is None where its rows no longer fit the city's data."""

    planned: Planned
    action: Action | None
    chosen: bool

    @property
    def id(self) -> str:
        """Its short name."""
        return self.planned.id

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.planned.rows.row.get("title") or self.id)

    @property
    def assumed(self) -> int:
        """How many of its sources are assumptions."""
        if self.action is None:
            return 0
        sources = [self.action.cost_source]
        sources += [one.source for one in (*self.action.effects, *self.action.benefits)]
        return sum(source.casefold().startswith(_ASSUMED) for source in sources)

    @property
    def serves(self) -> tuple[str, ...]:
        """Constituencies it is meant for; everybody where no group is named."""
        return serves(self.action) if self.action else ()

    @property
    def served(self) -> list[str]:
        """The same in words."""
        return [whom(one) for one in self.serves]

    def fits(self, filters: Mapping[str, str]) -> bool:
        """Whether it is among what is looked for."""
        if self.action is None:
            return not any(filters.values())
        has = {
            "blueprint": self.action.blueprint,
            "goal": tuple(map(str, self.action.crf_goals)),
            "funder": (self.action.funder,),
            "serves": self.serves,
        }
        if any(value and value not in has[name] for name, value in filters.items() if name in has):
            return False
        words = f"{self.title} {self.action.summary} {self.id}".casefold()
        return all(word in words for word in filters.get("q", "").casefold().split())


def serves(action: Action) -> tuple[str, ...]:
    """Whom an action is meant for: the groups its effects and benefits name, and people in shelters."""
    parts = (*action.effects, *action.benefits)
    found = dict.fromkeys(one for part in parts for group in part.groups for one in _constituencies(group))
    shelter = any(one.kind in ("exits", "entries") or one.target == "shelter" for one in action.effects)
    named = [HOMELESS] if shelter else []
    if not found and not shelter:
        return (EVERYBODY,)
    return tuple(dict.fromkeys([*named, *found]))


def _constituencies(group: str) -> Iterable[str]:
    kind, _between, who = group.rpartition("_")
    return _OF_KIND.get(kind, kind), _OF_CLASS.get(who, who)


def whom(constituency: str) -> str:
    """In words."""
    return _("Everybody") if constituency == EVERYBODY else names.constituency(constituency)


def lines(catalogue: Catalogue, plan: Mapping[str, Any]) -> list[Line]:
    """Every action a study may choose from."""
    chosen = set(plan.get("chosen", []))
    return [
        Line(one, planned_actions.read(catalogue, one), not chosen or one.id in chosen)
        for one in planned_actions.planned_actions(catalogue, plan)
    ]


def choices(rows: Iterable[Line], catalogue: Catalogue) -> dict[str, list[tuple[str, str]]]:
    """What the list can be filtered by: only what is there."""
    actions = [row.action for row in rows if row.action]
    titles = funders(catalogue)
    blueprint = dict.fromkeys(one for action in actions for one in action.blueprint)
    goals = sorted({goal for action in actions for goal in action.crf_goals})
    paying = dict.fromkeys(action.funder for action in actions)
    served = dict.fromkeys(one for action in actions for one in serves(action))
    return {
        "blueprint": [(one, f"{one}: {names.idea(one)}") for one in sorted(blueprint, key=_by_number)],
        "goal": [(str(goal), f"{goal}: {names.goal(str(goal))}") for goal in goals],
        "funder": [(one, titles.get(one, one)) for one in paying],
        "serves": [(one, whom(one)) for one in served],
    }


def _by_number(one: str) -> tuple[str, int]:
    return one[:1], int(one[1:]) if one[1:].isdigit() else 0


def funders(catalogue: Catalogue) -> dict[str, str]:
    """What each funder is called."""
    return dict(catalogue.budgets.select("funder", "title").iter_rows())


def missing_needs(rows: Iterable[Line]) -> list[tuple[str, str]]:
    """Chosen actions that need one that is not chosen: titles of both."""
    known = {row.id: row for row in rows}
    return [
        (row.title, known[need].title)
        for row in known.values()
        if row.chosen and row.action
        for need in row.action.needs
        if need in known and not known[need].chosen
    ]
