"""Rows of the registry: lists under agreements, and the people of the city, sealed."""

from philoxenia_web.registry.models.consent import Consent, ConsentEvent
from philoxenia_web.registry.models.lists import DataKey, PersonList
from philoxenia_web.registry.models.people import (
    Finding,
    HouseholdMember,
    IndexKey,
    PeopleIndex,
    Reading,
    Resident,
    ResidentKey,
    ResidentVersion,
)
from philoxenia_web.registry.models.rights import (
    ImportRow,
    PeopleImport,
    RetentionItem,
    RightsRequest,
    Slip,
    SlipTry,
)
from philoxenia_web.registry.models.shared import Grant, KeptFile, KeptText

__all__ = [
    "Consent",
    "ConsentEvent",
    "DataKey",
    "Finding",
    "Grant",
    "HouseholdMember",
    "ImportRow",
    "IndexKey",
    "KeptFile",
    "KeptText",
    "PeopleImport",
    "PeopleIndex",
    "PersonList",
    "Reading",
    "Resident",
    "ResidentKey",
    "ResidentVersion",
    "RetentionItem",
    "RightsRequest",
    "Slip",
    "SlipTry",
]
