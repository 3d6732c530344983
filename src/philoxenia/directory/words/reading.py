"""What a person's words ask for: topics, words to look for, and how what was typed was read."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from philoxenia.directory.words.folding import words
from philoxenia.directory.words.latin import key, spelling
from philoxenia.directory.words.lexicon import LONGEST_PHRASE, Guess, content, guesses, lexicon
from philoxenia.directory.words.stemming import languages_of_script, stem
from philoxenia.directory.words.tables import stop_words, synonyms, topics
from philoxenia.exchange.scripts import script_of

# A person's question is short; what is longer was pasted.
_LONGEST_QUERY = 300
_MOST_WORDS = 16
# A topic named by words within a longer phrase counts less than the phrase.
_WITHIN = 0.4
# Beside a service, whom it is for and what it takes count less.
_OF_KIND = {"service": 1.0, "aspect": 0.6, "audience": 0.25}
_MOST_OTHER_WORDS = 4
_SPELT = 0.15
_LEAST_KEY = 3
_LEAST_SMALL = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a query: as folded, its stems by language, its Latin key, and what it was taken for."""

    word: str
    stems: tuple[tuple[str, str], ...]
    key: str
    guesses: tuple[Guess, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """The texts to look for in an index, each once."""
        return tuple(dict.fromkeys([self.word, *(stem for _, stem in self.stems)]))


@dataclass(frozen=True)
class Reading:
    """A query as it was read. `topics` have weights up to 1; `read_as` is '' where nothing was changed."""

    words: tuple[Asked, ...]
    topics: dict[str, float]
    read_as: str
    other_words: tuple[str, ...]


def read_query(text: str, language: str, known: Callable[[str], bool] = lambda word: False) -> Reading:
    """Read a query typed on pages of a language; `known` says whether the index has a folded word."""
    typed = words(text[:_LONGEST_QUERY])[:_MOST_WORDS]
    asked = _of_one_language([_asked(word, language, known) for word in content(typed)])
    # Somebody who writes another script in Latin letters writes its small words so too.
    asked = tuple(one for one in asked if not _is_small(one)) or asked
    found = _topics(asked)
    return Reading(asked, found, _read_as(typed, asked), _other_words(found, language))


def _asked(word: str, language: str, known: Callable[[str], bool]) -> Asked:
    of_script = languages_of_script(script_of(word))
    stems = tuple((of, stem(word, of)) for of in of_script)
    bones = key(spelling(word))
    own = Asked(word, stems, bones if len(bones) >= _LEAST_KEY else "")
    if lexicon().knows(word) or word.isdigit():
        # Its sounds would only find names that are alike: τροφή is no Drive.
        return replace(own, key="")
    found = guesses(word, language)
    if known(word):
        # The index has the word; only the very spelling of another script may stand beside it.
        found = tuple(one for one in found if one.cost <= _SPELT)
    return Asked(own.word, own.stems, own.key, found)


def _is_small(asked: Asked) -> bool:
    return asked.word in stop_spellings() and not lexicon().knows(asked.word)


@cache
def stop_spellings() -> frozenset[str]:
    """Small words of other scripts as they are written in Latin letters."""
    found = (spelling(word) for word in stop_words() if script_of(word) != "latin")
    return frozenset(one for one in found if len(one) >= _LEAST_SMALL)


def _of_one_language(asked: Sequence[Asked]) -> tuple[Asked, ...]:
    """Guesses of the language that most words may be of come first."""
    votes = Counter(of for one in asked for of in {guess.language for guess in one.guesses})
    return tuple(
        replace(one, guesses=tuple(sorted(one.guesses, key=lambda guess: (-votes[guess.language], guess))))
        for one in asked
    )


def _topics(asked: Sequence[Asked]) -> dict[str, float]:
    found: dict[str, float] = {}
    spans = list(_spans(asked))
    for start, end, topic, weight in spans:
        within = any(one[0] <= start and end <= one[1] and one[1] - one[0] > end - start for one in spans)
        found[topic] = max(found.get(topic, 0.0), weight * (_WITHIN if within else 1.0))
    if any(topics()[topic].kind == "service" for topic in found):
        # "Doctor for my son" asks for a doctor, "papers for school" for a school.
        for topic in found:
            found[topic] *= _OF_KIND[topics()[topic].kind]
    return found


def _spans(asked: Sequence[Asked]) -> Iterator[tuple[int, int, str, float]]:
    """Every phrase of the lexicon in a query: where, which topic, how sure."""
    for language in lexicon().languages():
        stems = [_stems_in(one, language) for one in asked]
        for start in range(len(stems)):
            phrases: list[tuple[tuple[str, ...], float]] = [((), 1.0)]
            for end in range(start, min(start + LONGEST_PHRASE, len(stems))):
                phrases = [
                    ((*phrase, found), min(weight, sure))
                    for phrase, weight in phrases
                    for found, sure in stems[end]
                ]
                for phrase, weight in phrases:
                    for topic, use in lexicon().topics(phrase, language):
                        if use != "offered":
                            yield start, end + 1, topic, weight


def _stems_in(asked: Asked, language: str) -> list[tuple[str, float]]:
    """The stems a word may have in a language and how sure it is that each is meant."""
    guessed = [
        (stem(guess.word, language), 1 / (1 + max(0.0, guess.cost)))
        for guess in asked.guesses
        if guess.language == language
    ]
    return guessed or [(found, 1.0) for of, found in asked.stems if of == language]


def _read_as(typed: Sequence[str], asked: Sequence[Asked]) -> str:
    """The query with what its words were taken for; '' where they were taken as they are."""
    taken = {one.word: one.guesses[0].word for one in asked if one.guesses}
    return " ".join(taken.get(word, word) for word in typed) if taken else ""


def _other_words(found: dict[str, float], language: str) -> tuple[str, ...]:
    """What services call what was asked for, in the language of the page."""
    ordered = sorted(found, key=lambda topic: -found[topic])
    names = _names(language)
    return tuple(names[topic] for topic in ordered[:_MOST_OTHER_WORDS] if topic in names)


@cache
def _names(language: str) -> dict[str, str]:
    """The first word of each topic in a language that services use themselves."""
    rows = (row for row in reversed(synonyms()) if row.language == language and row.use == "both")
    return {row.topic: row.word for row in rows}
