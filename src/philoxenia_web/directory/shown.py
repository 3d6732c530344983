"""What pages, search, the offline edition and text messages get of the directory. Plain values, no database.

A text may be in another language than the one asked for: `language` says which, and `status` whether it is
the original or a translation by a person, by a machine, or of an older original (outdated).
"""

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Text:
    """Words with their language (BCP 47; '' where the source does not say)."""

    text: str
    language: str
    # original, human, machine or outdated.
    status: str = "original"


@dataclass(frozen=True)
class ShownPhone:
    """A number as it is dialled. `kind` is voice, text, fax, cell, video, pager, textphone or ''."""

    number: str
    extension: str
    kind: str
    description: Text | None
    languages: list[str]


@dataclass(frozen=True)
class ShownPlace:
    """Where a service is given. `schedules` are rows of HSDS: of the service there, or of the place."""

    id: str
    name: Text | None
    address: list[str]
    city: str
    postal_code: str
    district_id: str
    latitude: float | None
    longitude: float | None
    schedules: list[dict[str, Any]]
    phones: list[ShownPhone]
    # yes, no or unknown.
    wheelchair: str
    accessibility: list[Text]
    transport: Text | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return _plain(self)


@dataclass(frozen=True)
class ShownService:
    """A service as it may be shown to anybody."""

    id: str
    version: int
    name: Text
    alternate_name: Text | None
    organisation_id: str
    organisation: Text
    description: Text | None
    url: str
    email: str
    # active or temporarily closed.
    status: str
    alert: Text | None
    phones: list[ShownPhone]
    # Codes of languages spoken, as the source gives them (BCP 47 or ISO 639); names where it has no code.
    languages: list[str]
    interpretation: Text | None
    # None where the source says nothing of it.
    free: bool | None
    costs: list[Text]
    eligibility: Text | None
    rule: dict[str, Any] | None
    minimum_age: float | None
    maximum_age: float | None
    documents: list[Text]
    application: Text | None
    wait: Text | None
    # yes, no or unknown.
    asks_status: str
    safe_without_papers: str
    status_statement: Text | None
    # Taxonomy, code, name.
    terms: list[tuple[str, str, Text]]
    needs: list[str]
    places: list[ShownPlace]
    schedules: list[dict[str, Any]]
    # Its site is confidential: there are no places, and never will be.
    confidential: bool
    checked_on: date | None
    checked_by: str
    source: str
    source_url: str
    source_date: str
    licence: str
    synthetic: bool

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return _plain(self)


@dataclass(frozen=True)
class ShownOrganisation:
    """An organisation and which services of it are shown."""

    id: str
    name: Text
    alternate_name: Text | None
    description: Text | None
    email: str
    website: str
    phones: list[ShownPhone]
    service_ids: list[str]
    source: str
    licence: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return _plain(self)


@dataclass(frozen=True)
class ShownLocation:
    """A place by itself and which services are given there."""

    place: ShownPlace
    service_ids: list[str]
    source: str
    licence: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return _plain(self)


def _plain(value: Any) -> Any:
    """Days as ISO text, all the way down; `asdict` would copy everything once before."""
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
