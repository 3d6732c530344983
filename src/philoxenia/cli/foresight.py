"""What `value` and `plan` share: the options of a study, its settings, running it and writing its tables."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from philoxenia.cli.progress import StepsShown
from philoxenia.exchange import read_city
from philoxenia.report.foresight import Foresight
from philoxenia.vocabulary import PhiloxeniaError
from philoxenia.workflows.foresight import run_foresight, settings_of
from philoxenia.workflows.foresight.written import write_foresight

_READ, _WRITE = "Reading and checking the city", "Writing tables"


class MisuseError(PhiloxeniaError):
    """The command was used wrongly; the message names the option and the remedy."""

    exit_code = 2


class _UnreadableError(PhiloxeniaError):
    exit_code = 4


def add_study_options(parser: argparse.ArgumentParser, out_default: str) -> None:
    """Declare the city and the options that every study of foresight has."""
    add = parser.add_argument
    add("city", type=Path, metavar="CITY", help="a city package, such as cities/CITY")
    add("--actions", metavar="A,B", help="only these actions (default: the whole catalogue)")
    add("--futures", type=int, metavar="N", help="how many futures (default: 500)")
    add("--months", type=int, metavar="N", help="months ahead, 1 to 120 (default: 60)")
    add("--seed", type=int, metavar="S", help="same seed, same bytes (default: 1)")
    add("--settings", type=Path, metavar="FILE.json", help="settings of a study; options come before them")
    add("--out", type=Path, metavar="DIR", help=f"where to write (default: {out_default})")
    add("--fresh", action="store_true", help="simulate every action again, keep nothing")
    add("--quiet", action="store_true", help="no progress, only what was found")


def asked_mapping(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings of the file, with the options in place of what they say too."""
    asked = dict(_from_file(arguments.settings)) if arguments.settings else {}
    for key in ("futures", "months", "seed"):
        if getattr(arguments, key) is not None:
            asked[key] = getattr(arguments, key)
    if arguments.actions:
        asked["chosen"] = names_of(arguments.actions)
    return asked


def _from_file(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise _UnreadableError(f"{path} cannot be read ({fault.strerror or fault}).") from fault
    except ValueError as fault:
        raise _UnreadableError(f"{path} is not JSON: {fault}. Mend it, or leave --settings out.") from fault
    if not isinstance(found, dict):
        raise _UnreadableError(f"{path} holds {type(found).__name__}; settings are one object: {{...}}.")
    return found


def foresight_of(
    arguments: argparse.Namespace, asked: Mapping[str, Any], what: str
) -> tuple[Foresight, Path]:
    """Run a study and write its tables; returns what was found and the folder."""
    with StepsShown(arguments.quiet) as progress:
        progress(_READ, 0.0)
        city = read_city(arguments.city)
        settings = settings_of(asked, city)
        progress(_READ, 1.0, f"{len(city.tables)} tables, {len(settings.catalogue.actions)} actions")
        out = arguments.out or Path("out") / f"{city.id}-{what}"
        kept = None if arguments.fresh else out / ".steps"
        found = run_foresight(city, settings, kept=kept, progress=progress)
        progress(_WRITE, 0.0)
        progress(_WRITE, 1.0, f"{len(write_foresight(found, out))} files")
    return found, out


def names_of(text: str) -> list[str]:
    """Names parted by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def pair_of(option: str, text: str) -> tuple[str, str]:
    """NAME=VALUE as two texts."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise MisuseError(f"{option} {text}: write it as NAME=AMOUNT.")
    return name.strip(), value.strip()


def number_of(option: str, text: str) -> float:
    """A number as people type it."""
    try:
        return float(text.replace("_", ""))
    except ValueError as fault:
        raise MisuseError(f"{option}: {text!r} is not a number; write digits, such as 2000000.") from fault
