"""A written name to its words and parts: small words dropped or joined, in whatever order they stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from philoxenia.linkage.names.keys import Word, is_patronymic, read_word
from philoxenia.linkage.names.letters import plain, romanised
from philoxenia.linkage.names.tables import particles

_BETWEEN = re.compile(r"[\s\-‐‑–—_.,;/()\"“”«»·፡]+")
# Tokens are few and repeat; a city's worth fits.
_word = lru_cache(maxsize=1 << 20)(read_word)


@dataclass(frozen=True, slots=True)
class Part:
    """A given, middle or family name as one word, and its words apart."""

    whole: Word
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a whole name in one cell, as far as their order tells."""

    given: Part | None
    middle: Part | None
    family: Part | None


def read_words(text: str) -> tuple[Word, ...]:
    """The names in a text, in their order: articles and particles dropped, compounds made one word.

    >>> [word.canonical for word in read_words("Abdul Rahman bin Khalid al-Harbi")]
    ['abdrahman', 'khalid', 'harbi']
    """
    return tuple(_word(one) for one in _joined(_names(_split(text))))


def read_part(text: str) -> Part | None:
    """One part of a name, as words and as one word; None where it holds no letter."""
    return _as_part(read_words(text))


def read_name(text: str) -> Name:
    """A whole name: first word given, last family; where the last is a patronymic, family comes first."""
    words = read_words(text)
    if len(words) == 3 and is_patronymic(words[2].spelling):
        words = (words[1], words[2], words[0])
    if len(words) < 2:
        return Name(_as_part(words), None, None)
    return Name(_as_part(words[:1]), _as_part(words[1:-1]), _as_part(words[-1:]))


def keys_of(parts: Sequence[Part]) -> tuple[str, ...]:
    """The keys of all words of a name and of each part as one word, without repetition."""
    found = [word.key for part in parts for word in part.words]
    return tuple(dict.fromkeys([*found, *(part.whole.key for part in parts)]))


def _as_part(words: Sequence[Word]) -> Part | None:
    if not words:
        return None
    if len(words) == 1:
        return Part(words[0], tuple(words))
    whole = _word("".join(word.canonical for word in words))
    spelling = "".join(word.spelling for word in words)
    origin = next((word.origin for word in words if word.origin), "")
    return Part(Word(spelling, whole.canonical, whole.key, whole.loose, origin), tuple(words))


def _split(text: str) -> list[str]:
    found = (plain(one) for one in _BETWEEN.split(text))
    return [word for word in found if word]


@lru_cache(maxsize=1 << 20)
def _action(word: str) -> str:
    return particles().get(word) or particles().get(romanised(word), "name")


def _names(words: list[str]) -> list[str]:
    """Without titles and small words, unless nothing else is there."""
    kept = [word for word in words if _action(word) != "title"] or words
    last = len(kept) - 1
    names = [
        word
        for place, word in enumerate(kept)
        if (action := _action(word)) != "drop" and not (action == "inner" and 0 < place < last)
    ]
    return names or kept


def _joined(words: list[str]) -> list[str]:
    """Words that make one name together: servant of, father of, of the religion."""
    result: list[str] = []
    waiting = ""
    for place, word in enumerate(words):
        action = _action(word)
        if not waiting and action == "next" and place + 1 < len(words):
            waiting = word
        elif not waiting and action == "before" and result:
            result[-1] += word
        else:
            result.append(waiting + word)
            waiting = ""
    return result
