"""What an action answers when it does nothing: a sentence for the person, never a traceback."""

from dataclasses import dataclass


class Refused(Exception):  # noqa: N818 (it is an answer, not a fault of the program)
    """Nothing was changed; the message says why and what to do. `field` names the entry, or ''."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Difference:
    """One thing that somebody else changed meanwhile: words for it, as it is now, and as it was sent."""

    words: str
    now: str
    sent: str


class Conflict(Refused):
    """Somebody changed the study since it was opened; `differences` says what."""

    def __init__(self, sentence: str, version: int, differences: tuple[Difference, ...] = ()) -> None:
        super().__init__(sentence)
        self.version = version
        self.differences = differences
