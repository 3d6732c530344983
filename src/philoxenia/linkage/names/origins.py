"""The language area a name comes from, as far as its spelling tells: for error rates by group, nothing else.

Never a statement about a person: many names live in several areas, and most of Latin script stay `other`.
"""

from functools import cache, lru_cache

from philoxenia.linkage.names.reading import Part
from philoxenia.linkage.names.tables import rows


@cache
def _endings(kind: str) -> tuple[tuple[str, str], ...]:
    found = [(row["ending"], row["origin"]) for row in rows("classes") if row["kind"] == kind]
    return tuple(sorted(found, key=lambda one: -len(one[0])))


def origin_of(part: Part) -> str | None:
    """arabic, persian, slavic, greek, ethiopic, turkish, vietnamese, spanish; None where nothing tells."""
    if part.whole.origin:
        return part.whole.origin
    for word in part.words:
        if word.origin:
            return word.origin
    return _by_ending(part.whole.canonical)


@lru_cache(maxsize=1 << 20)
def _by_ending(text: str) -> str | None:
    for ending, origin in _endings("end"):
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return origin
    return next((origin for start, origin in _endings("start") if text.startswith(start)), None)
