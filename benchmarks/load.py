"""Load and gaps beside a straightforward pandas version and the obvious loops: same tables, time and memory.

Reference load: 1,000 futures x 24 months x Toronto's districts x all services. Each side runs in a process of
its own, so that peak memory is its own. The loops run on a small corner of it, where the fast path runs too.

Usage: python benchmarks/load.py [--futures 1000] [--hindcast]
"""

import argparse
import json
import resource
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import shapely

from philoxenia.arrivals import forecast
from philoxenia.reference import default_parameters
from philoxenia.scenarios import CityInputs, inputs_from_city, load_and_gaps
from philoxenia.scenarios.bands import ServiceLoad
from philoxenia.scenarios.case import Case, build_case
from philoxenia.scenarios.load import service_load
from philoxenia.scenarios.plain import plain_load
from philoxenia.scenarios.stock import Flows, leave_shares, residuals, shelter_stock

TORONTO = Path(__file__).resolve().parent.parent / "cities" / "toronto"
FLOWS = (
    "newly_identified",
    "returned_from_housing",
    "returned_to_shelter",
    "moved_to_housing",
    "became_inactive",
)
STOCK = "actively_homeless"
MONTHS, AHEAD, FIRST_ORIGIN = 24, 12, 40
GROUPS = ("refugees", "non_refugees")
WAYS = (
    "as numbers",
    "as shares",
    "a quarter shares (taken)",
    "last year's share",
    "stock stays (one number)",
)
LIMITS = {"seconds": 5.0, "megabytes": 500.0}


def toronto() -> CityInputs:
    """Toronto's own tables, with a third of the region's claims as arrivals."""
    tables = {
        path.stem: pl.read_csv(path, infer_schema_length=None, schema_overrides={"district_id": pl.String})
        for path in sorted((TORONTO / "tables").glob("*.csv"))
    }
    settings = tomllib.loads((TORONTO / "city.toml").read_text(encoding="utf-8"))
    features = json.loads((TORONTO / "districts.geojson").read_text(encoding="utf-8"))["features"]
    centres = [shapely.from_geojson(json.dumps(feature["geometry"])).centroid for feature in features]
    districts = pl.DataFrame(
        {
            "district_id": [feature["properties"]["district_id"] for feature in features],
            "longitude": [centre.x for centre in centres],
            "latitude": [centre.y for centre in centres],
        }
    )
    return inputs_from_city(
        SimpleNamespace(
            districts=districts,
            tables=tables,
            parameters=default_parameters().overridden(
                {"scenarios.total_arrivals_share": 0.34}, "the benchmark"
            ),
            services=tuple(settings["services"]["shown"]),
            groups=settings["groups"],
            arrivals=settings["arrivals"],
        )
    )


def sample_paths(futures: int, months: int) -> tuple[dict[tuple[str, str], np.ndarray], tuple[str, ...]]:
    """Seeded paths of about the right size; a forecast's own paths have the same shape."""
    rng = np.random.default_rng(11)
    means = {"refugees": (290, 12, 25, 200, 110), "non_refugees": (330, 25, 200, 160, 330)}
    paths = {
        (measure, group): mean * np.exp(np.cumsum(rng.normal(0, 0.05, (futures, months)), axis=1))
        for group, amounts in means.items()
        for measure, mean in zip(FLOWS, amounts, strict=True)
    }
    paths["claims", "all"] = 7000 * np.exp(np.cumsum(rng.normal(0, 0.05, (futures, months)), axis=1))
    return paths, tuple(f"{2025 + month // 12}-{month % 12 + 1:02d}" for month in range(months))


def prepared(inputs: CityInputs, futures: int, months: int) -> tuple[Case, list[ServiceLoad]]:
    """Both sides start from the same drawn numbers."""
    paths, times = sample_paths(futures, months)
    case = build_case(paths, times, inputs, 1, [])
    loads = [service_load(case, service, inputs, []) for service in case.services]
    return case, [one for one in loads if one is not None]


