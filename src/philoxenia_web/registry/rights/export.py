"""One person's record to take along: JSON after a published schema, and the same to read, in one zip.

The parts come from the apps that keep them (`parts.py`); what other people said stays with them.
"""

import io
import json
import zipfile
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, get_language_info

from philoxenia_web.accounts import audit
from philoxenia_web.registry.models import RightsRequest
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.people.visits import resident_visit, visited
from philoxenia_web.registry.rights import own, parts, receipts, words
from philoxenia_web.registry.rights.own import names_of
from philoxenia_web.ui.context import city_name

VERSION = "1.0"
SCHEMA_FILE = "person-record.schema.json"
# Times in a zip: the same record gives the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema the record follows."""
    text = (files("philoxenia_web.registry.rights") / SCHEMA_FILE).read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def schema_address() -> str:
    """Where the schema is published by this installation."""
    return f"{settings.ENVIRONMENT.url}/mine/{SCHEMA_FILE}"


def record_of(resident_id: UUID) -> dict[str, Any]:
    """Everything that is kept of a person, as plain JSON values; in their own visit."""
    told = own.own_record(resident_id)
    names = names_of([told.organisation_id])
    return {
        "$schema": schema_address(),
        "format": "philoxenia person record",
        "version": VERSION,
        "made_at": _now(),
        "city": city_name(settings.ENVIRONMENT.city) or "",
        "kept_by": names.get(told.organisation_id, ""),
        "record": {
            "id": str(told.id),
            "number": told.number,
            "since": told.made_at.date().isoformat(),
            "version": told.version,
            **told.values,
        },
        "consents": receipts.records_of(resident_id),
        "requests": requests_of(resident_id),
        "readings": [_reading(one) for one in own.looks(resident_id, None)],
        "parts": {part.name: part.rows(resident_id) for part in parts.exports()},
    }


def requests_of(resident_id: UUID) -> list[dict[str, Any]]:
    """What the person asked for and was answered, with the words."""
    rows = list(RightsRequest.objects.filter(resident=resident_id).order_by("-asked_at"))
    ids = [one for row in rows for one in (row.text_id, row.answer_id) if one]
    said = texts.read_texts(visited(), ids, "own_page") if ids else {}
    return [
        {
            "id": str(row.pk),
            "kind": row.kind,
            "field": row.field,
            "state": row.state,
            "asked_on": row.asked_at.date().isoformat(),
            "due_on": row.due_on.isoformat(),
            "decided_on": row.decided_at.date().isoformat() if row.decided_at else None,
            "reason": row.reason,
            "words": said.get(row.text_id, "") if row.text_id else "",
            "answer": said.get(row.answer_id, "") if row.answer_id else "",
        }
        for row in rows
    ]


def bundle(resident_id: UUID) -> bytes:
    """The zip: record.json, record.html and the schema. Opens the person's own visit."""
    with resident_visit(resident_id):
        record = record_of(resident_id)
        page = _page(record)
        after = {"parts": sorted(record["parts"])}
        audit.record(visited(), "registry.export_record", after={**after, "resident": str(resident_id)})
    return _zipped(
        {
            "record.json": json.dumps(record, ensure_ascii=False, indent=1, default=str).encode(),
            "record.html": page.encode(),
            SCHEMA_FILE: json.dumps(schema(), ensure_ascii=False, indent=1).encode(),
        }
    )


def _page(record: dict[str, Any]) -> str:
    titles = {part.name: part.title for part in parts.exports()}
    told = {
        "record": record,
        "language": get_language_info(get_language() or "en"),
        "facts": words.facts_of(record["record"]),
        "requests": [words.request_lines(one) for one in record["requests"]],
        "consents": words.consent_lines(record["consents"]),
        "readings": [words.reading_line(one) for one in record["readings"]],
        "parts": [(titles.get(name, name), words.lines_of(rows)) for name, rows in record["parts"].items()],
    }
    return render_to_string("registry/rights/record.html", told)


def _reading(one: own.Look) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(timespec="minutes"),
        "organisation": one.organisation,
        "reason": one.reason,
        "fields": one.fields,
    }


def _zipped(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds")
