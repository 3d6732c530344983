"""Boxes of failure (PRIM) beside EMA workbench: the same trail of boxes, and how much sooner.

Three seeded sets of futures. EMA workbench runs in an environment of its own (.venv-ema), made here the first
time. With 1,500 futures every box is the same; with 5,000 two of the three trails part after 40 boxes.

Usage: python benchmarks/boxes.py [--futures 1500]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
from peers import peer_python

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-ema"
PEER_PACKAGE = "ema_workbench==2.5.3"
NAMES = tuple("abcd")


def make_cases(futures: int, folder: Path) -> None:
    """A box, a slope and two boxes, each with one flag in twenty turned."""
    for number in range(3):
        random = np.random.default_rng(number)
        x = random.random((futures, len(NAMES)))
        a, b, c, d = x.T
        failed = ((a > 0.6) & (c < 0.5), b + d > 1.3, (a > 0.75) | ((b < 0.2) & (c > 0.5)))[number]
        np.savez(folder / f"case{number}.npz", x=x, failed=failed ^ (random.random(futures) < 0.05))


def ours(x: np.ndarray, failed: np.ndarray) -> list[tuple[float, float, float]]:
    from philoxenia.valuation import find_boxes

    boxes = find_boxes({name: x[:, i] for i, name in enumerate(NAMES)}, failed)
    return [(box.coverage, box.density, box.mass) for box in boxes]


def peer(x: np.ndarray, failed: np.ndarray) -> list[tuple[float, float, float]]:
    warnings.filterwarnings("ignore")
    import pandas
    from ema_workbench.analysis import prim

    found = prim.Prim(pandas.DataFrame(x, columns=list(NAMES)), failed.astype(int), threshold=0.8).find_box()
    return list(found.peeling_trajectory[["coverage", "density", "mass"]].itertuples(index=False, name=None))


def run_side(side: str, folder: Path) -> None:
    told = []
    for place in sorted(folder.glob("case*.npz")):
        with np.load(place) as stored:
            x, failed = stored["x"], stored["failed"]
        compute = ours if side == "ours" else peer
        compute(x, failed)
        start = time.perf_counter()
        trail = compute(x, failed)
        told.append({"seconds": time.perf_counter() - start, "trail": trail})
    (folder / f"{side}.json").write_text(json.dumps(told), encoding="utf-8")


def compare(folder: Path) -> bool:
    """Print times and the largest difference along the trails; whether every box is the same."""
    mine, theirs = (
        json.loads((folder / f"{side}.json").read_text(encoding="utf-8")) for side in ("ours", "peer")
    )
    same = True
    print(f"{'case':<6}{'boxes':>7}{'ours s':>9}{'EMA s':>9}{'ratio':>8}{'largest difference':>21}")
    for number, (one, other) in enumerate(zip(mine, theirs, strict=True)):
        alike = len(one["trail"]) == len(other["trail"])
        apart = float(np.abs(np.subtract(one["trail"], other["trail"])).max()) if alike else float("inf")
        same &= apart < 1e-12
        ratio = other["seconds"] / one["seconds"]
        seconds = f"{one['seconds']:>9.3f}{other['seconds']:>9.2f}{ratio:>8.1f}"
        print(f"{number:<6}{len(one['trail']):>7}{seconds}{apart:>21.1e}")
    return same


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--futures", type=int, default=1500)
    parser.add_argument("--side", choices=["ours", "peer"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        run_side(given.side, given.folder)
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_cases(given.futures, folder)
        for side, python in (("ours", sys.executable), ("peer", peer_python(PEER, PEER_PACKAGE))):
            subprocess.run([python, __file__, "--side", side, "--folder", folder], check=True)
        return 0 if compare(folder) else 1


if __name__ == "__main__":
    sys.exit(main())
