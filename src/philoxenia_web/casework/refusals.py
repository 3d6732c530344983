"""Why an action at the desk did nothing, as sentences. None of them holds a name or a word of a record."""

from typing import Any

from django.utils.translation import gettext as _

from philoxenia_web.registry.refusals import NotPossible as NotPossible


class Conflict(Exception):  # noqa: N818
    """Somebody else changed the same thing meanwhile; nothing was written.

    `fields` holds, by name, what the page was based on (None where it is not known), what it says now, and
    what was to be written.
    """

    def __init__(self, fields: dict[str, tuple[Any, Any, Any]] | None = None, now: int = 0) -> None:
        super().__init__(_("Somebody else changed this meanwhile. Look at it as it is now, then decide."))
        self.fields, self.now = fields or {}, now
