"""States of the world: one row a future, the same for every plan (common random numbers).

Owns which numbers are uncertain and how they are drawn: Latin hypercube and Sobol from `scipy.stats.qmc`
(McKay et al. 1979; Sobol 1967, scrambled after Owen 1998). Ignores what they do in the model.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import polars as pl
from scipy.stats import qmc

from philoxenia.scenarios.draws import stream
from philoxenia.scenarios.futures.types import (
    SHELTER,
    Floats,
    FuturesError,
    Lever,
    Model,
    Span,
)
from philoxenia.scenarios.rates import triangular

SHOCK_DRAWS = ("occurs", "date", "size", "duration", "place")
LEVER_DRAWS = ("effect", "lead", "cost")


class Method(StrEnum):
    """How futures fill the space of uncertainties."""

    LATIN_HYPERCUBE = "latin_hypercube"
    SOBOL = "sobol"


@dataclass(frozen=True)
class Design:
    """Quantiles 0..1 of every uncertainty: a future a row (F,), a column a name. `first`: number of the first
    future in the whole design, where this is a part of it; `whole`: futures of the whole design."""

    quantiles: dict[str, Floats]
    seed: int
    first: int = 0
    whole: int = 0

    @cached_property
    def futures(self) -> int:
        """How many futures this design (or this part of one) has."""
        return len(next(iter(self.quantiles.values())))

    def part(self, first: int, last: int) -> "Design":
        """Futures `first` to below `last`, with the numbers they have in the whole."""
        cut = {name: values[first:last] for name, values in self.quantiles.items()}
        return Design(cut, self.seed, self.first + first, self.whole or self.futures)

    def of_lever(self, lever: Lever, draw: str) -> Floats:
        """Quantiles (F,) of one of `LEVER_DRAWS`: from the seed and the name of its luck alone, so that an
        action has the same luck in every plan, however many levers it has."""
        whole = self.whole or self.futures
        drawn = _hypercube(self.seed, f"lever.{lever.luck}.{draw}", whole)
        return drawn[self.first : self.first + self.futures]


def uncertainties(model: Model) -> dict[str, Span]:
    """Every uncertain number of a model with its triangular range; quantiles themselves where it has none."""
    uniform = Span(0.0, 0.5, 1.0)
    spans = {
        "arrival_path": uniform,
        "exit_factor": model.exit_factor,
        "departure_factor": model.departure_factor,
        "rent_growth": model.rent_growth,
        "rent_elasticity": model.homes.rent_elasticity,
        f"capacity.{SHELTER}": model.shelter.capacity_factor,
    }
    for service in model.services:
        spans[f"rate.{service.name}"] = service.rate_factor
        spans[f"capacity.{service.name}"] = service.capacity_factor
    for shock in model.shocks:
        ranges = {"size": shock.size, "duration": shock.duration}
        spans |= {f"shock.{shock.name}.{draw}": ranges.get(draw, uniform) for draw in SHOCK_DRAWS}
    return spans


def sample_futures(
    model: Model, n: int, seed: int = 0, method: Method | str = Method.LATIN_HYPERCUBE
) -> Design:
    """`n` futures of a model. The same seed gives the same futures; with the Latin hypercube each uncertainty
    has a stream of its own, so that one more leaves the others as they were. Sobol is balanced where `n` is a
    power of two. Raises `FuturesError`."""
    if n < 1:
        raise FuturesError(f"{n} futures: give one or more.")
    names = tuple(uncertainties(model))
    if Method(method) is Method.SOBOL:
        return Design(_sobol(names, n, seed), seed, 0, n)
    return Design({name: _hypercube(seed, name, n) for name in names}, seed, 0, n)


def _hypercube(seed: int, name: str, n: int) -> Floats:
    sampler = qmc.LatinHypercube(d=1, rng=stream(seed, f"futures.{name}"))
    return np.asarray(sampler.random(n)[:, 0], dtype=np.float64)


def _sobol(names: Sequence[str], n: int, seed: int) -> dict[str, Floats]:
    sampler = qmc.Sobol(d=len(names), rng=stream(seed, "futures.sobol"))
    with warnings.catch_warnings():
        # Any number of futures is welcome; the docstring says which are balanced.
        warnings.simplefilter("ignore", UserWarning)
        points = sampler.random(n)
    return {name: np.ascontiguousarray(points[:, column]) for column, name in enumerate(names)}


def drawn(span: Span, quantile: Floats) -> Floats:
    """Values (F,) of an uncertain number at quantiles of its triangular range."""
    return np.asarray(triangular(quantile, span.low, span.mode, span.high), dtype=np.float64)


def design_table(model: Model, design: Design, levers: Sequence[Lever] = ()) -> pl.DataFrame:
    """The futures as values: future, a column an uncertainty, lever.<luck>.effect and so on at the end. Where
    levers that share their luck have ranges of their own, the widest stands for all: they rise together."""
    columns: dict[str, Floats | range] = {"future": range(design.first, design.first + design.futures)}
    for name, span in uncertainties(model).items():
        uniform = name == "arrival_path" or name.endswith((".occurs", ".date", ".place"))
        quantile = design.quantiles[name]
        columns[name] = quantile if uniform else drawn(span, quantile)
    sharing: dict[str, list[Lever]] = {}
    for lever in levers:
        sharing.setdefault(lever.luck, []).append(lever)
    for luck, alike in sharing.items():
        for draw in LEVER_DRAWS:
            span = max((lever.span(draw) for lever in alike), key=lambda span: span.high - span.low)
            columns[f"lever.{luck}.{draw}"] = drawn(span, design.of_lever(alike[0], draw))
    return pl.DataFrame(columns)
