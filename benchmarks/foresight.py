"""The whole chain of foresight beside the same done with EMA workbench and pandas around the engine's model.

A made-up city, some actions at two sizes: every option and life without in the same futures, then the net
dividend of each option and of each constituency. EMA workbench runs its experiments one after another through
its evaluator, given the compiled model and the very same futures; pandas adds up. Net dividends must agree to
1e-9. Each side is timed in CPU seconds, compiling apart, since other programs share the processor.

Usage: python benchmarks/foresight.py [--futures 200] [--months 36] [--districts 20]
"""

import argparse
import json
import logging
import subprocess
import sys
import time
from pathlib import Path
from sysconfig import get_paths

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-futures"
PACKAGES = ("ema_workbench==2.5.3", "numba", "pandas", "numpy>=2.1")
CLOSE = 1e-9


def study(futures: int, months: int, districts: int) -> tuple:
    """The made-up city, and everything that with and without share."""
    import polars as pl

    from philoxenia.exchange.actions import Known
    from philoxenia.reference import default_parameters
    from philoxenia.report import CityFacts
    from philoxenia.scenarios.futures.made_up import made_up_city
    from philoxenia.vocabulary.actions import Action, Effect
    from philoxenia.workflows.foresight import Subject, read_settings
    from philoxenia.workflows.foresight.catalogue import VALUES, Catalogue
    from philoxenia.workflows.foresight.study import ground_of

    def action(name: str, kind: str, target: str, size: float, cost: float) -> Action:
        effect = Effect(kind, target, size, True, (), (), (), (0.8, 1.0, 1.2), 0.0, 0.0, "assumption", "")
        return Action(
            name, name, "Made up.", ("P1",), (1,), "city", 2, 3, None, cost, cost / 12, (0.8, 1.0, 1.2),
            "assumption", "", (1.0, 2.0), effects=(effect,),
        )  # fmt: skip

    prices = [
        ("waiting", "month", -3000.0, -5000.0, -1500.0, "avoided_loss", "assumption", ""),
        ("in_shelter", "month", -800.0, -1500.0, -300.0, "avoided_loss", "assumption", ""),
        ("unmet.clinic", "visit", -60.0, -90.0, -30.0, "avoided_loss", "assumption", ""),
    ]
    catalogue = Catalogue(
        actions=(
            action("rents", "exits", "", 0.3, 400_000),
            action("places", "capacity", "shelter", 0.1, 600_000),
            action("clinics", "capacity", "clinic", 0.05, 30_000),
        ),
        values=pl.DataFrame(prices, schema=VALUES, orient="row"),
        known=Known(("clinic", "school", "waste")),
    )
    asked = {"futures": futures, "months": months, "starts": [0]}
    settings = read_settings(asked, catalogue, default_parameters())
    model = made_up_city(districts, months, seed=1)
    subject = Subject(model, CityFacts("made", "Made"), pl.DataFrame(), default_parameters(), "benchmark")
    return subject, settings, ground_of(subject, settings)[0]


def options(settings) -> dict:  # type: ignore[no-untyped-def]
    """Every option by name."""
    from philoxenia.workflows.foresight.options import choices_of

    chosen = [choices_of(action, settings.starts, True) for action in settings.catalogue.actions]
    return {choice.name: (choice,) for group in chosen for choice in group}


def engine(futures: int, months: int, districts: int) -> dict[str, object]:
    """CPU seconds of the chain, all of it, and the net dividend of each option."""
    from philoxenia.workflows.foresight import foresee
    from philoxenia.workflows.foresight.progress import ACTIONS

    warm_subject, warm, _ = study(2, months, districts)
    foresee(warm_subject, warm)
    subject, settings, _ = study(futures, months, districts)
    ended: dict[str, float] = {}
    begun = time.process_time()
    found = foresee(
        subject, settings, progress=lambda step, _share, _found: ended.update({step: time.process_time()})
    )
    seconds = time.process_time() - begun
    rows = found["options"]
    net = dict(zip(rows["option"], rows["net_mean"], strict=True))
    return {"seconds": seconds, "dividends": ended[ACTIONS] - begun, "net": net}


