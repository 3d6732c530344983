"""Why a person's data cannot be read or taken, as sentences a page can show. None of them holds a value."""

from philoxenia.vocabulary import PhiloxeniaError


class KeyGone(PhiloxeniaError):  # noqa: N818 (an answer, not a fault of the program)
    """The agreement has ended or its key is destroyed: nothing kept under it can be read."""


class Damaged(PhiloxeniaError):  # noqa: N818
    """Sealed bytes that are not as they were written, or were sealed for another place or agreement."""

    exit_code = 4


class Conflict(Exception):  # noqa: N818
    """Somebody else changed the same thing meanwhile; nothing was overwritten."""


class NotPossible(PhiloxeniaError):  # noqa: N818
    """The state of things does not allow this; the message says what to do first."""
