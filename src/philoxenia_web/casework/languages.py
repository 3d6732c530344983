"""Languages to choose from at the desk, each by its name in the language of the page."""

from functools import cache

from django.conf import settings
from django.utils.translation import get_language

from philoxenia_web.directory.city import city
from philoxenia_web.directory.editing.languages import name_of

# Spoken by many who come to cities now, beside those the city's package names.
_MORE = (
    *("ar", "fa", "ps", "uk", "ru", "so", "ti", "am", "tr", "ku", "fr", "es", "pt", "ht", "sw", "ln", "ur"),
    *("hi", "bn", "ta", "pa", "tl", "vi", "yue", "cmn", "ko", "hu", "sq", "ro", "el", "en", "ase"),
)


def choices() -> list[tuple[str, str]]:
    """(code, name), by name."""
    return _choices(get_language() or "en")


@cache
def _choices(reader: str) -> list[tuple[str, str]]:
    codes = dict.fromkeys([*city().languages, *(code for code, _ in settings.LANGUAGES), *_MORE])
    return sorted(((code, name_of(code, reader)) for code in codes), key=lambda one: one[1])
