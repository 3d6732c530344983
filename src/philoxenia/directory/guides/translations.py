"""Translations of a guide: read, held against the text they were made from, and marked.

A translation is outdated as soon as its source text changes: each carries the fingerprint of the text it was
made from, so nobody has to remember. A draft by machine says so until a person has read it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from datetime import date

from philoxenia.directory.guides.entries import Entries
from philoxenia.directory.guides.types import (
    HUMAN,
    MACHINE,
    ORIGINAL,
    OUTDATED,
    Guide,
    Text,
    Translation,
    fingerprint,
)

_KEYS = ("language", "by", "date", "reviewed", "texts", "made_from")
_MARKED = re.compile(r"`([^`]*)`")
# With the spaces that do not break, which French and Ukrainian write between thousands.
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f]\d+)*")
_NEVER = date(1, 1, 1)


def read_translation(guide: Guide, language: str, entries: Entries) -> Translation:
    """A translation file; what is wrong is kept in the entries' faults."""
    entries.only(_KEYS)
    if entries.language("language") != language:
        entries.wrong(f"the file is named {language}, but its language is another", "language")
    texts = Entries(entries.path, entries.raw.get("texts", {}), entries.faults, "texts")
    made_from = entries.raw.get("made_from", {})
    source = guide.texts()
    read = {key: texts.text(key) for key in texts.raw}
    made = Translation(
        guide=guide.id,
        language=language,
        by=entries.text("by"),
        written=entries.day("date") or _NEVER,
        texts=read,
        made_from=made_from if isinstance(made_from, Mapping) else {},
        reviewed=_reviewed(entries),
    )
    _hold_against(made, source, texts)
    return made


def _reviewed(entries: Entries) -> frozenset[str]:
    keys = entries.raw.get("reviewed", [])
    if not isinstance(keys, list):
        entries.wrong('reviewed must be a list of texts a person has read, such as ["title"]', "reviewed")
        return frozenset()
    return frozenset(str(key) for key in keys)


def _hold_against(made: Translation, source: Mapping[str, str], entries: Entries) -> None:
    for key, text in made.texts.items():
        if key not in source:
            entries.wrong("the guide has no such text; take it out", key)
        elif key not in made.made_from:
            entries.wrong("no fingerprint of its source; run: philoxenia guides stamp FOLDER", key)
        elif made.made_from[key] == fingerprint(source[key]) and (lost := differing(source[key], text)):
            entries.wrong(f"numbers or marked words differ from the source: {', '.join(lost)}", key)
    for key in made.reviewed - set(made.texts):
        entries.wrong("reviewed names a text that is not there", key)


def differing(source: str, translated: str) -> tuple[str, ...]:
    """Numbers, and words in `backticks`, that one of two texts has and the other has not.

    Digits of every script count as the same digit; a translator who drops a telephone number is told.
    """
    left, right = _figures(source), _figures(translated)
    return tuple(sorted({*(left - right), *(right - left)}))


def _figures(text: str) -> Counter[str]:
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text)
    numbers = (
        re.sub(r"\D", "", found) for found in _NUMBER.findall(plain.replace("٬", ",").replace("٫", "."))
    )
    return Counter([*_MARKED.findall(plain), *(_bare(one) for one in numbers)])


def _bare(number: str) -> str:
    return number.lstrip("0") or "0"


def shown(guide: Guide, translation: Translation | None) -> dict[str, Text]:
    """Every text by its key as a reader gets it: translated where it is, marked where that is outdated."""
    return {key: _shown(guide, translation, key, source) for key, source in guide.texts().items()}


def _shown(guide: Guide, translation: Translation | None, key: str, source: str) -> Text:
    if translation is None or key not in translation.texts:
        return Text(source, guide.language, ORIGINAL)
    return Text(translation.texts[key], translation.language, status_of(translation, key, source))


def status_of(translation: Translation, key: str, source: str) -> str:
    """human, machine or outdated."""
    if translation.made_from.get(key) != fingerprint(source):
        return OUTDATED
    return HUMAN if key in translation.reviewed else MACHINE


def debt(guide: Guide, translation: Translation | None) -> dict[str, int]:
    """How many texts are human, machine, outdated, or missing in a language."""
    found = {HUMAN: 0, MACHINE: 0, OUTDATED: 0, "missing": 0}
    for key, source in guide.texts().items():
        there = translation is not None and key in translation.texts
        found[status_of(translation, key, source) if there and translation else "missing"] += 1
    return found
