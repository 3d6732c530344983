"""Who lacks what, where, and how sure we are: indicators, reach and pressure by district."""

from philoxenia.needs.catalogue import indicators, services
from philoxenia.needs.exposure import exposure
from philoxenia.needs.pressure import indicator_weights, pressure
from philoxenia.needs.reach import reach
from philoxenia.needs.today import pressure_today
from philoxenia.needs.types import NeedsError, PressureToday
from philoxenia.needs.values import indicator_values

__all__ = [
    "NeedsError",
    "PressureToday",
    "exposure",
    "indicator_values",
    "indicator_weights",
    "indicators",
    "pressure",
    "pressure_today",
    "reach",
    "services",
]
