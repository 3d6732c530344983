"""Land-bank home-ownership potential by district (P3): who rents and could carry a home of a given price.

Q_g(P) = 1000 x the share of the renter households of group g able to carry a home of price P, by two rules:
the published one (income of at least half the price) and the carrying one (loan, tax, insurance and upkeep
within a share of income). Beside it stands the stock in poor repair, as far as the city has a table of it.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.exchange import City
from philoxenia.needs.small_area.estimates import Estimates, rows
from philoxenia.needs.small_area.fay_herriot import SmallAreaError
from philoxenia.needs.small_area.households import (
    GROUPS,
    Margins,
    assumed,
    household_margins,
    household_tables,
    share_above,
)
from philoxenia.reference import Parameters

Floats = NDArray[np.float64]
RENTER = 1
_MONTHS = 12
_UNIT = "per 1,000 renter households"


def ownership_potential(city: City, price: float | None = None, seed: int = 1) -> Estimates:
    """Renter households able to carry a home, per 1,000 renter households of newcomers, others and all.

    `price` in the city's currency (default: the parameter). The denominator is renter households, not all.
    Raises `SmallAreaError` where tables are missing or the price is not positive.
    """
    margins, p = household_margins(city), city.parameters
    price = p["small_area.home_price"] if price is None else price
    if not 0 < price < 1e9:
        raise SmallAreaError(
            f"A home of price {price:g}: give a price above 0 in {city.currency or 'money'}."
        )
    rng = np.random.default_rng(seed)
    count = int(p["small_area.replicates"])
    table = household_tables(margins, assumed(p, 1, None), None, p)[..., RENTER, :]
    drawn = household_tables(margins, assumed(p, count, rng), rng, p)[..., RENTER, :]
    published = published_threshold(price, p)
    thresholds: dict[str, tuple[Floats, Floats]] = {
        "ownership_published_rule": (np.array([published]), np.full(count, published)),
        "ownership_carrying_rule": (carrying_threshold(price, p), carrying_threshold(price, p, rng, count)),
    }
    frames = []
    for measure, (point, many) in thresholds.items():
        able = share_above(table, margins.bands, point)[0]
        able_drawn = share_above(drawn, margins.bands, many)
        source = (
            "Census households by income and tenure, raked with incomes by assumption; "
            f"homes of {price:,.0f} {city.currency} need an income of {float(point[0]):,.0f} a year"
        )
        frames += _by_population(margins, measure, able, able_drawn, table[0], drawn, source, p)
    return Estimates(pl.concat([*frames, *_stock(city, margins, p)]), (*margins.notes, *_said(city)))


def published_threshold(price: float, p: Parameters) -> float:
    """The income the published rule asks: the price over the years of income a home may cost."""
    return price / p["small_area.price_to_income"]


def carrying_threshold(
    price: float, p: Parameters, rng: np.random.Generator | None = None, count: int = 1
) -> Floats:
    """The yearly income at which loan, tax, insurance and upkeep take the share of income they may."""
    rate = np.full(count, p["small_area.loan_rate"])
    if rng is not None and p["small_area.loan_rate_spread"]:
        spread = p["small_area.loan_rate_spread"]
        rate = np.maximum(rng.triangular(rate - spread, rate, rate + spread), 0.0)
    loan = price * p["small_area.loan_to_value"]
    monthly, payments = rate / _MONTHS, p["small_area.loan_years"] * _MONTHS
    # At no interest the annuity is the loan in equal parts.
    annuity = np.where(
        monthly > 0, monthly / -np.expm1(-payments * np.log1p(np.maximum(monthly, 1e-15))), 1 / payments
    )
    other = price * (p["small_area.tax_per_year"] + p["small_area.upkeep_per_year"])
    yearly = loan * annuity * _MONTHS + other + p["small_area.insurance_per_year"]
    return np.asarray(yearly / p["small_area.cost_to_income"])


def _by_population(
    margins: Margins,
    measure: str,
    able: Floats,
    able_drawn: Floats,
    renters: Floats,
    renters_drawn: Floats,
    source: str,
    p: Parameters,
) -> list[pl.DataFrame]:
    base, base_drawn = renters.sum(axis=1), renters_drawn.sum(axis=2)
    frames = []
    for i, population in enumerate(("all_residents", *GROUPS)):
        part, part_drawn, whole, whole_drawn = (
            (x.sum(axis=-1) if i == 0 else x[..., i - 1]) for x in (able, able_drawn, base, base_drawn)
        )
        value, many = (
            1000 * np.divide(a, b, out=np.zeros_like(a), where=b > 0)
            for a, b in ((part, whole), (part_drawn, whole_drawn))
        )
        names = (measure, population)
        frames.append(
            rows(margins.districts, names, value, many, whole, _UNIT, source, p["small_area.confidence"])
        )
    return frames


def _stock(city: City, margins: Margins, p: Parameters) -> list[pl.DataFrame]:
    """Homes in poor repair by district, as counted: dwellings of the census, flats scored badly."""
    frames = []
    repairs = margins.profile.get_column("dwellings_major_repairs", default=None)
    households = margins.tenures.sum(axis=1)
    if repairs is not None:
        value = repairs.fill_null(0.0).to_numpy()
        source = "Census: occupied dwellings in need of major repairs"
        frames.append(
            rows(
                margins.districts,
                ("stock_major_repairs", "all_residents"),
                value,
                None,
                households,
                "dwellings",
                source,
            )
        )
    buildings = city.tables.get("rental_buildings")
    if buildings is not None and {"score", "units", "district_id"} <= set(buildings.columns):
        limit = p["small_area.low_score"]
        poor = buildings.filter(pl.col("score") < limit).group_by("district_id").agg(pl.col("units").sum())
        all_ = pl.DataFrame({"district_id": list(margins.districts)}).join(poor, on="district_id", how="left")
        value = all_["units"].fill_null(0).cast(pl.Float64).to_numpy()
        source = f"rental_buildings: flats in buildings scored below {limit:g}"
        frames.append(
            rows(
                margins.districts,
                ("stock_low_score", "all_residents"),
                value,
                None,
                households,
                "flats",
                source,
            )
        )
    return frames


def _said(city: City) -> list[str]:
    said = [
        "The denominator is renter households; savings for a down payment, debts and credit are not known."
    ]
    if "vacant_homes" not in city.tables:
        said.append(
            f"{city.name} has no table of vacant homes: the stock shown is lived in, and in poor repair."
        )
    return said
