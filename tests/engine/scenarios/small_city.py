"""Cities small enough to follow by hand, for the tests of this folder."""

import numpy as np
import polars as pl

from philoxenia.reference import default_parameters
from philoxenia.scenarios import CityInputs

FLOWS = (
    "newly_identified",
    "returned_from_housing",
    "returned_to_shelter",
    "moved_to_housing",
    "became_inactive",
)


def months(first_year: int, count: int) -> tuple[str, ...]:
    """Consecutive months from January of a year."""
    return tuple(f"{first_year + i // 12}-{i % 12 + 1:02d}" for i in range(count))


def profile(people: list[float], newcomers: list[float]) -> pl.DataFrame:
    """Districts 01, 02 ... a kilometre or so apart on one street."""
    count = len(people)
    return pl.DataFrame(
        {
            "district_id": [f"{i + 1:02d}" for i in range(count)],
            "population": people,
            "newcomers": newcomers,
            "longitude": [0.02 * i for i in range(count)],
            "latitude": [0.0] * count,
        }
    )


def flow_history(groups: dict[str, float], count: int, stock: float) -> pl.DataFrame:
    """A shelter flow in balance: as many leave as come, every month of 2022 and on."""
    rows = [
        {"month": month, "group": group, **_balanced(size), "actively_homeless": stock * size}
        for month in months(2022, count)
        for group, size in groups.items()
    ]
    return pl.DataFrame(rows)


def _balanced(size: float) -> dict[str, float]:
    return dict(zip(FLOWS, (40 * size, 5 * size, 5 * size, 30 * size, 20 * size), strict=True))


def steady_paths(groups: dict[str, float], futures: int, horizon: int) -> dict[tuple[str, str], np.ndarray]:
    """Paths in which every month is like the ones before."""
    return {
        (measure, group): np.full((futures, horizon), amount)
        for group, size in groups.items()
        for measure, amount in _balanced(size).items()
    }


def capacity(service: str, places: dict[str, float], **more: float) -> pl.DataFrame:
    """Capacity of one service by district."""
    return pl.DataFrame(
        {
            "service": [service] * len(places),
            "district_id": list(places),
            "capacity": list(places.values()),
            "low": [more.get("low")] * len(places),
            "high": [more.get("high")] * len(places),
            "used": [more.get("used")] * len(places),
            "date": ["2024"] * len(places),
            "source": ["counted"] * len(places),
        },
        schema_overrides={"low": pl.Float64, "high": pl.Float64, "used": pl.Float64},
    )


def certain_rates(service: str, rate: float, **more: str) -> pl.DataFrame:
    """One service whose rate is known, so that results can be worked by hand."""
    return pl.DataFrame(
        {"service": [service], "rate": [str(rate)], **{key: [value] for key, value in more.items()}}
    )


def city(people: list[float], newcomers: list[float], **more: object) -> CityInputs:
    """Inputs of a small city; the census was in 2021."""
    return CityInputs(
        profile=profile(people, newcomers), parameters=more.pop("parameters", default_parameters()), **more
    )
