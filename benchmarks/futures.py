"""Futures beside EMA workbench and Rhodium on the same small model, and the reference load.

Usage:
  python benchmarks/futures.py               a small city, 60 months: time for a future on each side
  python benchmarks/futures.py --reference   158 districts x 120 months: seconds, memory, bytes moved
  python benchmarks/futures.py --calibration Toronto's shelters foreseen from past dates, 18 months each

Peers run one future at a time through a Python function. Each is given two: the loops of `plain.py`, which is
how such models are usually written, and the engine's own kernel, so that only the harness is compared. They
are installed the first time into an environment of their own (.venv-futures). CPU seconds are counted, since
other programs share the processor.
"""

import argparse
import json
import resource
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from sysconfig import get_paths

import numpy as np
from peers import peer_python

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-futures"
PACKAGES = ("ema_workbench", "numba", "polars", "rhodium", "numpy>=2.1")
DISTRICTS, MONTHS, FUTURES = 2, 60, 10_000
# The loops of a future take a third of a second: what ten take tells what ten thousand would.
PEER_FUTURES = {"loops": 10, "kernel": 1_000}
# What outcomes may take in memory; beyond it they lie in files.
BOUND = 2_000_000_000
# Rough bytes a future-month touches: cells of people, a year's sums and demand, read and written.
PASSES_OVER_PEOPLE, PASSES_OVER_SERVICES = 8, 6


def small() -> tuple:
    """The small model, and what is uncertain about it."""
    from philoxenia.scenarios.futures.made_up import made_up_city
    from philoxenia.scenarios.futures.sampling import uncertainties

    city = made_up_city(DISTRICTS, MONTHS, seed=1)
    return city, list(uncertainties(city))


def one_future(kind: str) -> Callable[..., dict[str, float]]:
    """A function of one future's quantiles, as the peers want it."""
    from philoxenia.scenarios.futures.kernel import kernel_chunk
    from philoxenia.scenarios.futures.outcomes import make_store
    from philoxenia.scenarios.futures.run import plain_chunk, run_plans
    from philoxenia.scenarios.futures.sampling import Design
    from philoxenia.scenarios.futures.types import Rule

    city, names = small()
    engine = kernel_chunk if kind == "kernel" else plain_chunk

    def model(**quantiles: float) -> dict[str, float]:
        drawn = {name: np.array([quantiles[_plain_name(name)]]) for name in names}
        design = Design(drawn, 0, 0, 1)
        store = make_store(city, 1, {"without": ()}, 2**62, None)
        found = run_plans(
            city, design, {"without": ()}, engine, Rule.FIRST_COME, None, store, 1, lambda _: None
        )
        waited = float(found.by_group[..., found.measure("waiting")].sum())
        return {"waiting": waited}

    return model


def _plain_name(name: str) -> str:
    return name.replace(".", "_")


def ema(kind: str, futures: int) -> float:
    """CPU seconds of EMA workbench for so many futures."""
    from ema_workbench import Model, RealParameter, ScalarOutcome, perform_experiments

    model = Model("small", function=one_future(kind))
    _, names = small()
    model.uncertainties = [RealParameter(_plain_name(name), 0, 1) for name in names]
    model.outcomes = [ScalarOutcome("waiting")]
    one_future(kind)(**{_plain_name(name): 0.5 for name in names})
    return timed(lambda: perform_experiments(model, scenarios=futures))


def rhodium(kind: str, futures: int) -> float:
    """CPU seconds of Rhodium for so many futures."""
    from rhodium import Model, Parameter, Response, UniformUncertainty, evaluate, sample_lhs

    run = one_future(kind)
    _, names = small()
    model = Model(lambda **quantiles: run(**quantiles)["waiting"])
    model.parameters = [Parameter(_plain_name(name)) for name in names]
    model.responses = [Response("waiting", Response.MINIMIZE)]
    model.uncertainties = [UniformUncertainty(_plain_name(name), 0, 1) for name in names]
    run(**{_plain_name(name): 0.5 for name in names})
    return timed(lambda: evaluate(model, sample_lhs(model, futures)))


def engine(futures: int, districts: int = DISTRICTS, months: int = MONTHS) -> float:
    """CPU seconds of the engine for so many futures, sampling and outcomes included, compiling not."""
    from philoxenia.scenarios.futures import sample_futures, simulate
    from philoxenia.scenarios.futures.made_up import made_up_city

    city = made_up_city(districts, months, seed=1)
    simulate(city, sample_futures(city, 2), {"without": ()})
    return timed(lambda: simulate(city, sample_futures(city, futures), {"without": ()}))


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of all threads."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def stream_bytes_per_second() -> float:
    """Bytes read and written in a second by a = b + s * c on arrays beyond every cache (STREAM triad)."""
    from numba import njit

    @njit
    def triad(a, b, c):  # type: ignore[no-untyped-def]
        for i in range(a.size):
            a[i] = b[i] + 3.0 * c[i]

    a, b, c = (np.ones(20_000_000) for _ in range(3))
    triad(a, b, c)
    seconds = min(timed(lambda: triad(a, b, c)) for _ in range(3))
    return 3 * a.nbytes / seconds


