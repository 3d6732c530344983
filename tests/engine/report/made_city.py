"""A made city for the report's tests: squares on a grid, names that try to break out, figures that are known.

Everything is computed from the numbers in here, so that each sentence of the report can be checked by hand.
"""

from dataclasses import replace

import polars as pl
import shapely

from philoxenia.report import CityFacts, Findings, TableQuality

HOSTILE_NAMES = (
    '<script>alert("x")</script>',
    'O\'Connor & "Sons" <b>',
    "حي الأمل",
    "A very long name " + "of a district that never ends " * 6,
    "🏠 Home \u202egnihton",
    "{{ document }} #set text {% raw %}",
    "Αθήνα",
    "]]>--><!--",
)
ASPECTS = ("shelter_health_protection", "basic_services", "economy_jobs", "inclusion_cohesion")
POPULATIONS = ("newcomers", "long_term_residents", "all_residents")
HISTORY = tuple(f"{2020 + month // 12}-{month % 12 + 1:02d}" for month in range(60))
MONTHS = tuple(f"2025-{month:02d}" for month in range(1, 13))


def districts(count: int = 12) -> pl.DataFrame:
    """Squares of a kilometre in rows of four; the first ones bear hostile names."""
    squares = [
        shapely.box(*(0.01 * edge for edge in (n % 4, n // 4, n % 4 + 1, n // 4 + 1))) for n in range(count)
    ]
    return pl.DataFrame(
        {
            "district_id": [f"{n:03d}" for n in range(count)],
            "name": [HOSTILE_NAMES[n] if n < len(HOSTILE_NAMES) else f"Square {n}" for n in range(count)],
            "longitude": [square.centroid.x for square in squares],
            "latitude": [square.centroid.y for square in squares],
            "area_km2": [1.0] * count,
            "geometry": [shapely.to_wkb(square) for square in squares],
        }
    )


def bare() -> Findings:
    """A city that handed in districts and population, and nothing else."""
    where = districts()
    people = pl.DataFrame(
        [
            {"district_id": id_, "population": who, "people": 1000.0 * share}
            for id_ in where["district_id"]
            for who, share in zip(POPULATIONS, (0.1, 0.9, 1.0), strict=True)
        ]
    )
    return Findings(city=CityFacts("squares", "Squares"), districts=where, people=people, version="0.0")


def full() -> Findings:
    """A city with every frame."""
    city = bare()
    ids = city.districts["district_id"].to_list()
    return replace(
        city,
        pressure=pressure(ids),
        weights={"unemployment": 1.0, "low_income": 3.0},
        values=_values(ids),
        exposure=_exposure(),
        reach=_reach(ids),
        unreached=_unreached(),
        history=_history(),
        forecasts=_forecasts(),
        backtest=_backtest(),
        arrival_totals=_arrival_totals(),
        demand=_demand(),
        load=_load(ids),
        totals=_totals(),
        outlook=_outlook(),
        settlement=_settlement(ids),
        quality=(quality(),),
        labels={"claims": "claims made in the province"},
        notes=("A note.",),
        missing={"today": ("Libraries are not in the package.",)},
    )


def pressure(ids: list[str]) -> pl.DataFrame:
    """District n scores 8 n in every aspect, so that the last district is the most pressed."""
    rows = [
        {
            "district_id": id_,
            "aspect": aspect,
            "population": "all_residents",
            "score": 8.0 * n,
            "score_low": max(0.0, 8.0 * n - 5),
            "score_high": min(100.0, 8.0 * n + 5),
            "rank": len(ids) - n,
            "rank_low": max(1, len(ids) - n - 1),
            "rank_high": min(len(ids), len(ids) - n + 1),
            "indicators": 2,
        }
        for aspect in ASPECTS
        for n, id_ in enumerate(ids)
    ]
    return pl.DataFrame(rows)


def quality() -> TableQuality:
    """A table with mends and warnings."""
    return TableQuality(
        "schools",
        "Schools",
        "School board",
        "CC BY 4.0",
        "2024",
        12,
        "schools.csv",
        ("2 names respelt",),
        ("1 row far out",),
    )


def _values(ids: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "district_id": id_,
                "indicator": indicator,
                "population": "all_residents",
                "value": 5.0 + n,
                "base": 500.0,
                "standard_error": 0.5,
                "source_table": "census_profile",
                "date": "2021",
            }
            for indicator in ("unemployment", "low_income")
            for n, id_ in enumerate(ids)
        ]
    )


def _exposure() -> pl.DataFrame:
    means = {
        "newcomers_mean": 56.0,
        "long_term_mean": 51.0,
        "difference": 5.0,
        "difference_low": 2.0,
        "difference_high": 7.0,
    }
    spread = {
        f"{who}_p{share}": 50.0 + share / 10 for who in ("newcomers", "long_term") for share in (10, 50, 90)
    }
    shares = {"newcomers_top_share": 0.28, "long_term_top_share": 0.19, "sentence": ""}
    rows = [
        {"measure": aspect, "kind": "aspect", "aspect": aspect, "unit": "of 100"} | means | spread | shares
        for aspect in ASPECTS
    ]
    rows.append(rows[0] | {"measure": "unemployment", "kind": "indicator", "unit": "percent"})
    return pl.DataFrame(rows)


def _reach(ids: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "district_id": id_,
                "service": "pharmacies",
                "method": method,
                "access": 0.1 * (n + 1),
                "population": "all_residents",
                "people": 1000.0,
                "unit": "pharmacies per 1,000 residents",
                "date": "2024",
            }
            for method in ("2sfca", "e2sfca")
            for n, id_ in enumerate(ids)
        ]
    )


