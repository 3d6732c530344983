"""Names across scripts: from any writing to canonical words, keys that spellings share, and origin."""

from philoxenia.exchange.scripts.letters import script_of
from philoxenia.linkage.names.columns import NAME_COLUMNS, name_columns
from philoxenia.linkage.names.keys import Word, read_word
from philoxenia.linkage.names.reading import Name, Part, read_name, read_part, read_words

__all__ = [
    "NAME_COLUMNS",
    "Name",
    "Part",
    "Word",
    "name_columns",
    "read_name",
    "read_part",
    "read_word",
    "read_words",
    "script_of",
]
