"""The census profile as arrays over the city's districts, and who counts as a newcomer in this city."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.exchange import City
from philoxenia.needs.travel import Floats
from philoxenia.vocabulary import Population

# A profile that is cross-tabulated for newcomers names its counts so: newcomers_low_income, ...
NEWCOMER_PREFIX = "newcomers_"
_RECENT_ARRIVALS = {"characteristic": "recent_immigrants", "base": "immigration_base"}
_POPULATION = "population"


@dataclass(frozen=True)
class Profile:
    """`counts[code]` has one number for each of `districts` (NaN where unknown); `years[code]` its year."""

    districts: tuple[str, ...]
    counts: Mapping[str, Floats]
    years: Mapping[str, str]

    def total(self, codes: Sequence[str]) -> Floats | None:
        """The sum of several characteristics, or None where one is not in the profile."""
        if not codes or any(code not in self.counts for code in codes):
            return None
        total: Floats = np.sum([self.counts[code] for code in codes], axis=0)
        return total

    def absent(self, codes: Sequence[str]) -> tuple[str, ...]:
        """Those of `codes` that the profile does not have."""
        return tuple(code for code in codes if code not in self.counts)


@dataclass(frozen=True)
class DistrictPeople:
    """How many newcomers and long-term residents live in each district; they add up to the base."""

    newcomers: Floats
    long_term_residents: Floats

    def of(self, population: str) -> Floats:
        """The number of one population (or of all residents)."""
        if population == Population.NEWCOMERS:
            return self.newcomers
        if population == Population.LONG_TERM_RESIDENTS:
            return self.long_term_residents
        return self.newcomers + self.long_term_residents


def district_order(city: City) -> pl.DataFrame:
    """The districts by id: the order of every array here, and what settles ties."""
    return city.districts.sort("district_id")


def read_profile(city: City) -> Profile:
    """The latest year of every characteristic; empty where the city has no census profile."""
    ids = tuple(district_order(city)["district_id"])
    table = city.tables.get("census_profile")
    if table is None:
        return Profile(ids, {}, {})
    rows = table.with_columns(pl.col("year").cast(pl.String), pl.col("value").cast(pl.Float64))
    latest = rows.filter(pl.col("year") == pl.col("year").max().over("characteristic"))
    wide = latest.pivot("characteristic", index="district_id", values="value")
    aligned = pl.DataFrame({"district_id": ids}).join(
        wide, on="district_id", how="left", maintain_order="left"
    )
    codes = [code for code in aligned.columns if code != "district_id"]
    counts = {code: aligned[code].to_numpy().astype(float) for code in codes}
    years = dict(latest.select("characteristic", "year").unique().sort("characteristic").iter_rows())
    own = str(city.settings.population.get("characteristic", _POPULATION))
    if own in counts:
        counts[_POPULATION], years[_POPULATION] = counts[own], years[own]
    return Profile(ids, counts, years)


def district_people(city: City, profile: Profile) -> DistrictPeople | None:
    """Newcomers by time since arrival as `city.toml` declares them; None where the profile lacks them."""
    declared = city.groups.get("newcomers", _RECENT_ARRIVALS)
    newcomers = profile.total((declared["characteristic"],))
    base = profile.total((declared.get("base", _POPULATION),))
    if newcomers is None or base is None:
        return None
    return DistrictPeople(newcomers, np.maximum(base - newcomers, 0.0))
