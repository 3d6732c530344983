"""The same dividend by overlapping constituencies and by district. Owns sums of cells; values nothing new.

A child can be a newcomer: constituencies overlap, so that their gains must not be added up. Cells, and
districts, are partitions: their sums are the whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from philoxenia.valuation.dividend import Dividend
from philoxenia.valuation.types import Floats, UnitValue, ValuationError
from philoxenia.valuation.worth import Drawn, priced, prices

# Where outcomes by district were kept in 32 bits, a sum of them may be off by this share of its levels.
_ROUNDING = 2.0**-20


@dataclass(frozen=True)
class RolledUp:
    """Gains (F, K, P) of constituencies that may overlap; no total, for it would count some twice."""

    constituencies: tuple[str, ...]
    gains: Floats

    @property
    def by_constituency(self) -> Floats:
        """(F, K): what each constituency gains or loses, before costs."""
        return np.asarray(self.gains.sum(axis=2))


def rolled_up(found: Dividend, members: Mapping[str, Sequence[str]]) -> RolledUp:
    """Sums of cells by constituency, as `{"children": [cells, ...]}`. Raises for a cell that is not there or
    stands twice in one constituency."""
    places = {name: _places(found, name, cells) for name, cells in members.items()}
    sums = [found.gains[:, place].sum(axis=1) for place in places.values()]
    return RolledUp(tuple(places), np.stack(sums, axis=1))


def _places(found: Dividend, name: str, cells: Sequence[str]) -> list[int]:
    unknown = [cell for cell in cells if cell not in found.constituencies]
    if unknown or not cells:
        raise ValuationError(
            f"{name} is made of {', '.join(unknown) or 'no cell'}, which the dividend lacks."
        )
    if len(set(cells)) < len(cells):
        raise ValuationError(f"{name} holds a cell twice: it would be counted twice.")
    return [found.constituencies.index(cell) for cell in cells]


def district_dividend(
    with_action: Floats,
    without: Floats,
    measures: Sequence[str],
    values: Sequence[UnitValue],
    drawn: Drawn | None = None,
    totals: Floats | None = None,
) -> Floats:
    """(F, D, 2): gains by district, for newcomers and long-term residents, before costs.

    `with_action`, `without`: (F, D, 2, M) units, discounted already. `totals` (F, 2), the same gains from
    outcomes by cell: what rounding lost, if anything, is spread over districts by the size of what stands
    there, so that they add up to `totals`; raises where more is missing than rounding can explain.
    """
    if with_action.shape != without.shape or with_action.shape[3:] != (len(measures),):
        raise ValuationError(
            f"By district there is {with_action.shape} with and {without.shape} without; the same futures, "
            f"districts, 2 and {len(measures)} measures are needed."
        )
    price = prices(measures, values, drawn).sum(axis=-1)[..., None]
    gains = _money(np.subtract(with_action, without, dtype=np.float64), price)
    if totals is None:
        return gains
    levels = np.maximum(np.abs(with_action), np.abs(without)).astype(np.float64)
    return _adding_up(gains, _money(levels, np.abs(price)), totals)


def _money(amounts: Floats, price: Floats) -> Floats:
    flat = amounts.reshape(len(amounts), -1, amounts.shape[-1])
    return priced(flat, price)[..., 0].reshape(amounts.shape[:-1])


def _adding_up(gains: Floats, levels: Floats, totals: Floats) -> Floats:
    if totals.shape != (len(gains), gains.shape[2]):
        raise ValuationError(f"Totals have shape {totals.shape}; {(len(gains), gains.shape[2])} is needed.")
    missing, room = totals - gains.sum(axis=1), levels.sum(axis=1)
    if (np.abs(missing) > _ROUNDING * room + 1e-9 * np.abs(totals)).any():
        worst = float(np.abs(missing).max())
        raise ValuationError(
            f"Districts and constituencies differ by up to {worst:,.2f}, more than rounding explains: "
            "give totals of the same plan, futures, values and discounting."
        )
    share = np.divide(levels, room[:, None], out=np.zeros_like(levels), where=room[:, None] > 0)
    return np.asarray(gains + share * missing[:, None])
