"""The records of the directory: a model for each table of HSDS 3.1, and what keeps them."""

from philoxenia_web.directory.models.base import Known
from philoxenia_web.directory.models.feedback import Feedback
from philoxenia_web.directory.models.keeping import Change, Import, Translation
from philoxenia_web.directory.models.places import (
    Accessibility,
    Address,
    Location,
    ServiceArea,
    ServiceAtLocation,
)
from philoxenia_web.directory.models.reaching import Contact, Language, Phone, Schedule
from philoxenia_web.directory.models.services import (
    CostOption,
    Funding,
    Organization,
    OrganizationIdentifier,
    Program,
    RequiredDocument,
    Service,
    ServiceCapacity,
    Unit,
    Url,
)
from philoxenia_web.directory.models.terms import (
    Attribute,
    Metadata,
    MetaTableDescription,
    Taxonomy,
    TaxonomyTerm,
)
from philoxenia_web.directory.models.upkeep import (
    CheckedLink,
    Confirmation,
    ConfirmLink,
    DuplicatePair,
    Proposal,
    StagedImport,
)

__all__ = [
    "Accessibility",
    "Address",
    "Attribute",
    "Change",
    "CheckedLink",
    "ConfirmLink",
    "Confirmation",
    "Contact",
    "CostOption",
    "DuplicatePair",
    "Feedback",
    "Funding",
    "Import",
    "Known",
    "Language",
    "Location",
    "MetaTableDescription",
    "Metadata",
    "Organization",
    "OrganizationIdentifier",
    "Phone",
    "Program",
    "Proposal",
    "RequiredDocument",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceCapacity",
    "StagedImport",
    "Taxonomy",
    "TaxonomyTerm",
    "Translation",
    "Unit",
    "Url",
]
