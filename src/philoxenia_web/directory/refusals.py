"""Why nothing was imported, as sentences a page can show."""


class NotPossible(Exception):  # noqa: N818 (an answer, not a fault of the program)
    """The state of the directory does not allow it; the message says what to do."""
