"""On which line of a TOML file a key stands, so that a message can say it."""

import re

_TABLE = re.compile(r"^\s*(\[\[|\[)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-\"'.]+)\s*=")


def key_lines(text: str) -> dict[str, int]:
    """Line of each table and key, counted from 1: `design.weight`, `indicators[0].where`."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := _TABLE.match(line):
            table = _named(heading[1] == "[[", heading[2], counts)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            name = key[1].strip("\"'")
            found.setdefault(f"{table}.{name}" if table else name, number)
    return found


def _named(many: bool, name: str, counts: dict[str, int]) -> str:
    plain = ".".join(part.strip().strip("\"'") for part in name.split("."))
    if not many:
        return plain
    counts[plain] = counts.get(plain, -1) + 1
    return f"{plain}[{counts[plain]}]"
