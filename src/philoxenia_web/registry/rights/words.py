"""What codes and values of a record are called on pages and in exports, in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from philoxenia_web.registry.models import Consent, ConsentEvent, RightsRequest, Slip
from philoxenia_web.registry.rights.own import Look
from philoxenia_web.registry.rights.purposes import purposes
from philoxenia_web.ui import numbers

FIELDS: dict[str, Promise] = {
    "number": _("Number of the record"),
    "names": _("Names"),
    "birth": _("Born"),
    "contacts": _("How to reach"),
    "languages": _("Languages"),
    "interpreter": _("Interpreter"),
    "access_needs": _("What helps to come"),
    "district_id": _("District"),
    "household_size": _("People in the household"),
    "household": _("Household"),
    "guardians": _("Who speaks for the person"),
    "here_since": _("In the city since"),
    "name": _("Name"),
    "birth_year": _("Year of birth"),
    "language": _("Language"),
    "since": _("Record begun on"),
    "own_page": _("Your own page"),
}
_REASONS: dict[str, Promise] = {
    "serving_now": _("You were being served"),
    "appointment": _("An appointment was prepared"),
    "referral_follow_up": _("A referral was followed up"),
    "correction": _("The record was corrected"),
    "supervision": _("The work was supervised"),
    "own_page": _("Your own page"),
    "quality": _("Records were checked"),
    "import": _("Records were taken in under an agreement"),
    "break_glass": _("An emergency"),
    "slip_printed": _("A slip for your own page was printed"),
    "handed_out": _("Your record was handed out as a file"),
}
SPEAKERS = (
    ("parent", _("Parent")),
    ("guardian", _("Guardian")),
    ("representative", _("Representative")),
)
_CONTACTS: dict[str, Promise] = {
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "messenger": _("Messenger"),
    "address": _("Address"),
    "other": _("Another way"),
}
_CERTAINTY: dict[str, Promise] = {
    "exact": _("exact"),
    "year_only": _("only the year is known"),
    "estimated": _("estimated"),
    "conventional_january_1": _("the day is a convention"),
}
_DATA: dict[str, Promise] = {
    **{name: FIELDS[name] for name in ("names", "birth", "contacts", "languages", "birth_year")},
    "needs": _("Needs"),
    "notes": _("Notes"),
    "appointments": _("Day and time of appointments"),
    "card": _("What stands on the card"),
    "photo": _("The photo"),
}


def field(code: str) -> str:
    """A field of the record."""
    return str(FIELDS.get(code, _("Other parts of the record")))


def fault(code: str) -> str:
    """Which field of a row no record takes."""
    return str(FIELDS.get(code, _("too little to tell who it is")))


def fields(codes: Iterable[str]) -> list[str]:
    """Fields, each once."""
    return list(dict.fromkeys(field(code) for code in codes))


def reason(code: str) -> str:
    """Why somebody read, as it is told to the person."""
    return str(_REASONS.get(code, code))


def speaker(kind: str) -> str:
    """As what somebody speaks for another."""
    return str(dict(SPEAKERS).get(kind, kind))


def data(codes: Iterable[str]) -> list[str]:
    """Parts of a record that a purpose needs."""
    return [str(_DATA.get(code, code)) for code in codes]


def purpose(code: str) -> str:
    """What a purpose is called."""
    return gettext(purposes()[code].words) if code in purposes() else code


@cache
def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


# What codes are called, by kind, where an app above knows more than this one.
_CALLED: dict[str, Callable[[str], str]] = {}


def call(kind: str, name_of: Callable[[str], str]) -> None:
    """Called in an app's `ready`: the name of a code, of kind `language` or `district`, for the reader."""
    _CALLED[kind] = name_of


def language(code: str) -> str:
    """A language in the reader's own."""
    if "language" in _CALLED:
        return _CALLED["language"](code)
    return str(_locale(get_language() or "en").languages.get(code.replace("-", "_"), code))


# --- a record ---------------------------------------------------------------------------------------------


