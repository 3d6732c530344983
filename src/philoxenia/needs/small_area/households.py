"""Households of each district by income, tenure and time in the city: a table the census does not print.

Owns the raked table and how unsure it is. Its margins are the census's; within them incomes follow ratios
that are parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtr

from philoxenia.exchange import City
from philoxenia.needs.small_area.fay_herriot import SmallAreaError
from philoxenia.needs.small_area.raking import rake
from philoxenia.reference import Parameters

Floats = NDArray[np.float64]
TENURES = ("owner", "renter")
GROUPS = ("newcomers", "long_term_residents")
_CODES = ("households", "households_renter", "median_household_income")


@dataclass(frozen=True)
class Margins:
    """What the census counts: households by district and band, tenure and group, and median incomes."""

    districts: Sequence[str]
    bands: Floats
    incomes: Floats
    tenures: Floats
    groups: Floats
    median: Floats
    profile: pl.DataFrame
    notes: tuple[str, ...]


def household_margins(city: City) -> Margins:
    """The margins of a city. Raises `SmallAreaError` that names every table and characteristic it lacks."""
    wide, lacking = _profile(city)
    incomes = city.tables.get("household_incomes")
    if incomes is None:
        lacking.append("the table household_incomes (households by income band)")
    if lacking or incomes is None or wide is None:
        raise SmallAreaError(
            f"{city.name}: small-area estimates need " + "; ".join(lacking) + ". Add what is missing."
        )
    year = incomes["year"].max()
    by_band = incomes.filter(pl.col("year") == year).pivot(
        on="income_from", index="district_id", values="households", sort_columns=True
    )
    counted = wide.select("district_id").join(by_band, on="district_id", how="left").drop("district_id")
    bands = sorted(counted.columns, key=float)
    households, renters, median = (wide[code].fill_null(0.0).to_numpy() for code in _CODES)
    newcomers, notes = _newcomer_share(city, wide)
    return Margins(
        districts=wide["district_id"].to_list(),
        bands=np.array([float(band) for band in bands]),
        incomes=_to_total(counted.select(bands).fill_null(0.0).to_numpy().astype(np.float64), households),
        tenures=np.stack([np.maximum(households - renters, 0.0), np.minimum(renters, households)], axis=1),
        groups=np.stack([households * newcomers, households * (1 - newcomers)], axis=1),
        median=np.where(median > 0, median, np.median(median[median > 0])),
        profile=wide,
        notes=tuple(notes),
    )


def _profile(city: City) -> tuple[pl.DataFrame | None, list[str]]:
    table = city.tables.get("census_profile")
    if table is None:
        return None, ["the table census_profile"]
    latest = table.sort("year").group_by("district_id", "characteristic").last()
    wide = latest.pivot(on="characteristic", index="district_id", values="value").sort("district_id")
    return wide, [f"{code} in census_profile" for code in _CODES if code not in wide.columns]


def _newcomer_share(city: City, wide: pl.DataFrame) -> tuple[Floats, list[str]]:
    group: Mapping[str, str] = city.groups.get("newcomers", {})
    part, whole = group.get("characteristic", ""), group.get("base", "population")
    if part not in wide.columns or whole not in wide.columns:
        raise SmallAreaError(
            f"{city.name}: newcomers cannot be told by district. Name their characteristic and base under "
            "[groups] newcomers in city.toml."
        )
    people, base = (wide[code].fill_null(0.0).to_numpy() for code in (part, whole))
    share = np.divide(people, base, out=np.zeros_like(people), where=base > 0).clip(0.0, 1.0)
    return share, ["Newcomer households are taken to be as many among households as newcomers among people."]


def _to_total(counts: Floats, total: Floats) -> Floats:
    """Bands that add up to the households counted; a district without bands takes the city's."""
    counts = np.where(counts.sum(axis=1, keepdims=True) > 0, counts, counts.sum(axis=0))
    return np.asarray(counts * (total / counts.sum(axis=1))[:, None])


