"""The truth table: its lines, and the addresses it must be complete for."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from philoxenia_web.accounts.roles import Role

TABLES = Path(__file__).parent
VISITORS = ("anonymous", *Role.values)
ANSWERS = {"yes", "no", "sign-in"}
# Ways to write the address of another place, as a page to go to.
ELSEWHERE = [
    "https://evil.example.org/",
    "//evil.example.org/",
    "/\\evil.example.org",
    "\\\\evil.example.org",
    "https:evil.example.org",
    "javascript:alert(1)",
    "http:///evil.example.org",
    "/\t/evil.example.org",
    "https://127.0.0.1@evil.example.org/",
]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver."""

    route: str
    name: str
    full_name: str
    is_operation: bool
    # Of an interface that anybody may read, from pages of any origin.
    is_open: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    app: str
    method: str
    name: str
    cells: dict[str, str]
    # Roles that may open it although it belongs to another organisation.
    elsewhere: frozenset[str]

    def __str__(self) -> str:
        return f"{self.method}-{self.name}"


def addresses(patterns: list[Any] | None = None, route: str = "", space: str = "") -> Iterator[Address]:
    """Every pattern of the resolver, those of allauth and django-ninja too."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern):
            name = pattern.name or here
            view = pattern.callback
            is_open = getattr(view, "open_to_any_origin", False)
            yield Address(here, name, space + name, view.__module__.startswith("ninja."), is_open)


def rows() -> list[Row]:
    """Every line of every table."""
    return [
        Row(
            path.stem,
            line["method"],
            line["name"],
            {visitor: line[visitor] for visitor in VISITORS},
            frozenset((line.get("elsewhere") or "").split()),
        )
        for path in sorted(TABLES.glob("*.csv"))
        for line in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    ]


ADDRESSES = list(addresses())
ROWS = rows()
BY_NAME = {address.name: address for address in ADDRESSES}


def without_a_row(told: Iterable[Address]) -> list[str]:
    """Names of addresses that no line of any table tells of."""
    known = {row.name for row in ROWS}
    return sorted(address.name for address in told if address.name not in known)
