"""The common scale of rows of dots, intervals and bars that are drawn on the server."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import ClassVar

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_NEARLY = 1e-9


@dataclass(frozen=True)
class Scale:
    """From `low` to `high`, in the unit of what is drawn; places are shares of the width."""

    low: float
    high: float
    # Per cent of the width on either side, and into about how many parts ticks divide it.
    margin: ClassVar[float] = 2.5
    parts: ClassVar[int] = 4

    def at(self, value: float) -> float:
        """Where a value lies, in per cent of the width."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return round(self.margin + (100 - 2 * self.margin) * min(max(share, 0.0), 1.0), 2)

    @property
    def ticks(self) -> list[float]:
        """Round values, zero among them where it lies between."""
        if not self.high > self.low:
            return [self.low]
        rough = (self.high - self.low) / self.parts
        power = 10.0 ** floor(log10(rough))
        step = next(power * one for one in _STEPS if power * one >= rough * 0.999)
        first, last = ceil(self.low / step - _NEARLY), floor(self.high / step + _NEARLY)
        return [round(place * step, 10) + 0.0 for place in range(first, last + 1)]


def ends(values: Iterable[float | None]) -> tuple[float, float]:
    """The lowest and the highest of all values and nothing at all; equal where there is no other."""
    known = [value for value in values if value is not None]
    return min([0.0, *known]), max([0.0, *known])
