"""Every page with a real address and a role that may open it, from the table of permissions."""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from philoxenia_web.accounts.roles import Role

TABLES = Path(__file__).parents[1] / "web" / "permissions"
# Files, pieces of a page, and answers without one.
NOT_PAGES = {
    "api-openapi",
    "appointment-calendar",
    "card-keys",
    "card-list",
    "card-photo",
    "card-worker",
    "foresight-case",
    "front-document",
    "front-find",
    "front-worker",
    "language",
    "linkage-list-piece",
    "mfa_download_recovery_codes",
    "mfa_login_webauthn",
    "mine-schema",
    "mine-take-along",
    "needs-profile-example",
    "offline-alive",
    "offline-app",
    "offline-edition",
    "offline-file",
    "offline-hello",
    "offline-worker",
    "outlines",
    "study-file",
    "study-table",
    "token",
    "upload",
    "version-original",
    "version-report-csv",
    "version-report-json",
    "version-rows-csv",
    "version-rows-parquet",
}
_FOR_PROGRAMS = ("api-", "hsds", "oruk")
# They open only for who has a passkey; the journey of the second factor makes one.
WITH_A_PASSKEY = {"mfa_edit_webauthn", "mfa_remove_webauthn"}


class Place(NamedTuple):
    """A page and a role that may open it; nobody signed in is an empty role."""

    name: str
    path: str
    role: str


def places(known: Mapping[str, str], own: Mapping[str, Mapping[str, str]]) -> list[Place]:
    """One of every page. `known` stands for the parts of an address, `own` for those of one name."""
    routes = dict(_routes(get_resolver().url_patterns))
    found = []
    for name, role in sorted(_readers().items()):
        parts = {**known, **own.get(name, {})}
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part, parts=parts: parts[part[1]], routes[name])
        found.append(Place(name, "/" + path, role))
    return found


def _routes(patterns: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = before + re.sub(r"\(\?P(<\w+>)[^)]*\)|[\^$\\]|\\Z", r"\1", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name, here


def _readers() -> dict[str, str]:
    found = {}
    # A partner opens what is its own, and the demonstration's things are the city's.
    roles = sorted(Role.values, key=lambda role: role == Role.PARTNER)
    for table in sorted(TABLES.glob("*.csv")):
        for line in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
            asked = line["method"] == "GET" and line["name"] not in NOT_PAGES | WITH_A_PASSKEY
            may = [role for role in ("anonymous", *roles) if line[role] == "yes"]
            if asked and may and not _of_the_api(line["name"]):
                found[line["name"]] = "" if may[0] == "anonymous" else may[0]
    return found


def _of_the_api(name: str) -> bool:
    return name.startswith(_FOR_PROGRAMS) and name not in ("api-docs", "api-problem")
