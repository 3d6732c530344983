"""What arrivals ask of each service in each district, and where capacity falls short, over many futures."""

from philoxenia.scenarios.city import inputs_from_city
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
    "inputs_from_city",
    "load_and_gaps",
]
