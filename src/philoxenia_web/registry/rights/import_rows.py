"""Rows of the contract `people`: what of them a record takes, and what it never takes.

Numbers of health cards, schools or benefits, streets and needs are read by the check and left out here.
"""

import os
from typing import Any
from uuid import UUID

import polars as pl
from django.conf import settings

from philoxenia.linkage.dates import read_birth
from philoxenia_web.registry.people import values
from philoxenia_web.registry.people.finding import Question
from philoxenia_web.registry.people.shapes import Birth, Contact, Draft, Language, NameForm
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights.purposes import number

TAKEN = (
    *("record_id", "given_name", "middle_name", "family_name", "full_name", "birth_date", "language"),
    *("phone", "email", "district_id", "in_city_since", "synthetic"),
)


def request(file: int, table: int, kind: str) -> dict[str, Any]:
    """What the process that reads the list is asked."""
    return {
        "file": file,
        "table": table,
        # Names of files may name people.
        "name": f"people.{kind}",
        "city": str(settings.ENVIRONMENT.city),
        "needs": [],
        "options": {"sheet": "", "member": "", "dates": "", "columns": {}, "not_status": {}},
    }


def lines(table: int) -> list[dict[str, Any]]:
    """The rows of the checked table, with what a record takes alone."""
    with os.fdopen(os.dup(table), "rb") as stream:
        stream.seek(0)
        read = pl.read_parquet(stream)
    kept = read.select(name for name in TAKEN if name in read.columns)
    found = [
        {name: _text(value) for name, value in row.items() if value not in (None, "")}
        for row in kept.iter_rows(named=True)
    ]
    return [line for line in found if line.get("record_id")]


def _text(value: Any) -> Any:
    return value if isinstance(value, bool) else str(value).strip()


def too_many(report: dict[str, Any]) -> dict[str, Any]:
    """The report of a list that is too long to come in at once."""
    said = f"The list holds more than {number('import_rows'):,} people."
    return _refused(report, said, "Bring it in parts.")


def nobody(report: dict[str, Any]) -> dict[str, Any]:
    """The report of a list of which no row can be written down."""
    return _refused(report, "No row names anybody who can be written down.", "Add the names.")


def _refused(report: dict[str, Any], message: str, remedy: str) -> dict[str, Any]:
    what = {"severity": "refused", "message": message, "remedy": remedy, "rows": []}
    return {**report, "outcome": "refused", "findings": [*report["findings"], what]}


def names(line: dict[str, Any]) -> str:
    """The name as one writes it."""
    parts = [line.get(name, "") for name in ("given_name", "middle_name", "family_name")]
    return line.get("full_name") or " ".join(part for part in parts if part)


def question(line: dict[str, Any]) -> Question:
    """What the search is asked for a row; a birth that cannot be read is not asked for."""
    born = line.get("birth_date", "")
    return Question(names(line), born if born and read_birth(born) else "", line.get("phone", ""))


def fault(line: dict[str, Any]) -> str:
    """The first field of a row that no record takes: too long, no code of a list, a birth that cannot be."""
    if not names(line):
        return "names"
    made = draft(line, UUID(int=0))
    for name in ("names", "birth", "contacts", "languages", "district_id", "here_since"):
        try:
            values.checked({name: getattr(made, name)})
        except NotPossible:
            return name
    return ""


def draft(line: dict[str, Any], organisation_id: UUID) -> Draft:
    """A row as a record to be written down. Contacts are not safe until the person says so."""
    contacts = [Contact(kind, line[kind]) for kind in ("phone", "email") if line.get(kind)]
    language = line.get("language", "")
    return Draft(
        [NameForm(names(line))],
        birth=birth(line.get("birth_date", "")),
        contacts=contacts,
        languages=[Language(language)] if language else [],
        district_id=line.get("district_id", ""),
        here_since=line.get("in_city_since", ""),
        synthetic=bool(line.get("synthetic")),
        organisation_id=organisation_id,
    )


def birth(written: str) -> Birth | None:
    """When somebody was born, as the list writes it."""
    read = read_birth(written) if written else None
    if read is None:
        return None
    if read.month and read.day:
        return Birth(f"{read.year:04d}-{read.month:02d}-{read.day:02d}", read.year, read.month)
    return Birth(year=read.year, certainty="year_only")