def pandas_load(case: Case, loads: list[ServiceLoad]) -> dict[str, float]:
    """One long table a service, a row a district, month and future; gaps by column; quantiles by groupby."""
    import pandas

    futures, months = case.people.homes.shape[1], len(case.times)
    keys = pandas.MultiIndex.from_product(
        [case.districts, case.times, range(futures)], names=["d", "t", "future"]
    )
    checks = {}
    for one in loads:
        rows = slice(None)
        table = pandas.DataFrame(index=keys).reset_index()
        table["newcomers"] = one.newcomers.by_district(case.people, rows).ravel()
        table["long_term_residents"] = one.long_term.by_district(case.people, rows).ravel()
        table["all_residents"] = table["newcomers"] + table["long_term_residents"]
        columns = ["newcomers", "long_term_residents", "all_residents"]
        if one.local:
            places = pandas.DataFrame({"d": case.districts, "placed": one.placed})
            factor = pandas.DataFrame({"future": range(futures), "factor": one.factor})
            table = table.merge(places, on="d").merge(factor, on="future")
            short = (table["all_residents"] - table["placed"] * table["factor"]).clip(lower=0)
            for population in list(columns):
                table[f"gap_{population}"] = short * table[population] / table["all_residents"]
                columns.append(f"gap_{population}")
        bands = table.groupby(["d", "t"], sort=False)[columns].quantile([0.1, 0.5, 0.9])
        checks[one.service.name] = float(bands.xs(0.9, level=2)["all_residents"].sum())
        assert len(bands) == 3 * len(case.districts) * months
    return checks


def one_side(side: str, futures: int) -> None:
    inputs = toronto()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    if side == "engine":
        paths, times = sample_paths(futures, MONTHS)
        load = load_and_gaps(paths, times, inputs, 1).load.filter(pl.col("population") == "all_residents")
        checks = dict(load.group_by("service").agg(pl.col("demand_p90").sum()).iter_rows())
    else:
        checks = pandas_load(*prepared(inputs, futures, MONTHS))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak, "before": before, "checks": checks}))


