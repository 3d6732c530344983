"""`philoxenia simulate`: a city over thousands of futures, its tables and what they say in sentences."""

import argparse
from pathlib import Path

from philoxenia.cli.progress import StepsShown
from philoxenia.exchange import read_city
from philoxenia.scenarios.futures import Method, Rule, sample_futures, simulate, summary_of
from philoxenia.vocabulary import PhiloxeniaError
from philoxenia.workflows.futures_backtest import backtest_futures, scores_page, write_scores
from philoxenia.workflows.futures_step import model_from_city, write_outcomes

_MOST_FUTURES, _MOST_MONTHS = 100_000, 120
_EPILOG = """examples:
  philoxenia simulate CITY --futures 1000 --months 60 --out out/futures
  philoxenia simulate CITY --backtest"""


class _MisuseError(PhiloxeniaError):
    exit_code = 2


def add_simulate(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia simulate CITY`."""
    parser = subparsers.add_parser(
        "simulate",
        help="a city over thousands of futures",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("city", type=Path, metavar="CITY", help="a city package, such as cities/CITY")
    add("--futures", type=int, default=1000, metavar="N", help="how many futures (default: 1000)")
    add("--months", type=int, default=60, metavar="N", help="months ahead, 1 to 120 (default: 60)")
    add("--method", choices=[str(method) for method in Method], default=str(Method.LATIN_HYPERCUBE))
    add("--rule", choices=[str(rule) for rule in Rule], default=str(Rule.FIRST_COME), help="who is first")
    add("--seed", type=int, default=1, metavar="S", help="same seed, same bytes (default: 1)")
    add("--out", type=Path, metavar="DIR", help="where to write (default: out/<city id>-futures)")
    add("--backtest", action="store_true", help="instead, how futures from past dates would have done")
    add("--quiet", action="store_true", help="no progress, only what was found")
    parser.set_defaults(run=_simulate)


def _simulate(arguments: argparse.Namespace) -> int:
    _check(arguments)
    if arguments.backtest:
        return _look_back(arguments)
    with StepsShown(arguments.quiet) as progress:
        progress("Reading and checking the city", 0.0)
        city = read_city(arguments.city)
        progress("Reading and checking the city", 1.0, f"{len(city.tables)} tables")
        progress("Who may come, and the model", 0.0)
        model = model_from_city(city, arguments.months, arguments.seed)
        design = sample_futures(model, arguments.futures, arguments.seed, arguments.method)
        found = (
            f"{len(model.districts)} districts, {len(model.services)} services, {len(model.shocks)} shocks"
        )
        progress("Who may come, and the model", 1.0, found)
        step = "Simulating futures"
        progress(step, 0.0)
        outcomes = simulate(
            model,
            design,
            {"without": ()},
            rule=arguments.rule,
            progress=lambda done: progress(step, min(done, 0.999)),
        )
        progress(step, 1.0, f"{outcomes.futures:,} futures of {len(model.months)} months")
        progress("Writing tables", 0.0)
        summary = summary_of(outcomes)
        written = write_outcomes(outcomes, arguments.out or Path("out") / f"{city.id}-futures", summary)
        progress("Writing tables", 1.0, f"{len(written)} files")
    print(summary)
    print(f"Tables: {written[0].parent}")
    return 0


def _look_back(arguments: argparse.Namespace) -> int:
    """Stock and exits of the shelters foreseen from past dates, beside the last value kept."""
    step = "Looking back"
    with StepsShown(arguments.quiet) as progress:
        progress(step, 0.0)
        city = read_city(arguments.city)
        scores = backtest_futures(
            city,
            futures=arguments.futures,
            seed=arguments.seed,
            progress=lambda done: progress(step, min(done, 0.999)),
        )
        progress(step, 1.0, f"{scores['origin'].n_unique()} cut-offs")
        written = write_scores(scores, arguments.out or Path("out") / f"{city.id}-futures")
    print(scores_page(scores))
    print(f"Table: {written}")
    return 0


def _check(arguments: argparse.Namespace) -> None:
    for name, most in (("futures", _MOST_FUTURES), ("months", _MOST_MONTHS)):
        if not 1 <= getattr(arguments, name) <= most:
            raise _MisuseError(f"--{name} {getattr(arguments, name)}: give a number from 1 to {most}.")
    if arguments.seed < 0:
        raise _MisuseError(f"--seed {arguments.seed}: give a whole number from 0 up.")
