"""What two Latin spellings of one word have in common.

Terms: the *skeleton* is the consonants of a romanised word in classes that all romanisations share; the
*loose key*
merges classes further and is for finding candidates and weak agreement only.
"""

import re

from philoxenia.exchange.scripts.tables import rewrites

_VOWELS = re.compile("[aeiouy]")
FEW_CONSONANTS = 2
_LAST_VOWEL = {"a": "a", "i": "i", "y": "i", "o": "u", "u": "u"}


def skeleton(latin: str) -> str:
    """The consonants of a romanised word; a word of few keeps the class of its last vowel, any a last i or a.

    >>> skeleton("khoury"), skeleton("xoury"), skeleton("dara")
    ('hr.i', 'ksr.i', 'dr.a')
    """
    text = latin
    for rule in rewrites("skeleton", "latin"):
        text = rule.pattern.sub(rule.replacement, text)
    if not text:
        return latin
    bones, first = _VOWELS.sub("", text[1:]), _first(text)
    last = _LAST_VOWEL.get(text[-1], "")
    if len(bones) + (first not in "ay") <= FEW_CONSONANTS:
        return f"{first}{bones}.{last}"
    # A last i or a makes another name: Karim, Karimi, Karima.
    return f"{first}{bones}.{last}" if last in {"a", "i"} else first + bones


def _first(text: str) -> str:
    if text[0] == "y" and text[1:2] in {"a", "e", "i", "o", "u"}:
        return "y"
    return "a" if text[0] in "aeiouy" else text[0]


def loose_key(latin: str) -> str:
    """The skeleton in wider classes of sounds; a word of one consonant stays whole."""
    text = skeleton(latin).partition(".")[0]
    for rule in rewrites("loose", "latin"):
        text = rule.pattern.sub(rule.replacement, text)
    return text if len(text) > 1 else latin
