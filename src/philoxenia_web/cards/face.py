"""What stands on a card: names in two scripts, the date of birth where the person wants it."""

from dataclasses import dataclass
from typing import Any

_LATIN = "Latin"
_KINDS = {"papers": 0, "usual": 1}


@dataclass(frozen=True, repr=False)
class Face:
    """`main` is the name the code is signed for; `other` the same in the person's own script, or ''."""

    main: str
    other: str
    birth: str

    def __repr__(self) -> str:
        # A fault of a page prints what it was given: no name may stand there.
        return "Face()"


def face_of(record: Any, shows_birth: bool) -> Face:
    """Of a record of the registry: the name in Latin letters first, where there is one."""
    names = sorted((one for one in record.names if one.text.strip()), key=_order)
    latin = next((one.text for one in names if _is_latin(one.text)), "")
    other = next((one.text for one in names if not _is_latin(one.text)), "")
    main = latin or other
    return Face(main, other if other != main else "", _birth(record.birth) if shows_birth else "")


def _order(name: Any) -> int:
    return _KINDS.get(name.kind, len(_KINDS))


def _is_latin(text: str) -> bool:
    """Most letters of a name are of the Latin script: those below the Greek letters."""
    letters = [sign for sign in text if sign.isalpha()]
    return sum(sign < "\u0370" or "\u1e00" <= sign <= "\u1eff" for sign in letters) * 2 > len(letters)


def _birth(birth: Any) -> str:
    if birth is None:
        return ""
    if birth.date and birth.certainty == "exact":
        return str(birth.date)
    return str(birth.known_year or "")
