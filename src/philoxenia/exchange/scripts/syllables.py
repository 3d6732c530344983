"""Scripts whose letters follow a rule: Hangul by the parts of syllables, Indic letters by Unicode names."""

import re
import unicodedata

from philoxenia.exchange.scripts.tables import hangul_parts

_HANGUL = (0xAC00, 0xD7A3)
_VOWELS, _LASTS = 21, 28
_INDIC = re.compile(r"^(\w+) (LETTER|VOWEL SIGN|AU LENGTH|SIGN) (?:VOCALIC )?(\w+)$")
_SIGNS = {"ANUSVARA": "n", "CANDRABINDU": "n", "BINDI": "n", "TIPPI": "n", "VISARGA": "h"}
# Southern scripts write a missing vowel; northern ones leave the last one unspoken.
_LAST_A_SPOKEN = ("TAMIL", "TELUGU", "KANNADA", "MALAYALAM")
_LETTERS = {"c": "ch", "ss": "sh", "lll": "zh", "ng": "ng", "ny": "n", "rr": "r", "jny": "gy"}


def hangul(word: str) -> str:
    """A Korean word after the Revised Romanization (2000), without its changes of sound."""
    first, vowel, last = hangul_parts()
    latin = []
    for sign in word:
        place = ord(sign) - _HANGUL[0]
        if not 0 <= place <= _HANGUL[1] - _HANGUL[0]:
            latin.append(sign)
            continue
        start, rest = divmod(place, _VOWELS * _LASTS)
        latin.append(first[start] + vowel[rest // _LASTS] + last[rest % _LASTS])
    return "".join(latin)


def indic(word: str) -> str:
    """A word in an Indic script after ISO 15919:2001 without accents, read from Unicode's letter names."""
    latin: list[str] = []
    inherent, script = False, ""
    for sign in word:
        found = _INDIC.match(unicodedata.name(sign, ""))
        if found is None:
            latin.append(sign if sign.isascii() else "")
            continue
        script, kind, name = found.groups()
        if inherent and (kind == "LETTER" or name in _SIGNS):
            latin.append("a")
        sound, inherent = _sound(kind, name, inherent)
        latin.append(sound)
    if inherent and script in _LAST_A_SPOKEN:
        latin.append("a")
    return "".join(latin)


def _sound(kind: str, name: str, inherent: bool) -> tuple[str, bool]:
    """What a letter sounds like, and whether an unwritten a may follow."""
    if kind == "SIGN":
        return _SIGNS.get(name, ""), inherent and name == "NUKTA"
    lower = name.lower()
    if kind == "LETTER" and len(lower) > 1 and lower.endswith("a") and lower != "aa":
        return _LETTERS.get(lower[:-1], lower[:-1]), True
    return lower, False
