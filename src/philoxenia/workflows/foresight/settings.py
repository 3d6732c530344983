"""What a foresight study asks: one mapping, as a form or a file gives it, checked and made whole.

Owns the keys, their ranges and defaults; a wrong one is a sentence that names key, value, rule and remedy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from philoxenia.exchange import City
from philoxenia.reference import Parameters
from philoxenia.report.foresight import CONSTITUENCIES
from philoxenia.scenarios.futures import Method, Rule
from philoxenia.valuation.portfolio import AIMS
from philoxenia.workflows.foresight.catalogue import Catalogue, catalogue_of
from philoxenia.workflows.foresight.changes import changed_catalogue
from philoxenia.workflows.foresight.reading import Reader, SettingsError

MOST_MONTHS, MOST_FUTURES, MOST_START = 120, 10_000, 9
_YEARS_MONTHS = 12
_KEYS = (
    "months", "futures", "seed", "rule", "sampling", "shocks", "chosen", "changed", "added", "values",
    "starts", "sizes", "budgets", "aim", "worst_share", "floors", "required", "banned", "failure",
    "satisfice",
)  # fmt: skip
# Least and most of what may be changed of a shock; a chance of 0 takes it out.
_SHOCK_KEYS = {"probability_per_year": (0.0, 0.999), "size": (0.0001, 1e6), "months": (1.0, 120.0)}


@dataclass(frozen=True)
class Failure:
    """When a plan fails: a measure of the city above a level in some month, or net below a sum of money.

    Without `above` and `below` the level is one that a share of the futures without any action passes.
    """

    measure: str = "waiting"
    above: float | None = None
    net_below: float | None = None


@dataclass(frozen=True)
class ForesightSettings:
    """Everything a study asks. `catalogue`: the actions to look at, with the planner's changes in them.

    `shocks`: changes by shock. `budgets`: money a year by funder, over the catalogue's own. `floors`:
    least mean gain by constituency, None for no floor. `satisfice`: least amounts of net or of a
    constituency's gain in a future.
    """

    catalogue: Catalogue
    months: int
    futures: int
    seed: int
    rule: str
    sampling: str
    shocks: Mapping[str, Mapping[str, float]]
    starts: tuple[int, ...]
    sizes: bool
    budgets: Mapping[str, tuple[float, ...]]
    aim: str
    worst_share: float
    floors: Mapping[str, float | None]
    required: tuple[str, ...]
    banned: tuple[str, ...]
    failure: Failure
    satisfice: Mapping[str, float]
    asked: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def years(self) -> int:
        """Years of the horizon, the last one perhaps begun only."""
        return -(-self.months // _YEARS_MONTHS)

    def as_mapping(self) -> dict[str, Any]:
        """The settings as they were asked, with every default filled in: JSON that reads back the same."""
        plain = {
            "months": self.months,
            "futures": self.futures,
            "seed": self.seed,
            "rule": self.rule,
            "sampling": self.sampling,
            "shocks": {name: dict(change) for name, change in self.shocks.items()},
            "starts": list(self.starts),
            "sizes": self.sizes,
            "budgets": {funder: list(amounts) for funder, amounts in self.budgets.items()},
            "aim": self.aim,
            "worst_share": self.worst_share,
            "floors": dict(self.floors),
            "required": list(self.required),
            "banned": list(self.banned),
            "failure": {key: value for key, value in vars(self.failure).items() if value is not None},
            "satisfice": dict(self.satisfice),
        }
        if self.failure.net_below is not None:
            plain["failure"] = {"net_below": self.failure.net_below}
        return plain | {
            key: self.asked[key] for key in ("chosen", "changed", "added", "values") if key in self.asked
        }


def settings_of(mapping: Mapping[str, Any], city: City) -> ForesightSettings:
    """Settings for a city from a mapping, all keys optional. Raises `SettingsError` whose `key` is the dotted
    place of what is wrong, such as `changed.rent_subsidy.effects.0.size`."""
    return read_settings(mapping, catalogue_of(city), city.parameters)


def read_settings(
    mapping: Mapping[str, Any], catalogue: Catalogue, parameters: Parameters
) -> ForesightSettings:
    """Settings for a catalogue that has been read. Raises `SettingsError`."""
    read = Reader("", mapping)
    read.refuse_unknown(_KEYS)
    changed = changed_catalogue(catalogue, read)
    actions = [action.id for action in changed.actions]
    months = read.whole("months", 60, 1, MOST_MONTHS)
    required, banned = read.names("required", actions), read.names("banned", actions)
    if both := sorted(set(required) & set(banned)):
        read.refuse("banned", f"{both[0]!r} is required and banned at once; keep one of them.")
    return ForesightSettings(
        catalogue=changed,
        months=months,
        futures=read.whole("futures", 500, 2, MOST_FUTURES),
        seed=read.whole("seed", 1, 0, 2**32 - 1),
        rule=read.choice("rule", [rule.value for rule in Rule], Rule.FIRST_COME.value),
        sampling=read.choice("sampling", [method.value for method in Method], Method.LATIN_HYPERCUBE.value),
        shocks=_shocks(read, catalogue.shocks),
        starts=_starts(read, months),
        sizes=read.yes("sizes", True),
        budgets=_budgets(read, changed),
        aim=read.choice("aim", AIMS, "mean"),
        worst_share=read.number("worst_share", parameters["valuation.worst_share"], 0.001, 1.0),
        floors=_floors(read),
        required=required,
        banned=banned,
        failure=_failure(read),
        satisfice=_amounts(read, "satisfice", ("net", *CONSTITUENCIES)),
        asked=dict(mapping),
    )


def _shocks(read: Reader, known: tuple[str, ...]) -> dict[str, dict[str, float]]:
    found = {}
    inside = read.inside("shocks")
    inside.refuse_unknown(known)
    for name in inside.given:
        one = inside.inside(name)
        one.refuse_unknown(tuple(_SHOCK_KEYS))
        found[name] = {key: one.number(key, 0.0, *_SHOCK_KEYS[key]) for key in one.given}
    return found


def _starts(read: Reader, months: int) -> tuple[int, ...]:
    years = -(-months // _YEARS_MONTHS)
    if read.given.get("starts") is None:
        return tuple(year for year in (0, 1, 2) if year < years)
    starts = read.wholes("starts", 0, MOST_START)
    late = [year for year in starts if year >= years]
    if late or not starts:
        said = f"{late[0]} is beyond the {months} months" if late else "it is empty"
        read.refuse("starts", f"{said}; give years from 0 to {years - 1}, for example [0].")
    return tuple(sorted(set(starts)))


def _budgets(read: Reader, catalogue: Catalogue) -> dict[str, tuple[float, ...]]:
    inside = read.inside("budgets")
    inside.refuse_unknown(catalogue.funders)
    return {funder: inside.amounts(funder) for funder in inside.given}


def _amounts(read: Reader, key: str, known: tuple[str, ...]) -> dict[str, float]:
    inside = read.inside(key)
    inside.refuse_unknown(known)
    return {name: inside.number(name, 0.0, -1e15, 1e15) for name in inside.given}


def _floors(read: Reader) -> dict[str, float | None]:
    """No group is worse off than without, unless the planner says so: another amount, or null for none."""
    inside = read.inside("floors")
    inside.refuse_unknown(CONSTITUENCIES)
    free = [name for name, value in inside.given.items() if value is None]
    return {name: None if name in free else inside.number(name, 0.0, -1e15, 1e15) for name in CONSTITUENCIES}


def _failure(read: Reader) -> Failure:
    inside = read.inside("failure")
    inside.refuse_unknown(("measure", "above", "net_below"))
    if "net_below" in inside.given:
        if "above" in inside.given or "measure" in inside.given:
            inside.refuse("net_below", "it stands beside a measure; ask for one of the two.")
        return Failure(net_below=inside.number("net_below", 0.0, -1e15, 1e15))
    measure = inside.text("measure", "waiting")
    above = inside.number("above", 0.0, 0.0, 1e15) if "above" in inside.given else None
    return Failure(measure=measure, above=above)


__all__ = ["Failure", "ForesightSettings", "SettingsError", "read_settings", "settings_of"]
