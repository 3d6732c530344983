"""What another organisation sees of a person, line by line. The preview and the receiver's page are this.

A field is shown if the agreement names it, the sender ticked it, and its time has come: who somebody is and
how to reach them is shown when the help was accepted, not before.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from philoxenia_web.casework.desk.person_forms import ACCESS
from philoxenia_web.casework.models.referrals import Referral, SharedField, SharingAgreement
from philoxenia_web.casework.words import district_name
from philoxenia_web.directory.editing.languages import name_of

# Who somebody is; passed when the receiver has accepted.
IDENTIFYING = frozenset({SharedField.NAMES, SharedField.BIRTH, SharedField.CONTACTS, SharedField.NUMBER})
_ACCEPTED = frozenset({"accepted", "not_begun", "begun", "taken_over"})


@dataclass(frozen=True)
class Line:
    """A field with its values, as words. `ltr` values are isolated: numbers and addresses."""

    code: str
    label: str
    values: tuple[str, ...]
    ltr: bool = False
    later: bool = False


def allowed(agreement: SharingAgreement, wanted: Iterable[str]) -> list[str]:
    """The fields both the agreement names and the sender wants, in the order of the list."""
    both = set(agreement.fields) & set(wanted)
    return [code for code in SharedField.values if code in both]


def early(fields: Iterable[str]) -> frozenset[str]:
    """Those of the fields that are seen at once."""
    return frozenset(fields) - IDENTIFYING


def open_fields(referral: Referral) -> frozenset[str]:
    """What the receiver may see now; nothing once it has ended."""
    if referral.ended_at is not None:
        return frozenset()
    named = frozenset(referral.fields) & frozenset(referral.agreement.fields)
    return named if referral.state in _ACCEPTED else early(named)


def lines(record: Any, fields: Iterable[str]) -> list[Line]:
    """A record in words, only these fields, in the order of the list; empty ones say so."""
    wanted = set(fields)
    return [_line(record, code) for code in SharedField.values if code in wanted]


def _line(record: Any, code: str) -> Line:
    values = tuple(filter(None, _READ[code](record))) or (_("Not known"),)
    ltr = code in (SharedField.NUMBER, SharedField.CONTACTS)
    return Line(code, str(SharedField(code).label), values, ltr, SharedField(code) in IDENTIFYING)


def _birth(record: Any) -> list[str]:
    if record.birth is None:
        return []
    return [record.birth.date or str(record.birth.known_year or "")]


def _birth_year(record: Any) -> list[str]:
    return [str(record.birth_year)] if record.birth_year else []


def _interpreter(record: Any) -> list[str]:
    asked = record.interpreter
    if not asked.needed:
        return [_("Not needed")]
    sex = {"woman": _("a woman"), "man": _("a man")}.get(asked.sex, "")
    return [name_of(asked.language) if asked.language else _("Needed"), sex]


_READ: dict[str, Callable[[Any], list[str]]] = {
    SharedField.NAMES: lambda record: [one.text for one in record.names],
    SharedField.BIRTH_YEAR: _birth_year,
    SharedField.BIRTH: _birth,
    # A contact that is not safe is never passed on.
    SharedField.CONTACTS: lambda record: [one.value for one in record.contacts if one.safe],
    SharedField.LANGUAGES: lambda record: [name_of(one.code) for one in record.languages],
    SharedField.INTERPRETER: _interpreter,
    SharedField.ACCESS_NEEDS: lambda record: [str(ACCESS.get(one, one)) for one in record.access_needs],
    SharedField.HOUSEHOLD_SIZE: lambda record: [str(record.household_size or "")],
    SharedField.DISTRICT: lambda record: [district_name(record.district_id)] if record.district_id else [],
    SharedField.NUMBER: lambda record: [record.number],
}

# What each field asks of the registry.
SOURCES = {
    SharedField.NAMES: "names",
    SharedField.BIRTH_YEAR: "birth_year",
    SharedField.BIRTH: "birth",
    SharedField.CONTACTS: "contacts",
    SharedField.LANGUAGES: "languages",
    SharedField.INTERPRETER: "interpreter",
    SharedField.ACCESS_NEEDS: "access_needs",
    SharedField.HOUSEHOLD_SIZE: "household_size",
    SharedField.DISTRICT: "district_id",
    SharedField.NUMBER: "number",
}


def asked_of_registry(fields: Iterable[str]) -> frozenset[str]:
    """The registry's names of these fields, for its grants."""
    return frozenset(SOURCES[SharedField(one)] for one in fields)
