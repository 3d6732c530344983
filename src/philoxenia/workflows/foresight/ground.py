"""What every simulation of a study shares: the model, the futures, prices of outcomes, and life without.

Owns that with and without meet the same futures and the same prices; ignores which actions there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import qmc

from philoxenia.scenarios.draws import stream
from philoxenia.scenarios.futures import Design, Model
from philoxenia.scenarios.futures.types import Floats
from philoxenia.scenarios.rates import triangular
from philoxenia.valuation.types import Pillar
from philoxenia.vocabulary.actions import Range


@dataclass(frozen=True)
class Prices:
    """What a unit of each valued measure is worth in each future: `drawn` (F, V), in the order of `measures`
    and `pillars`; `likely` (V,) is the mode. `columns` (V,): where the measures stand in the model's."""

    measures: tuple[str, ...]
    pillars: tuple[Pillar, ...]
    columns: tuple[int, ...]
    likely: Floats
    drawn: Floats

    @property
    def services(self) -> tuple[str, ...]:
        """Services of which anything is valued."""
        named = (name.partition(".")[2] for name in self.measures)
        return tuple(dict.fromkeys(name for name in named if name))


@dataclass(frozen=True)
class Ground:
    """`rate`: discount a year. `weights`: distribution weight by cell. `funders`: who pays, in order."""

    model: Model
    design: Design
    rule: str
    rate: float
    worst_share: float
    prices: Prices
    weights: Mapping[str, float]
    funders: tuple[str, ...]

    @property
    def futures(self) -> int:
        """How many futures."""
        return self.design.futures

    @property
    def discount(self) -> Floats:
        """Factor of each year (Y,); the first is not discounted."""
        return np.asarray((1 + self.rate) ** -np.arange(self.model.years, dtype=np.float64))

    def price(self, name: str, value: Range) -> Floats:
        """An uncertain price (F,): drawn from the seed and its name alone."""
        return drawn_price(name, value, self.design)


def drawn_price(name: str, value: Range, design: Design) -> Floats:
    """Values (F,) of an uncertain price in every future of a whole design, stratified (Latin hypercube)."""
    sampler = qmc.LatinHypercube(d=1, rng=stream(design.seed, f"futures.{name}"))
    return np.asarray(triangular(sampler.random(design.futures)[:, 0], *value), dtype=np.float64)


def prices_of(values: pl.DataFrame, model: Model, design: Design) -> tuple[Prices, tuple[str, ...]]:
    """Prices of the measures that the model has, and a sentence on those it has not."""
    known = values.filter(pl.col("measure").is_in(list(model.measures)))
    rows = known.to_dicts()
    drawn = [
        drawn_price(f"value.{row['measure']}", (row["low"], row["value"], row["high"]), design)
        for row in rows
    ]
    prices = Prices(
        measures=tuple(row["measure"] for row in rows),
        pillars=tuple(Pillar(row["pillar"]) for row in rows),
        columns=tuple(model.measures.index(row["measure"]) for row in rows),
        likely=np.array([row["value"] for row in rows], dtype=np.float64),
        drawn=np.stack(drawn, axis=1) if drawn else np.zeros((design.futures, 0)),
    )
    missing = values.filter(~pl.col("measure").is_in(list(model.measures)))["measure"].to_list()
    return prices, tuple(
        f"The value of {name!r} is not used: this city's model does not follow it." for name in missing
    )
