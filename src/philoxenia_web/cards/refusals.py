"""Why an action on a card did nothing, as sentences. None of them holds a name or a number."""

from philoxenia_web.registry.refusals import NotPossible as NotPossible


class Conflict(NotPossible):
    """Somebody else changed it meanwhile; nothing was written."""
