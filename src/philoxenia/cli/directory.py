"""`philoxenia directory`: a directory of services, read, checked, its doubles found, written as HSDS."""

import argparse
from datetime import date
from pathlib import Path

from philoxenia.cli.progress import StepsShown
from philoxenia.exchange.hsds import About, DirectoryError, Records
from philoxenia.exchange.hsds.records import said_of
from philoxenia.workflows.directory import city_directory, read_directory, write_directory
from philoxenia.workflows.directory.city import has_directory
from philoxenia.workflows.directory.doubles import with_duplicates
from philoxenia.workflows.directory.writing import report_text

_EPILOG = """examples:
  philoxenia directory cities/mycity --out out/directory
  philoxenia directory export.csv --source "211 Example" --language en --out out/directory
  philoxenia directory hsds-package.zip --out out/directory
  philoxenia directory services.json --mapping mapping.toml --out out/directory

Read are: tabular data packages of HSDS 1, 2 and 3 (folder or zip, with or without datapackage.json), JSON
of one
record, a list, pages or one record a line, maps, and one table a row a service at a place, as 211 exports it.
Sites that must not be found lose every trace of where they are before anything is written."""


def add_directory(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia directory`."""
    parser = subparsers.add_parser(
        "directory",
        help="a directory of services, checked and written as HSDS",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "path",
        type=Path,
        metavar="CITY|FILE|FOLDER",
        help="a city package, or a directory as its owner exports it",
    )
    add("--out", type=Path, metavar="DIR", help="where to write: a folder of its own (default: only check)")
    add("--source", default="", metavar="NAME", help="who hands it in (default: the file's name)")
    add("--licence", default="", metavar="TEXT", help="under which licence")
    add("--language", default="", metavar="CODE", help="language of its texts, such as en or ar")
    add("--source-date", default="", metavar="DATE", help="of which date the data are")
    add("--mapping", type=Path, metavar="FILE", help="which places of a foreign file hold what (TOML)")
    add("--city", type=Path, metavar="DIR", help="a city package: places get its districts")
    add("--no-duplicates", action="store_true", help="do not look for records that may be one")
    add("--quiet", action="store_true", help="no progress, only what was found")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    with StepsShown(arguments.quiet) as progress:
        progress("Reading the directory", 0.0, "")
        records = _read(arguments)
        progress("Reading the directory", 1.0, said_of(records))
        if not arguments.no_duplicates and not records.refused:
            progress("Comparing organisations", 0.0, "")
            records = with_duplicates(records)
            progress("Comparing organisations", 1.0, f"{records.duplicates.height:,} pairs")
    print(report_text(records), end="")
    if records.refused:
        return DirectoryError.exit_code
    if arguments.out is not None:
        write_directory(records, arguments.out)
        print(f"\nData package: {arguments.out / 'package.zip'}")
    return 0


def _read(arguments: argparse.Namespace) -> Records:
    if has_directory(arguments.path):
        return city_directory(arguments.path, date.today())
    about = About(
        source=arguments.source,
        licence=arguments.licence,
        language=arguments.language,
        source_date=arguments.source_date,
        today=date.today(),
        mapping=arguments.mapping,
    )
    return read_directory(arguments.path, about, arguments.city)
