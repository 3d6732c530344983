"""What the rows of directory_guides.csv open: guides of the city, which belong to nobody."""

from typing import Any

from philoxenia_web.accounts.models import Organisation, Person


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """A guide, and a check with a page of its own."""
    return {
        "help-guides": ({"language": "en"}, {}),
        "help-guide": ({"language": "en", "name": "business"}, {}),
        "help-guide-check": ({"language": "en", "name": "business", "check": "permits"}, {}),
    }
