"""Reads `notations.toml`: marks for missing and withheld values, words for yes, no and the months."""

import tomllib
from functools import cache
from importlib.resources import files

from philoxenia.exchange.spelling import plain


@cache
def _notations() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("philoxenia.exchange") / "notations.toml").read_text(encoding="utf-8"))


@cache
def marks(topic: str) -> frozenset[str]:
    """The texts of one topic (missing, suppressed, broken, totals, yes, no), lower case."""
    return frozenset(text.casefold() for text in _notations()[topic]["texts"])


@cache
def month_words() -> dict[str, int]:
    """Month number by name or short form in every language listed, accents left off."""
    months = enumerate(_notations()["months"].values(), start=1)
    return {plain(name): number for number, names in months for name in names}