def peer(futures: int, months: int, districts: int) -> dict[str, object]:
    """The dividend of each option by EMA workbench's experiments and pandas; nothing else of the chain."""
    import pandas as pd
    from ema_workbench import (
        ArrayOutcome,
        CategoricalParameter,
        Model,
        Policy,
        RealParameter,
        Scenario,
        SequentialEvaluator,
        ema_logging,
        perform_experiments,
    )

    from philoxenia.scenarios.futures import simulate
    from philoxenia.workflows.foresight.options import levers_of

    ema_logging.log_to_stderr(logging.ERROR)
    _, settings, ground = study(futures, months, districts)
    plans = {"without": ()} | {
        name: tuple(lever for choice in course for lever in levers_of(choice))
        for name, course in options(settings).items()
    }
    columns = list(ground.prices.columns)

    def one(option: str, number: float) -> dict[str, np.ndarray]:
        first = int(number)
        part = ground.design.part(first, first + 1)
        found = simulate(ground.model, part, {option: plans[option]}, discount_per_year=ground.rate)
        amounts = found.by_group[0, 0][:, :, columns]
        return {"amounts": amounts.ravel(), "costs": found.cost(option)[0]}

    model = Model("made", function=one)
    model.uncertainties = [RealParameter("number", 0, futures)]
    model.levers = [CategoricalParameter("option", list(plans))]
    model.outcomes = [ArrayOutcome("amounts"), ArrayOutcome("costs")]
    scenarios = [Scenario(str(number), number=float(number)) for number in range(futures)]
    policies = [Policy(name, option=name) for name in plans]
    one("without", 0)
    begun = time.process_time()
    with SequentialEvaluator(model) as evaluator:
        experiments, outcomes = perform_experiments(model, scenarios, policies, evaluator=evaluator)
    keys = pd.DataFrame({"option": experiments["option"], "number": experiments["number"].astype(int)})
    shape = (ground.model.years, 8, len(columns))
    amounts = outcomes["amounts"].reshape(len(keys), *shape)
    discounted = np.einsum("nygm,y->ngm", amounts, ground.discount)
    worth = discounted * ground.prices.drawn[keys["number"].to_numpy()][:, None, :]
    groups = pd.concat([keys, pd.DataFrame(worth.sum(axis=2))], axis=1).set_index(["option", "number"])
    costs = pd.Series(outcomes["costs"] @ ground.discount, index=groups.index)
    without = groups.loc["without"]
    nets = {}
    for name in plans:
        gains = groups.loc[name] - without
        nets[name] = float((gains.sum(axis=1) - costs.loc[name]).mean())
    seconds = time.process_time() - begun
    return {"seconds": seconds, "net": {name: net for name, net in nets.items() if name != "without"}}


def peer_apart(arguments: argparse.Namespace) -> dict[str, object] | None:
    """The peer in its own environment; None, with its last words, where it cannot be installed or run."""
    python = PEER / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", PEER], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    behind = f"import sys; sys.path.append({get_paths()['purelib']!r})\n"
    for folder in PEER.glob("lib/python*/site-packages"):
        (folder / "engine.pth").write_text(behind, encoding="utf-8")
    sizes = [str(getattr(arguments, name)) for name in ("futures", "months", "districts")]
    command = [
        python,
        __file__,
        "--peer",
        "--futures",
        sizes[0],
        "--months",
        sizes[1],
        "--districts",
        sizes[2],
    ]
    environment = {"PYTHONPATH": str(ROOT / "src"), "HOME": str(Path.home())}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        print(f"EMA workbench did not run: {(done.stderr or 'no words').strip().splitlines()[-1]}")
        return None
    return dict(json.loads(done.stdout.splitlines()[-1]))


def compare(arguments: argparse.Namespace) -> int:
    """Both sides; exit code 1 where they disagree."""
    sizes = (arguments.futures, arguments.months, arguments.districts)
    ours = engine(*sizes)
    print(f"{len(ours['net'])} options and life without in {sizes[0]} futures, CPU seconds")
    print(f"engine, the whole chain: {ours['seconds']:.1f}")
    print(f"engine, dividends, districts and months of each option: {ours['dividends']:.1f}")
    theirs = peer_apart(arguments)
    if theirs is None:
        return 0
    print(f"EMA workbench and pandas, dividends of options and nothing else: {theirs['seconds']:.1f}")
    print(f"ratio to the same step of the engine: {theirs['seconds'] / ours['dividends']:.1f}")
    scale = max(abs(net) for net in ours["net"].values())
    apart = max(abs(ours["net"][name] - theirs["net"][name]) for name in ours["net"]) / scale
    print(f"largest difference of a net dividend: {apart:.1e} of the largest")
    return 0 if apart <= CLOSE else 1


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--futures", type=int, default=200)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--districts", type=int, default=20)
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        print(json.dumps(peer(arguments.futures, arguments.months, arguments.districts)))
        return 0
    return compare(arguments)


if __name__ == "__main__":
    sys.exit(main())
