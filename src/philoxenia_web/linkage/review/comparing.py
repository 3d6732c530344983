"""Two records side by side: which of what they say is the same, nearly so, different, or said by one alone.

Only what tells people apart is shown: no needs, and no number that a department gives for itself alone.
Differences are marked with an underline and a word.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from philoxenia_web.ui.late import Late

_dates = Late("philoxenia.linkage.dates")


Record = Mapping[str, Any]
# From here up two words are told as nearly the same; it chooses a word on the page, nothing is decided by it.
_NEARLY = 0.7

_PARTS = ("given_name", "middle_name", "family_name")
_FIELDS: dict[str, Promise] = {
    "name": _("Name"),
    "given_name": _("Given name"),
    "middle_name": _("Second name"),
    "family_name": _("Family name"),
    "birth_date": _("Date of birth"),
    "sex": _("Sex"),
    "language": _("Language"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "home": _("Address"),
    "district_id": _("District"),
    "id_health": _("Health number"),
    "id_city_card": _("City card number"),
    "id_social": _("Social insurance number"),
    "id_school": _("School number"),
    "in_city_since": _("In the city since"),
}
_HOME = ("house_number", "address", "address_2", "postal_code", "locality", "region")

SAME, WRITTEN, NEARLY, SCRIPT, DIFFERENT, ONE = "same", "written", "nearly", "script", "different", "one"
_VERDICTS: dict[str, Promise] = {
    SAME: _("the same"),
    WRITTEN: _("the same day, written otherwise"),
    NEARLY: _("nearly the same"),
    SCRIPT: _("in another script"),
    DIFFERENT: _("different"),
    ONE: _("only one says it"),
}
# What shows a verdict beside its word.
_SHAPES = {SAME: "=", WRITTEN: "=", NEARLY: "≈", SCRIPT: "↔", DIFFERENT: "≠", ONE: "–"}


@dataclass(frozen=True)
class Line:
    """One thing that two records say."""

    field: str
    words: Promise
    left: SafeString
    right: SafeString
    verdict: str

    @property
    def verdict_words(self) -> Promise:
        """The verdict in words."""
        return _VERDICTS[self.verdict]

    @property
    def shape(self) -> str:
        """The verdict as a sign."""
        return _SHAPES[self.verdict]


def lines_of(left: Record, right: Record) -> list[Line]:
    """What both records say, names first; what neither says is left out."""
    in_parts = all(_text(record, "given_name") or _text(record, "family_name") for record in (left, right))
    fields = [name for name in _FIELDS if (name not in _PARTS if not in_parts else name != "name")]
    said = [(name, _said(left, name), _said(right, name)) for name in fields]
    return [_line(name, one, other) for name, one, other in said if one or other]


def name_of(record: Record) -> str:
    """The whole name as the department writes it."""
    return _text(record, "full_name") or " ".join(filter(None, (_text(record, part) for part in _PARTS)))


def _said(record: Record, field: str) -> str:
    if field == "name":
        return name_of(record)
    if field == "home":
        number, *rest = (_text(record, part) for part in _HOME)
        street = " ".join(filter(None, (number, rest[0])))
        return ", ".join(filter(None, (street, *rest[1:])))
    return _text(record, field)


def _text(record: Record, field: str) -> str:
    found = record.get(field)
    return "" if found is None else str(found).strip()


def _line(field: str, left: str, right: str) -> Line:
    verdict = _of_dates(left, right) if field == "birth_date" else _verdict(left, right)
    if verdict in (NEARLY, DIFFERENT):
        return Line(field, _FIELDS[field], _marked(left, right), _marked(right, left), verdict)
    return Line(field, _FIELDS[field], _plain(left), _plain(right), verdict)


def _of_dates(left: str, right: str) -> str:
    """Days are compared as days, in whatever notation and calendar they are written."""
    one, other = (_dates.read_birth(text) for text in (left, right))
    if one is None or other is None or left == right:
        return _verdict(left, right)
    if (one.year, one.month, one.day) == (other.year, other.month, other.day):
        return WRITTEN
    alike = [one.year == other.year, one.month == other.month, one.day == other.day]
    return NEARLY if sum(alike) > 1 or {one.month, one.day} == {other.month, other.day} else DIFFERENT


def _verdict(left: str, right: str) -> str:
    if not left or not right:
        return ONE
    one, other = _folded(left), _folded(right)
    if one == other:
        return SAME
    if _script(left) != _script(right):
        return SCRIPT
    joined = one.replace(" ", ""), other.replace(" ", "")
    if sorted(one.split()) == sorted(other.split()) or joined[0] in joined[1] or joined[1] in joined[0]:
        return NEARLY
    return NEARLY if SequenceMatcher(None, one, other, autojunk=False).ratio() >= _NEARLY else DIFFERENT


def _folded(text: str) -> str:
    """Without case, marks on letters and the signs between words."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in bare.casefold()).split())


def _script(text: str) -> str:
    """The script of the first letter; empty for numbers."""
    letter = next((sign for sign in text if sign.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""


def _plain(text: str) -> SafeString:
    return format_html("{}", text)


def _marked(text: str, other: str) -> SafeString:
    """The text with what the other has not, letter by letter where scripts do not join them.

    In joined scripts whole words are marked: a mark inside a word would tear its letters apart.
    """
    if _script(text) in ("ARABIC", "SYRIAC", "THAANA", "NKO"):
        known = set(other.split())
        words = [(word, word not in known) for word in text.split()]
        return format_html_join(" ", "{}", ((_piece(word, marked),) for word, marked in words))
    matcher = SequenceMatcher(None, text.casefold(), other.casefold(), autojunk=False)
    if len(text.casefold()) != len(text):
        return _plain(text)
    found = [(text[start:end], kind != "equal") for kind, start, end, *_rest in matcher.get_opcodes()]
    return format_html_join("", "{}", ((_piece(piece, marked),) for piece, marked in found if piece))


def _piece(text: str, marked: bool) -> SafeString:
    return format_html('<mark class="differs">{}</mark>', text) if marked else _plain(text)
