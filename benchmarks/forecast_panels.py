"""The panels on which forecasts are learnt and measured, read from raw extracts beside the checkout.

UNHCR Refugee Data Finder (CC BY 4.0), IRCC asylum claims and admissions (Open Government Licence - Canada),
shelter system flow and social-housing waiting list of the City of Toronto (Open Government Licence -
Toronto).
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import numpy as np
import polars as pl

from philoxenia.arrivals.history import lay_out
from philoxenia.arrivals.types import Panel
from philoxenia.vocabulary import Frequency

DATA = Path(
    os.environ.get("PHILOXENIA_SHARED_DATA", Path(__file__).resolve().parents[1].parent / "shared" / "data")
)
HORIZON = {Frequency.MONTH: 12, Frequency.QUARTER: 4, Frequency.YEAR: 5}
FLOWS = [
    "newly_identified",
    "returned_from_housing",
    "returned_to_shelter",
    "moved_to_housing",
    "became_inactive",
]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True)
class Measured:
    """A panel with the family it belongs to: families share no source, so one can test what others taught."""

    name: str
    family: str
    panel: Panel


def all_panels() -> list[Measured]:
    """Every panel there is data for; an empty list where the raw extracts are missing."""
    if not DATA.is_dir():
        return []
    return [*_shelter(), *_claims(), *_admissions(), *_waiting_list(), *_unhcr()]


def _panel(rows: pl.DataFrame, name: str, family: str, fewest: int = 4) -> Measured:
    laid = lay_out(rows.drop_nulls().with_columns(pl.col("time").cast(pl.String)))
    keep = (~np.isnan(laid.values)).sum(axis=1) >= fewest
    groups = tuple(group for group, kept in zip(laid.groups, keep, strict=True) if kept)
    return Measured(name, family, Panel("", groups, laid.frequency, laid.first, laid.values[keep]))


def _coarser(fine: Measured, periods: int, frequency: Frequency) -> Measured:
    panel = fine.panel
    count = panel.periods // periods
    values = panel.values[:, : count * periods].reshape(len(panel.values), count, periods).sum(axis=2)
    suffix = f"{fine.name}, by {frequency.name.lower()}"
    made = Panel("", panel.groups, frequency, panel.first // periods, values)
    return Measured(suffix, f"{fine.family} by {frequency.name.lower()}", made)


def _numbers(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all("[ ,]", "").cast(pl.Float64, strict=False)


def _shelter() -> Iterator[Measured]:
    raw = pl.read_csv(DATA / "toronto/shelter/system_flow_monthly_2018_2024.csv", infer_schema=False)
    for column in [*FLOWS, "actively_homeless", "age25-34"]:
        rows = raw.select(group="population_group", time="date(mmm-yy)", value=_numbers(column))
        monthly = _panel(rows, f"shelter: {column}", "shelter")
        yield monthly
        if column in ("newly_identified", "moved_to_housing", "became_inactive"):
            yield _coarser(monthly, 3, Frequency.QUARTER)


def _claims() -> Iterator[Measured]:
    raw = pl.read_csv(DATA / "arrivals/ircc_asylum_claimants_monthly_2015_2024.csv", infer_schema=False)
    raw = raw.with_columns(pl.col("value").cast(pl.Float64), pl.col("province_territory").fill_null("Canada"))
    parts = raw.filter(pl.col("total_flag") == "False")
    place, office = pl.col("province_territory"), pl.col("claim_office_type")
    tables = {
        "province and office": raw.with_columns(group=place + " " + office),
        "province": parts.with_columns(group=place),
        "office": raw.filter((place == "Canada") & (office != "Total")).with_columns(group=office),
    }
    for name, table in tables.items():
        rows = table.group_by("group", time="year_month").agg(pl.col("value").sum()).sort("group", "time")
        monthly = _panel(rows, f"claims: {name}", "claims")
        yield monthly
        yield _coarser(monthly, 3, Frequency.QUARTER)
        yield _coarser(monthly, 12, Frequency.YEAR)


def _admissions() -> Iterator[Measured]:
    sheet = fastexcel.read_excel(DATA / "arrivals/ircc_EN_ODP-PR-ProvImmCat.xlsx").load_sheet(
        0, header_row=None
    )
    rows = sheet.to_polars().rows()
    months = [place for place, cell in enumerate(rows[4]) if cell in MONTHS]
    series = [[_number(row[place]) for place in months] for row in rows[5:]]
    values = np.array([one for one in series if np.isfinite(one).mean() > 0.8])
    values = values[np.nanmedian(values, axis=1) >= 3]
    groups = tuple(f"row {index:03d}" for index in range(len(values)))
    monthly = Measured("admissions", "admissions", Panel("", groups, Frequency.MONTH, 2015 * 12, values))
    yield monthly
    yield _coarser(monthly, 3, Frequency.QUARTER)


def _number(cell: object) -> float:
    try:
        return float(str(cell).replace(",", ""))
    except ValueError:
        return np.nan


def _waiting_list() -> Iterator[Measured]:
    raw = pl.read_csv(
        DATA / "toronto/housing/social_housing_waitlist_quarterly_2019_2023.csv", infer_schema=False
    )
    long = raw.unpivot(index="Quarter/Year", on=raw.columns[2:15], variable_name="group", value_name="text")
    rows = long.select("group", time="Quarter/Year", value=_numbers("text"))
    yield _panel(rows, "waiting list", "waiting list")


def _unhcr() -> Iterator[Measured]:
    flows = pl.read_parquet(DATA / "arrivals/unhcr_flows.parquet")
    kinds = [pl.col(name).fill_null(0) for name in ("refugees", "asylum_seekers", "refugee_like", "oip")]
    flows = flows.with_columns(total=pl.sum_horizontal(kinds))
    yield _yearly(flows, "coa_iso", "total", "UNHCR flows: asylum", "flows and applications")
    yield _yearly(flows, "coo_iso", "total", "UNHCR flows: origin", "flows and applications")
    yield _yearly(
        flows, "coa_iso", "asylum_seekers", "UNHCR asylum seekers: asylum", "flows and applications"
    )
    claims = pl.read_parquet(DATA / "arrivals/unhcr_asylum_applications.parquet")
    yield _yearly(claims, "coa_iso", "applied", "UNHCR applications: asylum", "flows and applications")
    yield _yearly(claims, "coo_iso", "applied", "UNHCR applications: origin", "flows and applications")
    decisions = pl.read_parquet(DATA / "arrivals/unhcr_asylum_decisions.parquet")
    yield _yearly(decisions, "coa_iso", "dec_total", "UNHCR decisions", "flows and applications")
    yield _yearly(decisions, "coa_iso", "dec_recognized", "UNHCR recognitions", "flows and applications")
    solutions = pl.read_parquet(DATA / "arrivals/unhcr_solutions.parquet")
    yield _yearly(solutions, "coa_iso", "returned_refugees", "UNHCR returns", "solutions")
    yield _yearly(solutions, "coa_iso", "resettlement", "UNHCR resettlement", "solutions")
    population = pl.read_parquet(DATA / "arrivals/unhcr_population.parquet")
    yield _yearly(population, "coa_iso", "refugees", "UNHCR refugees hosted", "population")
    yield _yearly(population, "coa_iso", "asylum_seekers", "UNHCR claims pending", "population")


def _yearly(table: pl.DataFrame, by: str, value: str, name: str, family: str) -> Measured:
    recent = table.filter(pl.col("year") >= 2000).drop_nulls([by, value])
    rows = recent.group_by(group=by, time=pl.col("year").cast(pl.Int64)).agg(value=pl.col(value).sum())
    return _panel(rows.sort("group", "time"), name, family)
