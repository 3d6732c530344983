"""Two-step floating catchments beside PySAL `access`: the same answer, and how much sooner.

3,000 groups of people and 3,000 places, every one of the 9,000,000 travel times in a table that both sides
start from. PySAL runs in an environment of its own (.venv-access), made here the first time.

Usage: python benchmarks/reach.py [--size 3000]
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from peers import peer_python

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-access"
PEER_PACKAGE = "access==1.1.10.post3"
METHODS = {"2sfca": ((30.0,), (1.0,)), "e2sfca": ((10.0, 20.0, 30.0), (1.0, 0.68, 0.22))}
REPEATS = 3


def make_table(size: int, place: Path) -> None:
    """People, supply and travel times from seeded points on a square 100 minutes wide."""
    random = np.random.default_rng(2003)
    people, places = random.random((size, 2)) * 100, random.random((size, 2)) * 100
    minutes = np.hypot(*(people[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    np.savez(
        place,
        people=random.integers(1, 2000, size).astype(float),
        supply=random.integers(1, 40, size).astype(float),
        minutes=minutes.ravel(),
        people_xy=people,
        places_xy=places,
    )


def best(compute: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """The least of a few timings, and the answer."""
    timings = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        answer = compute()
        timings.append(time.perf_counter() - start)
    return min(timings), answer


def run_ours(table: dict[str, np.ndarray]) -> dict[str, tuple[float, np.ndarray]]:
    from philoxenia.needs.catchment import catchment_weights, travel_time_weights, two_step

    shape = (len(table["people"]), len(table["supply"]))
    person, place = (index.ravel() for index in np.indices(shape))

    def from_table(zones):
        weights = travel_time_weights(table["minutes"], person, place, shape, *zones)
        return two_step(table["people"], table["supply"], weights).access

    def from_points(zones):
        weights = catchment_weights(table["people_xy"], table["places_xy"], *zones)
        return two_step(table["people"], table["supply"], weights).access

    found = {method: best(lambda zones=zones: from_table(zones)) for method, zones in METHODS.items()}
    points = {f"{name} from points": best(lambda z=zones: from_points(z)) for name, zones in METHODS.items()}
    return found | points


def run_peer(table: dict[str, np.ndarray]) -> dict[str, tuple[float, np.ndarray]]:
    import pandas
    from access import Access
    from access.weights import step_fn

    person, place = (index.ravel() for index in np.indices((len(table["people"]), len(table["supply"]))))
    model = Access(
        demand_df=pandas.DataFrame({"people": table["people"]}).rename_axis("geoid"),
        demand_value="people",
        supply_df=pandas.DataFrame({"supply": table["supply"]}).rename_axis("geoid"),
        supply_value="supply",
        cost_df=pandas.DataFrame({"origin": person, "dest": place, "cost": table["minutes"]}),
        cost_origin="origin",
        cost_dest="dest",
        cost_name="cost",
    )

    def compute(method):
        edges, weights = METHODS[method]
        graded = {} if method == "2sfca" else {"weight_fn": step_fn(dict(zip(edges, weights, strict=True)))}
        call = model.two_stage_fca if method == "2sfca" else model.enhanced_two_stage_fca
        return call(name=method, max_cost=edges[-1], **graded)[f"{method}_supply"].to_numpy()

    return {method: best(lambda method=method: compute(method)) for method in METHODS}


def run_side(side: str, folder: Path) -> None:
    """In a process of its own, so that each side's memory is its own."""
    with np.load(folder / "table.npz") as stored:
        table = {name: stored[name] for name in stored.files}
    before = peak_mib()
    found = run_ours(table) if side == "ours" else run_peer(table)
    np.savez(folder / f"{side}.npz", **{name: answer for name, (_, answer) in found.items()})
    told = {"seconds": {name: seconds for name, (seconds, _) in found.items()}, "mib": peak_mib() - before}
    (folder / f"{side}.json").write_text(json.dumps(told), encoding="utf-8")


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(folder: Path) -> bool:
    """Print times, memory and the largest relative difference; whether every answer is the same to 1e-12."""
    told = {
        side: json.loads((folder / f"{side}.json").read_text(encoding="utf-8")) for side in ("ours", "peer")
    }
    ours, peer = np.load(folder / "ours.npz"), np.load(folder / "peer.npz")
    same = True
    print(f"{'method':<20}{'ours s':>9}{'access s':>10}{'ratio':>8}{'largest difference / mean':>30}")
    for method in METHODS:
        mine, theirs = told["ours"]["seconds"][method], told["peer"]["seconds"][method]
        # Where nobody reaches anything PySAL has no row, and we have zero.
        answer = np.nan_to_num(peer[method])
        apart = float(np.max(np.abs(ours[method] - answer)) / answer.mean())
        same &= apart <= 1e-12
        print(f"{method:<20}{mine:>9.3f}{theirs:>10.2f}{theirs / mine:>8.1f}{apart:>30.1e}")
    for method in METHODS:
        print(f"{method + ' from points':<20}{told['ours']['seconds'][method + ' from points']:>9.3f}")
    memory = " and ".join(f"{side} {told[side]['mib']:,.0f} MiB" for side in told)
    print(f"peak memory above the table: {memory}")
    return same


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=3000, help="groups of people, and places")
    parser.add_argument("--side", choices=["ours", "peer"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        run_side(given.side, given.folder)
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_table(given.size, folder / "table.npz")
        for side, python in (("ours", sys.executable), ("peer", peer_python(PEER, PEER_PACKAGE))):
            subprocess.run([python, __file__, "--side", side, "--folder", folder], check=True)
        return 0 if compare(folder) else 1


if __name__ == "__main__":
    sys.exit(main())
