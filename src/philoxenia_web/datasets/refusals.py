"""What keeps a change from being made, as sentences a page or the API can show."""


class Conflict(Exception):  # noqa: N818 (it is an answer, not a fault of the program)
    """Somebody else changed the same thing meanwhile; nothing was overwritten."""


class NotPossible(Exception):  # noqa: N818
    """The state of things does not allow this; the message says what to do first."""
