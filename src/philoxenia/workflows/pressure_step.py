"""The step that says where pressure is today."""

import polars as pl

from philoxenia.exchange import City
from philoxenia.needs import pressure_today
from philoxenia.workflows.steps import Outcome


def find_pressure(city: City, seed: int) -> Outcome:
    """Indicators, reach, pressure by aspect and exposure of a city, as frames of one outcome."""
    today = pressure_today(city, seed)
    known = set(today.values["indicator"])
    weighed = {indicator: weight for indicator, weight in today.weights.items() if indicator in known}
    weights = pl.DataFrame(
        {"indicator": list(weighed), "weight": list(weighed.values())},
        schema={"indicator": pl.String, "weight": pl.Float64},
    )
    return Outcome(
        frames={
            "people": today.people,
            "values": today.values,
            "pressure": today.pressure,
            "reach": today.reach,
            "unreached": today.unreached,
            "exposure": today.exposure,
            "weights": weights,
        },
        notes=today.missing,
    )
