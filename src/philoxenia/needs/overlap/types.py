"""The overlap of n needs as cells, and the tables one reads off them. Terms: bit j of `mask` is need j.

Exclusive: people with exactly these needs. Inclusive: people with at least these needs. Base: everybody in
the list or group, those without any need as well. Intervals take the people counted as a sample of those who
could have been there: they say how much chance there is in a figure, nothing of people whom no list knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from philoxenia.needs.overlap import lattice, lifts
from philoxenia.needs.overlap.shares import with_shares
from philoxenia.needs.types import NeedsError
from philoxenia.reference import default_parameters

MOST_NEEDS = 20


@dataclass(frozen=True)
class Overlap:
    """Cells of people by group and combination of needs: `by` columns, mask, people.

    Weighted, `people` is a sum of weights, `records` how many rows it rests on and `squares` the sum of
    squared weights. Only cells with somebody in them are there. `notes` say in sentences what was left open.
    """

    cells: pl.DataFrame
    needs: tuple[str, ...]
    by: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_needs(self.needs)
        missing = {*self.by, "mask", "people"} - set(self.cells.columns)
        if missing:
            raise NeedsError(f"The cells of an overlap lack {', '.join(sorted(missing))}.")
        if self.cells.height and not 0 <= int(self.cells["mask"].max()) < 1 << len(self.needs):  # type: ignore[arg-type]
            raise NeedsError(f"A mask of the cells does not fit {len(self.needs)} needs.")

    @property
    def weighted(self) -> bool:
        """Whether people are sums of weights."""
        return "squares" in self.cells.columns

    def base(self, by: Sequence[str] = ()) -> pl.DataFrame:
        """Everybody in each group: `by`, people (and records, squares where weighted)."""
        return self._summed([*self._known(by)])

    def grouped(self, by: Sequence[str]) -> "Overlap":
        """The same people by fewer groups."""
        kept = self._known(by)
        return Overlap(self._summed([*kept, "mask"]), self.needs, kept, self.notes)

    def chosen(self, needs: Sequence[str]) -> "Overlap":
        """The same people, looking at some of the needs only, in the order of `needs`."""
        unknown = [need for need in needs if need not in self.needs]
        if unknown or not needs:
            raise NeedsError(
                f"No need {', '.join(map(repr, unknown)) or 'was chosen'}. Known: {', '.join(self.needs)}."
            )
        bits = [
            ((pl.col("mask") // (1 << self.needs.index(need))) % 2) * (1 << place)
            for place, need in enumerate(needs)
        ]
        cells = self.cells.with_columns(mask=pl.sum_horizontal(bits).cast(pl.Int64))
        chosen = Overlap(cells, tuple(needs), self.by, self.notes)
        return chosen.grouped(self.by)

    def of(self, **groups: str) -> "Overlap":
        """Only the people of some groups: `of(population="newcomers")`."""
        self._known(tuple(groups))
        cells = self.cells.filter(*(pl.col(name) == value for name, value in groups.items()))
        return Overlap(cells, self.needs, self.by, self.notes)

    def exclusive(self, by: Sequence[str] = (), level: float | None = None) -> pl.DataFrame:
        """People with exactly each combination: `by`, mask, needs, size, people, base, share, low, high.

        The rows of a group sum to its base. `needs` are codes with `;` between, "" for people without need.
        """
        grouped = self.grouped(by)
        told = grouped.cells.with_columns(lattice.named("mask", self.needs))
        return with_shares(told, grouped.base(by), tuple(by), _level(level)).sort(*by, "mask")

    def inclusive(
        self, by: Sequence[str] = (), sizes: Sequence[int] = (1, 2, 3), level: float | None = None
    ) -> pl.DataFrame:
        """People with at least each combination of `sizes` needs; columns as in `exclusive`.

        Sums over supersets (fast zeta transform), n 2^n additions for each group. Rows overlap: never add up.
        """
        grouped = self.grouped(by)
        sums = lattice.supersets(grouped.cells, tuple(by), len(self.needs), tuple(sizes))
        told = sums.with_columns(lattice.named("mask", self.needs))
        return with_shares(told, grouped.base(by), tuple(by), _level(level)).sort(*by, "mask")

    def counts(self, by: Sequence[str] = (), level: float | None = None) -> pl.DataFrame:
        """People with each need, whatever else they lack: `by`, need, people, base, share, low, high."""
        return self.inclusive(by, (1,), level).drop("mask", "size").rename({"needs": "need"})

    def lift(self, by: Sequence[str] = (), level: float | None = None) -> pl.DataFrame:
        """How much more often two needs meet than if they had nothing to do with each other.

        `by`, a, b, people (with both), a_people, b_people, base, lift P(ab)/(P(a)P(b)), low, high.
        """
        everyone = self.inclusive(by, (1, 2), level)
        return lifts.pair_lift(everyone, self.grouped(by).base(by), tuple(by), self.needs, _level(level))

    def upset(self, by: Sequence[str] = (), top: int = 20, level: float | None = None) -> pl.DataFrame:
        """The rows of an UpSet picture (Lex et al. 2014): in each group the `top` largest combinations.

        Columns of `exclusive` and rank (1 is the largest; ties by mask); people without need are left out.
        The sizes of the sets are `counts`.
        """
        rows = self.exclusive(by, level).filter(pl.col("mask") > 0)
        ordered = rows.sort(*by, "people", "mask", descending=[*(False for _ in by), True, False])
        place = pl.int_range(1, pl.len() + 1)
        ranked = ordered.with_columns(rank=place.over(list(by)) if by else place)
        return ranked.filter(pl.col("rank") <= top)

    def _known(self, by: Sequence[str]) -> tuple[str, ...]:
        unknown = [name for name in by if name not in self.by]
        if unknown:
            known = ", ".join(self.by) or "none"
            raise NeedsError(f"The overlap has no group {', '.join(unknown)}. Groups: {known}.")
        return tuple(by)

    def _summed(self, keys: list[str]) -> pl.DataFrame:
        figures = [name for name in ("people", "records", "squares") if name in self.cells.columns]
        if not keys:
            return self.cells.select(pl.col(figures).sum())
        # Sums in the order of the rows, so that the same cells give the same bytes.
        return self.cells.group_by(keys, maintain_order=True).agg(pl.col(figures).sum()).sort(keys)


def _check_needs(needs: Sequence[str]) -> None:
    if not needs or len(set(needs)) != len(needs):
        raise NeedsError("Name each need once, and one at least.")
    if len(needs) > MOST_NEEDS:
        raise NeedsError(
            f"{len(needs)} needs have more than a million combinations. Choose {MOST_NEEDS} at most."
        )


def _level(level: float | None) -> float:
    found = default_parameters()["needs.interval_level"] if level is None else level
    if not 0 < found < 1:
        raise NeedsError(f"An interval holds a share between 0 and 1, such as 0.95; {found:g} is none.")
    return found
