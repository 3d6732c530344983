"""Why an action on a card did nothing, as sentences. None of them holds a name or a number."""

from philoxenia.vocabulary import PhiloxeniaError


class NotPossible(PhiloxeniaError):  # noqa: N818 (an answer, not a fault of the program)
    """The state of things does not allow it; the message says what to do."""


class Conflict(NotPossible):
    """Somebody else changed it meanwhile; nothing was written."""