@dataclass(frozen=True)
class Assumed:
    """The ratios behind the seed of the table, one value a replicate."""

    renters: Floats
    newcomers: Floats
    spread: Floats


def assumed(parameters: Parameters, replicates: int, rng: np.random.Generator | None) -> Assumed:
    """The ratios at their values, or drawn around them (`rng`)."""
    names = ("renters_income_ratio", "newcomers_income_ratio", "income_spread")
    values = [np.full(replicates, parameters[f"small_area.{name}"]) for name in names]
    if rng is not None:
        spread = parameters["small_area.ratio_spread"]
        values = [value * rng.triangular(1 - spread, 1.0, 1 + spread, replicates) for value in values]
    return Assumed(*values)


def household_tables(
    margins: Margins, ratios: Assumed, rng: np.random.Generator | None, p: Parameters
) -> Floats:
    """Households by replicate, district, income band, tenure and group.

    Without `rng` the estimate itself; with it the margins vary as another sample of the census would, and as
    its rounding does.
    """
    count, areas = len(ratios.renters), len(margins.districts)
    seed = _seed(margins, ratios)
    sides = []
    for margin in (margins.incomes, margins.tenures, margins.groups):
        many = np.broadcast_to(margin, (count, *margin.shape))
        sides.append((many if rng is None else _sampled(many, rng, p)).reshape(count * areas, -1))
    close = 1e-10 if rng is None else 1e-6
    table = rake(seed.reshape(count * areas, *seed.shape[2:]), sides, close)
    return table.reshape(count, areas, *table.shape[1:])


def _seed(margins: Margins, ratios: Assumed) -> Floats:
    """Lognormal incomes of each tenure and group around the district's median."""
    ratio = np.ones((len(ratios.renters), 2, 2))
    ratio[:, 1, :] *= ratios.renters[:, None]
    ratio[:, :, 0] *= ratios.newcomers[:, None]
    middle = np.log(margins.median)[None, :, None, None] + np.log(ratio)[:, None]
    edges = np.log(np.append(np.maximum(margins.bands, 1e-9), np.inf))
    below = ndtr(
        (edges[None, None, :, None, None] - middle[:, :, None]) / ratios.spread[:, None, None, None, None]
    )
    below[:, :, 0] = 0.0
    # No band may be closed to a group, or raking could not fill it.
    return np.asarray(np.maximum(np.diff(below, axis=2), 1e-9))


def _sampled(counts: Floats, rng: np.random.Generator, parameters: Parameters) -> Floats:
    """Counts as another sample of households would have given them, rounded as the office rounds."""
    share = parameters["small_area.sample_share"]
    deviation = np.sqrt(counts * (1 - share) / share)
    rounding = parameters["small_area.rounding"]
    noise = rng.normal(0.0, 1.0, counts.shape) * deviation
    return np.asarray(np.maximum(counts + noise + rng.uniform(-rounding, rounding, counts.shape) / 2, 0.0))


def share_above(table: Floats, bands: Floats, threshold: Floats) -> Floats:
    """Households of (replicates, areas, bands ...) whose income is at least the replicate's threshold.

    Within a band incomes are spread evenly; above the last edge by a Pareto tail of exponent two.
    """
    upper = np.append(bands[1:], np.inf)
    low, high = bands[None, :], upper[None, :]
    at = threshold[:, None]
    inside = np.where(
        np.isinf(high),
        (low / np.maximum(at, np.maximum(low, 1e-9))) ** 2,
        (high - at) / np.where(np.isinf(high), 1, high - low),
    )
    share = np.where(at <= low, 1.0, np.where(at >= high, 0.0, inside))
    shape = (len(threshold), 1, len(bands), *(1,) * (table.ndim - 3))
    return np.asarray((table * share.reshape(shape)).sum(axis=2))
