"""The same organisation in two directories: names in English and French, acronyms, places, contacts."""

from philoxenia.linkage.organisations.linking import link_organisations
from philoxenia.linkage.organisations.names import OrganisationName, read_organisation
from philoxenia.linkage.organisations.preparing import prepared

__all__ = ["OrganisationName", "link_organisations", "prepared", "read_organisation"]
