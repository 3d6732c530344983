"""Boxes of failure (PRIM) beside EMA workbench: the same trail of boxes, and how much sooner.

Three seeded sets of futures, and the set that EMA workbench ships: 882 futures of Bryant and Lempert (2010),
with its second box. EMA workbench runs in an environment of its own (.venv-ema), made here the first time.
Every box must be the same. `--golden FOLDER` writes the shipped set and what EMA finds in it for the tests.

Usage: python benchmarks/boxes.py [--futures 5000] [--golden tests/engine/valuation/golden]
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
GOLDEN = ROOT / "tests" / "engine" / "valuation" / "golden"
# The box that EMA workbench's own example looks at.
SELECTED = 21


def make_cases(futures: int, folder: Path) -> None:
    """A box, a slope and two boxes, each with one flag in twenty turned; and the set EMA workbench ships."""
    for number in range(3):
        random = np.random.default_rng(number)
        x = random.random((futures, 4))
        a, b, c, d = x.T
        failed = ((a > 0.6) & (c < 0.5), b + d > 1.3, (a > 0.75) | ((b < 0.2) & (c > 0.5)))[number]
        flags = failed ^ (random.random(futures) < 0.05)
        np.savez(folder / f"case{number}.npz", x=x, failed=flags, peel_share=0.05)
    shipped = np.loadtxt(GOLDEN / "bryant_lempert_2010.csv", delimiter=",", skiprows=1)
    flags = shipped[:, -1] > 0
    np.savez(folder / "case3.npz", x=shipped[:, :-1], failed=flags, peel_share=0.1)


Trail = list[tuple[float, float, float]]


def ours(x: np.ndarray, failed: np.ndarray, peel_share: float) -> Trail:
    from philoxenia.valuation import find_boxes
    from philoxenia.valuation.discovery import PrimSettings

    design = {f"{i}": column for i, column in enumerate(x.T)}
    boxes = find_boxes(design, failed, PrimSettings(peel_share=peel_share))
    return [(box.coverage, box.density, box.mass) for box in boxes]


def peer(x: np.ndarray, failed: np.ndarray, peel_share: float) -> Trail:
    warnings.filterwarnings("ignore")
    import pandas
    from ema_workbench.analysis import prim

    frame = pandas.DataFrame(x, columns=[f"{i}" for i in range(x.shape[1])])
    found = prim.Prim(frame, failed.astype(int), threshold=0.8, peel_alpha=peel_share).find_box()
    return list(found.peeling_trajectory[["coverage", "density", "mass"]].itertuples(index=False, name=None))


def shipped_golden(folder: Path) -> None:
    """The set EMA workbench ships, as in its example sd_prim_bryant_and_lempert.py, and what EMA finds."""
    warnings.filterwarnings("ignore")
    import ema_workbench
    import pandas
    from ema_workbench.analysis import prim

    place = Path(ema_workbench.__file__).parent / "examples" / "data" / "bryant et al 2010 data.csv"
    data = pandas.read_csv(place, index_col=False)
    x, y = data.iloc[:, 2:11], data.iloc[:, 15].values
    # A low threshold, so that the second box is told however thin it is.
    search = prim.Prim(x, y, threshold=0.1, peel_alpha=0.1)
    first = search.find_box()
    trail = first.peeling_trajectory[["coverage", "density", "mass"]].values.tolist()
    first.select(SELECTED)
    limits = {name: first.box_lims[SELECTED][name].tolist() for name in x.columns}
    restricted = [name for name in x.columns if limits[name] != first.box_lims[0][name].tolist()]
    quasi_p = first._calculate_quasi_p(SELECTED, restricted)
    second = search.find_box()
    told = {
        "source": "EMA workbench 2.5.3, peel_alpha 0.1, threshold 0.1; data: Bryant and Lempert 2010, "
        "shipped with EMA workbench (BSD 3-Clause, Jan Kwakkel) as examples/data/bryant et al 2010 data.csv",
        "trail": trail,
        "selected": SELECTED,
        "limits": {name: limits[name] for name in restricted},
        "quasi_p": quasi_p,
        "second_trail": second.peeling_trajectory[["coverage", "density", "mass"]].values.tolist(),
    }
    x.assign(failed=y).to_csv(folder / "bryant_lempert_2010.csv", index=False)
    (folder / "bryant_lempert_2010.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def run_side(side: str, folder: Path) -> None:
    told = []
    for place in sorted(folder.glob("case*.npz")):
        with np.load(place) as stored:
            x, failed, peel_share = stored["x"], stored["failed"], float(stored["peel_share"])
        compute = ours if side == "ours" else peer
        compute(x, failed, peel_share)
        start = time.perf_counter()
        trail = compute(x, failed, peel_share)
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
    parser.add_argument("--futures", type=int, default=5000)
    parser.add_argument("--golden", type=Path)
    parser.add_argument("--side", choices=["ours", "peer", "golden"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side == "golden":
        shipped_golden(given.folder)
        return 0
    if given.golden:
        python = peer_python(PEER, PEER_PACKAGE)
        subprocess.run([python, __file__, "--side", "golden", "--folder", given.golden], check=True)
        return 0
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
