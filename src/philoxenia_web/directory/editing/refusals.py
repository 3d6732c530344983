"""Why an action did nothing, as sentences."""

from philoxenia_web.directory.editing.merging import Draft


class NotPossible(Exception):  # noqa: N818 (an answer, not a fault of the program)
    """The record's state does not allow it; the message says what to do."""


class Conflict(Exception):  # noqa: N818
    """Somebody else wrote the record meanwhile. Carries what it says now; nothing was written."""

    def __init__(self, said: str, now: Draft, version: int) -> None:
        super().__init__(said)
        self.now = now
        self.version = version
