"""A written name to its words and parts: small words dropped or joined, in whatever order they stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from philoxenia.exchange.scripts.letters import plain, romanised, script_of
from philoxenia.linkage.names.keys import Word, is_patronymic, read_word
from philoxenia.linkage.names.tables import particles

_BETWEEN = re.compile(r"[\s_.,،、፣;/()\"“”«»·፡]+")
_HYPHEN = re.compile(r"[-‐‑–—‌]+")
_COMMA = re.compile(r"[,،、፣]")
# East Asian names written without a space: the family name is one syllable.
_SYLLABIC = ("han", "hangul")
_MOST_SYLLABLES = 4
_FAMILY_FIRST = ("chinese", "korean", "vietnamese")
# Tokens are few and repeat; a city's worth fits.
_word = lru_cache(maxsize=1 << 20)(read_word)


@dataclass(frozen=True, slots=True)
class Part:
    """A given, middle or family name as one word, and its words apart."""

    whole: Word
    words: tuple[Word, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its words and of the whole, each once."""
        return tuple(dict.fromkeys([*(word.key for word in self.words), self.whole.key]))


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a whole name in one cell, as far as their order tells."""

    given: Part | None
    middle: Part | None
    family: Part | None


@dataclass(frozen=True, slots=True)
class _Token:
    """A plain word of a name, and whether a hyphen ties it to the word before."""

    text: str
    tied: bool


def read_words(text: str) -> tuple[Word, ...]:
    """The names in a text, in their order: articles and particles dropped, compounds made one word.

    >>> [word.canonical for word in read_words("Abdul Rahman bin Khalid al-Harbi")]
    ['abdrahman', 'khalid', 'harbi']
    """
    return tuple(_word(token.text) for token in _tokens(text))


def read_part(text: str) -> Part | None:
    """One part of a name, as words and as one word; None where it holds no letter."""
    return _as_part(read_words(text))


# Before and after a comma stand few different texts.
_part = lru_cache(maxsize=1 << 20)(read_part)


def read_name(text: str) -> Name:
    """A whole name: what stands before a comma is the family name; else the first word is the given name
    and the last the family name. A patronymic at the end, or an East Asian family name at the beginning,
    says that the family name comes first.
    """
    before, comma, after = text.partition(",") if text.isascii() else _COMMA.sub(",", text).partition(",")
    if comma:
        family, others = _part(before.strip()), _units_of(after.strip())
        if family is not None and others:
            return Name(_as_part(others[0]), _as_part(_flat(others[1:])), family)
    units = _units(_syllables_apart(text))
    if len(units) < 2:
        return Name(_as_part(_flat(units)), None, None)
    if not _family_first(units):
        return Name(_as_part(units[0]), _as_part(_flat(units[1:-1])), _as_part(units[-1]))
    if units[0][0].origin in _FAMILY_FIRST:
        return Name(_as_part(_flat(units[1:])), None, _as_part(units[0]))
    return Name(_as_part(units[1]), _as_part(_flat(units[2:])), _as_part(units[0]))


def _family_first(units: Sequence[Sequence[Word]]) -> bool:
    if len(units) == 3 and is_patronymic(units[2][0].spelling):
        return True
    first, last = units[0], units[-1]
    if len(first) != 1 or first[0].origin not in _FAMILY_FIRST:
        return False
    return len(units) > 2 or last[-1].origin not in _FAMILY_FIRST


def _syllables_apart(text: str) -> str:
    """A Chinese or Korean name written as one word, with its first syllable, the family name, set apart."""
    if text.isascii():
        return text
    name = text.strip()
    if 1 < len(name) <= _MOST_SYLLABLES and script_of(name) in _SYLLABIC and name.isalpha():
        return f"{name[0]} {name[1:]}"
    return text


@lru_cache(maxsize=1 << 20)
def _units_of(text: str) -> tuple[tuple[Word, ...], ...]:
    return tuple(tuple(unit) for unit in _units(text))


def _flat(units: Sequence[Sequence[Word]]) -> list[Word]:
    return [word for unit in units for word in unit]


def _units(text: str) -> list[list[Word]]:
    """The words of a name, those tied by a hyphen together."""
    units: list[list[Word]] = []
    for token in _tokens(text):
        if token.tied and units:
            units[-1].append(_word(token.text))
        else:
            units.append([_word(token.text)])
    return units


def _as_part(words: Sequence[Word]) -> Part | None:
    if not words:
        return None
    if len(words) == 1:
        return Part(words[0], tuple(words))
    whole = _word("".join(word.canonical for word in words))
    spelling = "".join(word.spelling for word in words)
    origin = next((word.origin for word in words if word.origin), "")
    return Part(Word(spelling, whole.canonical, whole.key, whole.loose, origin), tuple(words))


def _tokens(text: str) -> list[_Token]:
    return _joined(_names(_split(text)))


def _split(text: str) -> list[_Token]:
    found = []
    for chunk in _BETWEEN.split(text):
        pieces = _pieces(chunk)
        found += [_Token(piece, place > 0) for place, piece in enumerate(pieces)]
    return found


@lru_cache(maxsize=1 << 20)
def _pieces(chunk: str) -> tuple[str, ...]:
    return tuple(word for word in (plain(one) for one in _HYPHEN.split(chunk)) if word)


@lru_cache(maxsize=1 << 20)
def _action(word: str) -> str:
    return particles().get(word) or particles().get(romanised(word), "name")


def _names(tokens: list[_Token]) -> list[_Token]:
    """Without titles and small words, unless nothing else is there."""
    kept = [token for token in tokens if _action(token.text) != "title"] or tokens
    last = len(kept) - 1
    names = []
    for place, token in enumerate(kept):
        action = _action(token.text)
        if action == "drop" or (action == "inner" and 0 < place < last and not token.tied):
            continue
        after_small = token.tied and place > 0 and _action(kept[place - 1].text) in {"drop", "inner", "next"}
        names.append(_Token(token.text, False) if after_small else token)
    return names or kept


def _joined(tokens: list[_Token]) -> list[_Token]:
    """Words that make one name together: servant of, father of, of the religion."""
    result: list[_Token] = []
    waiting = ""
    for place, token in enumerate(tokens):
        action = _action(token.text)
        if not waiting and action == "next" and place + 1 < len(tokens):
            waiting = token.text
        elif not waiting and action == "before" and result:
            result[-1] = _Token(result[-1].text + token.text, result[-1].tied)
        else:
            result.append(_Token(waiting + token.text, token.tied and not waiting))
            waiting = ""
    return result
