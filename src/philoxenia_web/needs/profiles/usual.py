"""The common case as a spec: newcomers beside others, displaced households, a line an indicator."""

import re
from collections.abc import Mapping
from typing import Any

_NAME = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 40
_COLUMN = re.compile(r"\s*(\w+)")


def usual_spec(entries: Mapping[str, Any]) -> str:
    """TOML that `read_spec` takes, made of the form's entries; '' without a single indicator.

    Texts are written as TOML strings, so that whatever stands in an entry stays one value.
    """
    lines = [line.strip() for line in str(entries.get("indicators") or "").splitlines() if line.strip()]
    if not lines:
        return ""
    return "\n".join([*_survey(entries), *_groups(entries), *_indicators(lines)]) + "\n"


def _survey(entries: Mapping[str, Any]) -> list[str]:
    design = [
        f"{key} = {_text(entries[key])}" for key in ("weight", "stratum", "cluster") if entries.get(key)
    ]
    name = str(entries.get("title") or "").strip() or "Survey"
    return ["[survey]", f"name = {_text(name)}", "anonymous = true", "[design]", *design]


def _groups(entries: Mapping[str, Any]) -> list[str]:
    """Displaced, newcomer and other households do not overlap; the others are what is compared with."""
    displaced = str(entries.get("displaced") or "").strip()
    newcomers = str(entries.get("newcomers") or "").strip()
    found = []
    column = _COLUMN.match(displaced)
    if column:
        found += ["[displacement]", f"column = {_text(column[1])}"]
        found += _group("displaced", "Displaced households", displaced)
    if newcomers:
        apart = f"not ({displaced}) and ({newcomers})" if displaced else newcomers
        found += _group("newcomers", "Newcomers", apart)
    told = [f"not ({one})" for one in (displaced, newcomers) if one]
    if told:
        name = "Host households" if displaced else "Long-term residents"
        found += [*_group("others", name, " and ".join(told)), "reference = true"]
    return found


def _group(id_: str, name: str, where: str) -> list[str]:
    return ["[[groups]]", f'id = "{id_}"', f"name = {_text(name)}", f"where = {_text(where)}"]


def _indicators(lines: list[str]) -> list[str]:
    found = []
    for number, line in enumerate(lines, 1):
        name, colon, where = line.partition(":")
        if not colon:
            name, where = f"Indicator {number}", line
        id_ = _NAME.sub("_", name.lower()).strip("_")[:_LONGEST_ID]
        found += ["[[indicators]]", f'id = "i{number}_{id_}"'.replace('_"', '"')]
        found += [f"name = {_text(name.strip())}", f"where = {_text(where.strip())}"]
    return found


def _text(value: object) -> str:
    """A TOML basic string."""
    plain = "".join(sign for sign in str(value) if sign.isprintable())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
