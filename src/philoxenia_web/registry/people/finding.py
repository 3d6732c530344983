"""Finding a person by at least two pieces of what one is told: names in any script and order, birth, phone.

The blind index gives candidates whom this visit may see; they are opened and compared one by one. Nobody can
be browsed: one piece alone finds nobody, ten are shown at most, searches are counted by the hour.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia.linkage.dates import read_birth
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.registry.models import Finding, Resident
from philoxenia_web.registry.people import comparing, grants, limits, reading, values
from philoxenia_web.registry.people.numbers import read_number
from philoxenia_web.registry.people.permissions import FIND_PEOPLE, desks_of
from philoxenia_web.registry.people.sealed import derived_once, index_secret, keys_there, number_token
from philoxenia_web.registry.people.shapes import Unspoken
from philoxenia_web.registry.people.tokens import Pieces, Tokens, pieces_of, tokens_of
from philoxenia_web.registry.people.visits import visited, visiting
from philoxenia_web.registry.people.writing import Opened, birth_of, open_row
from philoxenia_web.registry.refusals import NotPossible

# The year one is told may be a year off, most often where only an age is known.
_YEARS_APART = (0, -1, 1)
_SALT = "philoxenia.registry.finding"

WHY = {
    "names": gettext_lazy("the same names"),
    "some_names": gettext_lazy("some of the names"),
    "similar_names": gettext_lazy("similar names"),
    "birth_date": gettext_lazy("born on the same day"),
    "birth_year": gettext_lazy("born in the same year"),
    "birth_near": gettext_lazy("born about the same time"),
    "phone": gettext_lazy("the same phone number"),
    "number": gettext_lazy("this number"),
}


@dataclass(frozen=True, repr=False)
class Question(Unspoken):
    """What is asked, as people write it."""

    names: str
    birth: str = ""
    phone: str = ""
    number: str = ""


@dataclass(frozen=True, repr=False)
class Hit(Unspoken):
    """Somebody who may be meant; `why` are codes of `WHY`, `score` from 0 to 1."""

    resident_id: UUID
    name: str
    other_name: str
    birth_year: int | None
    district_id: str
    household_size: int
    score: float
    why: list[str]
    restricted: bool


@dataclass(frozen=True, repr=False)
class Found(Unspoken):
    """Hits, best first; `more`: not all are shown; `mark` lets a new record be made within minutes."""

    hits: list[Hit]
    more: bool
    mark: str


def find(actor: Actor, question: Question, reason: str) -> Found:
    """Who may be meant. Raises `Denied`, or `NotPossible` for one piece alone or too many searches."""
    check_can(actor, FIND_PEOPLE)
    reading.check_reason(reason)
    asked = read_question(question)
    number = read_number(question.number)
    if question.number.strip() and not number:
        raise NotPossible(_("This is no number of a record: a digit is missing or wrong."))
    if asked.pieces.count < 2 and not number:
        raise NotPossible(
            _("Ask for at least two things: two names, or a name and the year of birth or the phone number.")
        )
    with visiting(actor):
        limits.check_searches(actor)
        tokens = asked_tokens(asked)
        hits = _hits(asked, number, _candidates(tokens, number))
        shown = hits[: limits.whole("find_hits")]
        count(actor, reason, len(shown))
        ids = [hit.resident_id for hit in shown]
        reading.note(actor, "registry.find", ids, reason, ["name", "birth_year", "district_id"])
    return Found(shown, len(hits) > limits.whole("find_hits"), _mark(actor, tokens))


def alike(actor: Actor, question: Question, reason: str) -> Found:
    """Who a row of a list may be, for an import: as `find`, not counted, since nobody looks at the hits.

    Raises `NotPossible` for one piece alone.
    """
    check_can(actor, FIND_PEOPLE)
    reading.check_reason(reason)
    asked = read_question(question)
    if asked.pieces.count < 2:
        raise NotPossible(_("One name alone is too little to tell who is meant."))
    with visiting(actor):
        tokens = asked_tokens(asked)
        hits = _hits(asked, "", _candidates(tokens, ""))
    return Found(
        hits[: limits.whole("find_hits")], len(hits) > limits.whole("find_hits"), _mark(actor, tokens)
    )


@dataclass(frozen=True, repr=False)
class Asked(Unspoken):
    """A question, read."""

    names: str
    birth: Any
    pieces: Pieces


def read_question(question: Question) -> Asked:
    """The pieces of a question; a year that may be off by one is asked three times."""
    names = values.text(question.names, 300)
    birth = read_birth(values.text(question.birth)) if question.birth.strip() else None
    if question.birth.strip() and birth is None:
        raise NotPossible(_("Write a date or year of birth such as 5.3.1987 or 1987."))
    years = [birth.year] if birth else []
    return Asked(names, birth, pieces_of([names], years, [values.text(question.phone)]))


def asked_tokens(asked: Asked) -> Tokens:
    """Tokens to look up: pairs of what was asked, similar keys with years beside it too."""
    secret, pieces = index_secret(), asked.pieces
    years = [year + apart for year in pieces.years for apart in _YEARS_APART]
    near = Pieces(pieces.strong, pieces.loose, tuple(years), pieces.phones)
    return Tokens(tokens_of(pieces, secret).strong, tokens_of(near, secret).loose)


# A record, and the briefs it answers for: its own, and those of records merged into it.
Candidate = tuple[Opened, list[dict[str, Any]]]
# What of a brief may be compared and shown where a grant is all that lets the visit see somebody.
_OF_BRIEF = {"n": {"names"}, "b": {"birth"}, "p": {"contacts"}, "d": {"district_id"}, "#": {"number"}}


def _candidates(tokens: Tokens, number: str) -> list[Candidate]:
    told = number_token(number) if number else None
    with connection.cursor() as cursor:
        cursor.execute(
            "select resident_id from registry_search(%s, %s, %s, %s)",
            [tokens.strong, tokens.loose, told, limits.whole("find_opened")],
        )
        ids = [one for (one,) in cursor.fetchall()]
    return _opened(ids) if ids else []


def _opened(ids: list[UUID]) -> list[Candidate]:
    """Those found, in their order, each with the records merged into it."""
    both = Q(pk__in=ids) | Q(merged_into_id__in=ids)
    rows = {row.pk: row for row in Resident.objects.filter(both, erased_at=None).defer("details")}
    actor = visited()
    seen = grants.fields_of_each(actor, rows.values(), desks_of(actor))
    opened = {
        number: _reduced(open_row(rows[number], key), seen[number])
        for number, key in keys_there(rows).items()
    }
    told: dict[UUID, list[dict[str, Any]]] = {one: [opened[one].brief] for one in ids if one in opened}
    for one in opened.values():
        if one.row.merged_into_id in told:
            told[one.row.merged_into_id].append(one.brief)
    return [(opened[one], briefs) for one, briefs in told.items()]


def _reduced(one: Opened, allowed: frozenset[str]) -> Opened:
    hidden = {name for name, fields in _OF_BRIEF.items() if not allowed & fields}
    return replace(one, brief={name: value for name, value in one.brief.items() if name not in hidden})


def _hits(asked: Asked, number: str, candidates: Iterable[Candidate]) -> list[Hit]:
    found = []
    for one, briefs in candidates:
        if number and number in [brief.get("#") for brief in briefs]:
            score, why = 1.0, ["number"]
        else:
            score, why = max(comparing.compared(asked.pieces, asked.birth, brief) for brief in briefs)
        if why:
            found.append(_hit(one, score, why))
    return sorted(found, key=lambda hit: (-hit.score, hit.name, str(hit.resident_id)))


def _hit(one: Opened, score: float, why: list[str]) -> Hit:
    names, birth = one.brief.get("n") or [""], birth_of(one.brief)
    return Hit(
        one.row.pk,
        names[0],
        names[1] if len(names) > 1 else "",
        birth.known_year if birth else None,
        one.brief.get("d", ""),
        one.brief.get("h") or 1,
        score,
        why,
        one.row.restricted,
    )


# --- limits and marks -------------------------------------------------------------------------------------


def count(actor: Actor, reason: str, hits: int) -> None:
    """Write down that somebody searched, never for whom."""
    if actor is not SYSTEM:
        Finding.objects.create(person_id=actor.person_id, reason=reason, hits=hits)
        audit.record(actor, "registry.search", after={"hits": hits}, reason=reason)


def _mark(actor: Actor, tokens: Tokens) -> str:
    told = [str(actor.person_id), _blind(actor, tokens.strong[:40]), _blind(actor, tokens.loose[:40])]
    return signing.dumps(told, salt=_SALT, compress=True)


def _blind(actor: Actor, tokens: Iterable[int]) -> list[str]:
    """Tokens as a page may carry them: with a copy of the database nobody can look them up."""
    secret = derived_once(settings.ENVIRONMENT.keys, _SALT)
    told = (hmac.new(secret, f"{actor.person_id} {one}".encode(), hashlib.sha256) for one in tokens)
    return [one.hexdigest()[:16] for one in told]


def check_mark(actor: Actor, mark: str, tokens: Tokens) -> None:
    """Raise `NotPossible` unless this actor searched, minutes ago, for whom these tokens are."""
    if actor is SYSTEM:
        return
    try:
        person, strong, loose = signing.loads(
            mark, salt=_SALT, max_age=timedelta(minutes=limits.whole("find_mark_minutes"))
        )
    except (signing.BadSignature, ValueError, TypeError) as bad:
        raise NotPossible(
            _("Search for the person first: somebody may have a record already. Then write a new one.")
        ) from bad
    same = {*strong} & {*_blind(actor, tokens.strong)} or {*loose} & {*_blind(actor, tokens.loose)}
    if person != str(actor.person_id) or not same:
        raise NotPossible(_("You searched for somebody else. Search with the names you write down here."))
