"""What is wrong with a guide, as sentences."""

from collections.abc import Iterable

from philoxenia.vocabulary import PhiloxeniaError

_SHOWN = 20


class GuideError(PhiloxeniaError):
    """Guides cannot be used as they are; `faults` are sentences with file, entry, rule and remedy."""

    exit_code = 3

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        more = len(self.faults) - _SHOWN
        lines = [*self.faults[:_SHOWN], *([f"... and {more} more."] if more > 0 else [])]
        super().__init__("\n".join(lines))
