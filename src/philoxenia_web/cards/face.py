"""What stands on a card: names in two scripts, the date of birth where the person wants it."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from philoxenia_web.registry.people.sealed import derived_once

# A name of before is nobody's business: it stands on no card.
_KINDS = {"official": 0, "preferred": 1, "usual": 2}
_USE = "philoxenia card face 1"
_MARK_BYTES = 16


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
    """Of what the registry knows: the official name in Latin letters first, then what the person prefers."""
    told = [one for one in record.names if one.text.strip()]
    names = sorted((one for one in told if one.kind in _KINDS), key=_order) or told
    latin = next((one for one in names if _is_latin(one.text)), None)
    others = [one for one in names if not _is_latin(one.text)]
    same = [one for one in others if latin is not None and one.kind == latin.kind]
    other = next(iter(same or others), None)
    main = latin or other
    return Face(
        main.text if main else "",
        other.text if other and other is not main else "",
        _birth(record.birth) if shows_birth else "",
    )


def mark_of(face: Face, resident_id: UUID) -> bytes:
    """What tells a face from another and says nothing of it without the keys."""
    told = json.dumps([str(resident_id), face.main, face.other, face.birth]).encode()
    secret = derived_once(settings.ENVIRONMENT.keys, _USE)
    return hmac.new(secret, told, hashlib.sha256).digest()[:_MARK_BYTES]


def _order(name: Any) -> int:
    return _KINDS[name.kind]


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
