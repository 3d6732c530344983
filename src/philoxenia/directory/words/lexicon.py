"""Newcomers' words and service terms, ready to be looked up: by stem, phrase, Latin spelling, near words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from philoxenia.directory.words.folding import words
from philoxenia.directory.words.latin import key, loose, spelling, spellings
from philoxenia.directory.words.stemming import languages_of_script, stem
from philoxenia.directory.words.tables import Synonym, stop_words, synonyms
from philoxenia.directory.words.typing_errors import NearWords, distance
from philoxenia.exchange.scripts import script_of

LONGEST_PHRASE = 4
# What a guess costs; a known word costs nothing. Guesses dearer than the best by more than _NEAR are dropped.
_SAME_SPELLING, _SAME_KEY, _SAME_LOOSE_KEY, _A_VOWEL = 0.1, 0.4, 1.1, 0.1
# Arabic is written without its short vowels: the consonants are the word.
_SAME_KEY_ARABIC = 0.2
# Spellings further apart than this share of their letters are other words, whatever their consonants.
_APART = 0.5
_OTHER_FIRST_LETTER, _OWN_LANGUAGE, _NEAR = 0.5, 0.7, 0.3
_LEAST_KEY, _LEAST_LOOSE_KEY = 2, 3
_MOST_GUESSES = 3


@dataclass(frozen=True, order=True, slots=True)
class Guess:
    """A word of the lexicon that another word may stand for; `cost` says how far it was sought."""

    cost: float
    word: str
    language: str


def content(found: Sequence[str]) -> list[str]:
    """The words that say what is looked for; all of them where none does."""
    return [word for word in found if word not in stop_words()] or list(found)


class Lexicon:
    """The synonyms of all languages."""

    def __init__(self, rows: Iterable[Synonym]) -> None:
        self._phrases: dict[str, dict[tuple[str, ...], list[tuple[str, str]]]] = {}
        self._language: dict[str, list[str]] = {}
        self._stems: dict[str, set[str]] = {}
        for row in rows:
            found = content(words(row.word))[:LONGEST_PHRASE]
            phrase = tuple(stem(word, row.language) for word in found)
            if not phrase:
                continue
            phrases = self._phrases.setdefault(row.language, {})
            phrases.setdefault(phrase, []).append((row.topic, row.use))
            if len(found) == 2:
                # Written together as often as apart: foodbank, daycare.
                found = [*found, "".join(found)]
                phrases.setdefault((stem(found[2], row.language),), []).append((row.topic, row.use))
            for word in found:
                languages = self._language.setdefault(word, [])
                if row.language not in languages:
                    languages.append(row.language)
                self._stems.setdefault(row.language, set()).add(stem(word, row.language))
        self._near = NearWords(self._language)
        self._index_spellings()

    def _index_spellings(self) -> None:
        self._by_spelling: dict[str, list[str]] = {}
        self._by_key: dict[str, list[str]] = {}
        self._by_loose_key: dict[str, list[str]] = {}
        for word in self._language:
            latin = spelling(word)
            if script_of(word) == "latin" or not latin:
                continue
            for variant in spellings(word):
                self._by_spelling.setdefault(variant, []).append(word)
            for bones in {key(variant) for variant in spellings(word)}:
                self._by_key.setdefault(bones, []).append(word)
            self._by_loose_key.setdefault(loose(latin), []).append(word)
        self._near_spellings = NearWords(self._by_spelling)

    def languages(self) -> list[str]:
        """The languages it has words in."""
        return list(self._phrases)

    def knows(self, word: str) -> bool:
        """Whether a folded word is one of its words in any language of its script."""
        of_script = languages_of_script(script_of(word))
        return any(stem(word, language) in self._stems.get(language, ()) for language in of_script)

    def topics(self, phrase: tuple[str, ...], language: str) -> list[tuple[str, str]]:
        """Topics of a phrase of stems, each with its use."""
        return self._phrases.get(language, {}).get(phrase, [])

    def guesses(self, word: str, language: str) -> list[Guess]:
        """What a folded word may stand for, cheapest first: another spelling, or typing errors."""
        best: dict[tuple[str, str], float] = {}
        for cost, found in self._candidates(word):
            for of in self._language[found]:
                price = cost - _OWN_LANGUAGE * (of == language)
                if price < best.get((found, of), price + 1):
                    best[found, of] = price
        ordered = sorted(Guess(cost, found, of) for (found, of), cost in best.items())
        return [one for one in ordered if one.cost <= ordered[0].cost + _NEAR][:_MOST_GUESSES]

    def _candidates(self, word: str) -> Iterator[tuple[float, str]]:
        for errors, found in self._near.near(word):
            yield errors + _OTHER_FIRST_LETTER * (found[0] != word[0]), found
        if script_of(word) != "latin":
            return
        latin = spelling(word)
        yield from ((_SAME_SPELLING, found) for found in self._by_spelling.get(latin, ()))
        yield from self._of_key(latin)
        for errors, near in self._near_spellings.near(latin):
            other = _OTHER_FIRST_LETTER * (near[:1] != latin[:1])
            yield from ((_SAME_SPELLING + errors + other, found) for found in self._by_spelling[near])

    def _of_key(self, latin: str) -> Iterator[tuple[float, str]]:
        bones, wide = key(latin), loose(latin)
        if len(bones) >= _LEAST_KEY:
            for found in self._by_key.get(bones, ()):
                base = _SAME_KEY_ARABIC if script_of(found) == "arabic" else _SAME_KEY
                yield from self._if_near(latin, found, base)
        if len(wide) >= _LEAST_LOOSE_KEY:
            for found in self._by_loose_key.get(wide, ()):
                yield from self._if_near(latin, found, _SAME_LOOSE_KEY)

    @staticmethod
    def _if_near(latin: str, found: str, base: float) -> Iterator[tuple[float, str]]:
        """A word of the same consonants, unless its other letters make it another word."""
        apart = min(distance(latin, one) for one in spellings(found))
        if apart <= _APART * len(latin):
            yield base + _A_VOWEL * apart, found


@cache
def lexicon() -> Lexicon:
    """The lexicon of the reference tables; made once, in about half a second."""
    return Lexicon(synonyms())


@lru_cache(maxsize=1 << 15)
def guesses(word: str, language: str) -> tuple[Guess, ...]:
    """`Lexicon.guesses` of the reference tables, remembered."""
    return tuple(lexicon().guesses(word, language))


def topics_in(text: str, language: str) -> Counter[str]:
    """Topics that a service's own words name and how often; the language is '' where it is not known.

    >>> sorted(topics_in("Free tax clinic and food bank", "en"))
    ['doctor', 'food_bank', 'taxes']
    """
    return Counter(dict(_counted(text, language)))


# Names of organisations and terms come again and again.
@lru_cache(maxsize=1 << 14)
def _counted(text: str, language: str) -> tuple[tuple[str, int], ...]:
    found = content(words(text))
    code = language.partition("-")[0] or next(iter(languages_of_script(script_of(text))), "")
    stems = [stem(word, code) for word in found]
    book = lexicon()
    counts = Counter(
        topic
        for start in range(len(stems))
        for end in range(start + 1, min(start + LONGEST_PHRASE, len(stems)) + 1)
        for topic, use in book.topics(tuple(stems[start:end]), code)
        if use != "asked"
    )
    return tuple(counts.items())
