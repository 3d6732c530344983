"""`philoxenia profile`: a survey as a profile of equal indicators, deprivation, severity and overlap."""

import argparse
from pathlib import Path

from philoxenia.vocabulary import PhiloxeniaError
from philoxenia.workflows.profile import profile_survey, write_example, write_profile
from philoxenia.workflows.profile_words import Told, share_words

_EPILOG = """examples:
  philoxenia profile --example out/example
  philoxenia profile out/example/synthetic_households.csv --spec out/example/spec.toml --out out/profile

A spec is a TOML file: how the survey was drawn, its groups, indicators, dimensions, scores and needs, each as
a short expression over the survey's columns. The example has one of everything, with comments."""


class _MisuseError(PhiloxeniaError):
    exit_code = 2


def add_profile(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia profile SURVEY --spec SPEC`."""
    parser = subparsers.add_parser(
        "profile",
        help="a survey as a profile: newcomers and their neighbours on equal indicators",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "survey",
        nargs="?",
        type=Path,
        metavar="SURVEY",
        help="CSV (packed or not), XLSX or Parquet; anonymous",
    )
    add("--spec", type=Path, metavar="FILE", help="what the survey's columns mean and what to show (TOML)")
    add("--out", type=Path, metavar="DIR", help="write report.html and tables/ there (default: only say)")
    add("--example", type=Path, metavar="DIR", help="write a synthetic survey and its spec there, and stop")
    parser.set_defaults(run=_profile)


def _profile(arguments: argparse.Namespace) -> int:
    if arguments.example is not None:
        survey, spec = write_example(arguments.example)
        print(f"A synthetic survey: {survey}\nIts spec: {spec}")
        return 0
    if arguments.survey is None or arguments.spec is None:
        raise _MisuseError("Name a survey and its spec: philoxenia profile SURVEY.csv --spec spec.toml")
    made = profile_survey(arguments.survey, arguments.spec)
    told = Told(made.profile)
    print(f"{made.profile.spec.name}: {made.profile.rows:,} {made.profile.spec.unit} asked.")
    for row in told.differences:
        sides = [
            next(
                one
                for one in made.profile.tables["indicators"].rows(named=True)
                if one["indicator"] == row["indicator"] and one["group"] == row[side]
            )
            for side in ("group", "reference")
        ]
        if row["unit"].startswith("share of"):
            words = [f"{told.name(one['group']).lower()} {share_words(one)}" for one in sides]
            print(f"  {row['label']}: {', '.join(words)}")
    if arguments.out is not None:
        for path, what in write_profile(made, arguments.out).items():
            print(f"{what}: {path}")
    return 0