def facts_of(record: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """A record's fields with the lines they are told in, in the order a person reads them."""
    told = [(field(name), _lines(name, record[name])) for name in FIELDS if record.get(name)]
    return [(label, lines) for label, lines in told if lines]


def _lines(name: str, value: Any) -> list[str]:
    make = _LINES.get(name)
    if make is not None:
        return [line for line in make(value) if line]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _birth(value: Mapping[str, Any]) -> list[str]:
    day = parse_date(value.get("date") or "")
    told = numbers.day(day) if day else str(value.get("year") or "")
    certainty = value.get("certainty", "exact")
    return [told if certainty == "exact" or not told else f"{told} ({_CERTAINTY[certainty]})"]


def _contacts(value: list[Mapping[str, Any]]) -> list[str]:
    safe, unsafe = gettext("safe to use"), gettext("not for messages")
    kinds = [str(_CONTACTS.get(one["kind"], one["kind"])) for one in value]
    use = [safe if one.get("safe") else unsafe for one in value]
    return [
        f"{kind}: \u2068{one['value']}\u2069 ({used})"
        for kind, one, used in zip(kinds, value, use, strict=True)
    ]


def _interpreter(value: Mapping[str, Any]) -> list[str]:
    if not value.get("needed"):
        return []
    return [language(value["language"]) if value.get("language") else gettext("Yes")]


def _guardians(value: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(one.get("name") or gettext("Somebody with a record of their own")) for one in value]


def _since(value: str) -> list[str]:
    return [numbers.month(value) if len(value) == 7 else numbers.day(parse_date(value)) or value]


_LINES: dict[str, Any] = {
    "names": lambda value: [one["text"] for one in value],
    "birth": _birth,
    "contacts": _contacts,
    "languages": lambda value: [language(one["code"]) for one in value],
    "interpreter": _interpreter,
    "guardians": _guardians,
    "district_id": lambda value: [_CALLED.get("district", str)(value)],
    "here_since": _since,
    "since": _since,
}


# --- what was said, asked and read ------------------------------------------------------------------------


def request_lines(told: Mapping[str, Any]) -> dict[str, Any]:
    """A request in words: what, state, days, words, answer."""
    why = RightsRequest.Reason(told["reason"]).label if told["reason"] else ""
    return {
        "id": told["id"],
        "what": RightsRequest.Kind(told["kind"]).label,
        "field": RightsRequest.Field(told["field"]).label if told["field"] else "",
        "state": RightsRequest.State(told["state"]).label,
        "open": told["state"] in ("asked", "taken_up"),
        "asked_on": numbers.day(parse_date(told["asked_on"])),
        "due_on": numbers.day(parse_date(told["due_on"])),
        "decided_on": numbers.day(parse_date(told["decided_on"])) if told["decided_on"] else "",
        "words": told["words"],
        "answer": told["answer"],
        "why": str(why),
    }


def consent_lines(records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Consents of an export in words: what for, who asked, and each thing that was said."""
    return [
        {
            "what": purpose(one["purpose"]["code"]),
            "who": one["pii_controllers"][0]["party_name"],
            "events": [_event(each) for each in one["events"]],
        }
        for one in records
    ]


_VERBS: dict[str, Promise] = {
    "give": _("Agreed"),
    "renew": _("Agreed again"),
    "refuse": _("Said no"),
    "withdraw": _("Taken back"),
    "run out": _("Ran out"),
}


def verb(code: str) -> str:
    """What was said."""
    return str(_VERBS.get(code, code))


def _event(told: Mapping[str, Any]) -> str:
    at = parse_datetime(told["event_time"])
    method = ConsentEvent.Method(told["collection_method"]).label
    return f"{verb(told['event_type'])}, {numbers.day(at)}, {method}"


def reading_line(told: Mapping[str, Any]) -> dict[str, Any]:
    """A reading of an export in words."""
    at = parse_datetime(told["at"])
    return {
        "at": numbers.when(at) if at else "",
        "who": told["organisation"],
        "why": reason(told["reason"]),
        "what": fields(told["fields"]),
    }


def look_line(look: Look) -> dict[str, Any]:
    """That somebody read on a day: when (the day alone where it was several times), who, why, what."""
    return {
        "at": numbers.when(look.at) if look.times == 1 else numbers.day(look.at),
        "times": look.times,
        "who": look.organisation,
        "why": reason(look.reason),
        "what": fields(look.fields),
    }


def slip_line(told: Mapping[str, Any]) -> dict[str, Any]:
    """A slip of an export in words: who printed it, what became of it."""
    printed, opened, ended = (
        parse_datetime(told[name]) if told[name] else None for name in ("printed_at", "opened_at", "ended_at")
    )
    return {
        "who": told["printed_by"],
        "printed": numbers.when(printed) if printed else "",
        "opened": numbers.when(opened) if opened else "",
        "ended": numbers.when(ended) if ended else "",
        "why": str(Slip.Because(told["because"]).label) if told["because"] else "",
        "live": not ended,
    }


def state_of(one: Consent | None) -> str:
    """What holds of a consent, in words."""
    return str(one.get_state_display()) if one else str(Consent.State.ASKED.label)


def lines_of(rows: Iterable[Mapping[str, Any]]) -> list[list[tuple[str, str]]]:
    """Rows of another app's part, as pairs of its own names and values."""
    return [[(name, _plain(value)) for name, value in row.items() if value not in (None, "")] for row in rows]


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(one)}" for name, one in value.items())
    return str(value)
