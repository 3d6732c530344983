"""`philoxenia synth`: test people of a city and its departments' lists of them, with the truth apart."""

import argparse
from pathlib import Path

from philoxenia.cli.progress import StepsShown
from philoxenia.exchange import read_city
from philoxenia.synth import AS_OF, FORMATS, synthesise, write_people

_EPILOG = """examples:
  philoxenia synth CITY --people 20000
  philoxenia synth CITY --people 1000000 --format parquet --out out/people

Nobody in these files exists. `truth/` says which record is which person: keep it away from what is tested."""


def add_synth(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia synth CITY`."""
    parser = subparsers.add_parser(
        "synth",
        help="test people",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("city", type=Path, metavar="CITY", help="a city package, such as cities/CITY")
    add("--people", type=int, default=20_000, metavar="N", help="how many people (default: 20000)")
    add("--seed", type=int, default=1, metavar="S", help="same seed, same bytes (default: 1)")
    add("--as-of", default=AS_OF, metavar="DAY", help=f"the day ages are counted to (default: {AS_OF})")
    add("--format", choices=FORMATS, default="csv", help="of the files (default: csv)")
    add("--out", type=Path, metavar="DIR", help="where to write (default: out/<city id>-synthetic)")
    add("--quiet", action="store_true", help="no progress, only what was made")
    parser.set_defaults(run=_synth)


def _synth(arguments: argparse.Namespace) -> int:
    with StepsShown(arguments.quiet) as progress:
        progress("Reading and checking the city", 0.0)
        city = read_city(arguments.city)
        progress("Reading and checking the city", 1.0, f"{len(city.tables)} tables")
        step = "Making people and lists"
        progress(step, 0.0)
        made = synthesise(
            city,
            arguments.people,
            arguments.seed,
            arguments.as_of,
            progress=lambda share, found: progress(step, share, found),
        )
        progress("Writing files", 0.0)
        folder = arguments.out or Path("out") / f"{city.id}-synthetic"
        written = write_people(made, folder, arguments.format)
        progress("Writing files", 1.0, f"{len(written)} files")
    for note in made.notes:
        print(f"Note: {note}")
    print(f"{made.number:,} synthetic people, {made.records.height:,} records in {len(made.tables)} lists.")
    print(f"Files: {folder}")
    return 0
