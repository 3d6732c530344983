"""What a message asks: what is needed, where, which of the answers, and in which language to say it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from philoxenia.directory.words import read_query, words
from philoxenia.directory.words.lexicon import lexicon
from philoxenia.exchange.scripts import script_of
from philoxenia_web.directory.search.near import read_near
from philoxenia_web.directory.search.types import Near

_LONGEST = 160
_MOST_WORDS_OF_A_PLACE = 4
_PAGE = re.compile(r"^(.*\S)\s+(\d{1,2})\s*$", re.DOTALL)
_OF_SCRIPT = {"arabic": "ar", "greek": "el", "cyrillic": "uk"}
# A word that only seems misspelt says less of a language than one that is its word.
_GUESSED = 0.5


@dataclass(frozen=True)
class Request:
    """A message as it was read. `near` is None where no place was named that the city knows."""

    need: str
    near: Near | None
    place: str
    language: str
    page: int = 1

    @property
    def again(self) -> str:
        """What to write to get the next answers."""
        return f"{self.need} {self.place}".strip() + f" {self.page + 1}"


def read(text: str) -> Request:
    """A message in any language of the pages, or one of them in Latin letters. Nothing it may hold raises."""
    given = " ".join(text[:_LONGEST].split())
    paged = _PAGE.match(given)
    page = max(1, int(paged[2])) if paged else 1
    asked = paged[1] if paged else given
    language = language_of(asked)
    need, place, near = _parted(asked, language)
    return Request(need, near, place, language, page)


def language_of(text: str) -> str:
    """The language to answer in: by its script; in Latin letters by whose words these are."""
    known = [code for code, _ in settings.LANGUAGES]
    scripts = (_OF_SCRIPT.get(script_of(word), "") for word in words(text))
    # Who can write another script reads it, whatever names they write in Latin letters.
    own = next((code for code in scripts if code in known), "")
    if own:
        return own
    votes: Counter[str] = Counter()
    for one in read_query(text, known[0]).words:
        for code, stem in one.stems:
            votes[code] += bool(lexicon().topics((stem,), code))
        for guess in one.guesses[:1]:
            votes[guess.language] += _GUESSED
    # A tie goes to the language named first.
    return max(known, key=lambda code: (votes[code], -known.index(code)))


def _parted(asked: str, language: str) -> tuple[str, str, Near | None]:
    """What is needed and where: the longest end, then beginning, that is a place and not a need."""
    pieces = asked.replace(",", " , ").split()
    for place, rest in _cuts(pieces):
        if read_query(place, language).topics:
            continue
        near = read_near(place)
        if near is not None and (words(rest) or len(pieces) == 1):
            return rest, place, near
    return asked, "", None


def _cuts(pieces: list[str]) -> Iterator[tuple[str, str]]:
    most = min(_MOST_WORDS_OF_A_PLACE, len(pieces))
    for size in range(most, 0, -1):
        yield _words(pieces[-size:]), _words(pieces[:-size])
    for size in range(most, 0, -1):
        yield _words(pieces[:size]), _words(pieces[size:])


def _words(pieces: list[str]) -> str:
    return " ".join(one for one in pieces if one != ",")
