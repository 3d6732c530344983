"""A city's catalogue of actions: three tables joined, each row checked, and all rows held against each other.

Owns what a row means and which rows fit together; ignores what an action does and what it is worth.
A city without these tables has no actions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter

import polars as pl

from philoxenia.exchange.action_rows import SEPARATOR, ActionFault, CatalogueError, Cells, Row
from philoxenia.exchange.city import City
from philoxenia.exchange.contract import load_contract
from philoxenia.reference import reference_table
from philoxenia.vocabulary.actions import Action, Benefit, Effect, Range

# Groups, bands and places of `scenarios.futures.types`, which this layer may not import; a test holds them.
GROUPS = tuple(
    f"{who}_{kind}" for who in ("newcomer", "long_term") for kind in ("children", "women", "men", "older")
)
BANDS = ("0-2", "3-5", "6-11", "12-23", "24-59", "60+")
PLACES = ("shelter", "homes")
_PEOPLE = ("waiting", "in_shelter", "in_homes", "exits_to_homes")
_OF_SERVICES = ("served", "unmet", "queue")
_CRF_GOALS = tuple(str(goal) for goal in range(1, 13))
_OF_A_SERVICE = ("capacity", "use", "eligibility", "reach")
_OF_THE_CITY = ("exits", "departures", "entries")
_BY_EXITS = ("cost_per_exit", "cost_per_exit_month")
_LEAST_SHARE = -1.0


@dataclass(frozen=True)
class Known:
    """What effects may name: services of the city's model, and districts (None: not known here)."""

    services: tuple[str, ...]
    districts: tuple[str, ...] | None = None


def known_of(city: City) -> Known:
    """Services and districts that effects of this city's actions may name."""
    rates = city.tables.get("service_rates")
    own = [] if rates is None else rates["service"].unique(maintain_order=True).to_list()
    services = dict.fromkeys([*(s for s in _reference_services() if s in (city.services or (s,))), *own])
    return Known(tuple(services), tuple(city.districts["district_id"].to_list()))


@cache
def _reference_services() -> tuple[str, ...]:
    rates = reference_table("service_rates").filter(pl.col("basis") != "floor")
    return tuple(name for name in rates["service"].unique(maintain_order=True) if name not in PLACES)


def actions_of(city: City) -> tuple[Action, ...]:
    """The actions of a city's catalogue in the order of its table; none where it has none.

    Raises `CatalogueError` with a sentence for everything that is wrong, in all three tables at once.
    """
    known, faults, found = known_of(city), [*_strays(city)], []
    effects, benefits = _by_action(city, "action_effects"), _by_action(city, "action_benefits")
    for row in _rows(city, "actions"):
        action = row["action"]
        made, wrong = _read_action(row, effects.get(action, []), benefits.get(action, []), known)
        faults += wrong
        found.append(made)
    faults += catalogue_faults(found)
    if faults:
        raise CatalogueError(faults)
    return tuple(found)


def action_of(
    row: Row, effects: Sequence[Row] = (), benefits: Sequence[Row] = (), known: Known | None = None
) -> Action:
    """One action from plain mappings with the columns of the three tables; lists may be lists or texts.

    Raises `CatalogueError`; each of its `faults` names table, row and column.
    """
    made, faults = _read_action(row, effects, benefits, known or Known(_reference_services()))
    if faults:
        raise CatalogueError(faults)
    return made


def rows_of(action: Action) -> tuple[dict[str, object], list[dict[str, object]], list[dict[str, object]]]:
    """The action's row, effects and benefits as mappings that `action_of` reads back; lists as texts."""
    row: dict[str, object] = {
        "action": action.id,
        "title": action.title,
        "summary": action.summary,
        "blueprint": _joined(action.blueprint),
        "crf_goals": _joined(action.crf_goals),
        "funder": action.funder,
        "lead_months": action.lead,
        "ramp_months": action.ramp,
        "duration_months": action.duration,
        "cost_once": action.cost_once,
        "cost_per_month": action.cost_per_month,
        "cost_low": action.cost[0],
        "cost_high": action.cost[2],
        "sizes": _joined(f"{size:g}" for size in action.sizes),
        "needs": _joined(action.needs),
        "excludes": _joined(action.excludes),
        "cost_source": action.cost_source,
        "cost_date": action.cost_date,
        "life_months": action.life,
        "note": action.note,
    }
    effects = [_effect_row(action.id, effect) for effect in action.effects]
    return row, effects, [_benefit_row(action.id, benefit) for benefit in action.benefits]


def _effect_row(action: str, effect: Effect) -> dict[str, object]:
    return {
        "action": action,
        "kind": effect.kind,
        "target": effect.target,
        "size": effect.size,
        "relative": effect.relative,
        "districts": _joined(effect.districts),
        "groups": _joined(effect.groups),
        "bands": _joined(effect.bands),
        "low": effect.factor[0],
        "high": effect.factor[2],
        "cost_per_exit": effect.cost_per_exit,
        "cost_per_exit_month": effect.cost_per_exit_month,
        "source": effect.source,
        "date": effect.date,
    }


