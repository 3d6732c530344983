"""Words in any language, script and spelling: folded, stemmed, romanised; newcomers' words for services."""

from philoxenia.directory.words.folding import fold, fold_table, words
from philoxenia.directory.words.latin import romanised
from philoxenia.directory.words.lexicon import topics_in
from philoxenia.directory.words.reading import Reading, read_query
from philoxenia.directory.words.stemming import tokens
from philoxenia.directory.words.tables import synonyms, topics

__all__ = [
    "Reading",
    "fold",
    "fold_table",
    "read_query",
    "romanised",
    "synonyms",
    "tokens",
    "topics",
    "topics_in",
    "words",
]
