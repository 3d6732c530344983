"""What arrivals ask of each service in each district, and where capacity falls short, over many futures."""

from philoxenia.scenarios.load import load_and_gaps
from philoxenia.scenarios.rates import floor_needs
from philoxenia.scenarios.types import CityInputs, LoadError, LoadResult, ShelterGroups, TotalArrivals

__all__ = [
    "CityInputs",
    "LoadError",
    "LoadResult",
    "ShelterGroups",
    "TotalArrivals",
    "floor_needs",
    "load_and_gaps",
]
