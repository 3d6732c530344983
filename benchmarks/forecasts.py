"""Forecasts beside statsforecast with its own intervals: coverage, interval score, time.

On the shipped shelter flow and asylum claims, and on UNHCR flows where the raw extracts are beside the
checkout. Both sides see the same files and the same past starts, one after the other, each in a process of
its own; statsforecast in an environment of its own (.venv-forecasts), made here the first time.

Usage: python benchmarks/forecasts.py [--quick] [--arima]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from peers import peer_python

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-forecasts"
PEER_PACKAGE = "statsforecast==2.1.1"
SHARED = Path(os.environ.get("PHILOXENIA_SHARED_DATA", ROOT.parent / "shared" / "data"))
FLOWS = [
    "newly_identified",
    "moved_to_housing",
    "became_inactive",
    "returned_to_shelter",
    "actively_homeless",
]
LEVELS = (50, 80, 95)
OURS, BASELINES = "philoxenia", ("Naive", "SeasonalNaive", "WindowAverage")


# --- what is forecast ------------------------------------------------------------------------------


def panels(quick: bool) -> Iterator[dict]:
    """Panels as long tables (group, period number, value), with season, horizon and past starts."""
    import polars as pl

    tables = ROOT / "cities" / "toronto" / "tables"
    flow = pl.read_csv(tables / "shelter_flow.csv")
    for measure in FLOWS[:1] if quick else FLOWS:
        yield monthly(f"shelter: {measure}", flow.select("group", "month", value=measure), quick)
    claims = pl.read_csv(tables / "asylum_claims.csv").filter(pl.col("office") != "all")
    named = claims.select("month", group=pl.col("region") + " " + pl.col("office"), value="claims")
    busy = named.group_by("group").agg(pl.col("value").mean()).filter(pl.col("value") > 5)["group"].to_list()
    yield monthly("asylum claims", named.filter(pl.col("group").is_in(busy)), quick)
    if (SHARED / "arrivals" / "unhcr_flows.parquet").is_file():
        yield yearly_flows(quick)
    else:
        print("UNHCR flows are left out: set PHILOXENIA_SHARED_DATA to the folder of raw extracts.")


def monthly(name: str, table, quick: bool) -> dict:
    import polars as pl

    months = table["month"].unique().sort().to_list()
    numbered = table.with_columns(t=pl.col("month").replace_strict({m: i for i, m in enumerate(months)}))
    last = len(months) - 12
    starts = list(range(last, 55, -6))[: 2 if quick else 8]
    rows = numbered.select("group", "t", pl.col("value").cast(pl.Float64)).rows()
    return {"name": name, "season": 12, "horizon": 12, "starts": starts, "first": months[0], "rows": rows}


def yearly_flows(quick: bool) -> dict:
    import polars as pl

    flows = pl.read_parquet(SHARED / "arrivals" / "unhcr_flows.parquet").filter(pl.col("year") >= 2000)
    kinds = [pl.col(kind).fill_null(0) for kind in ("refugees", "asylum_seekers", "refugee_like", "oip")]
    sums = flows.group_by(group="coa_iso", t=pl.col("year").cast(pl.Int64) - 2000).agg(
        value=pl.sum_horizontal(kinds).sum()
    )
    whole = sums.group_by("group").len().filter(pl.col("len") >= 26)["group"].to_list()
    rows = sums.filter(pl.col("group").is_in(whole)).sort("group", "t").rows()
    starts = list(range(23, 15, -1))[: 2 if quick else 8]
    return {"name": "UNHCR flows", "season": 1, "horizon": 3, "starts": starts, "first": "2000", "rows": rows}


def fewest(panel: dict) -> int:
    """Values that the most demanding model needs: two windows of calibration and something to fit before."""
    return 2 * (panel["horizon"] + panel["season"]) + 8


# --- the two sides -----------------------------------------------------------------------------------


def run_ours(panel: dict) -> dict:
    import polars as pl

    from philoxenia.arrivals import forecast
    from philoxenia.vocabulary import parse_period

    first = parse_period(panel["first"])
    table = pl.DataFrame(panel["rows"], schema=["group", "t", "value"], orient="row")
    table = table.with_columns(time=pl.Series([str(first + t) for t in table["t"]]))
    made, seconds = {}, 0.0
    for start in panel["starts"]:
        begun = time.perf_counter()
        result = forecast(table.filter(pl.col("t") < start), panel["horizon"], LEVELS, paths=0).forecasts
        seconds += time.perf_counter() - begun
        number = {str(first + (start + step)): start + step for step in range(panel["horizon"])}
        for row in result.iter_rows(named=True):
            bounds = [[row[f"lower_{level}"], row[f"upper_{level}"]] for level in LEVELS]
            made[f"{start}|{row['group']}|{number[row['time']]}"] = [row["median"], bounds]
    return {OURS: {"made": made, "seconds": seconds}}


def run_peer(panel: dict) -> dict:
    import pandas
    from statsforecast import StatsForecast
    from statsforecast.models import AutoARIMA, AutoETS, AutoTheta, Naive, SeasonalNaive, WindowAverage
    from statsforecast.utils import ConformalIntervals

    season, horizon = panel["season"], panel["horizon"]
    conformal = ConformalIntervals(h=horizon, n_windows=2)
    models = {
        "AutoETS": AutoETS(season_length=season),
        "AutoTheta": AutoTheta(season_length=season),
        "AutoETS, conformal": AutoETS(season_length=season, prediction_intervals=conformal),
        "Naive": Naive(),
        "SeasonalNaive": SeasonalNaive(season_length=season),
        "WindowAverage": WindowAverage(window_size=3, prediction_intervals=conformal),
    }
    if panel["arima"]:
        models["AutoARIMA"] = AutoARIMA(season_length=season)
    table = pandas.DataFrame(panel["rows"], columns=["unique_id", "ds", "y"])
    out = {}
    for name, model in models.items():
        made, seconds = {}, 0.0
        for start in panel["starts"]:
            past = table[table.ds < start]
            enough = past.groupby("unique_id").y.transform("size") >= fewest(panel)
            begun = time.perf_counter()
            frame = StatsForecast(models=[model], freq=1).forecast(
                df=past[enough], h=horizon, level=list(LEVELS)
            )
            seconds += time.perf_counter() - begun
            label = type(model).__name__
            for row in frame.to_dict("records"):
                bounds = [
                    [max(row[f"{label}-lo-{level}"], 0), max(row[f"{label}-hi-{level}"], 0)]
                    for level in LEVELS
                ]
                made[f"{start}|{row['unique_id']}|{row['ds']}"] = [max(row[label], 0), bounds]
        out[name] = {"made": made, "seconds": seconds}
    return out


# --- scores ------------------------------------------------------------------------------------------


def scored(panel: dict, sides: dict) -> list[tuple[str, list[float], float, float]]:
    """For each model: shares held, interval score, seconds; over the values that every model forecast."""
    truth = {f"{group}|{t}": value for group, t, value in panel["rows"]}
    common = set.intersection(*(set(side["made"]) for side in sides.values()))
    keys = sorted(key for key in common if key.split("|", 1)[1] in truth)
    actual = np.array([truth[key.split("|", 1)[1]] for key in keys])
    found = []
    for name, side in sides.items():
        median = np.array([side["made"][key][0] for key in keys])
        bounds = np.array([side["made"][key][1] for key in keys])
        score, held = 0.5 * np.abs(actual - median), []
        for place, level in enumerate(LEVELS):
            lower, upper, share = bounds[:, place, 0], bounds[:, place, 1], 1 - level / 100
            missed = np.maximum(lower - actual, 0) + np.maximum(actual - upper, 0)
            score = score + share / 2 * (upper - lower) + missed
            held.append(float((missed <= 1e-9).mean()))
        found.append((name, held, float((score / (len(LEVELS) + 0.5)).mean()), side["seconds"]))
    print(f"\n{panel['name']}: {len(keys)} values from {len(panel['starts'])} past starts")
    return found


def show(found: list[tuple[str, list[float], float, float]]) -> None:
    mine = next(row for row in found if row[0] == OURS)
    print(f"{'model':<22}{'50 %':>7}{'80 %':>7}{'95 %':>7}{'score':>12}{'ours/theirs':>13}{'seconds':>9}")
    for name, held, score, seconds in found:
        shares = "".join(f"{share:>7.2f}" for share in held)
        print(f"{name:<22}{shares}{score:>12,.1f}{mine[2] / score:>13.3f}{seconds:>9.1f}")
    best = min(score for name, _, score, _ in found if name in BASELINES)
    print(f"interval score against the best baseline: {mine[2] / best:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="one shelter measure, two past starts")
    parser.add_argument("--arima", action="store_true", help="AutoARIMA as well: minutes a panel")
    parser.add_argument("--side", choices=["ours", "peer"], help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        panel = json.loads(options.file.read_text(encoding="utf-8"))
        made = run_ours(panel) if options.side == "ours" else run_peer(panel)
        options.file.with_suffix(f".{options.side}").write_text(json.dumps(made), encoding="utf-8")
        return
    peer = peer_python(PEER, PEER_PACKAGE)
    with tempfile.TemporaryDirectory() as folder:
        for panel in panels(options.quick):
            file = Path(folder) / "panel.json"
            file.write_text(json.dumps(panel | {"arima": options.arima}), encoding="utf-8")
            sides = {}
            for side, python in (("ours", Path(sys.executable)), ("peer", peer)):
                subprocess.run([python, "-W", "ignore", __file__, "--side", side, "--file", file], check=True)
                sides |= json.loads(file.with_suffix(f".{side}").read_text(encoding="utf-8"))
            show(scored(panel, sides))


if __name__ == "__main__":
    main()
