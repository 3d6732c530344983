"""What goes into a measure of deprivation and what comes out."""

from dataclasses import dataclass

import polars as pl

EVERYBODY = "all"


@dataclass(frozen=True)
class Dimension:
    """One dimension: a column, its weight, and the cutoff below which an achievement is a deprivation.

    Without `cutoff` the column itself says true (deprived) or false. `column` defaults to `name`.
    """

    name: str
    weight: float = 1.0
    cutoff: float | None = None
    column: str = ""

    @property
    def of(self) -> str:
        """The column it is read from."""
        return self.column or self.name


@dataclass(frozen=True)
class Deprivation:
    """The Alkire-Foster measures of everybody (`all`) and of each group.

    indices: group, measure (H, A, M0, M1, M2), value, error, low, high, base (rows), people (their weights),
    effect. M1 and M2 need gaps: they are null where a dimension is yes or no.
    headcounts: group, dimension, weight (sum 1), measure (uncensored, censored, contribution to M0), value,
    error, low, high, base, people, effect.
    parts: group, share (of the people), value (its M0), contribution (its part of M0; the parts sum to 1).
    """

    indices: pl.DataFrame
    headcounts: pl.DataFrame
    parts: pl.DataFrame
    cutoff: float
    notes: tuple[str, ...] = ()

    def value(self, measure: str, group: str = EVERYBODY) -> float:
        """One of the indices."""
        return float(self.indices.filter(measure=measure, group=group)["value"].item())
