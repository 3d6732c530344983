"""Text as search sees it: no case, accents or signs, letters of one sound made one, digits ASCII.

Both what is written and what is asked for are folded, so that a keyboard without accents finds the same.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

# Longer texts of a directory are faults of a source; nobody searches the end of them.
LONGEST_TEXT = 20_000
LONGEST_WORD = 40
# й and ї are letters of their own; a stress mark is not.
_MARKS = re.compile(
    r"[\u0300\u0301\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]|(?<![а-яіїє])[\u0300-\u036f]"
)
_UNSEEN = re.compile(r"[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
# An apostrophe inside a Cyrillic word belongs to it (сім'я).
_APOSTROPHE = re.compile(r"(?<=[\u0400-\u04ff])['`ʼ’‘](?=[\u0400-\u04ff])")
_POSSESSIVE = re.compile(r"['ʼ’]s\b")
_WORD = re.compile(r"[^\W_]+")
# Letters that keyboards exchange: the one kept, then those that become it.
_KEPT = (
    *("يىیے", "كک", "هةہھۃ", "اٱ", "её", "гґ", "σς"),
    *("oø", "lł", "dđð", "iı"),
)
_LONGER = {"æ": "ae", "œ": "oe", "þ": "th", "ـ": ""}
# Nobody spells with three; voices and keyboards do: طبيييب, heeelp.
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_DIGITS = (0x0660, 0x06F0, 0x0966, 0x09E6)


@cache
def fold_table() -> Mapping[str, str]:
    """Letters and digits that are made one after accents are gone: for a device that folds by itself."""
    digits = {chr(first + value): str(value) for first in _DIGITS for value in range(10)}
    letters = {letter: kept[0] for kept in _KEPT for letter in kept[1:]}
    return MappingProxyType({**letters, **_LONGER, **digits})


@cache
def _points() -> dict[int, str]:
    return {ord(letter): same for letter, same in fold_table().items()}


def fold(text: str) -> str:
    """The text as search compares it; signs between words stay, what cannot be seen goes.

    >>> fold("Γιατρός"), fold("أَجّار") == fold("اجار"), fold("École n° ٣")
    ('γιατροσ', True, 'ecole no 3')
    """
    text = text[:LONGEST_TEXT]
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", _UNSEEN.sub("", text)).casefold()
    return unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_points())


def words(text: str) -> list[str]:
    """The folded words of a text, in their order.

    >>> words("L'école, the women's сім'я")
    ['l', 'ecole', 'the', 'women', 'сімя']
    """
    folded = _POSSESSIVE.sub("", _APOSTROPHE.sub("", _DRAWN_OUT.sub(r"\1", fold(text))))
    return [word[:LONGEST_WORD] for word in _WORD.findall(folded)]
