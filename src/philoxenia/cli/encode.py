"""`philoxenia encode`: a list of people as keyed bit strings, so that whoever links sees no name."""

import argparse
from pathlib import Path

from philoxenia.linkage.private import Hardening, encode, write_encoded
from philoxenia.linkage.purpose import create_secret, read_secret
from philoxenia.workflows.link import LinkUsageError, checked_list

_EPILOG = """examples:
  philoxenia encode --create-key shared.key
  philoxenia encode shelter.csv --key-file shared.key --out shelter.encoded.parquet
  philoxenia link --encoded shelter.encoded.parquet housing.encoded.parquet --out out/private

All departments encode with the same key; whoever links never gets it. Encodings are personal data still:
delete them with the key when the purpose is done."""


def add_encode(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia encode`."""
    parser = subparsers.add_parser(
        "encode",
        help="a list of people as keyed bit strings",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("list", nargs="?", type=Path, metavar="FILE", help="a list of people")
    add("--key-file", type=Path, metavar="KEY", help="the departments' shared key")
    add("--name", default="", metavar="NAME", help="the list's name (default: the file's)")
    add(
        "--salted",
        action="store_true",
        help="equal names differ between years of birth; a wrong year hides a pair",
    )
    add("--unbalanced", action="store_true", help="shorter filters that show how long a value is")
    add("--out", type=Path, metavar="OUT", help="where to write (default: beside, .encoded.parquet)")
    add("--create-key", type=Path, metavar="KEY", help="make a shared key and stop")
    parser.set_defaults(run=_encode)


def _encode(arguments: argparse.Namespace) -> int:
    if arguments.create_key:
        create_secret(arguments.create_key)
        print(f"Key made: {arguments.create_key.name}. Give it to the departments, never to whoever links.")
        return 0
    if arguments.list is None or arguments.key_file is None:
        raise LinkUsageError("Name a list and the shared key: philoxenia encode FILE --key-file KEY.")
    key = read_secret(arguments.key_file)
    table = checked_list(arguments.list)
    name = arguments.name or arguments.list.stem.removeprefix("synthetic_")
    found = encode(table, name, key, Hardening(arguments.salted, not arguments.unbalanced))
    out = arguments.out or arguments.list.with_suffix(".encoded.parquet")
    write_encoded(found, out)
    print(f"{len(found.records):,} records of {name} are encoded in {out.name}. No name stands in it.")
    return 0
