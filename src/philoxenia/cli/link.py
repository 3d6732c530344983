"""`philoxenia link`: which records of several lists are one person, under an agreement."""

import argparse
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from philoxenia.cli.progress import StepsShown
from philoxenia.linkage import TrainSpec, destroy_key
from philoxenia.linkage.purpose import create_key
from philoxenia.workflows.link import LinkRequest, LinkRun, LinkUsageError, link_files
from philoxenia.workflows.link_encoded import link_encoded_files
from philoxenia.workflows.link_organisations import link_organisation_files

_EPILOG = """examples:
  philoxenia link shelter.csv housing.csv --model default --out out/people --format csv
  philoxenia link --create-key agreement.toml
  philoxenia link Shelter=a.csv Housing=b.csv --agreement agreement.toml --out out/people
  philoxenia link --destroy-key agreement.toml

An agreement is a TOML file: departments = ["Shelter", "Housing"], purpose = "who decides what with it",
until = 2027-06-30. Lists take the names of departments. With it every record and person is a token that
means nothing once the key is destroyed."""


def add_link(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia link`."""
    parser = subparsers.add_parser(
        "link",
        help="which records of several lists are one person",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("lists", nargs="*", metavar="[NAME=]FILE", help="lists of people; NAME defaults to the file's name")
    add("--out", type=Path, metavar="DIR", help="where to write: a folder of its own")
    add("--model", default="default", metavar="NAME|FILE", help="a trained model (default: default)")
    add("--train", action="store_true", help="learn the model from these lists instead, without labels")
    add("--agreement", type=Path, metavar="FILE", help="link under this agreement: results are tokens")
    add("--truth", type=Path, metavar="FILE", help="known people (source, record, person): exact quality")
    add("--kind", choices=("people", "organisations"), default="people", help="what the lists hold")
    add("--one-to-one", action="append", default=[], metavar="NAME", help="this list holds each person once")
    add("--between", action="store_true", help="compare only between lists, never inside one")
    add("--format", choices=("parquet", "csv"), default="parquet", help="of the tables (default: parquet)")
    add("--engine", choices=("duckdb", "spark"), default="duckdb", help="what computes (default: duckdb)")
    add("--seed", type=int, default=1, metavar="S", help="with --train: same seed, same model (default: 1)")
    add("--quiet", action="store_true", help="no progress, only what was found")
    add("--encoded", action="store_true", help="the files are encodings: link without names")
    keys = parser.add_mutually_exclusive_group()
    keys.add_argument(
        "--create-key", type=Path, metavar="AGREEMENT", help="make the agreement's key and stop"
    )
    keys.add_argument(
        "--destroy-key", type=Path, metavar="AGREEMENT", help="destroy the agreement's key and stop"
    )
    parser.set_defaults(run=_link)


def _link(arguments: argparse.Namespace) -> int:
    if arguments.create_key:
        print(
            f"Key made: {create_key(arguments.create_key).name}. Keep it apart from the lists and the "
            f"results."
        )
        return 0
    if arguments.destroy_key:
        gone = destroy_key(arguments.destroy_key)
        print(f"{gone.name} is destroyed. What was linked with it can never be joined again.")
        return 0
    if arguments.encoded:
        return _link_encoded(arguments)
    if arguments.kind == "organisations":
        return _link_organisations(arguments)
    asked = _request(arguments)
    with StepsShown(arguments.quiet) as progress:
        run = link_files(asked, date.today(), progress)
    _tell(run, arguments.agreement is not None)
    return 0


def _link_encoded(arguments: argparse.Namespace) -> int:
    if arguments.out is None or not arguments.lists:
        raise LinkUsageError("Name encoded lists and a folder: philoxenia link --encoded A B --out DIR.")
    with StepsShown(arguments.quiet) as progress:
        people, links = link_encoded_files(
            [Path(entry) for entry in arguments.lists],
            arguments.out,
            not arguments.between,
            arguments.format,
            progress,
        )
    print(f"\n{people:,} people by {links:,} links, found without a name. Tables: {arguments.out}")
    return 0


def _link_organisations(arguments: argparse.Namespace) -> int:
    if arguments.out is None:
        raise LinkUsageError("Name a folder for the results with --out DIR.")
    with StepsShown(arguments.quiet) as progress:
        files = named_files(arguments.lists)
        links, doubtful = link_organisation_files(files, arguments.out, arguments.format, progress)
    print(f"\n{links:,} organisations stand in both directories; {doubtful:,} pairs are doubtful.")
    print(f"Pairs: {arguments.out / f'pairs.{arguments.format}'}")
    return 0


def _request(arguments: argparse.Namespace) -> LinkRequest:
    if not arguments.lists:
        raise LinkUsageError("Name the lists to link: philoxenia link A.csv B.csv --out DIR.")
    if arguments.out is None:
        raise LinkUsageError("Name a folder for the results with --out DIR.")
    files = named_files(arguments.lists)
    strangers = sorted(set(arguments.one_to_one) - set(files))
    if strangers:
        raise LinkUsageError(
            f"--one-to-one {strangers[0]}: there is no such list. Lists: {', '.join(files)}."
        )
    return LinkRequest(
        files=files,
        out=arguments.out,
        model=arguments.model,
        training=TrainSpec(seed=arguments.seed) if arguments.train else None,
        agreement=arguments.agreement,
        truth=arguments.truth,
        one_to_one=tuple(arguments.one_to_one),
        within=not arguments.between,
        format=arguments.format,
        engine=arguments.engine,
    )


def named_files(entries: Sequence[str]) -> dict[str, Path]:
    """`NAME=FILE` or `FILE` as the name of a list and its file."""
    files: dict[str, Path] = {}
    for entry in entries:
        named = re.fullmatch(r"([^=/\\]+)=(.+)", entry)
        path = Path(named[2] if named and not Path(entry).is_file() else entry)
        name = (
            named[1].strip() if named and not Path(entry).is_file() else path.stem.removeprefix("synthetic_")
        )
        if name in files:
            raise LinkUsageError(f"Two lists are called {name!r}. Name them apart: NAME=FILE.")
        files[name] = path
    return files


def _tell(run: LinkRun, agreed: bool) -> None:
    linked = run.linked
    print(f"\n{sum(run.sizes.values()):,} records are {linked.people.height:,} people.")
    print(f"{linked.doubtful.height:,} doubtful pairs are left for a person to decide.")
    for row in linked.quality.iter_rows(named=True):
        if row["measure"] in ("missed", "false") and row["by"] == "all":
            words = "of true pairs are missed" if row["measure"] == "missed" else "of links are false"
            print(f"{row['estimate']:.2%} ({row['low']:.2%} to {row['high']:.2%}) {words}.")
    for note in linked.notes:
        print(note)
    if not agreed and not run.synthetic:
        print("No agreement was given: the tables carry the departments' own record numbers. Keep them safe.")
    print(f"Report: {run.out / 'report.html'}")
