"""A name of an organisation to its words: legal forms and articles out, plurals and short forms made one,
acronyms found, French and English halves told apart.
"""

import re
from dataclasses import dataclass

from philoxenia.exchange.scripts import plain, romanised
from philoxenia.linkage.organisations.tables import words

_BETWEEN = re.compile(r"[^\w&']+")
_HALVES = re.compile(r"\s*[/|]\s*|\s+-\s+|\s*[\[\]()]\s*")
_LEAST_ACRONYM = 3
_LEAST_PLURAL = 4


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """Canonical words in order, the acronyms they would make, those written, the words of each half."""

    words: tuple[str, ...]
    made: tuple[str, ...]
    written: tuple[str, ...]
    halves: tuple[tuple[str, ...], ...]


def read_organisation(text: str) -> OrganisationName:
    """The words that tell an organisation from others.

    >>> read_organisation("The Example Centre for Families Inc.").words
    ('example', 'centre', 'family')
    """
    halves = tuple(half for half in (_words(part) for part in _HALVES.split(text)) if half)
    made = {_initials(part) for part in (text, *_HALVES.split(text))}
    return OrganisationName(_words(text), tuple(sorted(made - {""})), tuple(sorted(_written(text))), halves)


def _words(text: str) -> tuple[str, ...]:
    found = [word for word in map(_canonical, _split(text)) if word]
    return tuple(found) or tuple(_split(text))


def _split(text: str) -> list[str]:
    cleaned = text.replace("&", " and ").replace("'s", "s").replace("’s", "s").replace(".", "")
    found = (romanised(plain(one)) or one for one in _BETWEEN.split(cleaned))
    return [word for word in found if word]


def _canonical(word: str) -> str:
    if word in words("form") or word in words("small"):
        return ""
    word = words("same").get(word, word)
    if len(word) > _LEAST_PLURAL and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > _LEAST_PLURAL and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def _initials(text: str) -> str:
    letters = "".join(word[0] for word in _split(text) if word not in {*words("small"), *words("form")})
    return letters if len(letters) >= _LEAST_ACRONYM else ""


def _written(text: str) -> set[str]:
    """Acronyms the name itself carries: one word of capitals in a name that is not all capitals, in brackets,
    or before a dash."""
    marked = re.findall(r"\(([A-Z]{3,8})\)|^([A-Z]{3,8})\s*[-–(]|\s[-–]\s*([A-Z]{3,8})$", text)
    found = {one.lower() for match in marked for one in match if one}
    if text != text.upper():
        found |= {one.lower() for one in re.findall(r"\b[A-Z]{3,8}\b", text)}
    whole = text.strip()
    if re.fullmatch(r"\w{3,8}", whole):
        found.add(whole.lower())
    return found - set(words("form"))
