"""What the rows of directory_offline.csv open: the edition of a directory without services."""

from typing import Any

from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.directory.offline import making


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """An edition that was just made."""
    words = making.make("en")["words"][0]
    language = {"language": "en"}
    pages = ("offline-app", "help-offline", "offline-edition")
    return {page: (language, {}) for page in pages} | {"offline-file": (language | {"name": words}, {})}
