"""Many plans that touch services only, in one pass: people's ways are followed once for all of them.

Owns copies of services, one for each plan that touches it, and handing outcomes back plan by plan. Services
take nothing from people or from each other and a copy has the luck of its original, so that outcomes are
those of `simulate` with the same services, byte for byte.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from philoxenia.scenarios.futures.outcomes import Outcomes, Plans
from philoxenia.scenarios.futures.restriction import restricted, services_touched
from philoxenia.scenarios.futures.run import simulate
from philoxenia.scenarios.futures.sampling import Design, design_table
from philoxenia.scenarios.futures.types import FuturesError, Lever, Model

_ALL = "all plans"


def simulate_services(model: Model, design: Design, plans: Plans, **options: Any) -> Outcomes:
    """As `simulate(restricted(model, ...), design, plans)` with every service that any of these plans
    touches, in a fraction of the time. `options` are those of `simulate`; the outcomes of all plans together
    are in memory twice. Raises `FuturesError` where a plan moves people."""
    touched = {name: _touched(name, levers) for name, levers in plans.items()}
    kept = [s.name for s in model.services if any(s.name in names for names in touched.values())]
    base = restricted(model, kept)
    copies = {(plan, name): f"{plan} | {name}" for plan, names in touched.items() for name in names}
    stacked = [replace(_service(base, name), name=copy) for (_, name), copy in copies.items()]
    levers = tuple(_lever(lever, name, copies) for name, group in plans.items() for lever in group)
    whole = replace(base, services=(*base.services, *stacked))
    found = simulate(whole, _with_copies(design, copies), {_ALL: levers}, **options)
    return _apart(base, design, plans, copies, found)


def _touched(name: str, levers: tuple[Lever, ...]) -> tuple[str, ...]:
    names = services_touched(levers)
    if names is None:
        raise FuturesError(f"The plan {name!r} moves people: simulate it with the whole model.")
    return names


def _service(model: Model, name: str) -> Any:
    return next(service for service in model.services if service.name == name)


def _lever(lever: Lever, plan: str, copies: Mapping[tuple[str, str], str]) -> Lever:
    copy = copies.get((plan, lever.target), lever.target)
    return replace(lever, name=f"{plan} | {lever.name}", target=copy, action=lever.luck)


def _with_copies(design: Design, copies: Mapping[tuple[str, str], str]) -> Design:
    luck = {
        f"{kind}.{copy}": design.quantiles[f"{kind}.{name}"]
        for (_, name), copy in copies.items()
        for kind in ("rate", "capacity")
    }
    return replace(design, quantiles=design.quantiles | luck)


def _apart(
    base: Model, design: Design, plans: Plans, copies: Mapping[tuple[str, str], str], found: Outcomes
) -> Outcomes:
    """Outcomes plan by plan: a copy's where the plan touches the service, else the service's own."""
    columns = [[found.measure(_told(name, plan, copies)) for name in base.measures] for plan in plans]
    months = [
        [found.month_measure(_told(name, plan, copies)) for name in base.month_measures] for plan in plans
    ]
    ends = np.cumsum([0, *(len(levers) for levers in plans.values())])
    rows = {name: slice(ends[at], ends[at + 1]) for at, name in enumerate(plans)}
    return replace(
        found,
        plans=tuple(plans),
        measures=base.measures,
        month_measures=base.month_measures,
        units=base.units(),
        by_group=np.stack([found.by_group[0][..., own] for own in columns]),
        by_district=np.stack([found.by_district[0][..., own] for own in columns]),
        by_month=np.stack([found.by_month[0][..., own] for own in months]),
        costs={name: found.costs[_ALL][:, own] for name, own in rows.items()},
        strength={name: found.strength[_ALL][:, own] for name, own in rows.items()},
        levers={name: tuple(lever.name for lever in levers) for name, levers in plans.items()},
        design=design_table(base, design, [lever for levers in plans.values() for lever in levers]),
    )


def _told(measure: str, plan: str, copies: Mapping[tuple[str, str], str]) -> str:
    kind, dot, service = measure.partition(".")
    return f"{kind}{dot}{copies.get((plan, service), service)}"
