"""Languages as people write them: names in the reader's language, in English or in their own, and codes."""

from collections.abc import Iterable
from functools import cache

from babel import Locale, UnknownLocaleError, localedata
from django.conf import settings
from django.utils.translation import get_language


def name_of(code: str, language: str = "") -> str:
    """Arabic; the code itself where nobody knows a name."""
    reader = Locale.parse((language or get_language() or "en").replace("-", "_"))
    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name(reader)
    except (UnknownLocaleError, ValueError):
        name = reader.languages.get(code.lower())
    return name[:1].upper() + name[1:] if name else code


def code_of(words: str) -> str:
    """ar for Arabic, arabe or العربية; '' for words that name no language known here."""
    asked = words.strip().casefold()
    for reader in dict.fromkeys([get_language() or "en", "en", *(code for code, _ in settings.LANGUAGES)]):
        found = _codes(reader.split("-")[0]).get(asked)
        if found:
            return found
    return _own_names().get(asked, "")


@cache
def _codes(reader: str) -> dict[str, str]:
    known = Locale.parse(reader).languages
    return {name.casefold(): code for code, name in known.items()} | {code: code for code in known}


@cache
def _own_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for code in localedata.locale_identifiers():
        if "_" not in code:
            name = Locale.parse(code).get_display_name()
            if name:
                found[name.casefold()] = code
    return found


def listed(codes: Iterable[str]) -> str:
    """Arabic, Tigrinya."""
    return ", ".join(name_of(code) for code in codes)
