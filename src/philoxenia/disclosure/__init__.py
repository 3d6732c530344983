"""What may leave the house: small counts hidden, and nothing that gives them away."""

from philoxenia.disclosure.microdata import anonymised, k_anonymity
from philoxenia.disclosure.protecting import attack, protect
from philoxenia.disclosure.release import Release, ReleaseRefused, release
from philoxenia.disclosure.rounding import rounded
from philoxenia.disclosure.sensitive import Rules
from philoxenia.disclosure.types import DisclosureError

__all__ = [
    "DisclosureError",
    "Release",
    "ReleaseRefused",
    "Rules",
    "anonymised",
    "attack",
    "k_anonymity",
    "protect",
    "release",
    "rounded",
]
