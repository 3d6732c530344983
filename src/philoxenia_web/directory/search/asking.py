"""A question in the terms of the index: what must hold, what should, and how much each word counts.

The weights are rows of `parameters_directory.csv`; benchmarks and the labelled queries of the tests hold
them.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import tantivy
from tantivy import Occur

from philoxenia.directory.words import Reading, topics
from philoxenia.directory.words.latin import spelling, wide
from philoxenia.directory.words.reading import Asked
from philoxenia.directory.words.stemming import stem
from philoxenia.exchange.scripts import script_of
from philoxenia.reference import default_parameters

_MUST, _SHOULD, _NOT = Occur.Must, Occur.Should, Occur.MustNot
# Shorter words are within an error of too many others.
_LEAST_FUZZY = 5
_TWO_ERRORS = 9


@dataclass(frozen=True)
class Weights:
    """What a match is worth, a word in the text being 1."""

    topic_named: float
    topic: float
    topic_aside: float
    need: float
    name: float
    latin: float
    fuzzy: float
    share_of_words: float
    share_of_topics: float


@cache
def weights() -> Weights:
    """From the reference tables."""
    given = default_parameters()
    return Weights(**{name: given[f"directory.find_{name}"] for name in Weights.__annotations__})


class Asking:
    """Builds queries of one index."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._searcher = searcher

    def known(self, word: str) -> bool:
        """Whether any service has this word."""
        return bool(self._searcher.doc_freq("body", word))

    def term(self, field: str, value: str) -> tantivy.Query:
        """Documents with a word or code."""
        return tantivy.Query.term_query(self._schema, field, value, "freq")

    def any_of(self, field: str, values: Sequence[str]) -> tantivy.Query:
        """Documents with any of some codes."""
        return tantivy.Query.term_set_query(self._schema, field, list(values))

    def text(self, reading: Reading, *, strict: bool) -> tantivy.Query:
        """Documents that a reading is about; `strict` wants one of its topics or most of its words."""
        about = [*self._topics(reading), *(self._word(one) for one in reading.words)]
        if not about:
            return tantivy.Query.empty_query()
        scored = tantivy.Query.boolean_query([(_SHOULD, one) for one in about])
        if not strict:
            return scored
        gate = tantivy.Query.const_score_query(self._gate(reading), 0.0)
        return tantivy.Query.boolean_query([(_MUST, gate), (_SHOULD, scored)])

    def related(self, reading: Reading) -> tantivy.Query:
        """Documents that answer the same needs in other ways, for when nothing is about it."""
        needs = set(_needs(reading))
        codes = [one.code for one in topics().values() if one.need in needs]
        about = [self.term("topic", code) for code in codes] + [self.term("need", need) for need in needs]
        return tantivy.Query.boolean_query([(_SHOULD, one) for one in about])

    def _gate(self, reading: Reading) -> tantivy.Query:
        enough = max(1, math.ceil(weights().share_of_words * len(reading.words)))
        words = tantivy.Query.boolean_query(
            [(_SHOULD, self._word(one)) for one in reading.words], minimum_number_should_match=enough
        )
        fields = [self.term(field, topic) for topic in reading.topics for field in ("topic", "topic_aside")]
        return tantivy.Query.boolean_query([(_SHOULD, one) for one in [words, *fields]])

    def _topics(self, reading: Reading) -> Iterable[tantivy.Query]:
        counts = weights()
        for topic, weight in reading.topics.items():
            for field in ("topic_named", "topic", "topic_aside"):
                worth = getattr(counts, field) * weight
                found = self.term(field, topic)
                yield tantivy.Query.const_score_query(found, worth)
                # The fewer other topics and the oftener named, the more a service is about it.
                yield self._boosted(found, worth * counts.share_of_topics)
        for need, weight in _needs(reading).items():
            yield tantivy.Query.const_score_query(self.term("need", need), counts.need * weight)

    def _word(self, asked: Asked) -> tantivy.Query:
        """A word in any of its forms; the best form counts, so that none counts twice."""
        counts = weights()
        forms = [(form, 1.0) for form in asked.forms]
        forms += [
            (stem(guess.word, guess.language), 1 / (1 + max(0.0, guess.cost))) for guess in asked.guesses
        ]
        parts = [self._boosted(self.term("body", form), weight) for form, weight in forms]
        parts += [self._boosted(self.term("name", form), counts.name * weight) for form, weight in forms]
        if asked.key:
            parts.append(self._boosted(self.term("latin", asked.key), counts.latin))
            if script_of(asked.word) != "latin" and not asked.guesses:
                # باركديل: other scripts lack letters, so wider classes of sounds are asked too.
                sounds = self.term("latin", wide(spelling(asked.word)))
                parts.append(self._boosted(sounds, counts.latin))
        if len(asked.word) >= _LEAST_FUZZY and not self.known(asked.word) and not asked.guesses:
            errors = 2 if len(asked.word) >= _TWO_ERRORS else 1
            near = tantivy.Query.fuzzy_term_query(self._schema, "body", asked.word, errors)
            parts.append(self._boosted(near, counts.fuzzy))
        return tantivy.Query.disjunction_max_query(parts)

    @staticmethod
    def _boosted(query: tantivy.Query, weight: float) -> tantivy.Query:
        return tantivy.Query.boost_query(query, weight)

    @staticmethod
    def narrowed(query: tantivy.Query, filters: Sequence[tantivy.Query]) -> tantivy.Query:
        """A query whose documents also satisfy filters, which count nothing."""
        if not filters:
            return query
        silent = [(_MUST, tantivy.Query.const_score_query(one, 0.0)) for one in filters]
        return tantivy.Query.boolean_query([(_MUST, query), *silent])

    def without(self, field: str, value: str) -> tantivy.Query:
        """Documents that lack a code."""
        everything = (_MUST, tantivy.Query.all_query())
        return tantivy.Query.boolean_query([everything, (_NOT, self.term(field, value))])


def _needs(reading: Reading) -> dict[str, float]:
    """Needs that the topics answer, with the weight of the strongest."""
    found: dict[str, float] = {}
    for topic, weight in reading.topics.items():
        need = topics()[topic].need
        found[need] = max(found.get(need, 0.0), weight)
    return found
