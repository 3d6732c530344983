"""Unbanked and underbanked households by district (T2): rates by characteristic on the census's households.

Post-stratification: rates of a national survey by income, tenure and time in the city, on the households of
each district, moved together so that districts add up to the published total. Where a survey of the city's
own gives direct estimates, Fay and Herriot's model joins both.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.exchange import City
from philoxenia.needs.small_area.estimates import Estimates, rows
from philoxenia.needs.small_area.fay_herriot import SmallAreaError, fay_herriot
from philoxenia.needs.small_area.households import (
    GROUPS,
    Margins,
    assumed,
    household_margins,
    household_tables,
)
from philoxenia.needs.small_area.raking import benchmark
from philoxenia.reference import Parameters, reference_table

Floats = NDArray[np.float64]
MEASURES = ("unbanked", "underbanked")
_SOURCE = (
    "Rates by characteristic (table account_rates: FDIC 2021 by general knowledge, factors by assumption) on "
    "census households, benchmarked to {share:.1%} of households ({name})"
)


def unbanked_households(city: City, direct: pl.DataFrame | None = None, seed: int = 1) -> Estimates:
    """Households without an account, and with one and still short, by district and group, with intervals.

    `direct` (district_id, measure, estimate, standard_error; shares of households) is a survey's own.
    Raises `SmallAreaError` where tables are missing or a direct estimate cannot be.
    """
    margins, p = household_margins(city), city.parameters
    surveys = {measure: _survey(direct, measure, margins) for measure in MEASURES}
    rng = np.random.default_rng(seed)
    count = int(p["small_area.replicates"])
    table = household_tables(margins, assumed(p, 1, None), None, p)
    drawn = household_tables(margins, assumed(p, count, rng), rng, p)
    frames, notes = [], list(margins.notes)
    for measure in MEASURES:
        point = _counts(measure, table, margins, p, None, surveys[measure], notes)
        many = _counts(measure, drawn, margins, p, rng, surveys[measure], notes)
        share = p[f"small_area.{measure}_share"]
        source = _SOURCE.format(share=share, name=p.row(f"small_area.{measure}_share").source)
        by_group = table[0].sum(axis=(1, 2))
        for i, population in enumerate(("all_residents", *GROUPS)):
            value, replicates, base = (
                (x.sum(axis=-1) if i == 0 else x[..., i - 1]) for x in (point[0], many, by_group)
            )
            names = (f"{measure}_households", population)
            frames.append(
                rows(
                    margins.districts,
                    names,
                    value,
                    replicates,
                    base,
                    "households",
                    source,
                    p["small_area.confidence"],
                )
            )
    return Estimates(pl.concat(frames), tuple(dict.fromkeys(notes)))


def _counts(
    measure: str,
    table: Floats,
    margins: Margins,
    p: Parameters,
    rng: np.random.Generator | None,
    survey: tuple[Floats, Floats] | None,
    notes: list[str],
) -> Floats:
    """Households (replicates, districts, groups) with the measure, adding up to the published total."""
    rate = cell_rates(measure, margins.bands, len(table), rng)
    with_it = (table * rate[:, None]).sum(axis=(2, 3))
    base = table.sum(axis=(2, 3, 4))
    rates = with_it.sum(axis=-1) / np.maximum(base, 1e-9)
    households = margins.tenures.sum(axis=1)
    share = p[f"small_area.{measure}_share"]
    total = np.full(len(table), share * households.sum())
    if rng is not None:
        spread = p[f"small_area.{measure}_share_spread"]
        total = total * rng.triangular(1 - spread, 1.0, 1 + spread, len(table)) if spread else total
    rates = _with_survey(rates, survey, rng, p, notes)
    settled = np.stack([benchmark(r, households, float(t)) for r, t in zip(rates, total, strict=True)])
    group_share = with_it / np.maximum(with_it.sum(axis=-1, keepdims=True), 1e-300)
    return np.asarray((settled * households)[..., None] * group_share)


def cell_rates(measure: str, bands: Floats, count: int, rng: np.random.Generator | None) -> Floats:
    """The rate of each income band, tenure and group, at its value or drawn between its low and high."""
    table = reference_table("account_rates").filter(pl.col("measure") == measure)
    by_income = table.filter(pl.col("characteristic") == "income_from")
    edges = by_income["category"].cast(pl.Float64).to_numpy()
    levels = np.stack([_drawn(row, count, rng) for row in by_income.iter_rows(named=True)], axis=1)
    rate = (
        np.ones((count, len(bands), 2, 2))
        * levels[:, np.searchsorted(edges, bands, side="right") - 1][..., None, None]
    )
    factors = {row["category"]: _drawn(row, count, rng) for row in table.iter_rows(named=True)}
    rate[:, :, 1, :] *= factors["renter"][:, None, None]
    rate[:, :, :, 0] *= factors["newcomers"][:, None, None]
    return np.asarray(rate.clip(0.0, 0.99))


def _drawn(row: dict[str, str], count: int, rng: np.random.Generator | None) -> Floats:
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    return np.full(count, value) if rng is None else rng.triangular(low, value, high, count)


def _with_survey(
    rates: Floats,
    survey: tuple[Floats, Floats] | None,
    rng: np.random.Generator | None,
    p: Parameters,
    notes: list[str],
) -> Floats:
    """Rates joined with direct estimates; without those, with what districts may differ beyond the model."""
    if survey is None:
        if rng is None:
            return rates
        odds = np.log(rates / (1 - rates)) + rng.normal(0.0, p["small_area.district_spread"], rates.shape)
        return np.asarray(1 / (1 + np.exp(-odds)))
    direct, variance = survey
    joined = []
    for rate in rates:
        covariates = np.column_stack([np.ones(len(rate)), rate])
        found = fay_herriot(direct, variance, covariates)
        noise = 0.0 if rng is None else rng.normal(0.0, np.sqrt(found.mse))
        joined.append(np.clip(found.estimate + noise, 1e-6, 1 - 1e-6))
    if rng is None:
        heard = int(np.isfinite(direct).sum())
        notes.append(
            f"{heard} direct estimates joined by Fay-Herriot; their mean weight is {found.weight.mean():.0%}."
        )
    return np.stack(joined)


def _survey(direct: pl.DataFrame | None, measure: str, margins: Margins) -> tuple[Floats, Floats] | None:
    """Direct estimates and their variances in the order of districts; None where there are none."""
    if direct is None:
        return None
    missing = [c for c in ("district_id", "measure", "estimate", "standard_error") if c not in direct.columns]
    if missing:
        raise SmallAreaError(f"The direct estimates lack {', '.join(missing)}.")
    mine = direct.filter(pl.col("measure") == measure)
    if mine.is_empty():
        return None
    strange = sorted(set(mine["district_id"]) - set(margins.districts))
    if strange or mine["district_id"].is_duplicated().any():
        named = f"no district of this city: {', '.join(strange[:3])}" if strange else "a district named twice"
        raise SmallAreaError(f"The direct estimates of {measure} hold {named}. Correct district_id.")
    if not mine["estimate"].is_between(0, 1).all():
        raise SmallAreaError("Direct estimates are shares of households, from 0 to 1.")
    both = pl.DataFrame({"district_id": list(margins.districts)}).join(mine, on="district_id", how="left")
    values = both.select(pl.col("estimate", "standard_error").cast(pl.Float64)).to_numpy()
    return values[:, 0], values[:, 1] ** 2
