"""Any script to plain Latin letters: one word at a time, no dictionary, the standards' tables only.

Scripts it does not know stay as they are, so that they can still agree with themselves.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from philoxenia.exchange.scripts.syllables import hangul, indic
from philoxenia.exchange.scripts.tables import letters, rewrites

SCRIPTS = ("latin", "arabic", "cyrillic", "greek", "ethiopic", "han", "hangul", "indic", "other")
_RANGES = (
    ("arabic", 0x0600, 0x06FF),
    ("arabic", 0x0750, 0x077F),
    ("arabic", 0xFB50, 0xFDFF),
    ("arabic", 0xFE70, 0xFEFF),
    ("cyrillic", 0x0400, 0x052F),
    ("greek", 0x0370, 0x03FF),
    ("greek", 0x1F00, 0x1FFF),
    ("ethiopic", 0x1200, 0x139F),
    ("han", 0x3400, 0x9FFF),
    ("hangul", 0xAC00, 0xD7A3),
    ("indic", 0x0900, 0x0D7F),
    ("latin", 0x0041, 0x024F),
    ("latin", 0x1E00, 0x1EFF),
)
_UKRAINIAN = re.compile("[іїєґ]")
# No name is longer; what is, is a mistake, and must not hold up a list.
_LONGEST = 80
# Letters of one sound that keyboards exchange; decided before any word is looked up.
_SAME_ARABIC = str.maketrans(
    {
        "ٱ": "ا",
        "ک": "ك",
        "ی": "ي",
        "ى": "ي",
        "ے": "ي",
        "ة": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ۃ": "ه",
        "ء": "",
        "ـ": "",
    }
)
_SIGNS_ARE_ACCENTS = ("latin", "greek", "arabic")


@cache
def _script_of_letter(letter: str) -> str:
    point = ord(letter)
    for script, first, last in _RANGES:
        if first <= point <= last:
            return script
    return "other"


def script_of(text: str) -> str:
    """The script most letters are in: latin, arabic, cyrillic, greek, ethiopic, other; `` without letters."""
    if text.isascii():
        return "latin" if any(letter.isalpha() for letter in text) else ""
    counts: dict[str, int] = {}
    for letter in text:
        if letter.isalpha():
            script = _script_of_letter(letter)
            counts[script] = counts.get(script, 0) + 1
    # A tie goes to the script named first, never to the order of letters.
    return max(SCRIPTS, key=lambda script: counts.get(script, 0)) if counts else ""


def plain(word: str) -> str:
    """A word without case, accents, signs and digits; Arabic letters of one sound made one.

    >>> plain("Škoda"), plain("أحمد") == plain("احمد")
    ('skoda', True)
    """
    word = word[:_LONGEST]
    if word.isascii():
        return "".join(letter for letter in word.lower() if letter.isalpha())
    parts: list[str] = []
    for letter in unicodedata.normalize("NFKD", word).casefold():
        # й and ї are letters, a virama is a rule; in these scripts a combining sign is an accent.
        if unicodedata.combining(letter) and (
            not parts or _script_of_letter(parts[-1]) in _SIGNS_ARE_ACCENTS
        ):
            continue
        parts.append(letter)
    text = unicodedata.normalize("NFC", "".join(parts)).translate(_SAME_ARABIC).translate(letters("latin"))
    return "".join(letter for letter in text if letter.isalpha() or unicodedata.category(letter)[0] == "M")


def romanised(word: str) -> str:
    """A plain word in Latin letters after the standards of its script; `word` must come from `plain`."""
    script = script_of(word)
    if script == "indic":
        return indic(word)
    if script == "hangul":
        return hangul(word)
    for rule in rewrites("script", script):
        word = rule.pattern.sub(rule.replacement, word)
    if script == "arabic":
        word = _vowel_between_twins(word)
    if script == "cyrillic" and _UKRAINIAN.search(word):
        word = word.translate(letters("cyrillic_ukrainian"))
    return word.translate(_all_letters())


def _vowel_between_twins(word: str) -> str:
    # Arabic writes a doubled consonant once, so two in a row have a vowel between.
    return re.sub(r"([^\Wa-z])(?=\1)", r"\1a", word)


@cache
def _all_letters() -> dict[int, str]:
    """Letters of all scripts together: a word may mix them, by mistake or by a keyboard."""
    tables: Iterable[str] = ("arabic", "cyrillic", "greek", "ethiopic", "han", "latin")
    return {point: latin for script in tables for point, latin in letters(script).items()}
