"""`philoxenia forecast` and `philoxenia backtest`: any monthly, quarterly or yearly table.

Results go to standard output and nothing else does; notes go to standard error.
"""

import argparse
import io
import json
import sys
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from philoxenia.arrivals import backtest, estimate_demand, forecast, forecast_demand
from philoxenia.arrivals.reading import Asked, read_history
from philoxenia.vocabulary import PhiloxeniaError

_DIGITS = 4
_LONGEST = 240
_WIDEST = 99.5
_EXAMPLE = (
    "example:\n  philoxenia {command} intake.csv --time month --group group --value newly_identified "
    "--horizon 12 --levels 50,80,95 --format json"
)


class _MisuseError(PhiloxeniaError):
    exit_code = 2


def add_forecast(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia forecast FILE`."""
    parser = _common(subparsers, "forecast", "forecast series with calibrated intervals")
    add = parser.add_argument
    add("--seed", type=int, default=1, metavar="S", help="of the sample paths (default: 1)")
    add("--capacity", type=Path, metavar="FILE", help="capacity and occupied places: forecast demand as well")
    add("--capacity-time", metavar="COLUMN", help="its time column (default: as --time)")
    add("--binding-from", default="", metavar="PERIOD", help="capacity holds intake down from here on")
    parser.set_defaults(run=_forecast)


def add_backtest(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia backtest FILE`."""
    parser = _common(subparsers, "backtest", "say how the forecasts would have done in the past")
    parser.add_argument("--origins", type=int, default=24, metavar="N", help="past dates to look back from")
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    parser.set_defaults(run=_backtest)


def _common(
    subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", command: str, help_line: str
) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(
        command,
        help=help_line,
        epilog=_EXAMPLE.format(command=command),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("file", type=Path, metavar="FILE", help="CSV, XLSX or Parquet")
    add("--time", required=True, metavar="COLUMN", help="months, quarters or years; recognised")
    add("--value", required=True, metavar="COLUMN", help="the counts")
    add("--group", action="append", default=[], metavar="COLUMN[,COLUMN]", help="what tells series apart")
    add("--sum", action="store_true", help="add up rows of the same group and time (default: refuse them)")
    add("--sheet", default="", metavar="NAME", help="sheet of a workbook (default: the first that is filled)")
    add("--horizon", type=int, default=12, metavar="N", help="periods ahead (default: 12)")
    add("--levels", type=_levels, default=(50, 80, 95), metavar="L,L", help="in percent (default: 50,80,95)")
    add("--signal", type=Path, metavar="FILE", help="an upstream series that runs ahead of this one")
    add("--signal-time", metavar="COLUMN", help="its time column (default: as --time)")
    add("--signal-value", metavar="COLUMN", help="its value column (default: as --value)")
    add(
        "--signal-group",
        action="append",
        default=[],
        metavar="COLUMN",
        help="its groups, named as the series'",
    )
    add("--format", choices=("json", "csv", "table"), default="table", help="default: table")
    add("--out", type=Path, metavar="FILE", help="write there instead of standard output")
    return parser


def _levels(text: str) -> tuple[float, ...]:
    try:
        return tuple(int(level) if float(level).is_integer() else float(level) for level in text.split(","))
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text!r}: write levels in percent, such as 50,80,95") from fault


def _forecast(arguments: argparse.Namespace) -> int:
    history, signal = _read(arguments)
    result = forecast(history, arguments.horizon, arguments.levels, arguments.seed, signal=signal)
    _say(result.notes)
    made = result.forecasts.with_columns(measure=pl.lit(arguments.value))
    if arguments.capacity is None and not arguments.binding_from:
        _hand_out(made.drop("measure"), arguments, "Forecast")
        return 0
    demand = _demand(history, signal, arguments)
    _hand_out(pl.concat([made, demand]), arguments, "Recorded and estimated demand")
    return 0


def _demand(
    history: pl.DataFrame, signal: pl.DataFrame | None, arguments: argparse.Namespace
) -> pl.DataFrame:
    estimate = estimate_demand(
        history,
        _capacity(arguments),
        binding_from=arguments.binding_from,
        signal=signal,
        seed=arguments.seed,
    )
    _say(estimate.assumptions)
    return forecast_demand(estimate, arguments.horizon, arguments.levels, arguments.seed).forecasts


def _capacity(arguments: argparse.Namespace) -> pl.DataFrame | None:
    if arguments.capacity is None:
        return None
    time = arguments.capacity_time or arguments.time
    places, filled = (
        read_history(arguments.capacity, Asked(time, name, add_up=True))[0].select(
            "time", pl.col("value").alias(name)
        )
        for name in ("capacity", "occupied")
    )
    return places.join(filled, on="time")


def _backtest(arguments: argparse.Namespace) -> int:
    if arguments.origins < 1:
        raise _MisuseError(f"--origins {arguments.origins}: give one or more.")
    history, signal = _read(arguments)
    result = backtest(history, arguments.horizon, arguments.levels, arguments.origins, signal=signal)
    _say(result.notes)
    several = result.frame["group"].n_unique() > 1
    scores = pl.concat([result.pooled, result.frame]) if several else result.frame
    _say((result.verdict,))
    _hand_out(scores.drop("measure"), arguments, "How forecasts would have done")
    return 0


def _read(arguments: argparse.Namespace) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    if not 1 <= arguments.horizon <= _LONGEST:
        raise _MisuseError(f"--horizon {arguments.horizon}: give a number of periods from 1 to {_LONGEST}.")
    if wrong := [level for level in arguments.levels if not 1 <= level <= _WIDEST]:
        raise _MisuseError(f"--levels {wrong[0]:g}: give shares in percent from 1 to {_WIDEST}.")
    groups = _names(arguments.group)
    asked = Asked(arguments.time, arguments.value, groups, arguments.sheet, arguments.sum)
    history, notes = read_history(arguments.file, asked)
    _say(notes)
    if arguments.signal is None:
        return history, None
    time, value = arguments.signal_time or arguments.time, arguments.signal_value or arguments.value
    signal_groups = _names(arguments.signal_group)
    signal, notes = read_history(arguments.signal, Asked(time, value, signal_groups, add_up=True))
    _say(notes)
    return history, signal if signal_groups else signal.drop("group")


def _names(texts: list[str]) -> tuple[str, ...]:
    return tuple(name.strip() for text in texts for name in text.split(",") if name.strip())


def _say(notes: tuple[str, ...]) -> None:
    for note in notes:
        print(note, file=sys.stderr)


def _hand_out(frame: pl.DataFrame, arguments: argparse.Namespace, title: str) -> None:
    rounded = frame.with_columns(pl.selectors.float().round(_DIGITS))
    match arguments.format:
        case "json":
            text = _json(rounded)
        case "csv":
            text = rounded.write_csv()
        case _:
            text = _table(rounded, title)
    if arguments.out is None:
        sys.stdout.write(text)
        return
    unfinished = arguments.out.with_name(f".{arguments.out.name}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(arguments.out)
    except OSError as fault:
        raise _MisuseError(f"{arguments.out} cannot be written ({fault.strerror}).") from fault


def _json(frame: pl.DataFrame) -> str:
    return json.dumps(frame.fill_nan(None).to_dicts(), ensure_ascii=False, indent=1) + "\n"


def _table(frame: pl.DataFrame, title: str) -> str:
    table = Table(title=title, title_justify="left")
    for name, dtype in frame.schema.items():
        table.add_column(name.replace("_", " "), justify="right" if dtype.is_numeric() else "left")
    for row in frame.iter_rows():
        table.add_row(*map(_cell, row))
    text = io.StringIO()
    Console(file=text, width=160).print(table)
    return text.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return "" if value is None else str(value)
