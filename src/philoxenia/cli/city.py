"""`philoxenia city`: start, check and build city packages."""

import argparse
from pathlib import Path

from philoxenia.exchange.city import City, survey_city
from philoxenia.exchange.outcome import CheckReport
from philoxenia.workflows.build_city import build_city, new_city, tables_page

UNUSABLE = 3


def add_city(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia city new | check | build | tables`."""
    parser = subparsers.add_parser("city", help="start, check or build a city package")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    new = actions.add_parser("new", help="start a package from the template")
    new.add_argument("city", type=Path, metavar="CITY", help="the folder to make, such as cities/athens")
    new.add_argument("--name", required=True, help="the city's name, as people write it")
    new.set_defaults(run=_new)
    check = actions.add_parser("check", help="check every table of a package against its contract")
    check.add_argument("city", type=Path, metavar="CITY", help="a city package")
    check.set_defaults(run=_check)
    build = actions.add_parser("build", help="build a package from raw extracts by its recipe.toml")
    build.add_argument("city", type=Path, metavar="CITY", help="the package to build")
    build.add_argument("--raw", type=Path, required=True, metavar="DIR", help="where the raw extracts lie")
    build.set_defaults(run=_build)
    tables = actions.add_parser("tables", help="list the tables a package may hold, as Markdown")
    tables.set_defaults(run=_tables)


def _new(arguments: argparse.Namespace) -> int:
    written = new_city(arguments.city, arguments.name)
    for path in written:
        print(f"  {path}")
    print(f"\nNow edit {arguments.city / 'city.toml'} and replace the example rows by your own. Then:")
    print(f"  philoxenia city check {arguments.city}")
    return 0


def _build(arguments: argparse.Namespace) -> int:
    built = build_city(arguments.city, arguments.raw, print)
    size = sum(table.size for table in built) / 1e6
    changed = sum(table.changed for table in built)
    print(f"\n{len(built)} tables, {size:.1f} MB, {changed} of them changed.")
    print("sources.toml says where they come from.")
    return 0


def _tables(arguments: argparse.Namespace) -> int:
    print(tables_page(), end="")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    city, problems = survey_city(arguments.city)
    print(f"{city.name}: {city.districts.height} districts, {city.districts['area_km2'].sum():,.0f} km²\n")
    for name, report in sorted(city.reports.items()):
        print(f"  {name:<22} {report.outcome.words:<20} {report.rows:>9,} rows")
    _say(
        "Worth a look",
        [line for name, report in sorted(city.reports.items()) for line in _warnings(name, report)],
    )
    _say("Without a source in sources.toml", _sourceless(city))
    _say("Not used", list(city.remarks))
    _say("To mend before the package can be used", problems)
    print("\nThe package cannot be used yet." if problems else "\nThe package can be used.")
    return UNUSABLE if problems else 0


def _warnings(name: str, report: CheckReport) -> list[str]:
    return [f"{name}: {item.message} {item.remedy}" for item in report.findings if item.severity == "warning"]


def _sourceless(city: City) -> list[str]:
    return sorted(set(city.reports) - set(city.sources))


def _say(title: str, lines: list[str]) -> None:
    if lines:
        print(f"\n{title}:")
        for line in lines:
            print(f"  - {line}")
