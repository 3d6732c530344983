"""How a name is spelt: each scheme is a table of letters, applied longest letters first.

Owns the schemes of `names/romanisation.csv`; they were written for test people alone and share nothing with
how linkage compares names, so that a test of linkage on them proves something.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from unicodedata import combining, normalize

from philoxenia.reference import reference_table

PLACES = ("", "initial", "final", "between_vowels")
_VOWELS = "aeiouāīūαειουаеиоу"
_ETHIOPIC_FIRST, _ORDERS = 0x1200, 8
# Letters that are no consonant-and-vowel of the seven orders.
_ETHIOPIC_LAST = 0x1357
_HOW = {
    "": "{}",
    "initial": r"(?<![\w'’]){}",
    "final": r"{}\b",
    "between_vowels": rf"(?<=[{_VOWELS}]){{}}(?=[{_VOWELS}])",
}


@dataclass(frozen=True)
class Scheme:
    """One way to spell names in Latin letters: what replaces which letters, by place in the word."""

    script: str
    name: str
    letters: Mapping[str, Mapping[str, str]]

    def spell(self, text: str) -> str:
        """The text in this scheme, each word with a capital."""
        for place in ("initial", "final", "between_vowels"):
            text = self._replaced(text, place)
        return capitalised(_unmarked(self._replaced(text, "")))

    def _replaced(self, text: str, place: str) -> str:
        table = self.letters.get(place)
        if not table:
            return text
        longest_first = sorted(table, key=len, reverse=True)
        inner = "(" + "|".join(map(re.escape, longest_first)) + ")"
        # What is replaced stays marked, or a later step would take its letters for the script's own.
        return re.sub(_HOW[place].format(inner), lambda found: _marked(table[found[0]]), text)


def _marked(latin: str) -> str:
    return "".join(chr(0xE000 + ord(letter)) for letter in latin)


def _unmarked(text: str) -> str:
    return "".join(chr(ord(c) - 0xE000) if 0xE000 <= ord(c) < 0xF000 else c for c in text)


def capitalised(text: str) -> str:
    """Each word with a capital, what follows a hyphen too, but not the article al-."""
    words = re.split(r"([ \-])", " ".join(text.replace("'", "").split()))
    return "".join(word[:1].upper() + word[1:] for word in words)


@cache
def schemes(script: str) -> tuple[Scheme, ...]:
    """The schemes of a script or orthography, in the table's order; the first is the commonest."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in reference_table("names/romanisation").iter_rows(named=True):
        if row["script"] == script:
            places = found.setdefault(row["scheme"], {})
            places.setdefault(row["place"], {})[row["letters"]] = row["latin"]
    return tuple(Scheme(script, name, letters) for name, letters in found.items())


def spellings(script: str, native: str, base: str = "", known: Sequence[str] = ()) -> tuple[str, ...]:
    """A name's Latin spellings, one a scheme and then those known by themselves; repeats are kept.

    `base` is the vocalised or sounded form that schemes start from where the script does not tell vowels.
    """
    text = _PREPARED.get(script, _plain_lower)(base or native)
    return (*(scheme.spell(text) for scheme in schemes(script)), *map(capitalised, known))


def _plain_lower(text: str) -> str:
    return text.lower()


def _without_accents(text: str) -> str:
    """Greek words without stress marks, which no scheme writes."""
    return "".join(c for c in normalize("NFD", text.lower()) if not combining(c))


def _syllables(text: str) -> str:
    """Ethiopic letters as the first letter of their row and the number of their order."""
    return "".join(_syllable(letter) for letter in text)


def _syllable(letter: str) -> str:
    code = ord(letter)
    if not _ETHIOPIC_FIRST <= code <= _ETHIOPIC_LAST:
        return letter
    row, order = divmod(code - _ETHIOPIC_FIRST, _ORDERS)
    return chr(_ETHIOPIC_FIRST + row * _ORDERS) + str(min(order, 6) + 1)


_PREPARED: dict[str, Callable[[str], str]] = {"el": _without_accents, "am": _syllables}
