"""One person's record to take along: JSON after a published schema, and the same to read, in one zip.

The parts come from the apps that keep them (`parts.py`); what other people said stays with them.
"""

import io
import json
import zipfile
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, get_language_info

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.registry.models import RightsRequest, Slip
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.people.merging import same_person
from philoxenia_web.registry.people.visits import resident_visit, visited, visiting
from philoxenia_web.registry.rights import own, parts, receipts, requests, words
from philoxenia_web.ui.context import city_name

VERSION = "1.1"
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
    """Everything that is kept of a person, of all their records, as plain JSON values."""
    first, *joined = own.of_each(resident_id, _one_record)
    return {
        "$schema": schema_address(),
        "format": "philoxenia person record",
        "version": VERSION,
        "made_at": _now(),
        "city": city_name(settings.ENVIRONMENT.city) or "",
        "kept_by": first["kept_by"],
        "record": first["record"],
        "joined_records": [one["record"] for one in joined],
        **{name: [row for one in (first, *joined) for row in one[name]] for name in _ROWS},
        "parts": {
            part.name: [row for one in (first, *joined) for row in one["parts"][part.name]]
            for part in parts.exports()
        },
    }


_ROWS = ("consents", "requests", "readings", "slips")


def _one_record(resident_id: UUID) -> dict[str, Any]:
    """What is kept under one id; in its own visit."""
    told = own.own_record(resident_id)
    return {
        "kept_by": own.names_of([told.organisation_id]).get(told.organisation_id, ""),
        "record": {
            "id": str(told.id),
            "number": told.number,
            "since": told.made_at.date().isoformat(),
            "version": told.version,
            **told.values,
        },
        "consents": receipts.records_of(resident_id),
        "requests": requests_of(resident_id),
        "readings": [_reading(one) for one in own.looks(resident_id)],
        "slips": slips_of(resident_id),
        "parts": {part.name: part.rows(resident_id) for part in parts.exports()},
    }


def slips_of(resident_id: UUID) -> list[dict[str, Any]]:
    """Every slip that opened or could open the own page, the newest first."""
    rows = Slip.objects.filter(resident=resident_id).select_related("organisation").order_by("-made_at")
    return [
        {
            "printed_by": row.organisation.name,
            "printed_at": _minute(row.made_at),
            "opened_at": _minute(row.opened_at),
            "ended_at": _minute(row.ended_at),
            "state": row.state,
            "because": row.because,
        }
        for row in rows
    ]


def _minute(at: datetime | None) -> str | None:
    return at.isoformat(timespec="minutes") if at else None


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
    """The zip: record.json, record.html and the schema. Opens the person's own visits.

    Words of staff stand in it where the department that wrote them has let them out (`requests.words_told`).
    """
    with visiting(SYSTEM):
        told = requests.words_told(same_person(resident_id))
    with parts.telling_words_of(told):
        record = record_of(resident_id)
    page = _page(record)
    after = {"parts": sorted(record["parts"]), "words_of": sorted(map(str, told))}
    with resident_visit(resident_id):
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
        "joined": [words.facts_of(one) for one in record["joined_records"]],
        "slips": [words.slip_line(one) for one in record["slips"]],
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
