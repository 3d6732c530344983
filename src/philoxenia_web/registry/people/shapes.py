"""What is known of a person, as frozen values; each is also plain JSON, as it is sealed and merged."""

from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any
from uuid import UUID


class Unspoken:
    """Its values never stand in a message, log or traceback: they are a person's."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@dataclass(frozen=True, repr=False)
class NameForm(Unspoken):
    """One way a name is written. `order`: given or family first; `kind`: usual, official, before."""

    text: str
    script: str = ""
    language: str = ""
    kind: str = "usual"
    order: str = "given"


@dataclass(frozen=True, repr=False)
class Birth(Unspoken):
    """When somebody was born, as far as it is known. `date` is ISO text, or ''."""

    date: str = ""
    year: int | None = None
    month: int | None = None
    certainty: str = "exact"
    calendar: str = "gregorian"

    @property
    def known_year(self) -> int | None:
        """The year, from wherever it is told."""
        return int(self.date[:4]) if self.date else self.year


@dataclass(frozen=True, repr=False)
class Contact(Unspoken):
    """A way to reach somebody; `safe` where others may see or hear a message there without harm."""

    kind: str
    value: str
    safe: bool = False
    how: str = ""
    hours: str = ""
    note: str = ""


@dataclass(frozen=True, repr=False)
class Language(Unspoken):
    """A language and how well: level basic, good or native."""

    code: str
    level: str = "native"
    reads: bool = True
    speaks: bool = True


@dataclass(frozen=True, repr=False)
class Interpreter(Unspoken):
    """Whether an interpreter is needed, in which language, and of which sex if that matters."""

    needed: bool = False
    language: str = ""
    sex: str = ""

    def __bool__(self) -> bool:
        return self.needed


@dataclass(frozen=True, repr=False)
class Guardian(Unspoken):
    """Who speaks for a person: another resident, or a name; `kind` parent, guardian or representative.

    `until` is a representative's last day, ISO text; parents and guardians speak until somebody is of age.
    """

    resident_id: str = ""
    name: str = ""
    kind: str = "parent"
    until: str = ""


@dataclass(frozen=True, repr=False)
class Member(Unspoken):
    """Somebody of the same household, as far as this visit sees them."""

    resident_id: UUID
    name: str
    birth_year: int | None
    relation: str


@dataclass(frozen=True, repr=False)
class Draft(Unspoken):
    """A person to be written down. `household_id` joins an existing household; `organisation_id` holds the
    record (the actor's only desk where it is None).
    """

    names: tuple[NameForm, ...] | list[NameForm]
    birth: Birth | None = None
    contacts: tuple[Contact, ...] | list[Contact] = ()
    languages: tuple[Language, ...] | list[Language] = ()
    interpreter: Interpreter = Interpreter()
    access_needs: tuple[str, ...] | list[str] = ()
    district_id: str = ""
    household_size: int | None = None
    household_id: UUID | None = None
    relation: str = "other"
    guardians: tuple[Guardian, ...] | list[Guardian] = ()
    here_since: str = ""
    restricted: bool = False
    synthetic: bool = False
    organisation_id: UUID | None = None


@dataclass(frozen=True, repr=False)
class Brief(Unspoken):
    """What a line of a list shows."""

    id: UUID
    number: str
    name: str
    language: str
    interpreter: Interpreter
    household_size: int
    restricted: bool
    birth_year: int | None = None
    district_id: str = ""


@dataclass(frozen=True, repr=False)
class Facts(Unspoken):
    """What counts are made of, without a name."""

    language: str
    district_id: str
    birth_year: int | None
    here_since: str
    household_size: int


@dataclass(frozen=True, repr=False)
class Record(Brief):
    """All that is known of a person, as far as the visit may see it."""

    names: tuple[NameForm, ...] = ()
    birth: Birth | None = None
    contacts: tuple[Contact, ...] = ()
    languages: tuple[Language, ...] = ()
    access_needs: tuple[str, ...] = ()
    guardians: tuple[Guardian, ...] = ()
    here_since: str | None = None
    household_id: UUID | None = None
    household: tuple[Member, ...] = ()
    synthetic: bool = False
    version: int = 1
    organisation_id: UUID | None = None
    merged_ids: tuple[UUID, ...] = ()
    merged_into: UUID | None = None


# The fields of a record that are sealed together, changed and merged one by one, and how each is read.
LISTS: dict[str, type] = {
    "names": NameForm,
    "contacts": Contact,
    "languages": Language,
    "guardians": Guardian,
}
ONES: dict[str, type] = {"birth": Birth, "interpreter": Interpreter}
PLAIN = ("access_needs", "district_id", "household_size", "here_since")
FIELDS = (*LISTS, *ONES, *PLAIN)


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if is_dataclass(value) and not isinstance(value, type):
        # Flat by intent: asdict would copy deeply, at ten times the cost.
        return dict(vars(value))
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def shaped(name: str, value: Any) -> Any:
    """A field's value from plain JSON; members it does not know are left out."""
    if name in LISTS:
        return tuple(_made(LISTS[name], one) for one in value or ())
    if name in ONES:
        return _made(ONES[name], value) if value is not None else None
    return tuple(value or ()) if name == "access_needs" else value


def _made(kind: type, value: Any) -> Any:
    if isinstance(value, kind):
        return value
    known = _members_of(kind)
    return kind(**{name: one for name, one in dict(value).items() if name in known})


@cache
def _members_of(kind: type) -> frozenset[str]:
    return frozenset(one.name for one in fields(kind))
