"""Numbers as a telephone dials them. What cannot be dialled for certain is shown and not linked."""

import re
import unicodedata
from typing import NamedTuple

from philoxenia.report.names import clean

_BETWEEN = re.compile(r"[\s().\-/\u2010-\u2015]")
_DIALLED = re.compile(r"\+?[0-9]{2,15}")
_WITH_LETTERS = re.compile(r"\+?[0-9]{1,10}[A-Za-z]{3,10}")
# ITU-T E.161: letters on the keys of a telephone.
_KEYS = {letter: str(key) for key, letters in enumerate(
    ("", "", "ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ")) for letter in letters}  # fmt: skip
_NO_VOICE = {"fax", "pager"}


class Dialled(NamedTuple):
    """What is read, and what is dialled ('' where that is not certain)."""

    shown: str
    address: str


def dialled(number: str, extension: str = "", kind: str = "") -> Dialled:
    """A number of any writing; digits of other scripts are dialled as the digits they are."""
    shown = clean(number)
    bare = _BETWEEN.sub("", "".join(_digit(sign) for sign in shown).replace("(0)", ""))
    if _WITH_LETTERS.fullmatch(bare):
        bare = "".join(_KEYS.get(sign.upper(), sign) for sign in bare)
    if kind in _NO_VOICE or not _DIALLED.fullmatch(bare):
        return Dialled(shown, "")
    within = re.sub(r"\D", "", "".join(_digit(sign) for sign in extension))
    start = "sms" if kind == "text" else "tel"
    return Dialled(shown, f"{start}:{bare}" + (f";ext={within}" if within and start == "tel" else ""))


def _digit(sign: str) -> str:
    value = unicodedata.digit(sign, None)
    return sign if value is None or sign.isascii() else str(value)
