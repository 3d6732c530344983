"""Comparing words as people write them: case, accents, spaces and signs do not count."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Lower case without accents; every run of other signs becomes one space.

    `Réfugiés-2` gives `refugies 2`.
    """
    decomposed = unicodedata.normalize("NFKD", ungarbled(text))
    letters = "".join(character for character in decomposed if not _is_accent(character))
    return " ".join("".join(c if _is_letter(c) else " " for c in letters.casefold()).split())


def _is_accent(character: str) -> bool:
    # Vowel points of Arabic and Hebrew and accents are left off; the vowel signs of Indic scripts make the
    # word.
    order = unicodedata.combining(character)
    return order >= 200 or 10 <= order <= 36


def _is_letter(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Only the letters and digits, for comparing headers and names: `Project.ID` and `project_id` are the
    same.
    """
    return plain(text).replace(" ", "")


@lru_cache(maxsize=65536)
def ungarbled(text: str) -> str:
    """The text with letters restored that were written as UTF-8 and read as Windows-1252: `MontrÃ©al` is
    Montréal.
    """
    if text.isascii():
        return text
    for codec in ("cp1252", "latin-1"):
        try:
            restored = text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
        return restored
    return text


def words(text: str) -> list[str]:
    """The words of a header, also where they are joined by underscores or capitals: `immStatus` gives imm,
    status.
    """
    return plain(_CAMEL.sub(" ", unicodedata.normalize("NFKC", text))).split()


def nearest(value: str, options: Iterable[str], cutoff: float = 0.75) -> str:
    """The option most like the value, or '' where none is near. Ties go to the first option."""
    best, found = cutoff, ""
    matcher = SequenceMatcher()
    matcher.set_seq2(key(value))
    for option in options:
        matcher.set_seq1(key(option))
        if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
            continue
        ratio = matcher.ratio()
        if ratio > best or (ratio == best and not found):
            best, found = ratio, option
    return found


def listed(items: Iterable[str], most: int = 6) -> str:
    """`a, b and c`, or the first few `and 12 more`."""
    every = list(items)
    if len(every) > most:
        return f"{', '.join(every[:most])} and {len(every) - most:,} more"
    return " and ".join([", ".join(every[:-1]), every[-1]] if len(every) > 1 else every)


def quoted(value: object, most: int = 60) -> str:
    """A value as it stands in the file, between quotation marks and not too long."""
    text = str(value).replace("\n", " / ").replace("\t", " ")
    mark = "'" if '"' in text else '"'
    return f"{mark}{text if len(text) <= most else text[: most - 3] + '...'}{mark}"
