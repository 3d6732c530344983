"""Sentences of the engine as a reader meets them: its ids and periods in the words of the report.

Owns which quoted ids are ours to translate; ignores what the sentences say. The engine quotes every id, so
that a word such as "all" in running text is left alone.
"""

import re
from collections.abc import Iterable

from philoxenia.reference import reference_table
from philoxenia.report.names import named
from philoxenia.report.sections.places import holds
from philoxenia.report.types import Findings
from philoxenia.report.words import (
    inside_sentence,
    label,
    packaged_rows,
    period_name,
    sentence_case,
    service_name,
)

_QUOTED = re.compile(r"(?<!\w)(['\"])(.+?)\1(?!\w)")
_PERIOD = re.compile(r"(?<![\w-])(\d{4}-(?:0[1-9]|1[0-2]|Q[1-4]))(?![\w-])")


def in_words(sentences: Iterable[str], findings: Findings) -> tuple[str, ...]:
    """The sentences with measures, groups, services and periods called as everywhere else in the report."""
    words = _words(findings)
    return tuple(_told(sentence, words) for sentence in sentences)


def _told(sentence: str, words: dict[str, str]) -> str:
    called = _QUOTED.sub(lambda found: words.get(found[2], found[0]), sentence)
    return sentence_case(_PERIOD.sub(lambda found: period_name(found[1]), called))


def _words(findings: Findings) -> dict[str, str]:
    """Words by id: series of this city, those every city may have, and services."""
    ids = {row["id"] for row in packaged_rows("words")} | set(findings.labels)
    for frame in (findings.history, findings.demand):
        for column in ("measure", "group"):
            if holds(frame, column):
                ids.update(frame[column].unique().to_list())
    words = {id_: _called(id_, findings) for id_ in ids}
    services = reference_table("services")["id"].to_list()
    return {id_: inside_sentence(service_name(id_)) for id_ in services} | words


def _called(id_: str, findings: Findings) -> str:
    # A city's own id is a name, which may be in any script; our words are running text.
    known = id_ in findings.labels or any(row["id"] == id_ for row in packaged_rows("words"))
    return inside_sentence(label(id_, findings.labels)) if known else named(label(id_))
