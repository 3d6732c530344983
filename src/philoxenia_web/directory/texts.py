"""Texts of records in the language asked for: a person's translation, else a machine's, else an outdated one
where the reader has no better, else the original."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from philoxenia_web.directory.models import Translation
from philoxenia_web.directory.shown import Text

ORIGINAL = "original"
# Fields of each table that are words for people, which can be translated.
TRANSLATED = {
    "organization": ("name", "alternate_name", "description"),
    "program": ("name", "alternate_name", "description"),
    "service": (
        "name",
        "alternate_name",
        "description",
        "interpretation_services",
        "application_process",
        "fees_description",
        "wait_time",
        "accreditations",
        "eligibility_description",
        "alert",
        "status_statement",
    ),
    "location": ("name", "alternate_name", "description", "transportation"),
    "service_at_location": ("description",),
    "phone": ("description",),
    "schedule": ("description", "notes"),
    "accessibility": ("description", "details"),
    "required_document": ("document",),
    "cost_option": ("option", "amount_description"),
    "service_area": ("name", "description"),
    "taxonomy_term": ("name", "description"),
    "contact": ("title", "department"),
}

_READ = """
select record_id, field, text, status from directory_translation
where language = %s and record_id = any(%s)
"""


class Texts:
    """The translations of some records into one language, read at once."""

    def __init__(self, language: str, ids: Iterable[UUID]) -> None:
        self.language = language
        with connection.cursor() as cursor:
            cursor.execute(_READ, [language, list(ids)])
            self._known = {(row[0], row[1]): row[2:] for row in cursor.fetchall()}

    def of(self, row: dict[str, Any], field: str, original: str) -> Text | None:
        """A field of a row, None where it is empty; `original` is the language it was written in."""
        words = row.get(field) or ""
        if not words:
            return None
        translated = self._known.get((row["id"], field)) if original != self.language else None
        if translated is None:
            return Text(words, original, ORIGINAL)
        text, status = translated
        return Text(text, self.language, str(Translation.Status(status)))

    def given(self, row: dict[str, Any], field: str, original: str) -> Text:
        """A field that every record has."""
        return self.of(row, field, original) or Text("", original, ORIGINAL)
