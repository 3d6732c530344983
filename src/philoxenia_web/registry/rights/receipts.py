"""Consents as records of ISO/IEC TS 27560:2023 in JSON-LD with terms of the W3C Data Privacy Vocabulary."""

from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings

from philoxenia.reference import reference_table
from philoxenia_web.registry.models import Consent, ConsentEvent
from philoxenia_web.registry.rights.purposes import Purpose, purposes

SCHEMA = "https://w3id.org/dpv/schema/iso-27560#record"
_BY = {
    "self": "https://w3id.org/dpv#DataSubject",
    "guardian": "https://w3id.org/dpv#GuardianOfDataSubject",
    "representative": "https://w3id.org/dpv#Representative",
}


@cache
def context() -> dict[str, str]:
    """The JSON-LD context: each field that has a term of the vocabulary."""
    rows = reference_table("casework/consent_fields").iter_rows(named=True)
    return {row["field"]: row["dpv"] for row in rows if row["dpv"]}


@cache
def _states() -> dict[str, str]:
    rows = reference_table("casework/consent_states").iter_rows(named=True)
    return {row["state"]: row["dpv"] for row in rows}


def records_of(resident_id: UUID) -> list[dict[str, Any]]:
    """Every consent of a person with its events, oldest first. Two queries."""
    found = Consent.objects.filter(resident=resident_id).select_related("organisation")
    rows = list(found.prefetch_related("events").order_by("made_at", "pk"))
    return [_record(row, purposes()[row.purpose]) for row in rows]


def _record(row: Consent, asked: Purpose) -> dict[str, Any]:
    said = sorted(row.events.all(), key=lambda one: one.at)
    last = said[-1]
    return {
        "@context": context(),
        "@type": "https://w3id.org/dpv#ConsentRecord",
        "schema_version": SCHEMA,
        "record_id": str(row.pk),
        "pii_principal_id": str(row.resident_id),
        "privacy_notice": {
            "purpose": asked.code,
            "version": last.notice_version,
            "sha256": last.notice_mark,
            "language": last.language,
        },
        "language": last.language,
        "purpose": {"id": asked.dpv_purpose, "code": asked.code, "description": asked.words},
        "lawful_basis": asked.dpv_basis,
        "pii_information": list(asked.personal_data),
        "pii_controllers": [{"party_id": str(row.organisation_id), "party_name": row.organisation.name}],
        "collection_method": last.method,
        "recipient_third_parties": asked.recipients,
        "withdrawal_method": f"{settings.ENVIRONMENT.url}/mine/",
        "privacy_rights": f"{settings.ENVIRONMENT.url}/mine/",
        "event_state": _states().get(row.state, ""),
        "events": [_event(one) for one in said],
    }


def _event(one: ConsentEvent) -> dict[str, Any]:
    state = "renewed" if one.verb == "renew" else one.state
    return {
        "event_type": one.verb,
        "event_state": _states().get(state, ""),
        "event_time": one.at.isoformat(timespec="seconds"),
        "entity_id": _BY[one.by],
        "collection_method": one.method,
        "language": one.language,
        "validity_duration": one.valid_until.isoformat() if one.valid_until else None,
    }
