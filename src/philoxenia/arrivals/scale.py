"""The scale on which series are modelled: the square root of counts, which steadies their spread.

Owns going there and back; ignores what is modelled. Anscombe (1948): the root of a Poisson count plus 3/8 has
a nearly constant variance. Series with negative values stay as they are.
"""

from dataclasses import dataclass

import numpy as np

from philoxenia.arrivals.types import Floats

_ANSCOMBE = 0.375
_PLAIN_LEVEL = 100.0


@dataclass(frozen=True)
class Scale:
    """`unit` stands for one count in measures that are not counts; `root` says if roots are taken."""

    unit: float
    root: bool

    def to(self, values: Floats) -> Floats:
        """From recorded values to the scale of modelling."""
        plain = values / self.unit
        return 2 * np.sqrt(np.maximum(plain, 0) + _ANSCOMBE) if self.root else plain

    def back(self, scaled: Floats) -> Floats:
        """From the scale of modelling to recorded values; counts never fall below zero."""
        if not self.root:
            return scaled * self.unit
        return np.maximum((np.maximum(scaled, 0) / 2) ** 2 - _ANSCOMBE, 0) * self.unit

    def level(self, scaled: Floats) -> Floats:
        """The level in units that goes with a point on the scale; a constant where no roots are taken."""
        return self.back(scaled) / self.unit if self.root else np.full(scaled.shape, _PLAIN_LEVEL)

    def slope(self, level: Floats) -> Floats:
        """How far a step of one unit at this level goes on the scale."""
        return 1 / np.sqrt(np.maximum(level, 0) + _ANSCOMBE) if self.root else np.ones(level.shape)


def scale_of(values: Floats) -> Scale:
    """The scale for a panel (series, periods): roots for what is never negative, whole numbers count as
    counts.
    """
    known = values[~np.isnan(values)]
    root = bool((known >= 0).all())
    if root and bool((known == np.round(known)).all()):
        return Scale(1.0, root)
    return Scale(_magnitude(values) / _PLAIN_LEVEL, root)


def _magnitude(values: Floats) -> float:
    # The first values only: the scale of a forecast made long ago must not know what came later.
    shown = np.abs(values)
    first = [row[(row > 0)][:3].mean() for row in shown if (row > 0).any()]
    return float(10 ** np.floor(np.log10(np.median(first)))) if first else 1.0
