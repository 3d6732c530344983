"""Rows of the registry: lists under agreements, and the people of the city, sealed."""

from philoxenia_web.registry.models.lists import DataKey, PersonList
from philoxenia_web.registry.models.people import (
    Finding,
    HouseholdMember,
    PeopleIndex,
    Reading,
    Resident,
    ResidentKey,
    ResidentVersion,
)
from philoxenia_web.registry.models.shared import Grant, KeptFile, KeptText

__all__ = [
    "DataKey",
    "Finding",
    "Grant",
    "HouseholdMember",
    "KeptFile",
    "KeptText",
    "PeopleIndex",
    "PersonList",
    "Reading",
    "Resident",
    "ResidentKey",
    "ResidentVersion",
]
