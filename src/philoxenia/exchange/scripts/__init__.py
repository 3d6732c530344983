"""Scripts: words of any writing in plain Latin letters, and what their spellings have in common."""

from philoxenia.exchange.scripts.letters import plain, romanised, script_of
from philoxenia.exchange.scripts.skeletons import loose_key, skeleton

__all__ = ["loose_key", "plain", "romanised", "script_of", "skeleton"]
