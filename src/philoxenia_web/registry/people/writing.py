"""How a record's values are sealed into its row and found again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import shapes
from philoxenia_web.registry.people.sealed import Key, index_secret
from philoxenia_web.registry.people.tokens import Pieces, Tokens, phones_of, pieces_of, tokens_of, years_of

BRIEF, DETAILS = "registry_resident.brief", "registry_resident.details"
BEFORE = "registry_residentversion.before"


@dataclass(frozen=True, repr=False)
class Opened(shapes.Unspoken):
    """A resident's row with its values open: `brief` for lists and search, in plain JSON."""

    row: Resident
    key: Key
    brief: dict[str, Any]

    def details(self) -> dict[str, Any]:
        """Every field of the record, in plain JSON; opened when asked."""
        found: dict[str, Any] = self.key.open_values(DETAILS, self.row.pk, self.row.details)
        return found


def brief_of(values: Mapping[str, Any], number: str) -> dict[str, Any]:
    """What lists and search need, under short names: the space of a million rows."""
    names = [one["text"] for one in values.get("names") or ()]
    birth = values.get("birth") or {}
    languages = values.get("languages") or ()
    interpreter = values.get("interpreter") or {}
    contacts = [shapes.Contact(**one) for one in values.get("contacts") or ()]
    first = next((one["code"] for one in languages if one.get("speaks", True)), "")
    made = {
        "n": names,
        "b": [birth.get("date", ""), birth.get("year"), birth.get("certainty", "")] if birth else None,
        "p": phones_of(contacts),
        "l": first,
        "i": [interpreter.get("language", "") or first, interpreter.get("sex", "")]
        if interpreter.get("needed")
        else None,
        "h": values.get("household_size"),
        "d": values.get("district_id") or "",
        "s": values.get("here_since"),
        "#": number,
    }
    return {name: value for name, value in made.items() if value not in (None, "", [])}


def birth_of(brief: Mapping[str, Any]) -> shapes.Birth | None:
    """The birth that a brief tells."""
    if (told := brief.get("b")) is None:
        return None
    day, year, certainty = told
    return shapes.Birth(day, year, None, certainty or "exact")


def pieces_of_brief(brief: Mapping[str, Any]) -> Pieces:
    """What the person can be asked for."""
    return pieces_of(brief.get("n", ()), years_of(birth_of(brief)), brief.get("p", ()))


def tokens_of_brief(brief: Mapping[str, Any]) -> Tokens:
    """The person's place in the blind index."""
    return tokens_of(pieces_of_brief(brief), index_secret())


def brief_values(row: Resident, told: Mapping[str, Any], size: int) -> dict[str, Any]:
    """The members of a `Brief`."""
    names = told.get("n") or [""]
    interpreter = told.get("i")
    birth = birth_of(told)
    return {
        "id": row.pk,
        "number": told.get("#", ""),
        "name": names[0],
        "language": told.get("l", ""),
        "interpreter": shapes.Interpreter(True, *interpreter) if interpreter else shapes.Interpreter(),
        "household_size": max(told.get("h") or 1, size),
        "restricted": row.restricted,
        "birth_year": birth.known_year if birth else None,
        "district_id": told.get("d", ""),
    }


def seal_into(row: Resident, key: Key, values: Mapping[str, Any], number: str) -> dict[str, Any]:
    """Seal both into the row; the brief."""
    brief = brief_of(values, number)
    row.brief = key.seal_values(BRIEF, row.pk, brief)
    row.details = key.seal_values(DETAILS, row.pk, dict(values))
    return brief


def open_row(row: Resident, key: Key) -> Opened:
    """The row with its brief open."""
    return Opened(row, key, key.open_values(BRIEF, row.pk, row.brief))
