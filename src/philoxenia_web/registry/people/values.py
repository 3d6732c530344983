"""What may be written about a person: of bounded length, from known codes, without signs that deceive."""

import re
import unicodedata
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from philoxenia_web.registry.people import shapes
from philoxenia_web.registry.refusals import NotPossible

MOST_LETTERS = 200
MOST_NOTE_LETTERS = 500
MOST_NAMES, MOST_OTHERS = 12, 30
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}")
_MONTH = re.compile(r"(1[89]|20)\d\d(-(0[1-9]|1[0-2]))?")
# Signs that turn the direction of a line or are not seen: they make one name look like another.
_UNSEEN = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\u2060\ufeff"
)
CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("names", "kind"): ("usual", "official", "before", "preferred"),
    ("names", "order"): ("given", "family"),
    ("birth", "certainty"): ("exact", "year_only", "estimated", "conventional_january_1"),
    ("contacts", "kind"): ("phone", "email", "messenger", "address", "other"),
    ("languages", "level"): ("basic", "good", "native"),
    ("interpreter", "sex"): ("", "woman", "man"),
    ("guardians", "kind"): ("parent", "guardian", "representative"),
}
_NOTES = frozenset({("contacts", "note"), ("contacts", "how"), ("contacts", "hours")})
_CODES = frozenset(
    {("names", "script"), ("names", "language"), ("languages", "code"), ("interpreter", "language")}
)


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """Plain values, cleaned. Raises `NotPossible` with a sentence that names the field and the remedy."""
    if unknown := set(values) - set(shapes.FIELDS):
        raise NotPossible(_("A record has no field %(names)s.") % {"names": ", ".join(sorted(unknown))})
    try:
        return {name: _field(name, value) for name, value in values.items()}
    except (TypeError, ValueError, AttributeError) as fault:
        raise NotPossible(_("What was sent does not fit the record; nothing was changed.")) from fault


def _field(name: str, value: Any) -> Any:
    if name in shapes.LISTS:
        most = MOST_NAMES if name == "names" else MOST_OTHERS
        made = [_members(name, one) for one in shapes.plain(shapes.shaped(name, value))]
        made = [one for one in made if one.get("text", one.get("value", one.get("code", "x")))]
        if len(made) > most:
            raise NotPossible(_("There are too many entries; at most %(most)s are kept.") % {"most": most})
        if name == "names" and not made:
            raise NotPossible(_("Write at least one name, as the person says it."))
        return made
    if name in shapes.ONES:
        shaped = shapes.shaped(name, value)
        made_one = _members(name, shapes.plain(shaped)) if shaped is not None else None
        return _birth(made_one) if name == "birth" and made_one else made_one
    return _PLAIN[name](value)


def _members(name: str, value: dict[str, Any]) -> dict[str, Any]:
    return {member: _member(name, member, one) for member, one in value.items()}


def _member(name: str, member: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if (choices := CHOICES.get((name, member))) is not None:
        if value not in choices:
            raise NotPossible(_("One of the answers is not in its list. Choose one of the list."))
        return value
    if (name, member) in _CODES:
        return code(value) if value else ""
    return text(value, MOST_NOTE_LETTERS if (name, member) in _NOTES else MOST_LETTERS)


def text(value: str, most: int = MOST_LETTERS) -> str:
    """One line of text without signs that are not seen. Raises `NotPossible` where it is too long."""
    if len(value) > most * 4:
        raise NotPossible(_("This is too long; at most %(most)s letters are kept.") % {"most": most})
    usual = value.isascii() and value.isprintable()
    kept = " ".join(value.split()) if usual else _cleaned(value)
    if len(kept) > most:
        raise NotPossible(_("This is too long; at most %(most)s letters are kept.") % {"most": most})
    return kept


def _cleaned(value: str) -> str:
    """Composed, in one line, without signs that are not seen."""
    kept = "".join(
        " " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign
        for sign in unicodedata.normalize("NFC", value)
        if sign not in _UNSEEN
    )
    return " ".join(kept.split())


def code(value: str) -> str:
    """A code of a list. Raises `NotPossible` for anything else."""
    if not _CODE.fullmatch(value):
        raise NotPossible(_("One of the answers is not in its list. Choose one of the list."))
    return value


def _birth(value: dict[str, Any]) -> dict[str, Any]:
    today, year, month = date.today(), value["year"], value["month"]
    if value["date"]:
        born = date.fromisoformat(value["date"])
        value = {**value, "year": born.year, "month": born.month}
        if born > today:
            raise NotPossible(_("This date of birth is in the future."))
    elif year is None:
        return {**value, "month": None}
    elif not 1880 <= int(year) <= today.year or (month is not None and not 1 <= int(month) <= 12):
        raise NotPossible(_("This year or month of birth cannot be. Write a year such as 1987."))
    return value


def _district(value: Any) -> str:
    return code(value) if value else ""


def _size(value: Any) -> int | None:
    if value in (None, ""):
        return None
    if not 1 <= int(value) <= 99:
        raise NotPossible(_("A household has between 1 and 99 people."))
    return int(value)


def _since(value: Any) -> str | None:
    if not value:
        return None
    if not _MONTH.fullmatch(value):
        raise NotPossible(_("Write a month such as 2024-07, or a year."))
    return str(value)


def _codes(value: Any) -> list[str]:
    found = sorted({code(one) for one in value or ()})
    if len(found) > MOST_OTHERS:
        raise NotPossible(_("There are too many entries; at most %(most)s are kept.") % {"most": MOST_OTHERS})
    return found


_PLAIN = {"access_needs": _codes, "district_id": _district, "household_size": _size, "here_since": _since}
