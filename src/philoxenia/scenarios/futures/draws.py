"""From quantiles to what happens in each future, month by month: arrivals, drivers, factors, districts hit.

Owns turning a design into arrays, shocks among them; ignores levers and how people move.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from philoxenia.scenarios.futures.sampling import Design, drawn
from philoxenia.scenarios.futures.types import DRIVERS, FLOWS, SHELTER, Floats, Model, Shock

# A model's paths may hold, beside its flows, factors on exits of single months.
EXIT_NOISE = "exit_noise"


@dataclass(frozen=True)
class Draws:
    """What differs by future, before any lever. `flows` (F, T, 6): people a month, as `FLOWS`. `drivers`
    (F, T, 5): factors as `DRIVERS`, the last the share displaced in struck districts. `struck` (F, T, D): 0
    or 1. `rates`, `capacities` (F, S), `places` (F,): factors. `settling` (F, D): shares times rents."""

    flows: Floats
    drivers: Floats
    struck: NDArray[np.uint8]
    rates: Floats
    capacities: Floats
    places: Floats
    settling: Floats

    @property
    def futures(self) -> int:
        """How many futures."""
        return len(self.flows)


def draws_of(model: Model, design: Design) -> Draws:
    """Everything random of every future of the design, from its quantiles alone."""
    flows = _flows(model, design)
    drivers = _drivers(model, design)
    struck = np.zeros((design.futures, len(model.months), len(model.districts)), dtype=np.uint8)
    for shock in model.shocks:
        _strike(model, design, shock, flows, drivers, struck)
    names = [service.name for service in model.services]
    rates = [drawn(s.rate_factor, design.quantiles[f"rate.{s.name}"]) for s in model.services]
    capacities = [drawn(s.capacity_factor, design.quantiles[f"capacity.{s.name}"]) for s in model.services]
    shape = (design.futures, len(names))
    return Draws(
        flows=flows,
        drivers=drivers,
        struck=struck,
        rates=np.stack(rates, axis=1) if names else np.ones(shape),
        capacities=np.stack(capacities, axis=1) if names else np.ones(shape),
        places=drawn(model.shelter.capacity_factor, design.quantiles[f"capacity.{SHELTER}"]),
        settling=_settling(model, design),
    )


def _path_row(model: Model, design: Design) -> NDArray[np.int64]:
    """The sample path (F,) each future follows."""
    paths = len(next(iter(model.paths.values())))
    return np.minimum((design.quantiles["arrival_path"] * paths).astype(np.int64), paths - 1)


def _flows(model: Model, design: Design) -> Floats:
    row = _path_row(model, design)
    return np.stack([model.paths[name][row] for name in FLOWS], axis=2).astype(np.float64)


def _drivers(model: Model, design: Design) -> Floats:
    drivers = np.ones((design.futures, len(model.months), len(DRIVERS)))
    drivers[:, :, DRIVERS.index("displaced")] = 0.0
    growth = drawn(model.rent_growth, design.quantiles["rent_growth"])[:, None]
    years = np.arange(len(model.months))[None, :] / 12
    dearer = (1 + growth) ** (-model.exit_rent_elasticity * years)
    factor = drawn(model.exit_factor, design.quantiles["exit_factor"])[:, None]
    drivers[:, :, DRIVERS.index("exits")] = factor * dearer
    if EXIT_NOISE in model.paths:
        drivers[:, :, DRIVERS.index("exits")] *= model.paths[EXIT_NOISE][_path_row(model, design)]
    leaving = drawn(model.departure_factor, design.quantiles["departure_factor"])
    drivers[:, :, DRIVERS.index("departures")] = leaving[:, None]
    return drivers


def _settling(model: Model, design: Design) -> Floats:
    elasticity = drawn(model.homes.rent_elasticity, design.quantiles["rent_elasticity"])[:, None]
    weights = model.homes.shares[None, :] * model.homes.rent[None, :] ** -elasticity
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float64)


def _strike(
    model: Model,
    design: Design,
    shock: Shock,
    flows: Floats,
    drivers: Floats,
    struck: NDArray[np.uint8],
) -> None:
    """Put one shock into the futures in which it occurs: at most once, in a month drawn evenly."""
    quantile = {draw: design.quantiles[f"shock.{shock.name}.{draw}"] for draw in ("occurs", "date", "place")}
    months = len(model.months)
    begins = np.minimum((quantile["date"] * months).astype(np.int64), months - 1)
    size = drawn(shock.size, design.quantiles[f"shock.{shock.name}.size"])
    length = drawn(shock.duration, design.quantiles[f"shock.{shock.name}.duration"])
    lasts = np.maximum(np.rint(length), 1).astype(np.int64)
    chance = 1 - (1 - shock.probability_per_year) ** (months / 12)
    for future in np.flatnonzero(quantile["occurs"] < chance):
        first = int(begins[future])
        during = slice(first, first + int(lasts[future]))
        for name, coefficient in shock.factors.items():
            array, column = (flows, FLOWS) if name in FLOWS else (drivers, DRIVERS)
            factor = max(1 + coefficient * size[future], 0.0)
            array[future, during, column.index(name)] *= factor
        for name, coefficient in shock.added.items():
            added = coefficient * size[future] / lasts[future]
            flows[future, during, FLOWS.index(name)] += added
        if shock.displaced > 0:
            share = min(shock.displaced * size[future], 1.0)
            drivers[future, first, DRIVERS.index("displaced")] = share
            struck[future, first, _hit(model, shock, quantile["place"][future])] = 1


def _hit(model: Model, shock: Shock, place: float) -> NDArray[np.int64]:
    """Districts hit: those nearest to the one drawn, or next in the list where centres are not known."""
    total = len(model.districts)
    middle = min(int(place * total), total - 1)
    count = max(1, round(shock.struck * total))
    if model.near is None:
        return np.asarray((middle + np.arange(count)) % total, dtype=np.int64)
    return model.near[middle, :count]