def measured(side: str, futures: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--side", side, "--futures", str(futures)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def beside_pandas(futures: int) -> None:
    ours, theirs = measured("engine", futures), measured("pandas", futures)
    for service, total in theirs["checks"].items():
        assert np.isclose(total, ours["checks"][service], rtol=1e-9), service
    print(f"{futures} futures x {MONTHS} months x all districts and services, same bands to 1e-9:")
    for name, side in (("engine", ours), ("pandas groupby", theirs)):
        print(f"  {name:15} {side['seconds']:7.2f} s  {side['megabytes']:7.0f} MB at the peak")
    sooner, smaller = (theirs[what] / ours[what] for what in ("seconds", "megabytes"))
    print(f"  ratio           {sooner:7.1f} x  {smaller:7.1f} x")
    print(f"  limits          {LIMITS['seconds']:7.2f} s  {LIMITS['megabytes']:7.0f} MB")


def beside_loops(futures: int = 10, months: int = 6, districts: int = 20) -> None:
    inputs = toronto()
    kept = inputs.profile.head(districts)
    inputs = CityInputs(**{**inputs.__dict__, "profile": kept, "earlier": inputs.earlier.head(districts)})
    paths, times = sample_paths(futures, months)
    start = time.perf_counter()
    load_and_gaps(paths, times, inputs, 1)
    fast = time.perf_counter() - start
    case = build_case(paths, times, inputs, 1, [])
    start = time.perf_counter()
    for service in case.services:
        plain_load(case, service, inputs)
    slow = time.perf_counter() - start
    size = f"{futures} futures x {months} months x {districts} districts"
    print(f"{size}: engine {fast:.3f} s, loops {slow:.1f} s, ratio {slow / fast:.0f} x")


def crps(futures: np.ndarray, truth: float) -> float:
    """Continuous ranked probability score of an ensemble."""
    return float(np.abs(futures - truth).mean() - np.abs(futures[:, None] - futures).mean() / 2)


def hindcast() -> None:
    """Shelter stock from the engine's own forecasts at past origins, by four ways to read exits."""
    flow = toronto().shelter_flow.sort("month")
    months = flow["month"].unique().sort().to_list()
    history = flow.filter(pl.col("group").is_in(GROUPS)).unpivot(
        FLOWS, index=["month", "group"], variable_name="measure"
    )
    history = history.select("measure", "group", pl.col("value").cast(pl.Float64), time="month")
    scores: dict[tuple[int, str, str], list[tuple[float, bool]]] = {}
    for origin in range(FIRST_ORIGIN, len(months) - AHEAD, 2):
        paths = forecast(history.filter(pl.col("time") <= months[origin]), AHEAD, paths=300).paths
        found = {group: hindcast_at(flow, paths, group, origin) for group in GROUPS}
        truth = {group: _recorded(flow, group)[1] for group in GROUPS}
        for ahead in (3, 6, 12):
            for way in WAYS:
                futures = {group: found[group][way][ahead - 1] for group in GROUPS}
                truths = {group: truth[group][origin + ahead] for group in GROUPS}
                futures["both"], truths["both"] = sum(futures.values()), sum(truths.values())
                for group, values in futures.items():
                    low, high = np.quantile(values, [0.1, 0.9])
                    inside = bool(low <= truths[group] <= high)
                    scores.setdefault((ahead, group, way), []).append((crps(values, truths[group]), inside))
    for (ahead, group, way), pairs in scores.items():
        score, inside = np.mean(pairs, axis=0)
        print(f"{ahead:2} months  {group:13} {way:28} CRPS {score:6,.0f}   in the 80 % band {inside:4.0%}")
    print(f"{len(pairs)} origins")


def _recorded(flow: pl.DataFrame, group: str) -> tuple[np.ndarray, np.ndarray]:
    rows = flow.filter(pl.col("group") == group)
    return rows.select(FLOWS).to_numpy().T.astype(float), rows[STOCK].to_numpy().astype(float)


def hindcast_at(
    flow: pl.DataFrame, paths: dict[tuple[str, str], np.ndarray], group: str, origin: int
) -> dict[str, np.ndarray]:
    """The stock (months, futures) after an origin, by way."""
    counts, stock = _recorded(flow, group)
    arrays = np.maximum(np.stack([paths[measure, group].T for measure in FLOWS]), 0)
    coming, exits = arrays[:3].sum(axis=0)[None], arrays[3:].sum(axis=0)[None]
    net = counts[:3].sum(axis=0) - counts[3:].sum(axis=0)
    unexplained = residuals(stock[None], net[None])[0, max(0, origin - 36) : origin]
    residual = np.random.default_rng(origin).choice(unexplained, exits.shape)
    start, places = stock[origin : origin + 1], np.full(exits.shape[2], np.inf)
    last_year = (counts[3:].sum(axis=0)[origin - 11 : origin + 1] / stock[origin - 12 : origin]).mean()
    followed = leave_shares(start, coming + residual, exits)
    found = {}
    for way, weight in zip(WAYS[1:4], (1.0, 0.25, 0.0), strict=True):
        flows = Flows(coming, np.zeros_like(coming), weight * followed + (1 - weight) * last_year, residual)
        found[way] = shelter_stock(start, flows, places, 0.0).seeking[0]
    numbers = stock[origin] + np.cumsum((coming - exits + residual)[0], axis=0)
    return {WAYS[0]: np.maximum(numbers, 0.0), **found, WAYS[4]: np.full_like(numbers, stock[origin])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--futures", type=int, default=1000)
    parser.add_argument("--hindcast", action="store_true", help="score the shelter stock on Toronto's past")
    parser.add_argument("--side", choices=["engine", "pandas"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side:
        one_side(chosen.side, chosen.futures)
    elif chosen.hindcast:
        hindcast()
    else:
        beside_pandas(chosen.futures)
        beside_loops()


if __name__ == "__main__":
    main()
