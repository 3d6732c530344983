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


def any_city(
    rng: np.random.Generator,
) -> tuple[dict[tuple[str, str], np.ndarray], tuple[str, ...], CityInputs]:
    """A random small city with shelters, schools, a service by use and one of its own."""
    districts, horizon, futures = int(rng.integers(1, 4)), int(rng.integers(1, 4)), int(rng.integers(1, 5))
    past = int(rng.integers(14, 80))
    people = rng.gamma(3, 800, districts)
    groups = {"refugees": rng.gamma(2), "non_refugees": rng.gamma(2)}
    groups["all"] = sum(groups.values())
    names = ["refugees", "non_refugees"] if rng.random() < 0.7 else ["all"]
    measures = FLOWS if rng.random() < 0.7 else FLOWS[:1]
    paths = {(m, g): rng.gamma(4, 8, (futures, horizon)) for m in measures for g in names}
    paths["claims", "all"] = rng.gamma(4, 100, (futures, horizon))
    ids = [f"{i + 1:02d}" for i in range(districts)]
    places = pl.concat(
        pl.DataFrame(
            {
                "service": service,
                "district_id": [*ids, ""],
                "capacity": rng.gamma(2, size, districts + 1),
                "low": None,
                "high": None,
                "used": rng.gamma(2, size, districts + 1),
                "date": "2024",
                "source": "counted",
            },
            schema_overrides={"low": pl.Float64, "high": pl.Float64},
        ).with_columns(low=pl.col("capacity") * 0.7, high=pl.col("capacity") * 1.4)
        for service, size in (
            ("shelter", 50),
            ("school_places", 300),
            ("primary_care", 200),
            ("language_programmes", 9),
        )
    )
    parameters = default_parameters().overridden(
        {
            "scenarios.newcomer_months": int(rng.integers(12, 120)),
            "scenarios.total_arrivals_share": rng.random(),
            "scenarios.base_growth_per_year": rng.uniform(-0.05, 0.1),
            "scenarios.stay_near_shelter_share": rng.random(),
        },
        "the test",
    )
    own = pl.DataFrame(
        {
            "service": ["legal_advice"] * 2,
            "population": ["all_residents", "newcomers"],
            "months_from": ["", "6"],
            "months_to": ["", "18"],
            "age_group": ["age_20_64", "all"],
            "rate": ["0.01", "0.2"],
            "low": ["0", "0.1"],
            "high": ["0.02", "0.2"],
        }
    )
    inputs = CityInputs(
        profile=profile(list(people), list(people * rng.random(districts))),
        shelter_flow=flow_history(groups, past, 300),
        arrivals_history=pl.DataFrame({"month": months(2022, past), "arrivals": rng.gamma(4, 100, past)}),
        capacity=places,
        own_rates=own,
        parameters=parameters,
    )
    after = months(2022, past + horizon)[past:]
    return paths, after, inputs
