"""Which character encoding a delimited file is written in, and how sure that is.

UTF-8, UTF-16 and UTF-32 are recognised with certainty. Among the one-byte code pages the choice is by how the
letters above ASCII stand: alone inside Latin words, or in runs that make words of one script with its most
frequent letters.
"""

import codecs
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

# The letters that make up most running text of each script; counted after lower-casing.
_FREQUENT = {
    "latin": "éèàâêîôûçëïüöäßñóíáúãõåøæœ",
    "central": "ąęłśżźćńóčřšžýáíéúěůďťňőűöüăâîșț",
    "turkish": "ığşçöüâî",
    "greek": "αοιετσνηυρπκμλάέήίόύώς",
    "cyrillic": "оеаинтсрвлкмдпуіяь",
    "arabic": "اليمنرتبوهعدةك",
    "hebrew": "יולהמאתרשבנ",
}
_RUNS = {
    "cyrillic": ("cp1251", "koi8_u", "iso8859_5", "cp866"),
    "greek": ("iso8859_7", "cp1253", "cp737"),
    "arabic": ("cp1256", "iso8859_6"),
    "hebrew": ("cp1255",),
}
_SINGLE = {"latin": ("cp1252", "mac_roman", "cp850"), "central": ("cp1250",), "turkish": ("cp1254",)}
_TYPOGRAPHY = set("–—‘’“”„…•€«»°²³½¼ºª·´©®™§")

NAMES = {
    "utf_8": "UTF-8",
    "utf_8_sig": "UTF-8 with byte-order mark",
    "utf_16": "UTF-16",
    "utf_16_le": "UTF-16",
    "utf_16_be": "UTF-16",
    "utf_32": "UTF-32",
    "cp1252": "Windows-1252 (Western European; Latin-1 is part of it)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8_u": "KOI8-U (Cyrillic)",
    "iso8859_5": "ISO-8859-5 (Cyrillic)",
    "cp866": "DOS 866 (Cyrillic)",
    "iso8859_7": "ISO-8859-7 (Greek)",
    "cp1253": "Windows-1253 (Greek)",
    "cp737": "DOS 737 (Greek)",
    "cp1256": "Windows-1256 (Arabic)",
    "iso8859_6": "ISO-8859-6 (Arabic)",
    "cp1255": "Windows-1255 (Hebrew)",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850 (Western European)",
}


@dataclass(frozen=True)
class Encoding:
    """A Python codec, whether it is certain, and words for the report."""

    codec: str
    certain: bool

    @property
    def name(self) -> str:
        """The encoding in words a person meets in a Save As dialogue."""
        return NAMES.get(self.codec, self.codec)


def by_mark(start: bytes) -> Encoding | None:
    """The encoding a byte-order mark or the pattern of zero bytes gives away."""
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return Encoding("utf_32", True)
    if start.startswith(codecs.BOM_UTF8):
        return Encoding("utf_8_sig", True)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf_16", True)
    sample = start[:2000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) * 0.3 and even < odd / 10:
        return Encoding("utf_16_le", True)
    if even > len(sample) * 0.3 and odd < even / 10:
        return Encoding("utf_16_be", True)
    return None


def by_letters(sample: bytes) -> Encoding:
    """The likeliest one-byte code page of a sample that holds bytes above 127."""
    high = [byte > 127 for byte in sample]
    beside = sum(a and b for a, b in pairwise(high))
    total = sum(high)
    families = _RUNS if total and beside / total > 0.5 else _SINGLE
    scored = [
        (_score(sample, codec, script), -order, codec)
        for order, (script, codec) in enumerate((s, c) for s, codecs_ in families.items() for c in codecs_)
    ]
    best = max(scored)
    if best[0] <= 0:
        return Encoding("cp1252", False)
    return Encoding(best[2], False)


def _score(sample: bytes, codec: str, script: str) -> float:
    """Share of high characters that are frequent letters of the script; strangers and mixed words count
    against.
    """
    text = sample.decode(codec, errors="replace").lower()
    counts = Counter(character for character in text if ord(character) > 127)
    total = sum(counts.values())
    if not total:
        return 0.0
    frequent = sum(counts[letter] for letter in _FREQUENT[script])
    typographic = sum(counts[sign] for sign in _TYPOGRAPHY)
    strange = sum(count for character, count in counts.items() if _is_strange(character))
    return (frequent + 0.6 * typographic - 2 * strange - _mixed_letters(text)) / total


def _is_strange(character: str) -> bool:
    return character not in _TYPOGRAPHY and unicodedata.category(character) in ("Cc", "Co", "So", "Sm", "Sk")


def _mixed_letters(text: str) -> float:
    # Two scripts inside one word betray the wrong code page.
    pairs = pairwise(text)
    return sum((ord(a) > 0x24F) != (ord(b) > 0x24F) for a, b in pairs if a.isalpha() and b.isalpha()) / 2
