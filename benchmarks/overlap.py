"""Overlap of 12 needs for a million people beside what one would take: pandas group-by, and UpSetPlot.

Made people: booleans with a shared cause, three populations, 158 districts. Both sides start from their own
frame in memory. UpSetPlot's own counting (from_indicators, then a group-by of the index) is run where it is
installed, in an environment of its own (.venv-upset), made the first time.

Usage: python benchmarks/overlap.py [--people 1000000]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from peers import peer_python

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-upset"
PEER_PACKAGES = ("upsetplot==0.9.0", "pandas==2.2.3", "numpy==2.2.6", "pyarrow==21.0.0")
REPEATS, BOUND = 5, 0.2


def make_people(people: int, place: Path) -> None:
    import polars as pl

    from philoxenia.reference import reference_table

    random = np.random.default_rng(12)
    cause = random.random(people)
    codes = reference_table("needs")["code"]
    flags = {code: random.random(people) < 0.05 + 0.25 * cause * random.random() for code in codes}
    groups = np.array(["newcomers", "long_term_residents", "unknown"])[random.integers(0, 3, people)]
    districts = np.array([f"{number:03d}" for number in range(158)])[random.integers(0, 158, people)]
    pl.DataFrame({**flags, "population": groups, "district_id": districts}).write_parquet(place)


def best(compute: Callable[[], Any]) -> tuple[float, Any]:
    timings = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        answer = compute()
        timings.append(time.perf_counter() - start)
    return min(timings), answer


def run_ours(table: Path) -> dict[str, Any]:
    import polars as pl

    from philoxenia.needs.overlap import overlap
    from philoxenia.reference import reference_table

    people, codes = pl.read_parquet(table), reference_table("needs")["code"].to_list()
    overlap(people[:1000], codes)
    told = {}
    told["by population and district"], found = best(lambda: overlap(people, codes))
    before = time.process_time()
    overlap(people, codes)
    processor = time.process_time() - before
    told["by population"], _ = best(lambda: overlap(people, codes, ("population",)))
    told["everybody"], whole = best(lambda: overlap(people, codes, ()))
    told["all supersets of everybody"], _ = best(lambda: whole.inclusive(sizes=range(13)))
    told["lift of 66 pairs by population"], _ = best(lambda: found.lift(("population",)))
    counts = dict(whole.cells.select("mask", "people").iter_rows())
    return {
        "seconds": told,
        "counts": {str(k): v for k, v in counts.items()},
        "cells": found.cells.height,
        "cpu": processor,
    }


def run_peer(table: Path) -> dict[str, Any]:
    import pandas

    people = pandas.read_parquet(table)
    codes = [name for name in people.columns if people[name].dtype == bool]
    told = {}
    told["by population and district"], cells = best(
        lambda: people.groupby(["population", "district_id", *codes], observed=True).size()
    )
    told["by population"], _ = best(lambda: people.groupby(["population", *codes], observed=True).size())
    told["everybody"], whole = best(lambda: people.groupby(codes).size())
    try:
        from upsetplot import from_indicators

        told["everybody, UpSetPlot"], _ = best(
            lambda: from_indicators(codes, data=people).groupby(level=codes).size()
        )
    except Exception as fault:  # a peer that cannot run is told, not hidden
        print(f"UpSetPlot: {fault}", file=sys.stderr)
    bits = 1 << np.arange(len(codes))
    counts = {str(int(np.array(key) @ bits)): int(count) for key, count in whole.items() if count}
    return {"seconds": told, "counts": counts, "cells": len(cells)}


def compare(folder: Path, people: int) -> bool:
    ours, peer = (json.loads((folder / f"{side}.json").read_text()) for side in ("ours", "peer"))
    print(f"12 needs, {people:,} people; best of {REPEATS}")
    print(f"{'what':<36}{'ours s':>9}{'peer s':>9}{'ratio':>8}")
    for what, seconds in ours["seconds"].items():
        theirs = peer["seconds"].get(what)
        ratio = f"{theirs / seconds:8.1f}" if theirs else ""
        print(f"{what:<36}{seconds:>9.3f}{theirs or float('nan'):>9.2f}{ratio}")
    if upset := peer["seconds"].get("everybody, UpSetPlot"):
        print(f"{'everybody, UpSetPlot':<36}{'':>9}{upset:>9.2f}{upset / ours['seconds']['everybody']:8.1f}")
    same = ours["counts"] == peer["counts"] and ours["cells"] == peer["cells"]
    slowest = ours["seconds"]["by population and district"]
    print(
        f"same counts: {same}; {slowest:.3f} s of {BOUND} s allowed ({ours['cpu']:.3f} s of processor time)"
    )
    return same and (slowest < BOUND or people > 1_000_000)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--side", choices=["ours", "peer"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        run = run_ours if given.side == "ours" else run_peer
        told = run(given.folder / "people.parquet")
        (given.folder / f"{given.side}.json").write_text(json.dumps(told))
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_people(given.people, folder / "people.parquet")
        for side, python in (("ours", sys.executable), ("peer", peer_python(PEER, *PEER_PACKAGES))):
            subprocess.run([python, __file__, "--side", side, "--folder", folder], check=True)
        return 0 if compare(folder, given.people) else 1


if __name__ == "__main__":
    sys.exit(main())
