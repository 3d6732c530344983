"""What a city counted of what is watched, in the months before the futures begin.

Owns which columns of a city's shelter flow are which measure of the model; nothing is estimated.
"""

import polars as pl

from philoxenia.exchange import City
from philoxenia.scenarios.city import SHELTER_FLOW
from philoxenia.scenarios.types import EXITS, INTAKE, RETURNS, STOCK

RECORDED = "recorded"
_MONTHS = 36
_ALL = "all"
_MEASURES = {
    "in_shelter": ((STOCK,), "person-months"),
    "exits_to_homes": ((EXITS[0],), "persons"),
    "shelter_intake": ((INTAKE, *RETURNS), "persons"),
}


def recorded_months(city: City) -> pl.DataFrame:
    """Rows of the table months for the plan `recorded`; none where the city's flow has no row for all people.

    People in the flow's stock are in shelter or wait for a place: a count does not tell which.
    """
    flow = city.tables.get(SHELTER_FLOW)
    if flow is None:
        return pl.DataFrame()
    rows = flow.filter(pl.col("group") == _ALL).sort("month").tail(_MONTHS)
    frames = [
        _measure(rows, measure, columns, unit)
        for measure, (columns, unit) in _MEASURES.items()
        if set(columns) <= set(rows.columns)
    ]
    return pl.concat(frames) if frames and rows.height else pl.DataFrame()


def _measure(rows: pl.DataFrame, measure: str, columns: tuple[str, ...], unit: str) -> pl.DataFrame:
    value = pl.sum_horizontal(pl.col(column).cast(pl.Float64) for column in columns)
    return (
        rows.drop_nulls(columns)
        .with_columns(value=value)
        .select(
            plan=pl.lit(RECORDED),
            month=pl.col("month").cast(pl.String),
            measure=pl.lit(measure),
            unit=pl.lit(unit),
            mean="value",
            p10="value",
            p50="value",
            p90="value",
        )
    )
