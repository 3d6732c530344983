"""Telephone lines the city's package names, each with its source: emergency, and people who help on."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What each kind of line is for; a kind that is not here is not shown.
KINDS: dict[str, Promise] = {
    "emergency": _("Police, fire, ambulance"),
    "community": _("Help with community, health and social services"),
    "city": _("Questions about the city's services"),
}


@dataclass(frozen=True)
class Line:
    """A number, what it is for, whether interpreters join the call, and who says so."""

    number: str
    kind: str
    interpreters: bool
    source: str
    date: str

    @property
    def words(self) -> Promise:
        """What it is for."""
        return KINDS[self.kind]


def emergency_lines() -> list[Line]:
    """Numbers for danger to life; none where the package names none."""
    return [line for line in lines(settings.ENVIRONMENT.city) if line.kind == "emergency"]


def helping_lines() -> list[Line]:
    """Numbers where a person answers and helps on."""
    return [line for line in lines(settings.ENVIRONMENT.city) if line.kind != "emergency"]


@cache
def lines(city: Path) -> tuple[Line, ...]:
    """Every line of a city's package that has a number, a kind we know and a source."""
    place = city / "help" / "lines.csv"
    if not place.is_file():
        return ()
    rows = csv.DictReader(place.read_text(encoding="utf-8-sig").splitlines())
    return tuple(
        _line(row) for row in rows if row.get("number") and row.get("source") and row.get("kind") in KINDS
    )


def _line(row: dict[str, str]) -> Line:
    heard = (row.get("interpreters") or "").strip().lower() == "yes"
    return Line(row["number"].strip(), row["kind"], heard, row["source"], row.get("date") or "")