def reference(futures: int) -> dict[str, float]:
    """The reference load on `futures` futures, and what memory alone would allow."""
    from philoxenia.scenarios.futures import sample_futures, simulate
    from philoxenia.scenarios.futures.made_up import made_up_city
    from philoxenia.scenarios.futures.outcomes import outcome_bytes
    from philoxenia.scenarios.futures.types import BANDS, CLASSES, GROUPS

    districts, months, services = 158, 120, 3
    city = made_up_city(districts, months, seed=1)
    simulate(city, sample_futures(city, 2), {"without": ()})
    begun = time.perf_counter()
    seconds = timed(
        lambda: simulate(city, sample_futures(city, futures), {"without": ()}, memory_limit_bytes=BOUND)
    )
    wall = time.perf_counter() - begun
    # Before the arrays of STREAM, which are no part of the load.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    people, groups = len(CLASSES) * len(BANDS), len(GROUPS)
    state = districts * (2 * people + (services + 4 + len(city.measures)) * groups) * 8
    touched = PASSES_OVER_PEOPLE * people + services * PASSES_OVER_SERVICES * groups
    moved = futures * months * districts * touched * 8 * 2
    return {
        "futures": futures,
        "wall_seconds": wall,
        "cpu_seconds": seconds,
        "cpu_milliseconds_a_future": 1000 * seconds / futures,
        "outcomes_gigabytes": outcome_bytes(city, futures, 1) / 1e9,
        "memory_bound_gigabytes": BOUND / 1e9,
        "peak_gigabytes": peak / 1e9,
        "state_of_a_future_kilobytes": state / 1e3,
        "touched_kilobytes_a_future_month": moved / futures / months / 1e3,
        "touched_gigabytes_a_second": moved / seconds / 1e9,
        "stream_gigabytes_a_second": stream_bytes_per_second() / 1e9,
    }


def calibration() -> str:
    """Stock and exits of Toronto's shelters foreseen from seven past dates, beside persistence."""
    from philoxenia.exchange import read_city
    from philoxenia.workflows.futures_backtest import backtest_futures, scores_page

    city = read_city(ROOT / "cities" / "toronto")
    return scores_page(backtest_futures(city, origins=7, futures=1000))


def peer_seconds(name: str, kind: str, futures: int) -> float | None:
    """CPU seconds of a peer in its own environment, or None where it cannot be installed or run."""
    asked = [peer_python(PEER, *PACKAGES), __file__, "--peer", name, kind, str(futures)]
    done = subprocess.run(asked, capture_output=True, text=True, env=_environment(), check=False)
    if done.returncode != 0:
        print(f"  {name} did not run: {(done.stderr or 'no words').strip().splitlines()[-1]}")
        return None
    return float(json.loads(done.stdout.splitlines()[-1]))


def _environment() -> dict[str, str]:
    """The engine's source, and its libraries behind the peer's own."""
    behind = f"import sys; sys.path.append({get_paths()['purelib']!r})\n"
    for folder in PEER.glob("lib/python*/site-packages"):
        (folder / "engine.pth").write_text(behind, encoding="utf-8")
    return {"PYTHONPATH": str(ROOT / "src"), "HOME": str(Path.home())}


def compare() -> None:
    """The small model on each side, in CPU milliseconds a future; peers on fewer futures, all alike."""
    ours = engine(FUTURES) / FUTURES
    print(
        f"engine: {1000 * ours:.3f} ms a future ({ours * FUTURES:.1f} CPU s, {FUTURES:,} x {MONTHS} months)"
    )
    for name in ("ema", "rhodium"):
        for kind, futures in PEER_FUTURES.items():
            seconds = peer_seconds(name, kind, futures)
            if seconds is not None:
                each = seconds / futures
                told = f"{1000 * each:.2f} ms a future on {futures}, {each / ours:,.0f} times ours"
                print(f"{name} around the {kind}: {told}", flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("--calibration", action="store_true")
    parser.add_argument("--futures", type=int, default=500)
    parser.add_argument("--peer", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peer:
        name, kind, futures = asked.peer
        print(json.dumps({"ema": ema, "rhodium": rhodium}[name](kind, int(futures))))
    elif asked.reference:
        for name, value in reference(asked.futures).items():
            print(f"{name:34} {value:12,.2f}")
    elif asked.calibration:
        print(calibration())
    else:
        compare()


if __name__ == "__main__":
    main()
