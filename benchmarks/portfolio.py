"""What a budget buys best beside what a user would take: PuLP with its own solver, CBC.

A made catalogue of 60 actions that may start in any of 10 years, 500 futures that six drivers move, four
funders with yearly budgets, floors for 16 constituencies, prerequisites and exclusions. Three aims: the mean,
the worst tenth (CVaR), the least regret. The peer is given the textbook programs (Rockafellar and Uryasev
2000) and as many seconds. For regret it would have to solve 500 integer programs first: ours alone is shown.
PuLP runs in an environment of its own (.venv-pulp), made here the first time.

Printed: seconds on the clock and of the processor, memory, what each side's portfolio brings on average and
in the worst tenth, reckoned by the same code, and the gap that is proven (CBC tells none through PuLP).

Usage: python benchmarks/portfolio.py [--seconds 60] [--actions 60] [--seed 0] [--aims mean cvar regret]
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from peers import peer_python

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-pulp"
PEER_PACKAGES = ("pulp==3.3.0", "numpy")
AIMS = ("mean", "cvar", "regret")
YEARS, FUTURES, FUNDERS, CELLS, DRIVERS = 10, 500, 4, 16, 6
WORST = 0.1
GAP = 1e-4
SIDES = ("ours", "PuLP")


def make_case(seed: int, actions: int, place: Path) -> None:
    """Costs once and by year, benefits that follow drivers, all in millions; every option is a row."""
    random = np.random.default_rng(seed)
    drivers = random.normal(size=(FUTURES, DRIVERS))
    discount = 1.035 ** -np.arange(YEARS)
    values, gains, costs = [], [], []
    asked = np.zeros((FUNDERS, YEARS))
    for _ in range(actions):
        funder = random.integers(FUNDERS)
        once, yearly = random.lognormal(1.5, 1.0), random.lognormal(0.3, 0.8)
        ratio, lead = random.lognormal(0.25, 0.45) * 1.1, random.integers(0, 2)
        moved = drivers @ (random.normal(size=DRIVERS) * 0.25) + random.normal(size=FUTURES) * 0.2
        asked[funder] += once / YEARS * 3 + yearly * (np.arange(YEARS) + 1) / YEARS * 2
        for start in range(YEARS):
            cost = np.zeros((FUNDERS, YEARS))
            cost[funder, start] += once
            cost[funder, start:] += yearly
            benefit = ratio * (once / 6 + yearly) * discount[start + lead :].sum()
            values.append(benefit * np.maximum(1 + moved, -0.5) - (cost.sum(axis=0) * discount).sum())
            losing = benefit * 0.05 * (random.random(CELLS) < 0.2)
            gains.append(random.dirichlet(np.full(CELLS, 0.5)) * benefit * 1.05 - losing)
            costs.append(cost)
    np.savez(
        place,
        values=np.array(values),
        gains=np.array(gains),
        costs=np.array(costs),
        budgets=asked * 0.3,
        needs=[(3, 4), (10, 11), (20, 25), (7, 8)],
        excludes=[(0, 1), (14, 15), (22, 23)],
    )


def run_ours(case: dict[str, np.ndarray], aim: str, seconds: float) -> tuple[list[int], float]:
    from philoxenia.valuation.portfolio import Aim, Limits, Option, Prerequisite, choose

    options = [
        Option(f"a{i // YEARS:02}", "1", i % YEARS, value, gain, cost)
        for i, (value, gain, cost) in enumerate(
            zip(case["values"], case["gains"], case["costs"], strict=True)
        )
    ]
    limits = Limits(
        budgets=case["budgets"],
        floors=tuple((cell, 0.0) for cell in range(CELLS)),
        prerequisites=tuple(Prerequisite(f"a{a:02}", f"a{b:02}", 1) for a, b in case["needs"].tolist()),
        exclusions=tuple(frozenset((f"a{a:02}", f"a{b:02}")) for a, b in case["excludes"].tolist()),
    )
    found = choose(options, limits, Aim(aim, WORST, gap=GAP, effort=seconds))
    chosen = {id(option) for option in found.chosen}
    return [i for i, option in enumerate(options) if id(option) in chosen], found.gap


def run_peer(case: dict[str, np.ndarray], aim: str, seconds: float) -> tuple[list[int], float]:
    """The textbook program."""
    import pulp

    values = case["values"]
    program = pulp.LpProblem("portfolio", pulp.LpMaximize)
    x = [pulp.LpVariable(f"x{i}", cat="Binary") for i in range(len(values))]

    def total(weights: np.ndarray) -> "pulp.LpAffineExpression":
        return pulp.LpAffineExpression([(x[i], float(w)) for i, w in enumerate(weights) if w])

    if aim == "mean":
        program += total(values.mean(axis=1))
    else:
        level = pulp.LpVariable("level")
        short = [pulp.LpVariable(f"z{f}", 0) for f in range(FUTURES)]
        program += level - pulp.lpSum(short) * (1 / (WORST * FUTURES))
        for f in range(FUTURES):
            program += short[f] >= level - total(values[:, f])
    for weights, most in rows_of(case):
        program += total(weights) <= most
    program.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, gapRel=GAP))
    return [i for i, one in enumerate(x) if (one.value() or 0) > 0.5], float("nan")


def rows_of(case: dict[str, np.ndarray]) -> Iterator[tuple[np.ndarray, float]]:
    """Every limit as weights of the options and the most they may come to."""
    costs, gains, budgets = (case[name] for name in ("costs", "gains", "budgets"))
    yield from ((costs[:, u, y], float(budgets[u, y])) for u, y in np.ndindex(budgets.shape))
    yield from ((-gains[:, cell], 0.0) for cell in range(CELLS))
    action, start = np.arange(len(costs)) // YEARS, np.arange(len(costs)) % YEARS
    yield from (((action == a) * 1.0, 1.0) for a in range(action.max() + 1))
    yield from ((((action == a) | (action == b)) * 1.0, 1.0) for a, b in case["excludes"])
    for a, b in case["needs"]:
        for year in range(YEARS):
            mine, theirs = (action == a) & (start <= year), (action == b) & (start <= year - 1)
            yield mine * 1.0 - theirs * 1.0, 0.0


def run_side(side: str, aim: str, seconds: float, folder: Path) -> None:
    with np.load(folder / "case.npz") as stored:
        case = dict(stored)
    start, before = time.perf_counter(), _processor()
    chosen, gap = (run_ours if side == "ours" else run_peer)(case, aim, seconds)
    told = {
        "seconds": time.perf_counter() - start,
        "processor": _processor() - before,
        "chosen": chosen,
        "gap": gap,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    (folder / f"{side}-{aim}.json").write_text(json.dumps(told), encoding="utf-8")


def _processor() -> float:
    own, of_children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + of_children.ru_utime + of_children.ru_stime


def objective(case: dict[str, np.ndarray], aim: str, chosen: list[int]) -> float:
    value = case["values"][chosen].sum(axis=0)
    if aim == "mean":
        return float(value.mean())
    return float(np.sort(value)[: int(WORST * FUTURES)].mean())


def compare(folder: Path, aims: list[str]) -> None:
    with np.load(folder / "case.npz") as stored:
        case = dict(stored)
    heads = ("clock s", "CPU s", "MiB", "mean", "worst tenth", "gap %")
    print(f"{'aim':<8}{'side':<6}" + "".join(f"{head:>13}" for head in heads))
    for aim in aims:
        places = {side: folder / f"{side}-{aim}.json" for side in SIDES}
        sides = {side: json.loads(place.read_text()) for side, place in places.items() if place.exists()}
        for side, told in sides.items():
            brought = [objective(case, one, told["chosen"]) for one in ("mean", "cvar")]
            numbers = (told["seconds"], told["processor"], told["mib"], *brought, 100 * told["gap"])
            print(f"{aim:<8}{side:<6}" + "".join(f"{number:>13.2f}" for number in numbers))
        if "PuLP" in sides:
            ratio = sides["PuLP"]["processor"] / sides["ours"]["processor"]
            print(f"{'':<14}PuLP takes {ratio:.1f} times the processor's time")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--actions", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--aims", nargs="+", choices=AIMS, default=list(AIMS))
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        run_side(given.side, given.aims[0], given.seconds, given.folder)
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_case(given.seed, given.actions, folder / "case.npz")
        for aim in given.aims:
            for side in SIDES:
                if (aim, side) == ("regret", "PuLP"):
                    continue
                python = sys.executable if side == "ours" else peer_python(PEER, *PEER_PACKAGES)
                asked = ["--side", side, "--folder", folder, "--aims", aim, "--seconds", str(given.seconds)]
                subprocess.run([python, __file__, *asked], check=True)
        compare(folder, given.aims)
    return 0


if __name__ == "__main__":
    sys.exit(main())
