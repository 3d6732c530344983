"""What fits into a text message: GSM-7 counted in septets, everything else in UCS-2 units.

3GPP TS 23.038 (V17, 2022), 6.2.1: the default alphabet and its extension table, whose signs take two septets;
TS 23.040, 9.2.3.16: 160 septets or 140 octets, which is 70 units of UCS-2.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

GSM, UCS = "GSM-7", "UCS-2"
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_SIZE = {GSM: 160, UCS: 70}
# Signs of print that a telephone of the old kind writes more plainly.
_PLAINER = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "·": "-"}
    | {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "œ": "oe", "Œ": "OE"}
)


@dataclass(frozen=True)
class Part:
    """One message as it is sent."""

    text: str

    @property
    def encoding(self) -> str:
        """GSM-7 where every sign is in its tables."""
        return GSM if all(sign in _BASIC or sign in _EXTENSION for sign in self.text) else UCS

    @property
    def units(self) -> int:
        """Septets or UCS-2 units: a sign beyond the first plane takes two of those."""
        if self.encoding == GSM:
            return sum(2 if sign in _EXTENSION else 1 for sign in self.text)
        return len(self.text.encode("utf-16-be")) // 2

    @property
    def fits(self) -> bool:
        """Whether it is one message and not two."""
        return self.units <= _SIZE[self.encoding]


def plainer(text: str) -> str:
    """Text without signs that would cost a Latin message more than half its room.

    >>> plainer("l’hôpital – ouvert")
    "l'hopital - ouvert"
    """
    text = text.translate(_PLAINER)
    if any(_is_other_script(sign) for sign in text):
        return text
    return "".join(sign if sign in _BASIC or sign in _EXTENSION else _bare(sign) for sign in text)


def _is_other_script(sign: str) -> bool:
    return sign.isalpha() and not unicodedata.name(sign, "").startswith("LATIN") and sign not in _BASIC


def _bare(sign: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", sign) if one in _BASIC)


def composed(needed: Iterable[str], wanted: Iterable[str]) -> Part:
    """One message of what is needed, then of what else fits whole, in its order; pieces with ", " between.

    Where what is needed is too long, its first piece (a name) is cut.
    """
    name, *rest = [one for one in needed if one]
    while not Part(_joined([name, *rest])).fits and len(name) > 1:
        name = name[:-2].rstrip() + "." if len(name) > 2 else name[:1]
    pieces = [name, *rest]
    for piece in wanted:
        if piece and Part(_joined([*pieces, piece])).fits:
            pieces.append(piece)
    return Part(_joined(pieces))


def split(text: str, most: int) -> list[Part]:
    """A longer text in messages, broken between words; at most so many."""
    parts: list[Part] = []
    line = ""
    for word in _short_words(text):
        longer = f"{line} {word}".strip()
        if Part(longer).fits:
            line = longer
        else:
            parts.append(Part(line))
            line = word
    return [one for one in [*parts, Part(line)] if one.text][:most]


def _short_words(text: str) -> Iterator[str]:
    """Words that fit into a part: a longer one is no word, and is broken anywhere."""
    most = _SIZE[UCS] // 2
    for word in text.split():
        if Part(word).fits:
            yield word
        else:
            yield from (word[start : start + most] for start in range(0, len(word), most))


def _joined(pieces: Iterable[str]) -> str:
    return ", ".join(pieces)
