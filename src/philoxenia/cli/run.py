"""`philoxenia run` and `philoxenia demo`: from a city package to the report."""

import argparse
import textwrap
from pathlib import Path

from philoxenia.cli.progress import StepsShown
from philoxenia.vocabulary import PhiloxeniaError
from philoxenia.workflows import RunResult, run_city

EXAMPLE = Path("cities") / "toronto"
_COLUMNS = 100
_REASONS_SHOWN = 5
# A terminal shows the signs that isolate right-to-left names as boxes or question marks.
_ISOLATING = dict.fromkeys(range(0x2066, 0x206A))


def _add_options(parser: argparse.ArgumentParser, out_default: str) -> None:
    parser.add_argument("--out", type=Path, metavar="DIR", help=f"where to write (default: {out_default})")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same bytes (default: 1)")
    parser.add_argument(
        "--horizon", type=int, default=12, metavar="N", help="months ahead, 1 to 60 (default: 12)"
    )
    parser.add_argument("--fresh", action="store_true", help="compute every step again, keep nothing")
    parser.add_argument("--quiet", action="store_true", help="no progress, only what to open")


def add_run(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia run CITY`."""
    parser = subparsers.add_parser("run", help="from a city package to the report")
    parser.add_argument("city", type=Path, metavar="CITY", help="a city package, such as cities/toronto")
    _add_options(parser, "out/<city id>")
    parser.set_defaults(run=_run)


def add_demo(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia demo`."""
    parser = subparsers.add_parser("demo", help="run the example city")
    _add_options(parser, "out/toronto")
    parser.add_argument(
        "--no-serve", action="store_true", help="only write the report, as `run` does; start no application"
    )
    parser.set_defaults(run=run_demo)


def _run(arguments: argparse.Namespace) -> int:
    if not 1 <= arguments.horizon <= 60:
        raise _MisuseError(f"--horizon {arguments.horizon}: give a number of months from 1 to 60.")
    if arguments.seed < 0:
        raise _MisuseError(f"--seed {arguments.seed}: give a whole number from 0 up.")
    with StepsShown(arguments.quiet) as progress:
        result = run_city(
            arguments.city,
            out=arguments.out,
            seed=arguments.seed,
            horizon=arguments.horizon,
            fresh=arguments.fresh,
            progress=progress,
        )
    _say_what_to_open(result)
    return 0


def run_demo(arguments: argparse.Namespace) -> int:
    """Write the example city's report."""
    arguments.city = find_example()
    return _run(arguments)


def find_example() -> Path:
    """The example city's package, in this folder or in the copy of the repository this code lies in."""
    checkout = Path(__file__).resolve().parents[3]
    for folder in (Path.cwd(), checkout):
        if (folder / EXAMPLE / "city.toml").is_file():
            return folder / EXAMPLE
    raise PhiloxeniaError(
        f"The example city is not here: no {EXAMPLE.as_posix()}/city.toml in this folder. "
        "Run the command in a copy of the project's repository."
    )


def _say_what_to_open(result: RunResult) -> None:
    print(f"\n{_wrapped(result.headline)}\n")
    for reason in _reasons(result):
        print(_wrapped(reason, "  - "))
    for name, what in result.written.items():
        print(f"  {what:<34} {name}")
    print(f"\nOpen {result.report} in a browser.")


def _reasons(result: RunResult) -> list[str]:
    """Why nothing is forecast, where nothing is: most often one word in city.toml."""
    if not result.findings.forecasts.is_empty():
        return []
    missing = result.findings.missing
    reasons = list(dict.fromkeys([*missing.get("data", ()), *missing.get("arrivals", ())]))
    more = [f"{len(reasons) - _REASONS_SHOWN} more in the report."] if len(reasons) > _REASONS_SHOWN else []
    return [*reasons[:_REASONS_SHOWN], *more, ""]


def _wrapped(text: str, mark: str = "") -> str:
    plain = text.translate(_ISOLATING)
    indent = " " * len(mark)
    return textwrap.fill(
        plain,
        _COLUMNS,
        initial_indent=mark if plain else "",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


class _MisuseError(PhiloxeniaError):
    exit_code = 2
