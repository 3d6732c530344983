"""Reads the tables of search: endings beside this module, topics and newcomers' words in `reference`."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from philoxenia.reference import reference_table

_FOLDER = files("philoxenia.directory.words") / "tables"


@dataclass(frozen=True)
class Topic:
    """What a service may be about: its code, its name in English and the need it answers."""

    code: str
    name: str
    need: str
    # "service"; "audience": whom one is for; "aspect": what is needed for one.
    kind: str


@dataclass(frozen=True)
class Synonym:
    """A word or phrase for a topic. `use` is both, asked (queries only) or offered (services' texts only)."""

    language: str
    word: str
    topic: str
    use: str


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table beside this module, all text; `name` is the file name without `.csv`."""
    text = (_FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def topics() -> Mapping[str, Topic]:
    """Topics by their code (reference/tables/directory/synonym_topics.csv)."""
    found = reference_table("directory/synonym_topics").iter_rows(named=True)
    return MappingProxyType(
        {row["code"]: Topic(row["code"], row["name"], row["need"], row["kind"]) for row in found}
    )


@cache
def synonyms() -> tuple[Synonym, ...]:
    """Newcomers' words and service terms in all languages (reference/tables/directory/synonyms.csv)."""
    found = reference_table("directory/synonyms").iter_rows(named=True)
    return tuple(Synonym(row["language"], row["word"], row["topic"], row["use"]) for row in found)


@cache
def stop_words() -> frozenset[str]:
    """Folded words that say nothing of what is looked for, in all languages."""
    return frozenset(row["word"] for row in rows("stop_words"))
