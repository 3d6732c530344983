"""`philoxenia guides`: check a city's guides, count what is translated, mark and start translations."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from philoxenia.directory.guides import GuideError, check_guides, debt
from philoxenia.directory.guides.stamping import stamp, template

_EPILOG = """examples:
  philoxenia guides check CITY/guides
  philoxenia guides template CITY/guides renting so > CITY/guides/renting/so.toml
  philoxenia guides stamp CITY/guides

check tells every fault with its file and entry, then how much of each guide is translated. template prints a
new translation, to be written over. stamp marks each translated text with the source it was made from: when
that changes, the translation is outdated."""


def add_guides(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia guides`."""
    parser = subparsers.add_parser(
        "guides",
        help="guides of a city",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("what", choices=("check", "template", "stamp"), help="what to do")
    add("folder", type=Path, metavar="FOLDER", help="the folder guides of a city package")
    add("guide", nargs="?", default="", metavar="GUIDE", help="template: which guide")
    add(
        "language",
        nargs="?",
        default="",
        metavar="LANGUAGE",
        help="template: into which language, such as so",
    )
    parser.set_defaults(run=_guides)


def _guides(arguments: argparse.Namespace) -> int:
    if arguments.what == "stamp":
        for path, number in stamp(arguments.folder).items():
            print(f"{path}: {number} texts marked")
    elif arguments.what == "template":
        print(_template(arguments.folder, arguments.guide, arguments.language), end="")
        return 0
    _tell(arguments.folder)
    return 0


def _template(folder: Path, name: str, language: str) -> str:
    found = check_guides(folder)
    guide = found.guide(name)
    if guide is None or not language:
        known = ", ".join(one.id for one in found.guides)
        raise GuideError([f"Name a guide ({known}) and a language, such as: template {folder} renting so"])
    return template(guide, language, f"{datetime.now(UTC):%Y-%m-%d}")


def _tell(folder: Path) -> None:
    found = check_guides(folder)
    for guide in found.guides:
        print(f"{guide.id}: version {guide.version} of {guide.written}, {len(guide.texts())} texts")
        for language in found.languages():
            counts = debt(guide, found.translation(guide.id, language))
            print(
                f"  {language}: "
                + ", ".join(f"{number} {status}" for status, number in counts.items() if number)
            )
