"""A table in which no small count can be read, nor worked out from what stays.

`protect` hides figures; `attack` takes what was published, nothing else, and says what it gives away.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from philoxenia.disclosure.attacker import intervals
from philoxenia.disclosure.figures import JOIN, Margins, figures_of
from philoxenia.disclosure.sensitive import COMPLEMENTARY, EARLIER, SHOW, Rules, sensitive, widths
from philoxenia.disclosure.suppression import Search
from philoxenia.disclosure.types import DisclosureError, Figures, Flags, Floats, Known

_CLOSE = 1e-6


@dataclass(frozen=True)
class Before:
    """Figures of the same cells that were released already: sums of atoms, and which of them are open."""

    members: sparse.csr_matrix
    is_open: Flags

    def added(self, figures: Figures, flags: Flags, asked: Floats) -> tuple[Figures, Flags, Floats, Flags]:
        """The figures with the earlier ones below them; open ones stay as they are."""
        stacked = Figures(
            pl.concat(
                [figures.rows, pl.DataFrame({"margin": ["earlier"] * len(self.is_open)})], how="diagonal"
            ),
            sparse.vstack([figures.members, self.members], format="csr"),
            figures.atoms,
        )
        nothing = np.zeros(len(flags), dtype=bool)
        return (
            stacked,
            np.concatenate([flags, ~self.is_open]),
            np.concatenate([asked, np.where(self.is_open, 0.0, 1.0)]),
            np.concatenate([nothing, self.is_open]),
        )


def protect(
    cells: pl.DataFrame,
    keys: Sequence[str],
    count: str = "people",
    *,
    minimum: int = 0,
    within: Margins = (),
    rules: Rules | None = None,
) -> pl.DataFrame:
    """The cells in their order, then every margin in `within`, with `shown` null where a figure is hidden.

    `cells` has one row for each combination of `keys`; combinations that are not there are known to be empty.
    `within` names the margins readers see, each a choice of columns of `cells`, `()` the grand total;
    whatever else is shown of the same people must stand there. Added columns: `margin` (the columns a row is
    told apart by), `shown`, and `why`, which is for those who release the table and never for its readers.
    Counts below `minimum` (default: parameter `disclosure.minimum`) are hidden, and what would give them
    away. Raises `DisclosureError`.
    """
    rules = rules or Rules(minimum=minimum)
    figures = figures_of(cells, keys, count, within)
    check_zeros(cells, keys, rules)
    why = sensitive(figures, cells, rules)
    return shown_where(figures, cells, count, why, hide(figures, cells, keys, why, rules))


def check_zeros(cells: pl.DataFrame, keys: Sequence[str], rules: Rules) -> None:
    """Empty cells are hidden only where all are listed: else to be listed tells that somebody is there."""
    full = math.prod(cells[key].n_unique() for key in keys)
    if rules.zeros != SHOW and cells.height < full:
        raise DisclosureError(
            f"zeros = {rules.zeros!r} hides nothing while empty groups are left out: list all {full:,} "
            f"combinations of {', '.join(keys)}, those nobody is in with 0. There are {cells.height:,}."
        )


def shown_where(
    figures: Figures, cells: pl.DataFrame, count: str, why: pl.Series, hidden: Flags
) -> pl.DataFrame:
    """All figures as a table with `shown` and `why`."""
    told = pl.Series("why", np.where(hidden & (why == "").to_numpy(), COMPLEMENTARY, why.to_list()))
    shown = figures.values.copy()
    rest = [name for name in cells.columns if name not in figures.rows.columns and name != count]
    aside = cells.select(rest).with_row_index("_row").cast({"_row": pl.Int64})
    counts = pl.Series(count, figures.values).cast(_type(cells, count))
    frame = figures.rows.with_columns(counts, shown=pl.Series(shown).cast(_type(cells, count)), why=told)
    frame = frame.with_columns(shown=pl.when(pl.Series(~hidden)).then("shown"))
    return (
        frame.with_row_index("_row")
        .cast({"_row": pl.Int64})
        .join(aside, on="_row", how="left", maintain_order="left")
        .drop("_row")
    )


def hide(
    figures: Figures,
    cells: pl.DataFrame,
    keys: Sequence[str],
    why: pl.Series,
    rules: Rules,
    before: Before | None = None,
) -> Flags:
    """Which figures to hide, for reasons already known: the sensitive ones and what protects them."""
    flags = (why != "").to_numpy()
    if not flags.any() or (before is None and len(flags) == len(figures.atoms)):
        return flags
    whole = is_whole(figures.atoms) and not rules.largest
    asked = widths(figures, rules)
    # Against subtraction, what an earlier release hid needs no more than a second possible value.
    asked = np.where((why == EARLIER).to_numpy(), 1.0 if whole else 1e-3, asked)
    ceiling = cells[rules.base].cast(pl.Float64).to_numpy() if rules.base else None
    if before is not None and before.members.shape[0]:
        figures, flags, asked, fixed = before.added(figures, flags, asked)
    else:
        fixed = np.zeros(len(flags), dtype=bool)
    search = Search(figures, least_hidden(rules, whole), keys, whole=whole, ceiling=ceiling, fixed=fixed)
    return search.hide(flags, asked)[: len(why)]


def attack(
    table: pl.DataFrame, keys: Sequence[str], *, zeros: str = SHOW, shown: str = "shown"
) -> pl.DataFrame:
    """The hidden figures of a published table with the interval an attacker finds for each.

    Reads `keys`, `margin` and `shown` only, as `protect` made them. Adds `low`, `high` (infinite where
    nothing bounds it), `width` and `recoverable`: the figure can be worked out to the person.
    """
    cells = table.filter(pl.col("margin") == JOIN.join(keys)).with_columns(_open=pl.col(shown).fill_null(0))
    margins = [
        tuple(name.split(JOIN)) if name else () for name in table["margin"].unique(maintain_order=True)
    ]
    figures = figures_of(cells, keys, "_open", margins)
    if figures.rows.height != table.height:
        raise DisclosureError("The published table lacks rows of its own margins, or has some twice.")
    hidden = table[shown].is_null().to_numpy()
    values = table[shown].cast(pl.Float64).fill_null(0.0).to_numpy()
    open_values = values[~hidden]
    whole = is_whole(open_values)
    known = known_of(
        figures, hidden, np.where(hidden, 0.0, values), 1.0 if zeros == SHOW and whole else 0.0, whole
    )
    return told(table, figures, hidden, known)


def known_of(figures: Figures, hidden: Flags, values: Floats, least: float, whole: bool) -> Known:
    """What is known of a table with hidden figures: the open ones exactly, of hidden cells at least
    `least`.
    """
    count = len(figures.atoms)
    covered, margins = hidden[:count], hidden[count:]
    return Known(
        members=figures.members[count:],
        low=np.where(margins, -np.inf, values[count:]),
        high=np.where(margins, np.inf, values[count:]),
        atom_low=np.where(covered, least, values[:count]),
        atom_high=np.where(covered, np.inf, values[:count]),
        whole=whole,
    )


def told(table: pl.DataFrame, figures: Figures, hidden: Flags, known: Known) -> pl.DataFrame:
    """The rows of `table` that are hidden, with what an attacker finds."""
    low, high = intervals(known, figures.members[np.flatnonzero(hidden)])
    return table.filter(pl.Series(hidden)).with_columns(
        low=pl.Series(low),
        high=pl.Series(high),
        width=pl.Series(high - low),
        recoverable=pl.Series(
            high - low < (1.0 if known.whole else 0.0) - _CLOSE + 2 * _CLOSE * (not known.whole)
        ),
    )


def is_whole(values: Floats) -> bool:
    """Whether all counts are whole people, so that an attacker may count on it."""
    return bool(np.all(np.abs(values - np.rint(values)) <= _CLOSE))


def least_hidden(rules: Rules, whole: bool) -> float:
    """The least a hidden cell can be for a reader: where empty cells are shown, a hidden one holds
    somebody.
    """
    return 1.0 if rules.zeros == SHOW and whole else 0.0


def _type(cells: pl.DataFrame, count: str) -> pl.DataType:
    return pl.Int64() if cells[count].dtype.is_integer() else pl.Float64()
