"""What two spellings of one name have in common: the canonical name, its key and its loose key.

Terms: the *skeleton* is the consonants of a romanised name in classes that all romanisations share; the *key*
is the canonical name where the list of variants knows it, else the skeleton; the *loose key* merges classes
further and is for finding candidates and weak agreement only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from philoxenia.exchange.scripts import plain, romanised, skeleton
from philoxenia.exchange.scripts.skeletons import FEW_CONSONANTS, loose_key
from philoxenia.exchange.scripts.tables import rewrites
from philoxenia.linkage.names.tables import Ending, endings, rows

_LEAST_WITH_ARTICLE = 6
# Names of one syllable: what is near one of them is usually another.
_SYLLABIC = ("chinese", "korean", "vietnamese")


@dataclass(frozen=True, slots=True)
class Word:
    """One name: as spelt in plain Latin letters, canonical, key, loose key, and its origin where known."""

    spelling: str
    canonical: str
    key: str
    loose: str
    origin: str


@dataclass(frozen=True)
class _Known:
    """The list of variants, by form and by skeleton."""

    by_form: Mapping[str, str]
    by_skeleton: Mapping[str, tuple[tuple[str, str], ...]]
    origin: Mapping[str, str]


def read_word(text: str) -> Word:
    """Every form of one word. Two words are one name where their keys are equal."""
    raw = plain(text)
    spelling = romanised(raw)
    common = _compound(spelling)
    known = _known()
    name = known.by_form.get(raw) or known.by_form.get(spelling) or known.by_form.get(common)
    name = name or known.by_form.get(raw.removeprefix("ال"))
    name = name or _without_article(spelling) or _by_skeleton(common)
    canonical = name or common
    return Word(
        spelling,
        canonical,
        name or skeleton(common),
        loose_key(canonical),
        known.origin.get(canonical, ""),
    )


def is_patronymic(spelling: str) -> bool:
    """Whether a romanised word is a Slavic patronymic by its ending; family names of that kind are too."""
    return any(one.kind == "patronymic" and _ends(spelling, one) for one in endings())


def _compound(latin: str) -> str:
    for rule in rewrites("compound", "latin"):
        latin = rule.pattern.sub(rule.replacement, latin)
    for one in endings():
        if _ends(latin, one):
            return latin.removesuffix(one.ending) + one.common
    return latin


def _ends(latin: str, one: Ending) -> bool:
    return latin.endswith(one.ending) and len(latin) >= one.least


def _without_article(latin: str) -> str:
    """The listed name behind an article written together with it: Elsayed, Alhassan."""
    if latin[:2] not in {"al", "el"} or len(latin) < _LEAST_WITH_ARTICLE:
        return ""
    return _known().by_form.get(latin[2:], "")


@cache
def _known() -> _Known:
    by_form: dict[str, str] = {}
    by_skeleton: dict[str, list[tuple[str, str]]] = {}
    origin = {}
    for row in rows("variants"):
        origin[row["name"]] = row["origin"]
        for form in (plain(one) for one in row["forms"].split()):
            by_form.setdefault(form, row["name"])
            latin = romanised(form)
            found = by_skeleton.setdefault(skeleton(latin), [])
            if latin == form and row["origin"] not in _SYLLABIC:
                found.append((latin, row["name"]))
    return _Known(by_form, {key: tuple(found) for key, found in by_skeleton.items()}, origin)


def _by_skeleton(latin: str) -> str:
    """The listed name an unlisted spelling is nearest to, among those of the same consonants."""
    bones = skeleton(latin)
    choices = _known().by_skeleton.get(bones, ())
    if not choices or len(bones.partition(".")[0]) <= FEW_CONSONANTS:
        return ""
    return min(choices, key=lambda choice: (_vowels_apart(latin, choice[0]), choice))[1]


def _vowels_apart(left: str, right: str) -> int:
    """Levenshtein distance of two spellings."""
    above = list(range(len(right) + 1))
    for row, letter in enumerate(left, start=1):
        line = [row]
        for column, other in enumerate(right, start=1):
            swap = above[column - 1] + (letter != other)
            line.append(min(swap, above[column] + 1, line[-1] + 1))
        above = line
    return above[-1]
