"""The slow, obvious version of reading names: one record at a time, letter by letter, no list kept between.

Tests hold `columns`, `letters` and `keys` against it; it shares only the tables and how words are split.
"""

import re
import unicodedata

from philoxenia.exchange.scripts.letters import plain as plain_word
from philoxenia.exchange.scripts.letters import script_of
from philoxenia.exchange.scripts.syllables import hangul, indic
from philoxenia.exchange.scripts.tables import rows as script_rows
from philoxenia.linkage.names.reading import Part, read_name, read_part
from philoxenia.linkage.names.tables import rows


def plain_romanised(word: str) -> str:
    """A plain word in Latin letters, looked up letter by letter."""
    script = script_of(word)
    if script in {"hangul", "indic"}:
        return hangul(word) if script == "hangul" else indic(word)
    for row in script_rows("rewrites"):
        if row["stage"] == "script" and row["script"] == script:
            word = re.sub(row["pattern"], row["replacement"], word)
    if script == "arabic":
        word = re.sub(r"([^\Wa-z])(?=\1)", r"\1a", word)
    ukrainian = script == "cyrillic" and any(letter in word for letter in "іїєґ")
    return "".join(_letter(letter, ukrainian) for letter in word)


def _letter(letter: str, ukrainian: bool) -> str:
    order = ["cyrillic_ukrainian", "arabic", "cyrillic", "greek", "latin"]
    for script in order if ukrainian else order[1:]:
        for row in script_rows("letters"):
            if row["script"] == script and row["letter"] == letter:
                return row["latin"]
    for row in script_rows("syllables"):
        order_of_vowel = ord(letter) - int(row["first"], 16)
        if 0 <= order_of_vowel < 8:
            return row["consonant"] + script_rows("vowels")[order_of_vowel]["vowel"]
    for row in script_rows("han"):
        if letter in row["characters"]:
            return row["latin"]
    return letter


def plain_listed(text: str) -> str:
    """The listed name that has this very writing, or ``; spellings are not guessed."""
    wanted = plain_word(text)
    for row in rows("variants"):
        if wanted in [plain_word(form) for form in row["forms"].split()]:
            return row["name"]
    return ""


def plain_columns(record: dict[str, str | None]) -> dict[str, object]:
    """What `name_columns` gives for one record, worked out alone."""
    parts: dict[str, Part | None] = {
        part: read_part(record.get(f"{part}_name") or "") for part in ("given", "middle", "family")
    }
    whole = record.get("full_name")
    if not record.get("given_name") and not record.get("family_name") and whole is not None:
        name = read_name(whole)
        parts = {"given": name.given, "middle": name.middle, "family": name.family}
    found: dict[str, object] = {}
    keys: list[str] = []
    for part, read in parts.items():
        for form in ("spelling", "canonical", "key", "loose"):
            found[f"{part}_{form}"] = None if read is None else getattr(read.whole, form)
        own = [] if read is None else [*(word.key for word in read.words), read.whole.key]
        keys += list(dict.fromkeys(own))
    found["name_keys"] = keys or None
    return found


def without_marks(text: str) -> str:
    """A Latin text without accents: how a keyboard without them writes it."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
