"""`philoxenia small-area`: unbanked households, or home-ownership potential, by district with intervals."""

import argparse
from pathlib import Path

import polars as pl

from philoxenia.cli.progress import StepsShown
from philoxenia.exchange import City, read_city
from philoxenia.lake.files import write_whole
from philoxenia.needs.small_area import (
    Estimates,
    SmallAreaError,
    ownership_potential,
    unbanked_households,
)
from philoxenia.vocabulary import PhiloxeniaError

_WHAT = ("unbanked", "ownership")
_EPILOG = """examples:
  philoxenia small-area CITY --what unbanked
  philoxenia small-area CITY --what unbanked --direct survey.csv
  philoxenia small-area CITY --what ownership --price 250000 --out ownership.csv

--direct is a CSV: district_id, measure (unbanked or underbanked), estimate and standard_error (shares)."""


class _MisuseError(PhiloxeniaError):
    exit_code = 2


class _UnreadableError(PhiloxeniaError):
    exit_code = 4


def add_small_area(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia small-area CITY`."""
    parser = subparsers.add_parser(
        "small-area",
        help="estimates by district",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("city", type=Path, metavar="CITY", help="a city package, such as cities/CITY")
    add("--what", choices=_WHAT, required=True, help="households without an account, or able to own a home")
    add("--price", type=float, metavar="P", help="ownership: price of a home (default: the city's parameter)")
    add("--direct", type=Path, metavar="FILE", help="unbanked: a survey's own estimates by district")
    add("--seed", type=int, default=1, metavar="S", help="same seed, same bytes (default: 1)")
    add(
        "--out", type=Path, metavar="FILE", help="CSV to write (default: out/<city id>-small-area-<what>.csv)"
    )
    add("--quiet", action="store_true", help="no progress, only what was found")
    parser.set_defaults(run=_small_area)


def _small_area(arguments: argparse.Namespace) -> int:
    _check(arguments)
    direct = _direct(arguments.direct)
    with StepsShown(arguments.quiet) as progress:
        progress("Reading and checking the city", 0.0)
        city = read_city(arguments.city)
        progress("Reading and checking the city", 1.0, f"{len(city.tables)} tables")
        progress("Estimating by district", 0.0)
        found = _estimated(city, direct, arguments)
        progress("Estimating by district", 1.0, f"{found.table['district_id'].n_unique()} districts")
    path = arguments.out or Path("out") / f"{city.id}-small-area-{arguments.what}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, found.table.write_csv)
    print("\n".join(_sentences(found)))
    print(f"Table: {path}")
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if arguments.seed < 0:
        raise _MisuseError(f"--seed {arguments.seed}: give a whole number from 0 up.")
    if arguments.price is not None and arguments.what != "ownership":
        raise _MisuseError("--price goes with --what ownership.")
    if arguments.direct is not None and arguments.what != "unbanked":
        raise _MisuseError("--direct goes with --what unbanked.")


def _estimated(city: City, direct: pl.DataFrame | None, arguments: argparse.Namespace) -> Estimates:
    if arguments.what == "ownership":
        return ownership_potential(city, arguments.price, arguments.seed)
    return unbanked_households(city, direct, arguments.seed)


def _direct(path: Path | None) -> pl.DataFrame | None:
    if path is None:
        return None
    try:
        table = pl.read_csv(path, schema_overrides={"district_id": pl.String, "measure": pl.String})
        return table.with_columns(pl.col("estimate", "standard_error").cast(pl.Float64))
    except FileNotFoundError as problem:
        raise _UnreadableError(f"There is no file {path}.") from problem
    except (OSError, pl.exceptions.PolarsError) as problem:
        if isinstance(problem, pl.exceptions.ColumnNotFoundError | pl.exceptions.InvalidOperationError):
            raise SmallAreaError(
                f"{path.name}: estimate and standard_error must be columns of numbers."
            ) from problem
        raise _UnreadableError(f"{path.name} cannot be read as a CSV table.") from problem


def _sentences(found: Estimates) -> list[str]:
    """The city as a whole for each measure and population, then the notes."""
    said = []
    for (measure, population), rows in found.table.group_by("measure", "population", maintain_order=True):
        base, unit = float(rows["base"].sum()), rows["unit"][0]
        if str(unit).startswith("per"):
            mean = float((rows["estimate"] * rows["base"]).sum()) / max(base, 1.0)
            said.append(f"{measure}, {population}: {mean:,.0f} {unit} (base {base:,.0f})")
        else:
            said.append(
                f"{measure}, {population}: {rows['estimate'].sum():,.0f} {unit} (of {base:,.0f} households)"
            )
    return [*said, *(f"Note: {note}" for note in found.notes)]
