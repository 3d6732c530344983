"""Words in Latin letters, however they are spelt: `shkola`, `škola` and школа are one."""

import re
from functools import lru_cache

from philoxenia.directory.words.folding import words
from philoxenia.directory.words.tables import rows
from philoxenia.exchange.scripts import loose_key, plain, script_of, skeleton
from philoxenia.exchange.scripts import romanised as latin_of

# Digits that stand for letters in Arabic chats: 3amal, 7akim.
_AYN = re.compile(r"3(?=[aeiou])")
_CHAT = str.maketrans({"2": "", "3": "a", "5": "kh", "6": "t", "7": "h", "8": "gh", "9": "s"})
_CHAT_WORD = re.compile(r"(?=.*[a-z])(?=.*[235-9])[a-z2356789]+")
_LEAST_LETTERS = 2
_MOST_SPELLINGS = 24


@lru_cache(maxsize=1 << 17)
def spelling(word: str) -> str:
    """A word of any script in plain Latin letters; '' where nothing of it can be read.

    >>> spelling("школа"), spelling("3amal")
    ('shkola', 'amal')
    """
    folded = word.lower()
    if _CHAT_WORD.fullmatch(folded):
        folded = _AYN.sub("", folded).translate(_CHAT)
    return latin_of(plain(folded))


@lru_cache(maxsize=1 << 15)
def spellings(word: str) -> tuple[str, ...]:
    """The Latin spellings people use for a word of another script, the standard's first.

    >>> "sxoleio" in spellings("σχολείο"), "rouxa" in spellings("ρούχα")
    (True, True)
    """
    found = {spelling(word): None}
    for row in rows("latin_variants"):
        if row["script"] == script_of(word):
            found |= {one.replace(row["standard"], row["variant"]): None for one in list(found)}
    return tuple(list(found)[:_MOST_SPELLINGS])


def romanised(text: str) -> tuple[str, ...]:
    """The text in Latin letters, then in the consonants that all its spellings share; each once.

    >>> romanised("школа"), romanised("")
    (('shkola', 'xkla'), ())
    """
    found = [one for one in (spelling(word) for word in words(text)) if one]
    forms = (" ".join(found), " ".join(key(one) for one in found))
    return tuple(dict.fromkeys(form for form in forms if form))


@lru_cache(maxsize=1 << 17)
def key(latin: str) -> str:
    """What the spellings of one word share; last vowels, which ears disagree on, are left out."""
    return skeleton(latin).partition(".")[0]


@lru_cache(maxsize=1 << 17)
def loose(latin: str) -> str:
    """The same in wider classes (g, k, h are one), for finding candidates."""
    return loose_key(latin)


def latin_keys(text: str) -> list[str]:
    """The keys of a text's words, narrow and wide (`wide`), without those too short to tell anything."""
    latin = [one for one in (spelling(word) for word in words(text)) if one]
    narrow = [one for one in map(key, latin) if len(one) >= _LEAST_LETTERS]
    return [*narrow, *(wide(one) for one in latin if len(loose(one)) > _LEAST_LETTERS)]


def wide(latin: str) -> str:
    """The loose key of a Latin spelling, marked so that it is no other word's narrow key."""
    return f"~{loose(latin)}"