def _unreached() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "service": "pharmacies",
                "places": 9,
                "supply": 9.0,
                "unreached_places": 1,
                "unreached_supply": 1.0,
                "people_without": 1200.0,
                "people": 12000.0,
            }
        ]
    )


SERIES = (
    ("newly_identified", "all", 400.0),
    ("newly_identified", "families", 90.0),
    ("claims", "all", 900.0),
)


def _history() -> pl.DataFrame:
    rows = [
        (measure, group, time, level + n % 12)
        for measure, group, level in SERIES
        for n, time in enumerate(HISTORY)
    ]
    return pl.DataFrame(rows, schema=["measure", "group", "time", "value"], orient="row")


def _forecasts() -> pl.DataFrame:
    rows = [
        {"measure": measure, "group": group, "time": time, "mean": level, "median": level}
        | _bounds(level, n + 1)
        for measure, group, level in SERIES
        for n, time in enumerate(MONTHS)
    ]
    return pl.DataFrame(rows)


def _bounds(level: float, ahead: int) -> dict[str, float]:
    ends = (("lower", -1), ("upper", 1))
    return {
        f"{end}_{share}": level + sign * ahead * share / 5 for share in (50, 80, 95) for end, sign in ends
    }


def _backtest() -> pl.DataFrame:
    models = (("combination", 0.20, 30.0), ("last_value", 0.25, 40.0), ("seasonal_naive", 0.30, 45.0))
    return pl.DataFrame(
        [
            {
                "measure": measure,
                "group": group,
                "model": model,
                "origins": 24,
                "horizon": 12,
                "mase": 0.9,
                "wape": wape,
                "wis": wis,
                "coverage_50": 0.5,
                "coverage_80": 0.81,
                "coverage_95": 0.94,
                "n": 288,
            }
            for measure in ("newly_identified", "claims")
            for group in ("all", "(all groups)")
            for model, wape, wis in models
        ]
    )


def _arrival_totals() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "measure": "newly_identified",
                "group": "all",
                "first": MONTHS[0],
                "last": MONTHS[-1],
                "p10": 4087.0,
                "p50": 4912.0,
                "p90": 6011.0,
            }
        ]
    )


def _demand() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "group": "all",
                "time": time,
                "recorded": 400.0,
                "estimated_p10": 420.0,
                "estimated_p50": 500.0,
                "estimated_p90": 600.0,
            }
            for time in HISTORY[-24:]
        ]
    )


def _gap(n: int) -> dict[str, float]:
    return {"gap_p10": 90.0 + n, "gap_p50": 218.0 + n, "gap_p90": 340.0 + n}


def _load(ids: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "district_id": id_,
                "service": "school_places",
                "time": time,
                "population": who,
                "demand_p10": 300.0,
                "demand_p50": 400.0,
                "demand_p90": 500.0,
                "capacity": 200.0,
                **_gap(n),
                "unit": "places",
            }
            for who in POPULATIONS
            for time in MONTHS[-2:]
            for n, id_ in enumerate(ids)
        ]
    )


def _totals() -> pl.DataFrame:
    known = {
        "demand_p10": 9500.0,
        "demand_p50": 10800.0,
        "demand_p90": 12100.0,
        "capacity": 9970.0,
        **_gap(0),
    }
    unknown = known | {"capacity": None} | dict.fromkeys(("gap_p10", "gap_p50", "gap_p90"), None)
    rows = []
    for service, unit, numbers, share in (
        ("shelter", "beds", known, 0.86),
        ("water", "litres a day", unknown, None),
    ):
        for who in POPULATIONS:
            rows += [
                {
                    "service": service,
                    "time": time,
                    "population": who,
                    **numbers,
                    "arrivals_p10": 10.0,
                    "arrivals_p50": 20.0,
                    "arrivals_p90": 30.0,
                    "share_with_gap": share,
                    "unit": unit,
                }
                for time in MONTHS
            ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _outlook() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "service": "shelter",
                "basis": "stock",
                "scope": "city",
                "capacity": 9970.0,
                "share_of_futures_with_gap": 0.9,
                "months_until_gap_p10": 1.0,
                "months_until_gap_p50": 3.0,
                "months_until_gap_p90": 9.0,
                "unit": "beds",
            }
        ]
    )


def _settlement(ids: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "district_id": id_,
                "shelter_share": 0.1,
                "home_share": 0.05,
                "arrivals_p10": 10.0,
                "arrivals_p50": 20.0 + n,
                "arrivals_p90": 40.0,
            }
            for n, id_ in enumerate(ids)
        ]
    )
