"""What the load model takes and gives. Owns shapes and units; ignores where the numbers come from.

Axes: D districts, H months of the horizon, P sample paths (futures), K age groups. Paths are the last
axis of every working array, so that quantiles over futures run on contiguous memory.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.reference import Parameters, default_parameters
from philoxenia.vocabulary import PhiloxeniaError

Floats = NDArray[np.float64]
Paths = Mapping[tuple[str, str], Floats]

AGE_GROUPS = ("age_0_4", "age_5_14", "age_15_19", "age_20_64", "age_65_over")

INTAKE = "newly_identified"
RETURNS = ("returned_from_housing", "returned_to_shelter")
EXITS = ("moved_to_housing", "became_inactive")
STOCK = "actively_homeless"


class LoadError(PhiloxeniaError):
    """Input from which load cannot be computed; the message says which and how to mend it."""

    exit_code = 5


@dataclass(frozen=True)
class ShelterGroups:
    """Which groups of the shelter flow stand for newcomers, for others, and for everybody."""

    newcomers: str = "refugees"
    others: str = "non_refugees"
    everybody: str = "all"


@dataclass(frozen=True)
class TotalArrivals:
    """A count of everybody who comes, sheltered or not, and the share of them who come to this city; without
    a share of its own it is the parameter scenarios.total_arrivals_share. `declared`: whether the city itself
    says the share, which is then believed even where more come in a year than live here."""

    measure: str = "claims"
    group: str = "all"
    share: float | None = None
    declared: bool = False


@dataclass(frozen=True)
class CityInputs:
    """All that load needs to know of a city. Only `profile` is required; the rest may be missing.

    `profile`: district_id, population, and where known newcomers, the five `AGE_GROUPS`, median_rent,
    longitude, latitude. `profile_year`: census year. `earlier`: the same from the census before it.
    `shelter_flow`, `shelter_occupancy`: canonical tables. `arrivals_history`: month, arrivals.
    `capacity`: service, district_id ("" where not placed), capacity, low, high, used, date, source.
    `own_rates`: rows shaped like reference/tables/service_rates.csv. `missing`: what could not be read.
    """

    profile: pl.DataFrame
    profile_year: int = 2021
    earlier: pl.DataFrame | None = None
    earlier_year: int | None = None
    shelter_flow: pl.DataFrame | None = None
    shelter_occupancy: pl.DataFrame | None = None
    arrivals_history: pl.DataFrame | None = None
    capacity: pl.DataFrame | None = None
    own_rates: pl.DataFrame | None = None
    services: tuple[str, ...] = ()
    groups: ShelterGroups = field(default_factory=ShelterGroups)
    total_arrivals: TotalArrivals = field(default_factory=TotalArrivals)
    parameters: Parameters = field(default_factory=default_parameters)
    missing: tuple[str, ...] = ()

    def series_used(self, forecast: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of the forecast series (measure, group) that load is reckoned from."""
        total = (self.total_arrivals.measure, self.total_arrivals.group)
        flow = () if self.shelter_flow is None else (INTAKE, *RETURNS, *EXITS, STOCK)
        return {
            (measure, group) for measure, group in forecast if measure in flow or (measure, group) == total
        }


@dataclass(frozen=True)
class LoadResult:
    """Load and gaps of one run. Every band is P10, P50, P90 over futures.

    `load`: a row a district, service, month and population. `totals`: the same for the whole city, with
    the mean and the share of futures with a gap. `outlook`: a row a service: when a gap opens and how often.
    `settlement`: where arrivals live at the end. `shelter`: people seeking shelter and people in shelter.
    `missing`: in sentences, what is not known and what was assumed instead.
    """

    load: pl.DataFrame
    totals: pl.DataFrame
    outlook: pl.DataFrame
    settlement: pl.DataFrame
    shelter: pl.DataFrame
    missing: tuple[str, ...]