def _benefit_row(action: str, benefit: Benefit) -> dict[str, object]:
    low, value, high = benefit.value
    return {
        "action": action,
        "benefit": benefit.name,
        "unit": benefit.unit,
        "amount_per_month": benefit.amount,
        "value": value,
        "value_low": low,
        "value_high": high,
        "pillar": benefit.pillar,
        "groups": _joined(benefit.groups),
        "source": benefit.source,
        "date": benefit.date,
    }


def _joined(items: Iterable[object]) -> str:
    return SEPARATOR.join(map(str, items))


def catalogue_faults(actions: Sequence[Action]) -> list[ActionFault]:
    """What is wrong between actions: a name used twice, needs and excludes of none, needs in a circle."""
    names = [action.id for action in actions]
    faults = [
        ActionFault(name, "actions", None, "action", "this name stands twice; give each action its own.")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    for action in actions:
        faults += _faults_of_links(action, names)
    try:
        TopologicalSorter({action.id: set(action.needs) for action in actions}).prepare()
    except CycleError as circle:
        path = list(reversed(circle.args[1]))
        said = (
            "the actions need each other in a circle, so that none can start: " + " needs ".join(path) + "."
        )
        faults.append(ActionFault(path[0], "actions", None, "needs", said))
    return faults


def _faults_of_links(action: Action, names: Sequence[str]) -> list[ActionFault]:
    faults = []
    for column, others in (("needs", action.needs), ("excludes", action.excludes)):
        for other in others:
            if other == action.id:
                said = "an action cannot name itself."
            elif other not in names:
                said = f"there is no action {other!r}; add it or leave the name out."
            elif column == "excludes" and other in action.needs:
                said = f"{other!r} is needed and excluded at once; keep one of them."
            else:
                continue
            faults.append(ActionFault(action.id, "actions", None, column, said))
    return faults


def unit_values_of(city: City) -> pl.DataFrame:
    """What a unit of each measure is worth: measure, unit, value, low, high, pillar, source, date."""
    table = _table(city, "unit_values")
    bounds = [pl.col(name).fill_null(pl.col("value")) for name in ("low", "high")]
    faults = _unknown_measures(table, known_of(city))
    if faults:
        raise CatalogueError(faults)
    return table.with_columns(*bounds, pl.col("date").fill_null(""))


def _unknown_measures(table: pl.DataFrame, known: Known) -> list[ActionFault]:
    there = {*_PEOPLE, *(f"{kind}.{name}" for kind in _OF_SERVICES for name in known.services)}
    said = (
        f"there is no such measure here; there are {', '.join(_PEOPLE)}, and {', '.join(_OF_SERVICES)} "
        f"before .{', .'.join(known.services)}."
    )
    return [
        ActionFault("", "unit_values", None, "measure", f"{measure!r}: {said}")
        for measure in table["measure"]
        if measure not in there
    ]


def budgets_of(city: City) -> pl.DataFrame:
    """What each funder can spend: funder, title, year, amount, source. No row: no limit."""
    return _table(city, "action_budgets")


def incomes_of(city: City) -> pl.DataFrame:
    """Income of each group and of homeless people: cell, income, source, date."""
    return _table(city, "constituency_incomes").with_columns(pl.col("date").fill_null(""))


def notes_on(city: City, actions: Sequence[Action]) -> tuple[str, ...]:
    """Sentences on what is not wrong but should be known: funders without a budget."""
    funders = set(budgets_of(city)["funder"])
    missing = sorted({action.funder for action in actions} - funders)
    return tuple(
        f"No budget is stated for the funder {name!r}: what it pays has no limit (action_budgets)."
        for name in missing
    )


def _table(city: City, name: str) -> pl.DataFrame:
    """A table with the columns of its contract, empty where the city does not have it."""
    if name in city.tables:
        return city.tables[name]
    numbers = {"integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}
    return pl.DataFrame(
        schema={column.name: numbers.get(column.type, pl.String) for column in load_contract(name).columns}
    )


def _rows(city: City, name: str) -> list[dict[str, object]]:
    return _table(city, name).to_dicts()


def _by_action(city: City, name: str) -> dict[object, list[dict[str, object]]]:
    found: dict[object, list[dict[str, object]]] = {}
    for row in _rows(city, name):
        found.setdefault(row["action"], []).append(row)
    return found


def _strays(city: City) -> list[ActionFault]:
    """Effects and benefits of an action that is not there."""
    names = set(_table(city, "actions")["action"])
    return [
        ActionFault(
            str(action),
            name,
            None,
            "action",
            "the table actions has no such action; add it there.",
        )
        for name in ("action_effects", "action_benefits")
        for action in _by_action(city, name)
        if action not in names
    ]


def _read_action(
    row: Row, effects: Sequence[Row], benefits: Sequence[Row], known: Known
) -> tuple[Action, list[ActionFault]]:
    cells = Cells("actions", row, str(row.get("action") or ""))
    cells.refuse_unknown()
    own = {"action": cells.action}
    read_effects = [_read_effect(cells, {**own, **one}, at, known) for at, one in enumerate(effects)]
    read_benefits = [_read_benefit(cells, {**own, **one}, at) for at, one in enumerate(benefits)]
    _hold_names(cells, [benefit.name for benefit in read_benefits])
    made = Action(
        id=cells.text("action"),
        title=cells.text("title"),
        summary=cells.text("summary"),
        blueprint=cells.items("blueprint", reference_table("blueprint")["id"].to_list()),
        crf_goals=tuple(int(g) for g in cells.items("crf_goals", _CRF_GOALS) if g.isdigit()),
        funder=cells.text("funder"),
        lead=cells.whole("lead_months") or 0,
        ramp=cells.whole("ramp_months") or 0,
        duration=cells.whole("duration_months"),
        cost_once=cells.amount("cost_once"),
        cost_per_month=cells.amount("cost_per_month"),
        cost=(cells.amount("cost_low", 1.0), 1.0, cells.amount("cost_high", 1.0)),
        cost_source=cells.text("cost_source"),
        cost_date=cells.text("cost_date"),
        life=cells.whole("life_months"),
        sizes=_sizes(cells),
        needs=cells.items("needs"),
        excludes=cells.items("excludes"),
        note=cells.text("note"),
        effects=tuple(read_effects),
        benefits=tuple(read_benefits),
    )
    return made, cells.faults


def _hold_names(cells: Cells, names: Sequence[str]) -> None:
    for at, name in enumerate(names):
        if name and name in names[:at]:
            said = f"{name!r} stands twice; give each benefit a name of its own."
            cells.faults.append(ActionFault(cells.action, "action_benefits", at, "benefit", said))


def _sizes(cells: Cells) -> tuple[float, ...]:
    sizes = []
    for item in cells.items("sizes") or ("1",):
        try:
            sizes.append(float(item))
        except ValueError:
            cells.refuse("sizes", f"{item!r} is not a number.")
    if any(size <= 0 for size in sizes):
        cells.refuse("sizes", "a size must be above 0.")
    if 1.0 not in sizes:
        cells.refuse("sizes", "1 must be among the sizes: costs and effects are stated for it.")
    return tuple(sorted(dict.fromkeys(sizes)))


def _read_effect(of: Cells, row: Row, number: int, known: Known) -> Effect:
    cells = Cells("action_effects", row, of.action, number, of.faults)
    cells.refuse_unknown()
    made = Effect(
        kind=cells.text("kind"),
        target=cells.text("target"),
        size=cells.amount("size"),
        relative=cells.yes("relative"),
        districts=cells.items("districts", known.districts),
        groups=cells.items("groups", GROUPS),
        bands=cells.items("bands", BANDS),
        factor=(cells.amount("low", 1.0), 1.0, cells.amount("high", 1.0)),
        cost_per_exit=cells.amount("cost_per_exit"),
        cost_per_exit_month=cells.amount("cost_per_exit_month"),
        source=cells.text("source"),
        date=cells.text("date"),
    )
    _hold_target(cells, made, known)
    _hold_size(cells, made)
    return made


def _hold_target(cells: Cells, effect: Effect, known: Known) -> None:
    targets = (*known.services, *PLACES) if effect.kind == "capacity" else known.services
    if effect.kind in _OF_A_SERVICE and effect.target not in targets:
        cells.refuse("target", f"there is no {effect.target!r}; there are {', '.join(targets)}.")
    if effect.kind in _OF_THE_CITY and effect.target:
        cells.refuse("target", f"{effect.kind} concern the whole city; leave the target empty.")


def _hold_size(cells: Cells, effect: Effect) -> None:
    if effect.kind == "reach" and effect.size <= 0:
        cells.refuse("size", f"{effect.size:g} kilometres reach nobody; give a number above 0.")
    elif (effect.kind != "capacity" or effect.relative) and effect.size < _LEAST_SHARE:
        cells.refuse("size", f"{effect.size:g} takes away more than there is; -1 is all of it.")
    elif effect.kind == "eligibility" and effect.size > 1:
        cells.refuse("size", f"{effect.size:g} is more than everybody; eligibility is a share up to 1.")
    if effect.relative and effect.kind != "capacity":
        cells.refuse("relative", "only capacity can be a share of what there is; rates are shares anyway.")
    for column in _BY_EXITS:
        if getattr(effect, column) and effect.kind != "exits":
            cells.refuse(column, f"only exits bring about exits; {effect.kind} cannot be paid by them.")


def _read_benefit(of: Cells, row: Row, number: int) -> Benefit:
    cells = Cells("action_benefits", row, of.action, number, of.faults)
    cells.refuse_unknown()
    value = cells.amount("value")
    bounds: Range = (cells.amount("value_low", value), value, cells.amount("value_high", value))
    if not bounds[0] <= value <= bounds[2]:
        cells.refuse("value", f"{value:g} does not lie between {bounds[0]:g} and {bounds[2]:g}.")
    return Benefit(
        name=cells.text("benefit"),
        unit=cells.text("unit"),
        amount=cells.amount("amount_per_month"),
        value=bounds,
        pillar=cells.text("pillar"),
        groups=cells.items("groups", GROUPS),
        source=cells.text("source"),
        date=cells.text("date"),
    )
