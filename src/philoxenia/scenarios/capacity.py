"""What a city can give today: capacity by district and service, from its own tables.

Owns reading capacity and its range; never invents one. A capacity that rests on an assumption (places a
school) carries the range of that assumption; one that is counted carries none.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from philoxenia.scenarios.rates import triangular
from philoxenia.scenarios.types import STOCK, Floats
from philoxenia.vocabulary import parse_period

SHELTER = "shelter"
_OVERLAP_MONTHS = 3


@dataclass(frozen=True)
class Capacity:
    """Capacity of one service: placed in districts (D,) and not placed, with its range as factors.

    `used`: what is given today in the same unit, where known. `date`, `source`: of the figures.
    """

    placed: Floats
    unplaced: float
    low: float
    high: float
    used: float | None
    date: str
    source: str

    @property
    def total(self) -> float:
        """Capacity of the whole city."""
        return float(self.placed.sum()) + self.unplaced

    def grown(self, times: float, date: str) -> "Capacity":
        """The same places, `times` as many, seen at a later date."""
        placed, unplaced = self.placed * times, self.unplaced * times
        return replace(self, placed=placed, unplaced=unplaced, date=date)

    def factor(self, quantile: Floats) -> Floats:
        """Factor (P,) on the capacity at quantiles of its triangular range."""
        return triangular(quantile, self.low, 1.0, self.high)


def capacities(frame: pl.DataFrame | None, districts: tuple[str, ...]) -> dict[str, Capacity]:
    """Capacity by service from rows service, district_id, capacity, low, high, used, date, source."""
    if frame is None or frame.is_empty():
        return {}
    services = frame["service"].unique(maintain_order=True).to_list()
    return {name: _capacity(frame.filter(pl.col("service") == name), districts) for name in services}


def _capacity(rows: pl.DataFrame, districts: tuple[str, ...]) -> Capacity:
    known = pl.col("district_id").is_in(districts)
    by_id = dict(rows.filter(known).group_by("district_id").agg(pl.col("capacity").sum()).iter_rows())
    total = float(rows["capacity"].sum())
    return Capacity(
        placed=np.array([by_id.get(district, 0.0) for district in districts], dtype=np.float64),
        unplaced=float(rows.filter(~known.fill_null(False))["capacity"].sum()),
        low=_ratio(rows, "low", total),
        high=_ratio(rows, "high", total),
        used=_used(rows),
        date=str(rows["date"].max() or ""),
        source=str(rows["source"][0] or ""),
    )


def _ratio(rows: pl.DataFrame, column: str, total: float) -> float:
    if column not in rows.columns or total <= 0:
        return 1.0
    return float(rows.select(pl.coalesce(column, "capacity").sum()).item()) / total


def _used(rows: pl.DataFrame) -> float | None:
    if "used" not in rows.columns or rows["used"].null_count() == rows.height:
        return None
    return float(rows["used"].sum())


def shelter_capacity(occupancy: pl.DataFrame) -> pl.DataFrame:
    """Persons the shelters of the latest month can take on a mean night, by district.

    Beds count one person each; rooms count the persons an occupied room holds in the same sector, found
    in the table itself (`shelter_occupancy`: capacity, occupied, persons are nightly means).
    """
    latest = occupancy.filter(pl.col("month") == occupancy["month"].max())
    ratio = (
        latest.group_by("sector", "capacity_type")
        .agg(ratio=pl.col("persons").sum() / pl.col("occupied").sum())
        .with_columns(ratio=pl.when(pl.col("capacity_type") == "beds").then(1.0).otherwise(pl.col("ratio")))
    )
    return (
        latest.join(ratio, on=["sector", "capacity_type"])
        .with_columns(pl.col("ratio").fill_nan(1.0).clip(lower_bound=1.0))
        .group_by(pl.col("district_id").fill_null(""))
        .agg(capacity=(pl.col("capacity") * pl.col("ratio")).sum())
        .sort("district_id")
        .select(
            pl.lit(SHELTER).alias("service"),
            "district_id",
            "capacity",
            pl.lit(latest["month"][0]).alias("date"),
            pl.lit("shelter_occupancy").alias("source"),
        )
    )


def nightly_share(occupancy: pl.DataFrame, flow: pl.DataFrame, everybody: str) -> float | None:
    """People in a shelter on a mean night per person active in the month: the median of the last three
    months in which both tables speak; None where they never do."""
    nightly = occupancy.group_by("month").agg(pl.col("persons").sum())
    both = (
        flow.filter((pl.col("group") == everybody) & (pl.col(STOCK) > 0))
        .join(nightly, on="month")
        .sort("month")
        .tail(_OVERLAP_MONTHS)
    )
    if both.is_empty():
        return None
    return float(np.median((both["persons"] / both[STOCK]).to_numpy()))


def seen_in_shelter(flow: pl.DataFrame, everybody: str, since: str, nightly: float) -> tuple[float, str]:
    """Most people in shelter on a mean night since the month `since`, and when: places that exist."""
    start = parse_period(since)
    rows = [
        (float(stock) * nightly, month)
        for month, stock in flow.filter(pl.col("group") == everybody).select("month", STOCK).iter_rows()
        if stock is not None and parse_period(month) >= start
    ]
    return max(rows, default=(0.0, since))
