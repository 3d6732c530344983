"""The stem of a word: what its forms have in common. Snowball's, and a light one of our own for Ukrainian."""

import re
from functools import cache, lru_cache

import snowballstemmer

from philoxenia.directory.words.folding import words
from philoxenia.directory.words.tables import rows

# Languages by their BCP 47 code; those without a stemmer keep their words whole.
_SNOWBALL = {
    "ar": "arabic",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fa": "persian",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "it": "italian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "ta": "tamil",
    "tr": "turkish",
}
_SHORTEST_STEM = 3
_ARTICLE = re.compile(r"^(?:[وفبك]?ال|لل)(?=...)")
_VOWELS = frozenset("аеиіоуюяєї")
# Of Latin script a query does not say its language; these are the interface's.
_OF_SCRIPT = {"latin": ("en", "fr", "es"), "arabic": ("ar", "fa"), "cyrillic": ("uk", "ru"), "greek": ("el",)}


@cache
def _stemmer(algorithm: str) -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer(algorithm)


@lru_cache(maxsize=1 << 17)
def stem(word: str, language: str) -> str:
    """The stem of a folded word in a language (BCP 47); the word itself where there is no stemmer for it."""
    code = language.partition("-")[0].lower()
    if code == "uk":
        return _ukrainian(word)
    if code == "ar":
        # Snowball takes an article or an ending, not always both.
        word = _ARTICLE.sub("", word)
    algorithm = _SNOWBALL.get(code)
    return _stemmer(algorithm).stemWord(word) if algorithm else word


def _ukrainian(word: str) -> str:
    """Without the ending, where a stem of three letters and a vowel is left."""
    for ending, instead in _endings():
        if word.endswith(ending):
            found = word[: -len(ending)] + instead
            if len(found) >= _SHORTEST_STEM and not _VOWELS.isdisjoint(found):
                return found
    return word


@cache
def _endings() -> tuple[tuple[str, str], ...]:
    found = [(row["ending"], row["instead"]) for row in rows("ukrainian_endings")]
    return tuple(sorted(found, key=lambda one: (-len(one[0]), one)))


def languages_of_script(script: str) -> tuple[str, ...]:
    """Languages in which a word of a script is stemmed when nobody says its language."""
    return _OF_SCRIPT.get(script, ())


def tokens(text: str, language: str) -> list[str]:
    """The stems of a text's words, in their order.

    >>> tokens("Public libraries", "en"), tokens("лікарям", "uk")
    (['public', 'librari'], ['лікар'])
    """
    return [stem(word, language) for word in words(text)]
